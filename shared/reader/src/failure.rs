mod causes;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pades::NotAService;
use signer::{Facts, FailureKind, Place};

use crate::pcsc::ReaderProblem;
use crate::stamp::StampFailure;

/// Something that went wrong, with the three facts that a person is always told.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) facts: Facts,
    /// Which of several documents it is about.
    pub(crate) file: Option<PathBuf>,
}

/// What happened. Each has a title, a cause and a remedy in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Those that a phone can meet as well.
    Shared(FailureKind),
    Reader(ReaderProblem),
    Interrupted,
    /// A finished signature that the service has not confirmed, and that ends with the program.
    GivenUp(FailureKind),
    /// The password of practice cards was about to go to a card that is none.
    PracticePassword,
    InputUnreadable {
        path: PathBuf,
    },
    TrustUnreadable {
        path: PathBuf,
    },
    OutputExists {
        path: PathBuf,
    },
    OutputNotWritable {
        path: PathBuf,
    },
    /// The signature was made, and lies in another file than the one that was asked for.
    KeptElsewhere {
        path: PathBuf,
    },
    /// The signature was made, and no file took it.
    NotKept,
    /// A question, or the password, wants a person, and none is there.
    NobodyToAsk,
    Declined,
    /// What is named is no address of an authority; it is not repeated, since a slip may have put a password into it.
    NoAuthority(NotAService),
    NoAuthorityNamed,
    CredentialsUnreadable {
        path: PathBuf,
        line: Option<usize>,
    },
    /// Those that were asked, each with its reason.
    NoTimeStamp {
        asked: Vec<(String, pades::NoTimeStamp)>,
    },
    /// The signatures cannot be taken out.
    NoCopy,
    Stamp(StampFailure),
    System(io::ErrorKind),
}

/// How the program ends. 0 to 3 are verdicts; the rest are those of BSD's `sysexits.h`, and the shell's own for
/// an interrupt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    Invalid,
    ValidInPart,
    Unreadable,
    Usage,
    CannotBeSigned,
    NoInput,
    Unavailable,
    Unexpected,
    NoOutput,
    TryAgain,
    Refused,
    Interrupted,
}

impl Failure {
    pub(crate) fn new(kind: Kind, facts: Facts) -> Self {
        Self { kind, facts, file: None }
    }

    pub(crate) fn about(self, file: &Path) -> Self {
        Self { file: Some(file.to_owned()), ..self }
    }

    /// Nothing was signed, spent or sent before it.
    pub(crate) fn before_all(kind: Kind) -> Self {
        Self::new(kind, Facts::NOTHING_HAPPENED)
    }

    /// The card made the signature, and nobody has got it.
    pub(crate) fn after_signing(kind: Kind) -> Self {
        Self::new(kind, Facts { signed: true, ..Facts::NOTHING_HAPPENED })
    }

    /// Where the catalogue has its words: one code can have several causes.
    pub(crate) fn words(&self) -> &'static str {
        match &self.kind {
            Kind::Reader(ReaderProblem::NoCard) => "E-PC-02-card",
            Kind::GivenUp(_) => "given-up",
            Kind::Interrupted if self.facts.signed => "E-PC-07-signed",
            Kind::Stamp(failure) => failure.words(),
            kind => kind.code(),
        }
    }
}

impl Kind {
    /// As listed in docs/failures.md.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Shared(kind) | Self::GivenUp(kind) => kind.code(),
            Self::Reader(problem) => reader_code(problem),
            Self::Interrupted => "E-PC-07",
            Self::PracticePassword => "E-PC-08",
            Self::NobodyToAsk => "E-PC-09",
            Self::Declined => "E-NFC-09",
            Self::InputUnreadable { .. } => "E-IO-01",
            Self::TrustUnreadable { .. } => "E-IO-02",
            Self::OutputExists { .. } => "E-IO-03",
            Self::OutputNotWritable { .. } => "E-IO-04",
            Self::KeptElsewhere { .. } => "E-IO-05",
            Self::NotKept => "E-IO-06",
            Self::System(_) => "E-IO-08",
            Self::NoCopy => "E-PDF-06",
            Self::Stamp(failure) => failure.code(),
            Self::NoTimeStamp { .. } => "E-TS-01",
            Self::NoAuthority(_) | Self::NoAuthorityNamed => "E-TS-02",
            Self::CredentialsUnreadable { .. } => "E-TS-03",
        }
    }

    /// What goes into the words.
    pub(crate) fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Reader(ReaderProblem::SeveralReaders { names }) => vec![("names", names.join(", "))],
            Self::Reader(problem) => vec![("detail", problem.to_string())],
            Self::Shared(FailureKind::CardUnexpected { status: Some(status) }) => vec![("detail", format!("{status:04X}"))],
            Self::Shared(FailureKind::CannotBeDrawn { places }) => vec![("detail", places_text(places))],
            Self::InputUnreadable { path }
            | Self::TrustUnreadable { path }
            | Self::OutputExists { path }
            | Self::OutputNotWritable { path }
            | Self::KeptElsewhere { path } => vec![("path", path.display().to_string())],
            Self::System(kind) => vec![("detail", kind.to_string())],
            Self::Stamp(failure) => vec![("detail", failure.detail())],
            Self::NoTimeStamp { asked } => vec![("detail", asked_text(asked))],
            Self::CredentialsUnreadable { path, line } => {
                let line = line.map_or_else(|| "–".to_owned(), |line| line.to_string());
                vec![("path", path.display().to_string()), ("detail", line)]
            }
            _ => vec![("detail", "–".to_owned())],
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Shared(kind) | Self::GivenUp(kind) => shared_exit(kind),
            Self::Reader(ReaderProblem::ServiceDown | ReaderProblem::NoReader) => Exit::Unavailable,
            Self::Reader(ReaderProblem::SeveralReaders { .. }) | Self::NobodyToAsk => Exit::Usage,
            Self::NoAuthority(_) | Self::NoAuthorityNamed => Exit::Usage,
            Self::Stamp(_) | Self::NoCopy => Exit::CannotBeSigned,
            Self::NoTimeStamp { .. } => Exit::Unavailable,
            Self::CredentialsUnreadable { .. } => Exit::NoInput,
            Self::Reader(ReaderProblem::Unexpected(_)) | Self::System(_) => Exit::Unexpected,
            Self::Reader(_) => Exit::TryAgain,
            Self::Interrupted => Exit::Interrupted,
            Self::PracticePassword | Self::Declined => Exit::Refused,
            Self::InputUnreadable { .. } | Self::TrustUnreadable { .. } => Exit::NoInput,
            Self::OutputExists { .. } | Self::OutputNotWritable { .. } | Self::KeptElsewhere { .. } | Self::NotKept => {
                Exit::NoOutput
            }
        }
    }
}

fn reader_code(problem: &ReaderProblem) -> &'static str {
    match problem {
        ReaderProblem::ServiceDown => "E-PC-01",
        ReaderProblem::NoReader | ReaderProblem::NoCard => "E-PC-02",
        ReaderProblem::Busy => "E-PC-03",
        ReaderProblem::SeveralReaders { .. } => "E-PC-05",
        ReaderProblem::CardReset => "E-PC-06",
        ReaderProblem::CardLost => FailureKind::CardLost.code(),
        ReaderProblem::Unexpected(_) => "E-PC-10",
        ReaderProblem::NoAnswer => "E-PC-11",
    }
}

fn shared_exit(kind: &FailureKind) -> Exit {
    let code = kind.code();
    match kind {
        FailureKind::CardLost | FailureKind::PasswordInDoubt | FailureKind::CardNotFound => Exit::TryAgain,
        FailureKind::CardUnexpected { .. }
        | FailureKind::SignatureUnfit
        | FailureKind::ServiceMisbehaved
        | FailureKind::AppBroken => Exit::Unexpected,
        FailureKind::RelayUnreachable => Exit::Unavailable,
        FailureKind::NotOurQr | FailureKind::AppTooOld => Exit::Usage,
        _ if code.starts_with("E-PDF") || code.starts_with("E-SIG") => Exit::CannotBeSigned,
        _ if code.starts_with("E-SRV") || code.starts_with("E-QR") => Exit::TryAgain,
        _ => Exit::Refused,
    }
}

fn places_text(places: &[Place]) -> String {
    let place = |place: &Place| match place.page {
        Some(page) => format!("p. {page}: {}", place.construct),
        None => place.construct.clone(),
    };
    places.iter().map(place).collect::<Vec<_>>().join(", ")
}

fn asked_text(asked: &[(String, pades::NoTimeStamp)]) -> String {
    asked.iter().map(|(address, why)| format!("{address}: {}", why.code())).collect::<Vec<_>>().join(", ")
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::before_all(Kind::System(error.kind()))
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

impl Exit {
    fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Invalid => 1,
            Self::ValidInPart => 2,
            Self::Unreadable => 3,
            Self::Usage => 64,
            Self::CannotBeSigned => 65,
            Self::NoInput => 66,
            Self::Unavailable => 69,
            Self::Unexpected => 70,
            Self::NoOutput => 73,
            Self::TryAgain => 75,
            Self::Refused => 77,
            Self::Interrupted => 130,
        }
    }
}
