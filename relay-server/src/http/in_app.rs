//! Pages shown inside another app: from there no link opens ours.

use http::HeaderMap;
use http::header::USER_AGENT;

/// By what such apps add to the name of the browser that they embed.
pub(super) fn is_shown_in_app(headers: &HeaderMap) -> bool {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    SIGNS.iter().any(|sign| agent.contains(sign))
}

/// LINE, Instagram, Facebook and Messenger, X, TikTok, WeChat, Yahoo! JAPAN, and Android's WebView in any other app: as seen
/// in their user agents in 2025.
const SIGNS: [&str; 11] = [
    " Line/",
    "Instagram",
    "FBAN/",
    "FBAV/",
    "FB_IAB",
    "Twitter for ",
    "BytedanceWebview",
    "musical_ly",
    "MicroMessenger",
    "YJApp-",
    "; wv)",
];

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_inside_other_apps_are_known_by_their_names_and_no_browser_is_taken_for_one() {
        let inside = [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.20.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 358.0",
            "Mozilla/5.0 (Linux; Android 15; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/22B83 [FBAN/FBIOS;FBAV/490.0]",
        ];
        let browsers = [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
        ];
        let named = |agent| HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(agent))]);
        assert!(inside.into_iter().all(|agent| is_shown_in_app(&named(agent))));
        assert!(browsers.into_iter().all(|agent| !is_shown_in_app(&named(agent))));
        assert!(!is_shown_in_app(&HeaderMap::new()));
    }
}
