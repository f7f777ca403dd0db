use serde::Serialize;
use signer::{
    ApplicationLine, AskingPage, CertificateLine, ClockLine, NetworkLine, ReaderLine, Rehearsal, Report, ReportStage, Verdict,
};

use super::failure::FailureView;

/// The lines of [`Rehearsal`], each with its verdict, under the names that the page knows.
#[derive(Serialize)]
pub(super) struct RehearsalView {
    verdict: &'static str,
    lines: Vec<LineView>,
    report: Option<ReportView>,
}

/// The page that asked.
#[derive(Serialize)]
pub(super) struct PageView {
    origin: String,
    is_origin_checked: bool,
    name: String,
}

/// How far the lines are on their way to that page.
#[derive(Serialize)]
struct ReportView {
    page: PageView,
    stage: &'static str,
    problem: Option<FailureView>,
}

#[derive(Serialize)]
struct LineView {
    line: &'static str,
    value: &'static str,
    verdict: &'static str,
    /// Tries left, or seconds since 1970: what the words are filled with.
    number: Option<u64>,
}

impl RehearsalView {
    pub(super) fn of(told: &Rehearsal, report: Option<Report>) -> Self {
        let line = |line, value, verdict, number| LineView { line, value, verdict: name_of(verdict), number };
        let attempts = match told.attempts_left {
            Some(0) => "locked",
            Some(_) => "left",
            None => "not-told",
        };
        let network = told.network.map(|told| line("network", network(told), told.verdict(), None));
        let clock = told.clock.map(|told| line("clock", clock(told), told.verdict(), None));
        let card = vec![
            line("reader", reader(told.reader), told.reader.verdict(), None),
            line("application", application(told.application), told.application.verdict(), None),
            line("attempts", attempts, told.attempts, told.attempts_left.map(u64::from)),
            line("certificate", certificate(told.certificate), told.certificate.verdict(), told.certificate_until_s),
        ];
        let lines = card.into_iter().chain(network).chain(clock).collect();
        Self { verdict: name_of(told.verdict()), lines, report: report.map(ReportView::from) }
    }
}

impl From<AskingPage> for PageView {
    fn from(page: AskingPage) -> Self {
        Self { origin: page.origin, is_origin_checked: page.is_origin_checked, name: page.name }
    }
}

impl From<Report> for ReportView {
    fn from(report: Report) -> Self {
        let (stage, problem) = match report.stage {
            ReportStage::Sending { trouble } => ("sending", trouble),
            ReportStage::Delivered => ("delivered", None),
            ReportStage::Lost { failure } => ("lost", Some(failure)),
        };
        Self { page: report.page.into(), stage, problem: problem.map(FailureView::from) }
    }
}

fn network(line: NetworkLine) -> &'static str {
    match line {
        NetworkLine::Quick => "quick",
        NetworkLine::Slow => "slow",
    }
}

fn clock(line: ClockLine) -> &'static str {
    match line {
        ClockLine::Right => "right",
        ClockLine::Off => "off",
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
