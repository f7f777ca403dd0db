use askama::Template;
use wire::{EndReason, RefusalKind, RejectReason, SessionId};

use super::ways::{To, Way, Ways};
use super::words::Words;
use super::{PageProblem, RehearsalEnding, SigningEnding};

/// What went wrong, in the one layout that all failures have: a plain line, three facts, one remedy, another way,
/// the code.
#[derive(Template)]
#[template(path = "steps/failure.html")]
pub(super) struct Failure {
    words: Words,
    pub(super) title: String,
    cause: String,
    /// Whether somebody wanted it so.
    calm: bool,
    /// Short and searchable; none where nothing failed.
    code: Option<&'static str>,
    facts: [Fact; 3],
    remedy: Way,
    other_way: Way,
}

/// A line of the table: 署名 · 試行回数 · 送信.
struct Fact {
    subject: String,
    finding: String,
}

impl Failure {
    pub(super) fn of_ending(session: SessionId, document_id: &str, ending: SigningEnding, words: Words) -> Self {
        let (stem, code) = ending_words(ending);
        let ways = Ways { words, document_id };
        let remedy = match ending.reason {
            EndReason::Expired | EndReason::BadReveal | EndReason::WrongNumbers => ways.renew(session),
            EndReason::Replaced => ending.newer.map_or_else(|| ways.prepare(), |newer| ways.newer(newer)),
            EndReason::Cancelled => ways.prepare(),
            EndReason::Refused { refusal } => after_refusal(refusal, ways),
        };
        Self {
            title: words.say(&format!("{stem}-title")),
            cause: words.say(&format!("{stem}-cause")),
            calm: is_wanted(ending.reason) && !ending.is_unreadable && !ending.is_without_room,
            code,
            facts: facts_after(ending, words),
            remedy,
            other_way: ways.document(),
            words,
        }
    }

    pub(super) fn of_rejection(reason: RejectReason, tries_left: Option<u8>, document_id: &str, words: Words) -> Self {
        let (stem, code) = rejection_words(reason);
        let ways = Ways { words, document_id };
        let is_withdrawn = reason == RejectReason::DocumentWithdrawn;
        let tries = match tries_left {
            Some(left) => words.fill("fact-tries-left", "n", left),
            None => words.say("fact-tries-on-phone"),
        };
        Self {
            title: words.say(&format!("{stem}-title")),
            cause: words.say(&format!("{stem}-cause")),
            calm: false,
            code: Some(code),
            facts: facts(words, "fact-signed-refused", &tries, "fact-sent-yes"),
            remedy: if is_withdrawn { ways.other_document() } else { ways.prepare() },
            other_way: ways.help("after"),
            words,
        }
    }

    /// `on` is the label and the address of where the person goes on without.
    pub(super) fn of_rehearsal(session: SessionId, ending: RehearsalEnding, on: (String, String), words: Words) -> Self {
        let (stem, code) = rehearsal_words(ending);
        let ways = Ways { words, document_id: "" };
        Self {
            title: words.say(&format!("{stem}-title")),
            cause: words.say(&format!("{stem}-cause")),
            calm: code.is_none(),
            code,
            facts: facts(words, "fact-signed-no", &words.say("fact-tries-kept"), "fact-sent-no"),
            remedy: ending.newer.map_or_else(|| ways.rehearse_again(session), |newer| ways.newer_rehearsal(newer)),
            other_way: Way { label: on.0, to: To::Page(on.1) },
            words,
        }
    }

    /// `path` shows the page again that was asked for.
    pub(super) fn of_problem(problem: &PageProblem, path: &str, words: Words) -> Self {
        let ways = Ways { words, document_id: "" };
        Self {
            title: problem.title(words),
            cause: problem.cause(words),
            calm: false,
            code: problem.code(),
            facts: facts(words, "fact-signed-not-here", &words.say("fact-tries-not-here"), "fact-sent-not-here"),
            remedy: if problem.may_pass() { ways.again(path) } else { ways.first_page() },
            other_way: ways.help(if problem.concerns_the_qr() { "qr" } else { "start" }),
            words,
        }
    }
}

fn facts(words: Words, signed: &str, tries: &str, sent: &str) -> [Fact; 3] {
    [
        Fact { subject: words.say("fact-signed"), finding: words.say(signed) },
        Fact { subject: words.say("fact-tries"), finding: tries.to_owned() },
        Fact { subject: words.say("fact-sent"), finding: words.say(sent) },
    ]
}

/// From `begin` on the card may have signed, and the phone may have sent: only the phone knows, unless it said so itself
/// by refusing.
fn facts_after(ending: SigningEnding, words: Words) -> [Fact; 3] {
    let is_open = ending.begun && !matches!(ending.reason, EndReason::Refused { .. });
    let (signed, sent) =
        if is_open { ("fact-signed-on-phone", "fact-sent-on-phone") } else { ("fact-signed-no", "fact-sent-no") };
    facts(words, signed, &tries_after(ending, words), sent)
}

/// Before `begin` no password went to the card. After it only the phone knows, unless the card is locked.
fn tries_after(ending: SigningEnding, words: Words) -> String {
    match ending.reason {
        EndReason::Refused { refusal: RefusalKind::Locked } => words.say("fact-tries-locked"),
        _ if ending.begun => words.say("fact-tries-on-phone"),
        _ => words.say("fact-tries-kept"),
    }
}

fn is_wanted(reason: EndReason) -> bool {
    match reason {
        EndReason::Cancelled | EndReason::Replaced => true,
        EndReason::Expired | EndReason::BadReveal | EndReason::WrongNumbers => false,
        EndReason::Refused { refusal } => matches!(refusal, RefusalKind::Declined | RefusalKind::Held),
    }
}

fn after_refusal(refusal: RefusalKind, ways: Ways<'_>) -> Way {
    match refusal {
        RefusalKind::Locked => ways.help("password"),
        RefusalKind::ExpiredCertificate | RefusalKind::NoSigningCertificate => ways.help("card"),
        RefusalKind::DocumentDiffers | RefusalKind::CannotBeDrawn => ways.other_document(),
        RefusalKind::Declined | RefusalKind::OtherSigner | RefusalKind::Held => ways.prepare(),
    }
}

fn rehearsal_words(ending: RehearsalEnding) -> (&'static str, Option<&'static str>) {
    match ending.reason {
        _ if ending.is_unreadable => ("rehearsal-unreadable", Some("E-QR-16")),
        EndReason::BadReveal | EndReason::WrongNumbers => ("rehearsal-unproven", Some("E-QR-16")),
        EndReason::Expired => ("rehearsal-expired", Some("E-QR-02")),
        EndReason::Cancelled => ("rehearsal-cancelled", None),
        EndReason::Replaced => ("rehearsal-replaced", None),
        EndReason::Refused { .. } => ("rehearsal-refused", None),
    }
}

/// Stem of the sentences, and the code of the error catalogue.
fn ending_words(ending: SigningEnding) -> (&'static str, Option<&'static str>) {
    match ending.reason {
        _ if ending.is_unreadable => ("ended-unreadable", Some("E-QR-16")),
        _ if ending.is_without_room => ("ended-without-room", Some("E-SRV-07")),
        EndReason::Expired if ending.begun => ("ended-late", Some("E-SRV-01")),
        EndReason::Expired => ("ended-expired", Some("E-QR-02")),
        EndReason::Cancelled => ("ended-cancelled", Some("E-QR-05")),
        EndReason::Replaced => ("ended-replaced", None),
        EndReason::BadReveal => ("ended-unproven", Some("E-QR-16")),
        EndReason::WrongNumbers => ("ended-numbers", Some("E-QR-08")),
        EndReason::Refused { refusal } => refusal_words(refusal),
    }
}

fn refusal_words(refusal: RefusalKind) -> (&'static str, Option<&'static str>) {
    match refusal {
        RefusalKind::Declined => ("refused-declined", Some("E-NFC-09")),
        RefusalKind::Locked => ("refused-locked", Some("E-PIN-05")),
        RefusalKind::ExpiredCertificate => ("refused-expired-certificate", Some("E-CRT-01")),
        RefusalKind::NoSigningCertificate => ("refused-no-certificate", Some("E-NFC-11")),
        RefusalKind::OtherSigner => ("refused-other-signer", Some("E-CRT-04")),
        RefusalKind::DocumentDiffers => ("refused-document-differs", Some("E-SIG-01")),
        RefusalKind::CannotBeDrawn => ("refused-cannot-be-drawn", Some("E-PDF-04")),
        RefusalKind::Held => ("refused-held", None),
    }
}

fn rejection_words(reason: RejectReason) -> (&'static str, &'static str) {
    match reason {
        RejectReason::SignatureInvalid => ("rejected-signature", "E-SIG-02"),
        RejectReason::AttributesInvalid => ("rejected-attributes", "E-SIG-01"),
        RejectReason::CertificateUntrusted => ("rejected-untrusted", "E-CRT-06"),
        RejectReason::CertificateExpired => ("rejected-expired-certificate", "E-CRT-01"),
        RejectReason::CertificateRevoked => ("rejected-revoked", "E-CRT-02"),
        RejectReason::CertificateNotForSigning => ("rejected-not-for-signing", "E-CRT-07"),
        RejectReason::OtherSigner => ("rejected-other-signer", "E-CRT-04"),
        RejectReason::ConsentMissing => ("rejected-consent", "E-SIG-03"),
        RejectReason::DocumentWithdrawn => ("rejected-withdrawn", "E-SRV-03"),
        RejectReason::DocumentTooIntricate => ("rejected-intricate", "E-PDF-03"),
    }
}
