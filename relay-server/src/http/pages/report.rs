use wire::{ApplicationLine, CertificateLine, ClockLine, NetworkLine, ReaderLine, Rehearsal};

use super::words::Words;

/// What a line of a 準備チェック comes to, and what all of them do together: the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Ready,
    Attention,
    NotReady,
}

/// One of the six lines, in words.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) finding: String,
    pub(super) remedy: Option<String>,
    pub(super) mark: Mark,
}

pub(super) fn lines(report: &Rehearsal, words: Words) -> [Line; 6] {
    [
        plain("line-reader", reader(report.reader), words),
        plain("line-application", application(report.application), words),
        attempts(report.attempts_left, words),
        plain("line-certificate", certificate(report.certificate), words),
        plain("line-network", network(report.network), words),
        plain("line-clock", clock(report.clock), words),
    ]
}

pub(super) fn verdict(lines: &[Line]) -> Mark {
    lines.iter().map(|line| line.mark).max().unwrap_or(Mark::NotReady)
}

impl Mark {
    pub(super) fn is_ready(self) -> bool {
        self == Self::Ready
    }

    pub(super) fn is_attention(self) -> bool {
        self == Self::Attention
    }

    pub(super) fn is_not_ready(self) -> bool {
        self == Self::NotReady
    }

    pub(super) fn word(self, words: &Words) -> String {
        words.say(match self {
            Self::Ready => "mark-ready",
            Self::Attention => "mark-attention",
            Self::NotReady => "mark-not-ready",
        })
    }

    pub(super) fn title_key(self) -> &'static str {
        match self {
            Self::Ready => "rehearsal-ready-title",
            Self::Attention => "rehearsal-attention-title",
            Self::NotReady => "rehearsal-not-ready-title",
        }
    }

    pub(super) fn lead_key(self) -> &'static str {
        match self {
            Self::Ready => "rehearsal-ready-lead",
            Self::Attention => "rehearsal-attention-lead",
            Self::NotReady => "rehearsal-not-ready-lead",
        }
    }
}

/// A finding's key; where it needs a remedy, the remedy's key is the same with `-remedy`.
fn plain(name: &str, (finding, mark): (&str, Mark), words: Words) -> Line {
    Line {
        name: words.say(name),
        finding: words.say(finding),
        remedy: (mark != Mark::Ready).then(|| words.say(&format!("{finding}-remedy"))),
        mark,
    }
}

fn attempts(left: Option<u8>, words: Words) -> Line {
    match left {
        None => plain("line-attempts", ("line-attempts-untold", Mark::Attention), words),
        Some(0) => plain("line-attempts", ("line-attempts-locked", Mark::NotReady), words),
        Some(left) => {
            let are_few = left < ALL_ATTEMPTS;
            Line {
                name: words.say("line-attempts"),
                finding: words.fill("line-attempts-left", "n", left),
                remedy: are_few.then(|| words.say("line-attempts-few-remedy")),
                mark: if are_few { Mark::Attention } else { Mark::Ready },
            }
        }
    }
}

fn reader(line: ReaderLine) -> (&'static str, Mark) {
    match line {
        ReaderLine::Quick => ("line-reader-quick", Mark::Ready),
        ReaderLine::Slow => ("line-reader-slow", Mark::Attention),
    }
}

fn application(line: ApplicationLine) -> (&'static str, Mark) {
    match line {
        ApplicationLine::MyNumberCard => ("line-application-good", Mark::Ready),
        ApplicationLine::Unlabelled => ("line-application-unlabelled", Mark::Attention),
        ApplicationLine::ResidentCard => ("line-application-resident", Mark::NotReady),
        ApplicationLine::HeldByPhone => ("line-application-phone", Mark::NotReady),
        ApplicationLine::NoSigningCertificate => ("line-application-none", Mark::NotReady),
        ApplicationLine::OtherCard => ("line-application-other", Mark::NotReady),
        ApplicationLine::Unclear => ("line-application-unclear", Mark::NotReady),
    }
}

fn certificate(line: CertificateLine) -> (&'static str, Mark) {
    match line {
        CertificateLine::Valid => ("line-certificate-valid", Mark::Ready),
        CertificateLine::UnderThreeMonths => ("line-certificate-soon", Mark::Attention),
        CertificateLine::Expired => ("line-certificate-expired", Mark::NotReady),
        CertificateLine::NotTold => ("line-certificate-untold", Mark::Attention),
    }
}

fn network(line: NetworkLine) -> (&'static str, Mark) {
    match line {
        NetworkLine::Quick => ("line-network-quick", Mark::Ready),
        NetworkLine::Slow => ("line-network-slow", Mark::Attention),
    }
}

fn clock(line: ClockLine) -> (&'static str, Mark) {
    match line {
        ClockLine::Right => ("line-clock-right", Mark::Ready),
        ClockLine::Off => ("line-clock-off", Mark::Attention),
    }
}

/// Of the signing password. JPKI, 署名用電子証明書: five wrong ones lock it.
const ALL_ATTEMPTS: u8 = 5;
