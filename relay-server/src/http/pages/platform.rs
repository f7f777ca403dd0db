//! On what kind of device a page is shown, as far as its words depend on it (M32).

/// Where the app would run that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    Iphone,
    Android,
    /// A second device, which reads the QR off this one.
    Elsewhere,
}

impl Platform {
    /// From a `User-Agent` header. An iPad and an Android tablet without "Mobile" have no reader for cards as a rule, so the
    /// phone is a second device there.
    pub(crate) fn of(agent: &str) -> Self {
        match agent {
            _ if agent.contains("iPhone") => Self::Iphone,
            _ if agent.contains("Android") && agent.contains("Mobile") => Self::Android,
            _ => Self::Elsewhere,
        }
    }

    /// A sentence for this device.
    pub(super) fn key(self, stem: &str) -> String {
        match self {
            Self::Iphone => format!("{stem}-iphone"),
            Self::Android => format!("{stem}-android"),
            Self::Elsewhere => stem.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_hold_a_card_to_itself_is_a_phone() {
        let known = [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
                Platform::Iphone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                Platform::Android,
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                Platform::Elsewhere,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
                Platform::Elsewhere,
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", Platform::Elsewhere),
            ("", Platform::Elsewhere),
        ];
        for (agent, platform) in known {
            assert_eq!(Platform::of(agent), platform, "{agent}");
        }
    }
}
