use std::io::{self, IsTerminal, Write};
use std::mem;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use signer::{Facts, Sent, TrySpent};

use crate::failure::{Failure, Kind};
use crate::language::Language;
use crate::words::{Values, filled, steers, try_filled, word};

/// How the program speaks: progress on a terminal, plain lines into a pipe, one JSON object for programs.
///
/// Results go to standard output, everything said on the way to standard error.
pub(crate) struct Voice {
    language: Language,
    form: Form,
    /// So that a step that goes on is not said again.
    step: Mutex<String>,
}

enum Form {
    Terminal(ProgressBar),
    Lines,
    Json,
}

impl Voice {
    pub(crate) fn new(language: Language, json: bool) -> Self {
        let form = match (json, io::stderr().is_terminal()) {
            (true, _) => Form::Json,
            (false, true) => Form::Terminal(spinner()),
            (false, false) => Form::Lines,
        };
        Self { language, form, step: Mutex::default() }
    }

    pub(crate) fn word(&self, key: &str) -> String {
        word(self.language, key)
    }

    pub(crate) fn filled(&self, key: &str, values: &Values) -> String {
        filled(self.language, key, values)
    }

    /// `None` where there is no such text.
    pub(crate) fn known(&self, key: &str) -> Option<String> {
        try_filled(self.language, key, &[])
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// What is being done from now on.
    pub(crate) fn step(&self, key: &str) {
        if self.exchange_step(key.to_owned()) == key {
            return;
        }
        let text = self.word(key);
        match &self.form {
            Form::Terminal(spinner) => {
                spinner.enable_steady_tick(Duration::from_millis(120));
                spinner.set_message(text);
            }
            Form::Lines => to_stderr(&text),
            Form::Json => {}
        }
    }

    /// The step until now.
    fn exchange_step(&self, step: String) -> String {
        mem::replace(&mut *self.step.lock().unwrap_or_else(PoisonError::into_inner), step)
    }

    /// How far a step has come: on a terminal only, where each number takes the place of the one before.
    pub(crate) fn count(&self, key: &str, values: &Values) {
        if let Form::Terminal(spinner) = &self.form {
            spinner.set_message(self.filled(key, values));
        }
    }

    /// A line that stays, on the way to the result.
    pub(crate) fn note(&self, text: &str) {
        match &self.form {
            Form::Terminal(spinner) => spinner.suspend(|| to_stderr(text)),
            Form::Lines => to_stderr(text),
            Form::Json => {}
        }
    }

    /// What a person must read for the work to go on, in whatever form the result is wanted.
    pub(crate) fn tell(&self, text: &str) {
        match &self.form {
            Form::Terminal(_) | Form::Lines => self.note(text),
            Form::Json => to_stderr(text),
        }
    }

    /// A failure that the work goes on after.
    pub(crate) fn note_failure(&self, failure: &Failure) {
        self.tell(&self.failure_text(failure));
    }

    /// Each authority that gave no time stamp, and why.
    pub(crate) fn note_unstamped(&self, failure: &Failure) {
        let Kind::NoTimeStamp { asked } = &failure.kind else { return };
        for (address, why) in asked {
            let reason = self.known(&format!("unstamped-{}", why.code()));
            let why = reason.unwrap_or_else(|| self.word(&format!("fact-{}", why.code())));
            self.note(&self.filled("unstamped", &[("address", address.clone()), ("why", why)]));
        }
    }

    /// Takes the progress off the screen, as before a question.
    pub(crate) fn pause(&self) {
        self.exchange_step(String::new());
        if let Form::Terminal(spinner) = &self.form {
            spinner.disable_steady_tick();
            spinner.set_message("");
            spinner.finish_and_clear();
            spinner.reset();
        }
    }

    /// Whether the result is an object for programs.
    pub(crate) fn speaks_json(&self) -> bool {
        matches!(self.form, Form::Json)
    }

    /// The result: text for people, or the object for programs.
    pub(crate) fn result(&self, text: &str, object: Value) {
        self.pause();
        match &self.form {
            Form::Json => to_stdout(&written(object)),
            Form::Terminal(_) | Form::Lines => to_stdout(text),
        }
    }

    pub(crate) fn fail(&self, failure: &Failure) -> ExitCode {
        self.pause();
        match &self.form {
            Form::Json => to_stdout(&written(json!({ "ok": false, "failure": self.failure_object(failure) }))),
            Form::Terminal(_) | Form::Lines => to_stderr(&self.failure_text(failure)),
        }
        failure.kind.exit().into()
    }

    fn failure_text(&self, failure: &Failure) -> String {
        let [title, cause, remedy] = self.failure_words(failure);
        let facts = self.facts_text(&failure.facts);
        let code = failure.kind.code();
        let text = self.filled(
            "failure",
            &[("code", code.to_owned()), ("title", title), ("cause", cause), ("remedy", remedy), ("facts", facts)],
        );
        match &failure.file {
            Some(file) => format!("{}\n{text}", self.filled("about-file", &[("path", file.display().to_string())])),
            None => text,
        }
    }

    pub(crate) fn failure_object(&self, failure: &Failure) -> Value {
        let [title, cause, remedy] = self.failure_words(failure);
        json!({
            "code": failure.kind.code(),
            "title": title,
            "cause": cause,
            "remedy": remedy,
            "facts": facts_object(&failure.facts),
            "file": failure.file.as_ref().map(|file| file.display().to_string()),
        })
    }

    fn failure_words(&self, failure: &Failure) -> [String; 3] {
        let (key, values) = (failure.words(), failure.kind.values());
        [key.to_owned(), format!("{key}.cause"), format!("{key}.remedy")].map(|key| self.filled(&key, &values))
    }

    /// Whether it was signed, whether a try is spent, whether anything was sent.
    fn facts_text(&self, facts: &Facts) -> String {
        let signed = self.word(if facts.signed { "signed-yes" } else { "signed-no" });
        let spent = match facts.try_spent {
            TrySpent::No => self.word("try-not-spent"),
            TrySpent::Yes { left } => self.filled("try-spent", &[("left", left.to_string())]),
            TrySpent::Unknown => self.word("try-unknown"),
        };
        let sent = self.word(match facts.sent {
            Sent::Nothing => "sent-nothing",
            Sent::Refusal => "sent-refusal",
            Sent::Signature => "sent-signature",
            Sent::Unknown if facts.signed => "sent-unknown",
            Sent::Unknown => "sent-unknown-refusal",
        });
        [signed, spent, sent].join(" ")
    }
}

/// On one line. People read it on terminals, too: what would steer one is written by its number.
fn written(object: Value) -> String {
    let text = with_version(object).to_string();
    let letter = |letter: char| match steers(letter) {
        true => format!("\\u{:04x}", u32::from(letter)),
        false => letter.to_string(),
    };
    text.chars().map(letter).collect()
}

/// Every object says by which description (docs/verdict.md) it is to be read.
fn with_version(mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert("version".to_owned(), pades::report::VERSION.into());
    }
    object
}

fn facts_object(facts: &Facts) -> Value {
    let (try_spent, tries_left) = facts.try_spent.code();
    json!({ "signed": facts.signed, "try_spent": try_spent, "tries_left": tries_left, "sent": facts.sent.code() })
}

fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        spinner.set_style(style);
    }
    spinner
}

/// A closed pipe is no reason to stop: what was signed stays signed.
fn to_stdout(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn to_stderr(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_on_a_terminal_does_not_steer_it() {
        let object = json!({ "name": "\u{9b}2J\u{202E}fdp.\u{1b}[m\u{7f}\n甲" });
        let text = written(object.clone());
        assert!(!text.chars().any(steers), "{text}");
        assert!(text.contains('甲'));
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read["name"], object["name"]);
    }
}
