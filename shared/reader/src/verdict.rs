use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use pades::report::Report;
use pades::{Check, SignatureVerdict, Signer, Verdict, VerdictState};
use serde_json::{Value, json};

use crate::failure::Exit;
use crate::voice::Voice;

/// A file without any signature is no verdict on one.
pub(crate) fn exit(verdict: &Verdict) -> Exit {
    match verdict.state {
        _ if verdict.signatures.is_empty() => Exit::Unreadable,
        VerdictState::Valid => Exit::Done,
        VerdictState::ValidInPart => Exit::ValidInPart,
        VerdictState::Invalid => Exit::Invalid,
    }
}

pub(crate) fn text(verdict: &Verdict, voice: &Voice) -> String {
    if verdict.signatures.is_empty() {
        return voice.word("no-signature");
    }
    let mut lines = vec![voice.word(&format!("state-{}", verdict.state.code()))];
    for (index, signature) in verdict.signatures.iter().enumerate() {
        lines.push(signature_title(index, signature, voice));
        lines.extend(signature.checks.iter().map(|check| check_line(check, voice)));
    }
    lines.join("\n")
}

/// The library's own report, whose codes a page shows as well.
pub(crate) fn object(verdict: &Verdict) -> Value {
    let mut object = json!(Report::from(verdict));
    if let (true, Some(state)) = (verdict.signatures.is_empty(), object.get_mut("state")) {
        *state = "unsigned".into();
    }
    object
}

/// A day in Japan, where these certificates begin and end at midnight.
pub(crate) fn day(time: SystemTime) -> String {
    let zone = TimeZone::fixed(Offset::constant(JAPAN_HOURS));
    Timestamp::try_from(time).map_or_else(|_| "–".to_owned(), |time| time.to_zoned(zone).strftime("%Y-%m-%d").to_string())
}

fn signature_title(index: usize, signature: &SignatureVerdict, voice: &Voice) -> String {
    let signer = signature.signer.as_ref().and_then(signer_name).unwrap_or_else(|| voice.word("signer-unknown"));
    let until = signature.signer.as_ref().map_or_else(|| "–".to_owned(), |signer| day(signer.not_after));
    let state = voice.word(&format!("state-{}", signature.state.code()));
    let number = (index + 1).to_string();
    voice.filled("signature-title", &[("number", number), ("signer", signer), ("state", state), ("until", until)])
}

fn check_line(check: &Check, voice: &Voice) -> String {
    let mark = voice.word(&format!("mark-{}", check.result.code()));
    let what = voice.word(&format!("check-{}", check.what.code()));
    match check.result.fact() {
        Some(fact) => format!("  {mark} {what}: {}", voice.word(&format!("fact-{}", fact.code()))),
        None => format!("  {mark} {what}"),
    }
}

fn signer_name(signer: &Signer) -> Option<String> {
    signer.person.as_ref().map(|person| person.name.clone()).or_else(|| signer.common_name.clone())
}

/// Japan Standard Time, in hours east of Greenwich.
const JAPAN_HOURS: i8 = 9;
