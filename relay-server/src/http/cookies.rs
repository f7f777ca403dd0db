//! What a browser proves to own: one cookie a document, one a session. No URL can make them again.

use std::time::Duration;

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use wire::{Origin, SessionId};

use crate::identifier::{BrowserKey, DocumentId};

/// The cookies of a request.
pub(super) struct Cookies<'a>(&'a HeaderMap);

/// How this server sets its cookies.
#[derive(Clone, Copy)]
pub(super) struct CookieJar {
    is_secure: bool,
}

impl<'a> Cookies<'a> {
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        Self(headers)
    }

    pub(super) fn language(&self) -> Option<&'a str> {
        self.value(LANGUAGE)
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.all().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    fn all(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.0
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
    }
}

impl CookieJar {
    pub(super) fn of(origin: &Origin) -> Self {
        Self { is_secure: origin.as_str().starts_with("https://") }
    }

    pub(super) fn document_key(self, cookies: &Cookies<'_>, id: DocumentId) -> Option<BrowserKey> {
        BrowserKey::parse(cookies.value(&self.name(DOCUMENT, &id.to_string()))?)
    }

    pub(super) fn session_key(self, cookies: &Cookies<'_>, id: SessionId) -> Option<BrowserKey> {
        BrowserKey::parse(cookies.value(&self.name(SESSION, &id.to_string()))?)
    }

    /// Every document that this browser shows a key for.
    pub(super) fn documents(self, cookies: &Cookies<'_>) -> Vec<(DocumentId, BrowserKey)> {
        let prefix = self.name(DOCUMENT, "");
        let found = cookies
            .all()
            .filter_map(|(name, value)| Some((DocumentId::parse(name.strip_prefix(&prefix)?)?, BrowserKey::parse(value)?)));
        found.take(MOST_DOCUMENTS_LISTED).collect()
    }

    pub(super) fn set_document(self, id: DocumentId, key: &BrowserKey, lifetime: Duration) -> HeaderValue {
        self.set(&self.name(DOCUMENT, &id.to_string()), key, lifetime)
    }

    pub(super) fn set_session(self, id: SessionId, key: &BrowserKey, lifetime: Duration) -> HeaderValue {
        self.set(&self.name(SESSION, &id.to_string()), key, lifetime)
    }

    /// The key that this browser shows for a session whose place another has taken: its tab still leads to the newer one.
    pub(super) fn shorten_session(self, cookies: &Cookies<'_>, id: SessionId) -> Option<HeaderValue> {
        Some(self.set_session(id, &self.session_key(cookies, id)?, KEPT_WHEN_REPLACED))
    }

    pub(super) fn forget_document(self, id: DocumentId) -> HeaderValue {
        self.header(&format!("{}=gone; Max-Age=0", self.name(DOCUMENT, &id.to_string())))
    }

    pub(super) fn forget_session(self, id: SessionId) -> HeaderValue {
        self.header(&format!("{}=gone; Max-Age=0", self.name(SESSION, &id.to_string())))
    }

    pub(super) fn set_language(self, code: &str) -> HeaderValue {
        self.header(&format!("{LANGUAGE}={code}; Max-Age={LANGUAGE_S}"))
    }

    fn set(self, name: &str, key: &BrowserKey, lifetime: Duration) -> HeaderValue {
        let lifetime_s = lifetime.as_millis().div_ceil(1000);
        self.header(&format!("{name}={}; Max-Age={lifetime_s}", key.to_base64url()))
    }

    fn header(self, cookie: &str) -> HeaderValue {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let text = format!("{cookie}; Path=/; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).expect("base64url, numbers and attribute names are ASCII")
    }

    /// The prefix makes browsers insist on Secure and Path=/, which plain http on loopback cannot have. RFC 6265bis,
    /// section 4.1.3.2.
    fn name(self, kind: &str, id: &str) -> String {
        let prefix = if self.is_secure { "__Host-" } else { "" };
        format!("{prefix}{kind}{id}")
    }
}

pub(super) const SET: http::HeaderName = SET_COOKIE;
const KEPT_WHEN_REPLACED: Duration = wire::SESSION_LIFETIME;
const DOCUMENT: &str = "kazasu-d-";
const SESSION: &str = "kazasu-s-";
const LANGUAGE: &str = "kazasu_lang";
const LANGUAGE_S: u64 = 365 * 24 * 3600;
const MOST_DOCUMENTS_LISTED: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_https_a_key_is_bound_to_this_host() {
        let jar = jar("https://sign.example");
        let header = jar.set_document(DocumentId::random(), &BrowserKey::random(), Duration::from_secs(60));
        let text = header.to_str().expect("ASCII");
        assert!(text.starts_with("__Host-kazasu-d-"));
        assert!(text.ends_with("; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure"));
    }

    #[test]
    fn a_key_reads_back_from_the_cookie_and_fits_no_other_document() {
        let (id, key) = (DocumentId::random(), BrowserKey::random());
        let jar = jar("http://127.0.0.1:8080");
        let set = jar.set_document(id, &key, Duration::from_secs(60));
        let pair = set.to_str().expect("ASCII").split(';').next().expect("a pair").to_owned();
        let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&format!("a=b; {pair}")).expect("ASCII"))]);
        let cookies = Cookies::of(&headers);
        assert!(jar.document_key(&cookies, id).is_some_and(|found| found.hash() == key.hash()));
        assert!(jar.document_key(&cookies, DocumentId::random()).is_none());
        assert_eq!(jar.documents(&cookies).len(), 1);
    }

    fn jar(origin: &str) -> CookieJar {
        CookieJar::of(&Origin::parse(origin).expect("an origin"))
    }
}
