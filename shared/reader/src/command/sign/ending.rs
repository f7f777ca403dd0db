use std::path::Path;
use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{Trust, Verdict};
use serde_json::{Value, json};

use crate::failure::{Exit, Failure, Kind};
use crate::original::PdfFile;
use crate::timestamp::Form;
use crate::verdict::{self, People};
use crate::voice::Voice;

/// What became of the time stamp.
pub(super) enum Stamping {
    NotAsked,
    Done(Form),
    /// The document stands as it was signed.
    Failed(Failure),
}

impl Stamping {
    /// That no authority gave one.
    pub(super) fn silence(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) if matches!(failure.kind, Kind::NoTimeStamp { .. }) => Some(failure.clone()),
            _ => None,
        }
    }
}

/// Why the card did not sign all documents, and how many it did.
pub(super) struct Unsigned {
    pub(super) failure: Failure,
    pub(super) signed: usize,
}

/// The document is signed and in its place by now, whatever is found here.
pub(super) fn judge(path: &Path, trust: &Trust) -> Result<Verdict, Failure> {
    let file = PdfFile::open(path).map_err(|failure| Failure::after_signing(failure.kind))?;
    let verdict = pades::verify(&file, trust, &AwsLc, SystemTime::now());
    verdict.map_err(|problem| Failure::after_signing(Failure::from(problem).kind))
}

/// What became of each document, in their order, until all is told at once.
pub(super) struct Ending<'a> {
    documents: usize,
    voice: &'a Voice,
    is_root_given: bool,
    lines: Vec<String>,
    objects: Vec<Value>,
    /// Of documents that the card signed.
    failures: Vec<Failure>,
    exits: Vec<Exit>,
}

impl<'a> Ending<'a> {
    pub(super) fn new(documents: usize, voice: &'a Voice, is_root_given: bool) -> Self {
        Self { documents, voice, is_root_given, lines: vec![], objects: vec![], failures: vec![], exits: vec![] }
    }

    pub(super) fn signed(&mut self, path: &Path, stamping: Stamping, verdict: Result<Verdict, Failure>) {
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(failure) => return self.not_kept(path, failure),
        };
        self.lines.push(self.voice.filled("signed-into", &[("path", path.display().to_string())]));
        let time_stamp = self.stamping(&stamping);
        self.lines.push(verdict::text(&verdict, People::Masked, self.voice));
        let object = verdict::object(&verdict, People::Masked);
        self.objects
            .push(json!({ "ok": true, "output": path.display().to_string(), "time_stamp": time_stamp, "verdict": object }));
        self.exits.push(match (verdict::exit_after_making(&verdict, self.is_root_given), &stamping) {
            (Exit::Done, Stamping::Failed(_)) => Exit::ValidInPart,
            (exit, _) => exit,
        });
    }

    fn stamping(&mut self, stamping: &Stamping) -> Value {
        match stamping {
            Stamping::NotAsked => Value::Null,
            Stamping::Done(form) => {
                self.lines.push(self.voice.word(&format!("stamped-{}", form.code())));
                json!({ "form": form.code() })
            }
            Stamping::Failed(failure) => {
                self.lines.push(self.voice.filled("not-stamped", &[("code", failure.kind.code().to_owned())]));
                json!({ "failure": self.voice.failure_object(failure) })
            }
        }
    }

    /// The card signed it, and it is not where it should be, or cannot be checked there.
    pub(super) fn not_kept(&mut self, path: &Path, failure: Failure) {
        let failure = if self.documents > 1 { failure.about(path) } else { failure };
        let why = self.voice.failure_object(&failure);
        self.objects.push(json!({ "ok": false, "input": path.display().to_string(), "failure": why }));
        self.failures.push(failure);
    }

    pub(super) fn unsigned(&mut self, path: &Path) {
        self.lines.push(self.voice.filled("not-signed", &[("path", path.display().to_string())]));
        self.objects.push(json!({ "ok": false, "input": path.display().to_string(), "failure": null }));
    }

    /// One document is told of as itself; of several all are told, also when one failed.
    pub(super) fn tell(mut self, unsigned: Option<Unsigned>) -> Result<Exit, Failure> {
        if self.documents == 1 {
            return self.tell_of_one(unsigned);
        }
        let (signed, of) = (self.objects.iter().filter(|object| object["ok"] == true).count(), self.documents);
        let counts = [("signed", signed.to_string()), ("documents", of.to_string())];
        self.lines.push(self.voice.filled("signed-of", &counts));
        let failure = unsigned.map(|unsigned| Failure { facts: unsigned.facts(), ..unsigned.failure });
        let object = json!({
            "ok": failure.is_none() && self.failures.is_empty(),
            "documents": self.objects,
            "failure": failure.as_ref().map(|failure| self.voice.failure_object(failure)),
        });
        self.voice.result(&self.lines.join("\n"), object);
        let failures: Vec<Failure> = failure.into_iter().chain(self.failures).collect();
        failures.iter().for_each(|failure| self.voice.note_failure(failure));
        let graver = |exit: &Exit| failures.is_empty() && *exit != Exit::Done;
        let first = failures.first().map(|failure| failure.kind.exit());
        Ok(first.or_else(|| self.exits.iter().find(|exit| graver(exit)).copied()).unwrap_or(Exit::Done))
    }

    fn tell_of_one(mut self, unsigned: Option<Unsigned>) -> Result<Exit, Failure> {
        if let Some(failure) = unsigned.map(|unsigned| unsigned.failure).or_else(|| self.failures.pop()) {
            return Err(failure);
        }
        self.voice.result(&self.lines.join("\n"), self.objects.pop().unwrap_or_default());
        Ok(self.exits.pop().unwrap_or(Exit::Unexpected))
    }
}

impl Unsigned {
    /// Of a batch that ended early some documents are signed, and in their places.
    fn facts(&self) -> signer::Facts {
        signer::Facts { signed: self.signed > 0 || self.failure.facts.signed, ..self.failure.facts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_cannot_be_checked_after_saving_is_not_called_unsigned() {
        let trust = Trust::new(&[]).unwrap();
        let failure = judge(Path::new("/nowhere/signed.pdf"), &trust).err().unwrap();
        assert!(failure.facts.signed);
    }
}
