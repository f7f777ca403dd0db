use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::words::Words;

/// Who answered about revocation, when, and what: by stable codes, so that it can be stored and shown in either language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AnswerLine {
    /// `signer`, `issuer` or `time_stamp`.
    pub(crate) about: String,
    /// `crl`, `ocsp` or `registered_verifier`.
    pub(crate) by: String,
    pub(crate) name: Option<String>,
    pub(crate) as_of: SystemTime,
    /// `good`, `on_hold` or `revoked`.
    pub(crate) status: String,
    pub(crate) since: Option<SystemTime>,
    /// Whether that was after the time at which the signature was proven to exist.
    pub(crate) is_later: bool,
}

/// The same in the visitor's language.
pub(super) struct AnswerWords {
    pub(super) about: String,
    pub(super) finding: String,
    pub(super) by: String,
}

impl AnswerLine {
    pub(super) fn in_words(&self, words: Words) -> AnswerWords {
        let about = match self.about.as_str() {
            "signer" => "answer-about-signer",
            "time_stamp" => "answer-about-time-stamp",
            _ => "answer-about-issuer",
        };
        let by = match self.by.as_str() {
            "crl" => "answer-by-list",
            "ocsp" => "answer-by-responder",
            _ => "answer-by-verifier",
        };
        let name = self.name.clone().unwrap_or_else(|| words.say("answer-by-nobody"));
        AnswerWords {
            about: words.say(about),
            finding: self.finding(words),
            by: words.fill_all(by, [("name", name.into()), ("time", words.moment(self.as_of).into())]),
        }
    }

    fn finding(&self, words: Words) -> String {
        let stem = match self.status.as_str() {
            "good" => return words.say("answer-good"),
            "on_hold" => "answer-on-hold",
            _ => "answer-revoked",
        };
        let since = self.since.map_or_else(|| words.say("answer-no-date"), |since| words.moment(since));
        words.fill(&if self.is_later { format!("{stem}-later") } else { stem.to_owned() }, "since", since)
    }
}
