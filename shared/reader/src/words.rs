use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader, static_loader};

use crate::language::Language;

static_loader! {
    static WORDS = {
        locales: "./words",
        fallback_language: "en",
        // Marks that keep left-to-right text apart from right-to-left: neither language needs them.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Text with the values that go into it.
pub(crate) type Values = [(&'static str, String)];

pub(crate) fn word(language: Language, key: &str) -> String {
    WORDS.lookup(&language.identifier(), key)
}

pub(crate) fn filled(language: Language, key: &str, values: &Values) -> String {
    try_filled(language, key, values).unwrap_or_else(|| key.to_owned())
}

/// `None` where the catalogue has no such text.
pub(crate) fn try_filled(language: Language, key: &str, values: &Values) -> Option<String> {
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> =
        values.iter().map(|(name, value)| (Cow::Borrowed(*name), fluent(name, value))).collect();
    WORDS.try_lookup_with_args(&language.identifier(), key, &values)
}

/// Only the tries left are counted, and so inflected.
fn fluent<'a>(name: &str, value: &'a str) -> FluentValue<'a> {
    if name == "left" { FluentValue::try_number(value) } else { FluentValue::from(harmless(value)) }
}

/// Titles and names come from strangers: what steers a terminal, or turns the direction of text, is shown as a mark.
fn harmless(text: &str) -> String {
    let steers = |letter: char| letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|letter| if steers(letter) { char::REPLACEMENT_CHARACTER } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAPANESE: [&str; 3] = [
        include_str!("../words/ja/kazasu.ftl"),
        include_str!("../words/ja/failures.ftl"),
        include_str!("../words/ja/verdict.ftl"),
    ];
    const ENGLISH: [&str; 3] = [
        include_str!("../words/en/kazasu.ftl"),
        include_str!("../words/en/failures.ftl"),
        include_str!("../words/en/verdict.ftl"),
    ];

    /// Names of the texts, with those of cause and remedy.
    fn keys(files: [&str; 3]) -> Vec<String> {
        let name = |line: &str| line.split_once(" =").map(|(name, _)| name.to_owned());
        files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')).filter_map(name).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys(JAPANESE), keys(ENGLISH));
    }

    #[test]
    fn every_failure_has_a_cause_and_a_remedy() {
        for key in keys(ENGLISH).iter().filter(|key| key.starts_with("E-")) {
            for part in ["cause", "remedy"] {
                for language in [Language::Japanese, Language::English] {
                    let values = ["detail", "path", "names", "left"].map(|name| (name, "7".to_owned()));
                    let text = try_filled(language, &format!("{key}.{part}"), &values);
                    assert!(text.is_some_and(|text| !text.contains('{')), "{key}.{part}");
                }
            }
        }
    }

    #[test]
    fn every_code_that_this_program_can_show_has_words() {
        let page = include_str!("../../../docs/failures.md");
        let codes =
            page.lines().filter_map(|line| line.strip_prefix("| E-")?.split_once(" |")).map(|(code, _)| format!("E-{code}"));
        let known = keys(ENGLISH);
        for code in codes.filter(|code| !OF_OTHERS.contains(&code.as_str())) {
            assert!(known.contains(&code), "{code}");
        }
    }

    /// Those of the service's pages, and of a camera.
    const OF_OTHERS: [&str; 10] =
        ["E-QR-06", "E-QR-14", "E-QR-15", "E-QR-16", "E-SRV-07", "E-SRV-08", "E-SRV-09", "E-SRV-11", "E-SRV-12", "E-SRV-13"];

    #[test]
    fn a_stranger_s_words_do_not_steer_the_terminal() {
        let text = filled(Language::English, "signed-into", &[("path", "\u{1b}[2Jout\u{202E}fdp.".to_owned())]);
        assert_eq!(text, "Signed document: \u{FFFD}[2Jout\u{FFFD}fdp.");
    }

    #[test]
    fn values_go_into_the_words_without_marks() {
        let text = filled(Language::English, "attempts-left", &[("left", "3".to_owned())]);
        assert_eq!(text, "3 tries left");
        let text = filled(Language::English, "attempts-left", &[("left", "1".to_owned())]);
        assert_eq!(text, "1 try left");
    }
}
