use super::Platform;

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
    pub(crate) platform: Platform,
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
    pub(crate) fn negotiate(accept_language: &str) -> Self {
        let wishes = accept_language.split(',').filter_map(Wish::parse);
        let best = wishes.reduce(|best, next| if next.thousandths > best.thousandths { next } else { best });
        best.map_or(Self::Japanese, |wish| wish.language)
    }
}

/// One of our languages in the header, with its weight.
struct Wish {
    language: Language,
    thousandths: u32,
}

impl Wish {
    /// `None` for a language that we do not speak, or that is refused with a weight of 0.
    fn parse(range: &str) -> Option<Self> {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let language = Language::from_code(&primary)?;
        let thousandths = parameters.trim().strip_prefix("q=").map_or(Some(1000), thousandths)?;
        (thousandths > 0).then_some(Self { language, thousandths })
    }
}

/// A weight as a whole number. RFC 9110, section 12.4.2: one digit, and at most three after the point.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{whole}{fraction:0<3}");
    (whole.len() == 1 && fraction.len() <= 3).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_of_our_languages_is_spoken() {
        assert_eq!(Language::negotiate("en-GB,en;q=0.8,ja;q=0.5"), Language::English);
        assert_eq!(Language::negotiate("fr, ja;q=0.9, en;q=0.8"), Language::Japanese);
        assert_eq!(Language::negotiate("ja;q=0.1, en;q=0.95"), Language::English);
    }

    #[test]
    fn whoever_wants_neither_is_spoken_to_in_japanese() {
        for header in ["", "fr", "en;q=0", "en;q=nonsense", ";;,,"] {
            assert_eq!(Language::negotiate(header), Language::Japanese, "{header}");
        }
    }
}
