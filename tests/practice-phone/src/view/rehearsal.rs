use serde::Serialize;
use signer::{ApplicationLine, CertificateLine, ReaderLine, Rehearsal, Verdict};

/// The lines of [`Rehearsal`], each with its verdict, under the names that the page knows.
#[derive(Serialize)]
pub(super) struct RehearsalView {
    verdict: &'static str,
    lines: Vec<LineView>,
}

#[derive(Serialize)]
struct LineView {
    line: &'static str,
    value: &'static str,
    verdict: &'static str,
    /// Tries left, or seconds since 1970: what the words are filled with.
    number: Option<u64>,
}

impl From<&Rehearsal> for RehearsalView {
    fn from(told: &Rehearsal) -> Self {
        let line = |line, value, verdict, number| LineView { line, value, verdict: name_of(verdict), number };
        let attempts = match told.attempts_left {
            Some(0) => "locked",
            Some(_) => "left",
            None => "not-told",
        };
        let lines = vec![
            line("reader", reader(told.reader), told.reader.verdict(), None),
            line("application", application(told.application), told.application.verdict(), None),
            line("attempts", attempts, told.attempts, told.attempts_left.map(u64::from)),
            line("certificate", certificate(told.certificate), told.certificate.verdict(), told.certificate_until_s),
        ];
        Self { verdict: name_of(told.verdict()), lines }
    }
}

fn reader(line: ReaderLine) -> &'static str {
    match line {
        ReaderLine::Quick => "quick",
        ReaderLine::Slow => "slow",
    }
}

fn application(line: ApplicationLine) -> &'static str {
    match line {
        ApplicationLine::MyNumberCard => "my-number-card",
        ApplicationLine::Unlabelled => "unlabelled",
        ApplicationLine::ResidentCard => "resident-card",
        ApplicationLine::HeldByPhone => "held-by-phone",
        ApplicationLine::NoSigningCertificate => "no-signing-certificate",
        ApplicationLine::OtherCard => "other-card",
        ApplicationLine::Unclear => "unclear",
    }
}

fn certificate(line: CertificateLine) -> &'static str {
    match line {
        CertificateLine::Valid => "valid",
        CertificateLine::UnderThreeMonths => "under-three-months",
        CertificateLine::Expired => "expired",
        CertificateLine::NotTold => "not-told",
    }
}

fn name_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "ready",
        Verdict::Attention => "attention",
        Verdict::NotReady => "not-ready",
    }
}
