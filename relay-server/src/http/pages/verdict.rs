use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::answers::{AnswerLine, AnswerWords};
use super::verdict_codes::{CHECK_KEYS, FACTS};
use super::words::Words;

/// What our check found in the signed document, worded by code only, so that it can be stored and shown in
/// either language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VerdictView {
    pub(crate) seal: VerdictSeal,
    pub(crate) signatures: Vec<SignatureLine>,
}

/// 有効 · 一部未確認 · 無効.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VerdictSeal {
    Valid,
    ValidInPart,
    Invalid,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignatureLine {
    pub(crate) signer: Option<String>,
    /// The signer's own claim.
    pub(crate) claimed_time: Option<SystemTime>,
    /// By a time stamp. Absent in what was stored before those were.
    #[serde(default)]
    pub(crate) proven_time: Option<SystemTime>,
    /// Whether it covers the whole file, not an earlier revision of it.
    pub(crate) covers_whole_file: bool,
    pub(crate) checks: Vec<CheckLine>,
    /// Absent in what was stored before anybody was asked.
    #[serde(default)]
    pub(crate) answers: Vec<AnswerLine>,
}

/// One check with the stable codes of its kind, and of the fact for which it was not passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckLine {
    pub(crate) what: String,
    pub(crate) mark: CheckMark,
    /// Absent in what was stored before facts were.
    #[serde(default)]
    pub(crate) fact: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckMark {
    Passed,
    Failed,
    NotChecked,
}

/// A verdict in the visitor's language.
pub(super) struct VerdictWords {
    pub(super) seal: VerdictSeal,
    /// 有効 · 一部未確認 · 無効.
    pub(super) word: String,
    /// The word as it stands in the seal: one line or two.
    pub(super) seal_lines: Vec<String>,
    pub(super) meaning: String,
    pub(super) signatures: Vec<SignatureWords>,
}

pub(super) struct SignatureWords {
    pub(super) signer: String,
    pub(super) claimed_time: Option<String>,
    pub(super) proven_time: Option<String>,
    pub(super) coverage: String,
    pub(super) checks: Vec<CheckWords>,
    pub(super) answers: Vec<AnswerWords>,
}

pub(super) struct CheckWords {
    pub(super) what: String,
    pub(super) finding: String,
    pub(super) why: Option<String>,
    pub(super) mark: CheckMark,
}

impl VerdictSeal {
    /// Of the page that tells it.
    pub(super) fn title_key(self) -> &'static str {
        if self == Self::Invalid { "completed-invalid-title" } else { "completed-title" }
    }
}

impl VerdictView {
    pub(super) fn in_words(&self, words: Words) -> VerdictWords {
        let is_revocation_open = self.signatures.iter().any(|signature| is_revocation_open(&signature.checks));
        let signatures = self.signatures.iter().map(|signature| signature.in_words(words)).collect();
        VerdictWords { signatures, ..self.seal.in_words(is_revocation_open, words) }
    }
}

impl VerdictSeal {
    /// Without the signatures; what was not checked is named if it is revocation.
    pub(super) fn in_words(self, is_revocation_open: bool, words: Words) -> VerdictWords {
        let stem = match self {
            Self::Valid => "verdict-valid",
            Self::ValidInPart => "verdict-in-part",
            Self::Invalid => "verdict-invalid",
        };
        let meaning = match self {
            Self::ValidInPart if !is_revocation_open => "verdict-in-part-meaning-otherwise".to_owned(),
            _ => format!("{stem}-meaning"),
        };
        VerdictWords {
            seal: self,
            word: words.say(stem),
            seal_lines: words.say(&format!("{stem}-seal")).split('/').map(str::to_owned).collect(),
            meaning: words.say(&meaning),
            signatures: Vec::new(),
        }
    }
}

/// Whether nobody answered for the certificates.
pub(super) fn is_revocation_open(checks: &[CheckLine]) -> bool {
    checks.iter().any(|check| check.what == "revocation" && check.mark == CheckMark::NotChecked)
}

impl SignatureLine {
    fn in_words(&self, words: Words) -> SignatureWords {
        let coverage = if self.covers_whole_file { "covers-whole" } else { "covers-earlier" };
        SignatureWords {
            signer: self.signer.clone().unwrap_or_else(|| words.say("signer-unknown")),
            claimed_time: self.claimed_time.map(|time| words.moment(time)),
            proven_time: self.proven_time.map(|time| words.moment(time)),
            coverage: words.say(coverage),
            checks: self.checks.iter().map(|check| check.in_words(words)).collect(),
            answers: self.answers.iter().map(|answer| answer.in_words(words)).collect(),
        }
    }
}

impl CheckLine {
    pub(super) fn in_words(&self, words: Words) -> CheckWords {
        let finding = match self.mark {
            CheckMark::Passed => "check-passed",
            CheckMark::Failed => "check-failed",
            CheckMark::NotChecked => "check-not-made",
        };
        let why = self.fact.as_deref().filter(|fact| FACTS.contains(fact)).map(|fact| words.say(&why_key(fact)));
        CheckWords { what: words.say(check_key(&self.what)), finding: words.say(finding), why, mark: self.mark }
    }
}

impl VerdictWords {
    pub(super) fn is_invalid(&self) -> bool {
        self.seal == VerdictSeal::Invalid
    }

    pub(super) fn lead_key(&self) -> &'static str {
        if self.seal == VerdictSeal::Invalid { "completed-invalid-lead" } else { "completed-lead" }
    }

    /// Of the seal's letters, in its 96 units: the longest line fits between the rings.
    pub(super) fn letter_size(&self) -> usize {
        let width = |line: &String| line.chars().map(|letter| if letter.is_ascii() { 6 } else { 10 }).sum::<usize>();
        let widest = self.seal_lines.iter().map(width).max().unwrap_or(10);
        (600 / widest).min(24)
    }
}

impl CheckWords {
    pub(super) fn is_passed(&self) -> bool {
        self.mark == CheckMark::Passed
    }

    pub(super) fn is_failed(&self) -> bool {
        self.mark == CheckMark::Failed
    }
}

/// The key of a check's name. A kind that this page does not know yet is still listed.
fn check_key(code: &str) -> &'static str {
    CHECK_KEYS.iter().find(|(known, _)| *known == code).map_or("check-other", |(_, key)| key)
}

fn why_key(fact: &str) -> String {
    format!("why-{}", fact.replace('_', "-"))
}
