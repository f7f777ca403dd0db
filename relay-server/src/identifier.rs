//! What names a document, and what proves to own one.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Names a document in URLs and logs. Random; knowing it gives no access.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId([u8; 16]);

impl DocumentId {
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// `None` for anything but the text that [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        bytes_of(text).map(Self)
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({self})")
    }
}

/// The value of a cookie: whoever shows it owns one document or one session. Has no `Debug`.
#[derive(Clone)]
pub struct BrowserKey([u8; 32]);

impl BrowserKey {
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        bytes_of(text).map(Self)
    }

    #[must_use]
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    #[must_use]
    pub fn hash(&self) -> BrowserKeyHash {
        BrowserKeyHash(Sha256::digest(self.0).into())
    }

    /// 32 bytes that only the holder of this key can make again, different for every purpose.
    ///
    /// The key itself is uniformly random, so one hash over a fixed-length prefix and it is enough of a derivation.
    #[must_use]
    pub fn derive(&self, purpose: &'static str) -> [u8; 32] {
        let label = Sha256::digest(purpose);
        Sha256::new().chain_update(label).chain_update(self.0).finalize().into()
    }
}

/// SHA-256 of a [`BrowserKey`]: the only form of it that is stored. Compared in constant time.
#[derive(Clone, Copy)]
pub struct BrowserKeyHash([u8; 32]);

impl BrowserKeyHash {
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for BrowserKeyHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

fn bytes_of<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_reads_back_from_its_text() {
        let id = DocumentId::random();
        assert_eq!(DocumentId::parse(&id.to_string()), Some(id));
        assert_eq!(DocumentId::parse("../../etc/passwd"), None);
    }

    #[test]
    fn a_key_derives_other_bytes_for_other_purposes() {
        let key = BrowserKey::random();
        assert_eq!(key.derive("one"), key.clone().derive("one"));
        assert_ne!(key.derive("one"), key.derive("two"));
        assert_ne!(key.derive("one"), *key.hash().as_bytes());
    }
}
