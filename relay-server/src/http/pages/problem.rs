use askama::Template;

use super::Visitor;
use super::failure::Failure;
use super::shell::{Shell, rendered};
use super::words::Words;

/// What the browser is told instead of the page that it asked for. Each has a cause and a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PageProblem {
    /// E-QR-15: a document's or session's page without its cookie, or one that is deleted. 404.
    OtherBrowser,
    /// E-QR-15: what a launched phone hands back, in a browser that did not ask for the launch. 404.
    ReturnedElsewhere,
    /// E-QR-14: a launch was asked for inside another app, which cannot open ours. 409.
    InAppBrowser,
    /// No such address. 404.
    NoSuchPage,
    /// E-SRV-18: known address, other method. 405.
    WrongMethod,
    /// The public drop-off is switched off. 404.
    DropOffClosed,
    /// E-SRV-16: a change that another site's page asked for. 403.
    ForeignOrigin,
    /// E-SRV-11: the form lacked its file, or could not be read as one. 400.
    IncompleteForm,
    /// E-SRV-15: what came is no form of a page of ours, or lacks what the form asks for. 400.
    UnreadableForm,
    /// E-SRV-12: the declared name is too long, or no text. 400.
    NameUnusable,
    /// E-SRV-15: the body is not a form. 415.
    UnsupportedMedia,
    /// E-PDF-01. 415.
    NotAPdf,
    /// E-PDF-01. 415.
    EmptyFile,
    /// E-PDF-01: broken or cut short. 415.
    BrokenPdf,
    /// E-PDF-01: no pages. 415.
    NoPages,
    /// E-PDF-02. 415.
    EncryptedPdf,
    /// E-PDF-03. 413.
    TooLarge { limit_bytes: u64 },
    /// E-PDF-03: more at once than are signed at once. 413.
    TooManyFiles { limit: usize, together_bytes: u64 },
    /// E-PDF-03. 413.
    TooManyPages { limit: u32 },
    /// E-PDF-03: too many objects, or too many changes after a signature. 413.
    TooIntricate,
    /// E-PDF-04. 415. The construct is the renderer's word for it.
    CannotBeDrawn { page: u32, construct: String },
    /// E-PDF-05. 415.
    AmbiguousPdf,
    /// E-PDF-07: what was signed before allows no further signature. 415.
    SignatureForbidden,
    /// E-PDF-06: the signatures cannot be taken out of it. 409.
    NoCopy,
    /// E-SRV-17: 「次へ」 or another change that does not fit the state any more. 409.
    NotNow,
    /// E-SRV-13: a document that is in use cannot be deleted. 409.
    BeingChecked,
    /// E-SRV-14: the relay is away, and a phone may have brought its signature there. 503.
    NothingEnded,
    /// E-SRV-05. 429.
    RateLimited,
    /// E-SRV-05: too many pages are being drawn. 503.
    Busy,
    /// Disk full or quota reached. 507.
    StorageFull,
    /// E-QR-11: the relay, and this service before it. 503.
    RelayTooOld,
    /// 503.
    Unavailable,
    /// 500.
    Broken,
}

impl PageProblem {
    /// HTTP status of the answer. RFC 9110, section 15; 429 from RFC 6585, 507 from RFC 4918.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::IncompleteForm | Self::UnreadableForm | Self::NameUnusable => 400,
            Self::ForeignOrigin => 403,
            Self::OtherBrowser | Self::ReturnedElsewhere | Self::NoSuchPage | Self::DropOffClosed => 404,
            Self::WrongMethod => 405,
            Self::NotNow | Self::NoCopy | Self::InAppBrowser | Self::BeingChecked => 409,
            Self::TooLarge { .. } | Self::TooManyFiles { .. } | Self::TooManyPages { .. } | Self::TooIntricate => 413,
            Self::UnsupportedMedia
            | Self::NotAPdf
            | Self::EmptyFile
            | Self::BrokenPdf
            | Self::NoPages
            | Self::EncryptedPdf
            | Self::CannotBeDrawn { .. }
            | Self::AmbiguousPdf
            | Self::SignatureForbidden => 415,
            Self::RateLimited => 429,
            Self::Broken => 500,
            Self::Busy | Self::Unavailable | Self::NothingEnded | Self::RelayTooOld => 503,
            Self::StorageFull => 507,
        }
    }
}

/// The page that stands in the place of another.
pub(crate) fn problem_page(problem: &PageProblem, visitor: &Visitor) -> String {
    let words = Words::of(visitor.language);
    let failure = Failure::of_problem(problem, &visitor.path, words);
    let shell = Shell::new(visitor, &failure.title, None);
    rendered(&ProblemPage { shell, failure: rendered(&failure) })
}

impl PageProblem {
    pub(super) fn title(&self, words: Words) -> String {
        self.sentence("title", words)
    }

    /// What is the matter, and what the person can do about it.
    pub(super) fn cause(&self, words: Words) -> String {
        self.sentence("cause", words)
    }

    /// Of the error catalogue; none where nothing was asked for that is here.
    pub(super) fn code(&self) -> Option<&'static str> {
        match self {
            Self::OtherBrowser | Self::ReturnedElsewhere => Some("E-QR-15"),
            Self::InAppBrowser => Some("E-QR-14"),
            Self::NotAPdf | Self::EmptyFile | Self::BrokenPdf | Self::NoPages => Some("E-PDF-01"),
            Self::EncryptedPdf => Some("E-PDF-02"),
            Self::TooLarge { .. } | Self::TooManyFiles { .. } | Self::TooManyPages { .. } | Self::TooIntricate => {
                Some("E-PDF-03")
            }
            Self::CannotBeDrawn { .. } => Some("E-PDF-04"),
            Self::AmbiguousPdf => Some("E-PDF-05"),
            Self::SignatureForbidden => Some("E-PDF-07"),
            Self::NoCopy => Some("E-PDF-06"),
            Self::RateLimited | Self::Busy => Some("E-SRV-05"),
            Self::BeingChecked => Some("E-SRV-13"),
            Self::NothingEnded => Some("E-SRV-14"),
            Self::IncompleteForm => Some("E-SRV-11"),
            Self::UnreadableForm | Self::UnsupportedMedia => Some("E-SRV-15"),
            Self::ForeignOrigin => Some("E-SRV-16"),
            Self::NotNow => Some("E-SRV-17"),
            Self::WrongMethod => Some("E-SRV-18"),
            Self::NameUnusable => Some("E-SRV-12"),
            Self::StorageFull => Some("E-SRV-07"),
            Self::RelayTooOld => Some("E-QR-11"),
            Self::Unavailable => Some("E-SRV-08"),
            Self::Broken => Some("E-SRV-09"),
            Self::NoSuchPage | Self::DropOffClosed => None,
        }
    }

    /// Whether the same page may open later without anybody changing anything.
    pub(super) fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::Busy
                | Self::StorageFull
                | Self::Unavailable
                | Self::Broken
                | Self::NotNow
                | Self::InAppBrowser
                | Self::BeingChecked
                | Self::NothingEnded
                | Self::UnreadableForm
        )
    }

    pub(super) fn concerns_the_qr(&self) -> bool {
        matches!(self, Self::OtherBrowser | Self::ReturnedElsewhere | Self::InAppBrowser)
    }

    fn sentence(&self, part: &str, words: Words) -> String {
        let key = format!("{}-{part}", self.stem());
        match self {
            Self::TooLarge { limit_bytes } => words.fill(&key, "limit", words.size(*limit_bytes)),
            Self::TooManyFiles { limit, together_bytes } => {
                words.fill_all(&key, [("limit", (*limit).into()), ("size", words.size(*together_bytes).into())])
            }
            Self::TooManyPages { limit } => words.fill(&key, "limit", *limit),
            Self::CannotBeDrawn { page, construct } => {
                words.fill_all(&key, [("page", (*page).into()), ("construct", construct.as_str().into())])
            }
            _ => words.say(&key),
        }
    }

    fn stem(&self) -> &'static str {
        match self {
            Self::OtherBrowser => "problem-other-browser",
            Self::ReturnedElsewhere => "problem-returned-elsewhere",
            Self::InAppBrowser => "problem-in-app",
            Self::NoSuchPage => "problem-no-such-page",
            Self::WrongMethod => "problem-wrong-method",
            Self::DropOffClosed => "problem-drop-off-closed",
            Self::ForeignOrigin => "problem-foreign-origin",
            Self::IncompleteForm => "problem-incomplete-form",
            Self::UnreadableForm => "problem-unreadable-form",
            Self::NameUnusable => "problem-name-unusable",
            Self::UnsupportedMedia => "problem-unsupported-media",
            Self::NotAPdf => "problem-not-a-pdf",
            Self::EmptyFile => "problem-empty-file",
            Self::BrokenPdf => "problem-broken-pdf",
            Self::NoPages => "problem-no-pages",
            Self::EncryptedPdf => "problem-encrypted-pdf",
            Self::TooLarge { .. } => "problem-too-large",
            Self::TooManyFiles { .. } => "problem-too-many-files",
            Self::TooManyPages { .. } => "problem-too-many-pages",
            Self::TooIntricate => "problem-too-intricate",
            Self::CannotBeDrawn { .. } => "problem-cannot-be-drawn",
            Self::AmbiguousPdf => "problem-ambiguous-pdf",
            Self::SignatureForbidden => "problem-signature-forbidden",
            Self::NoCopy => "problem-no-copy",
            Self::NotNow => "problem-not-now",
            Self::BeingChecked => "problem-being-checked",
            Self::NothingEnded => "problem-nothing-ended",
            Self::Busy => "problem-busy",
            Self::RateLimited => "problem-rate-limited",
            Self::StorageFull => "problem-storage-full",
            Self::RelayTooOld => "problem-relay-too-old",
            Self::Unavailable => "problem-unavailable",
            Self::Broken => "problem-broken",
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    shell: Shell,
    /// HTML of the failure's own template.
    failure: String,
}
