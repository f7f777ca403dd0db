use super::Visitor;

/// What the browser is told instead of the page that it asked for. Each has a cause and a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PageProblem {
    /// E-QR-15: a document's or session's page without its cookie, or one that is deleted. 404.
    OtherBrowser,
    /// No such address. 404.
    NoSuchPage,
    /// Known address, other method. 405.
    WrongMethod,
    /// The public drop-off is switched off. 404.
    DropOffClosed,
    /// A change that another site's page asked for. 403.
    ForeignOrigin,
    /// The form lacked its file, or could not be read as one. 400.
    IncompleteForm,
    /// The body is not a form. 415.
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
    /// E-PDF-03. 413.
    TooManyPages { limit: u32 },
    /// E-PDF-04. 415. The construct is the renderer's word for it.
    CannotBeDrawn { page: u32, construct: String },
    /// E-PDF-05. 415.
    AmbiguousPdf,
    /// 「次へ」 or another change that does not fit the state any more. 409.
    NotNow,
    /// E-SRV-05. 429.
    RateLimited,
    /// Disk full or quota reached. 507.
    StorageFull,
    /// 503.
    Unavailable,
    /// 500.
    Broken,
}

impl PageProblem {
    /// HTTP status of the answer. RFC 9110, section 15; 429 from RFC 6585, 507 from RFC 4918.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::IncompleteForm => 400,
            Self::ForeignOrigin => 403,
            Self::OtherBrowser | Self::NoSuchPage | Self::DropOffClosed => 404,
            Self::WrongMethod => 405,
            Self::NotNow => 409,
            Self::TooLarge { .. } | Self::TooManyPages { .. } => 413,
            Self::UnsupportedMedia
            | Self::NotAPdf
            | Self::EmptyFile
            | Self::BrokenPdf
            | Self::NoPages
            | Self::EncryptedPdf
            | Self::CannotBeDrawn { .. }
            | Self::AmbiguousPdf => 415,
            Self::RateLimited => 429,
            Self::Broken => 500,
            Self::Unavailable => 503,
            Self::StorageFull => 507,
        }
    }
}

pub(crate) fn problem_page(_problem: &PageProblem, _visitor: &Visitor) -> String {
    String::new()
}
