//! Whether registry offices take a signed PDF: its form, not what the signatures are worth.
//!
//! They ask for `adbe.pkcs7.detached` with a name and a time in each signature's dictionary, and for nothing behind the
//! last signature (登記・供託オンライン申請システム, "電子署名付きPDFファイル").

use pades::{SignatureKind, SignatureVerdict, Verdict};
use serde_json::{Value, json};

use crate::voice::Voice;

/// What a registry office would not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmet {
    Unsigned,
    OtherForm,
    NoName,
    NoTime,
    /// Something follows the last signature, be it a time stamp.
    Continued,
}

/// Each with the signature that it is about, counted from 1.
pub(crate) fn unmet(verdict: &Verdict) -> Vec<(usize, Unmet)> {
    let of_each = verdict.signatures.iter().zip(1..).flat_map(|(signature, number)| {
        let problems = of_signature(signature, number == verdict.signatures.len());
        problems.into_iter().map(move |problem| (number, problem))
    });
    let unsigned = verdict.signatures.is_empty().then_some((0, Unmet::Unsigned));
    unsigned.into_iter().chain(of_each).collect()
}

fn of_signature(signature: &SignatureVerdict, is_last: bool) -> Vec<Unmet> {
    let has_name = signature.claimed.name.as_deref().is_some_and(|name| !name.trim().is_empty());
    let rules = [
        (signature.kind == SignatureKind::Pkcs7, Unmet::OtherForm),
        (has_name, Unmet::NoName),
        (signature.claimed.time.is_some(), Unmet::NoTime),
        (!is_last || signature.covers_whole_document, Unmet::Continued),
    ];
    rules.into_iter().filter(|(is_met, _)| !is_met).map(|(_, problem)| problem).collect()
}

pub(crate) fn text(unmet: &[(usize, Unmet)], voice: &Voice) -> String {
    if unmet.is_empty() {
        return voice.word("registry-takes-it");
    }
    let lines = unmet.iter().map(|(number, problem)| {
        let what = voice.word(&format!("registry-{}", problem.code()));
        voice.filled("registry-unmet", &[("number", number.to_string()), ("what", what)])
    });
    [voice.word("registry-does-not-take-it")].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

pub(crate) fn object(unmet: &[(usize, Unmet)]) -> Value {
    let rows = unmet.iter().map(|(number, problem)| json!({ "signature": number, "what": problem.code() }));
    json!({ "ok": unmet.is_empty(), "unmet": rows.collect::<Vec<_>>() })
}

impl Unmet {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::OtherForm => "other_form",
            Self::NoName => "no_name",
            Self::NoTime => "no_time",
            Self::Continued => "continued",
        }
    }
}
