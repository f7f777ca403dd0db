//! What callers show who are no phone, and what the relay keeps of it.

use std::fmt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use wire::CredentialHash;

/// Lets one page read one session's events. Made by the relay, which keeps only its hash. Has no `Debug`.
pub struct PageToken([u8; 32]);

/// Shows the relay which service calls. Has no `Debug`; the relay's settings hold only its hash.
#[derive(Clone)]
pub struct RelayKey([u8; 32]);

/// What a service is called in the relay's settings and rows; whoever holds one of its keys sees its sessions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceName(String);

/// One line of the relay's settings: `name:hash`. A service with two lines is changing its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedKey {
    pub service: ServiceName,
    pub hash: CredentialHash,
}

/// The keys of all services that may use this relay.
#[derive(Clone, Default)]
pub struct AcceptedKeys(Vec<AcceptedKey>);

impl PageToken {
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
    pub fn hash(&self) -> CredentialHash {
        hash("kazasu page token", &self.0)
    }
}

impl RelayKey {
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        bytes_of(text).map(Self)
    }

    /// From a file that holds the key's text and nothing else.
    pub fn read(file: &Path) -> std::io::Result<Self> {
        let text = std::fs::read_to_string(file)?;
        Self::parse(text.trim()).ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidData, "not a relay key"))
    }

    #[must_use]
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    #[must_use]
    pub fn hash(&self) -> CredentialHash {
        hash("kazasu relay key", &self.0)
    }
}

impl ServiceName {
    /// The service in the relay's own process.
    #[must_use]
    pub fn own() -> Self {
        Self(OWN.to_owned())
    }

    /// 1 to 64 of `a-z`, `0-9`, `-` and `.`; never the name that [`Self::own`] has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
        ((1..=64).contains(&text.len()) && is_plain).then(|| Self(text.to_owned()))
    }

    /// From the relay's own rows.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AcceptedKey {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, hash) = text.split_once(':')?;
        Some(Self { service: ServiceName::parse(name)?, hash: CredentialHash::from_bytes(bytes_of(hash)?) })
    }
}

impl fmt::Display for AcceptedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service.as_str(), URL_SAFE_NO_PAD.encode(self.hash.as_bytes()))
    }
}

impl<'de> Deserialize<'de> for AcceptedKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a service's name, a colon and the hash of its key"))
    }
}

impl AcceptedKeys {
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = AcceptedKey>) -> Self {
        Self(keys.into_iter().collect())
    }

    /// Whose key this is. Every line is compared, each in constant time.
    #[must_use]
    pub fn service_of(&self, shown: &RelayKey) -> Option<ServiceName> {
        let shown = shown.hash();
        self.0.iter().fold(None, |found, key| if key.hash == shown { Some(key.service.clone()) } else { found })
    }
}

/// The label keeps one kind of credential from ever standing in for another.
fn hash(label: &'static str, credential: &[u8; 32]) -> CredentialHash {
    CredentialHash::from_bytes(Sha256::new().chain_update(Sha256::digest(label)).chain_update(credential).finalize().into())
}

fn bytes_of(text: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// No name in the settings can be this one: it has a sign that [`ServiceName::parse`] refuses.
const OWN: &str = "(own)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_key_reads_back_from_its_line() {
        let key = AcceptedKey { service: ServiceName::parse("bank").expect("a name"), hash: RelayKey([3; 32]).hash() };
        assert_eq!(AcceptedKey::parse(&key.to_string()), Some(key));
        for broken in ["", "bank", "bank:", ":AAAA", "Bank:AAAA", "(own):AAAA", "bank:AAAA"] {
            assert_eq!(AcceptedKey::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn both_keys_of_a_service_are_accepted_while_it_changes_them() {
        let (old, new, other) = (RelayKey([1; 32]), RelayKey([2; 32]), RelayKey([3; 32]));
        let name = |text| ServiceName::parse(text).expect("a name");
        let line = |service, key: &RelayKey| AcceptedKey { service: name(service), hash: key.hash() };
        let keys = AcceptedKeys::new([line("bank", &old), line("bank", &new), line("shop", &other)]);
        assert_eq!(keys.service_of(&old), Some(name("bank")));
        assert_eq!(keys.service_of(&new), Some(name("bank")));
        assert_eq!(keys.service_of(&other), Some(name("shop")));
        assert_eq!(keys.service_of(&RelayKey([4; 32])), None);
    }

    #[test]
    fn the_same_bytes_are_another_credential_in_another_place() {
        assert_ne!(PageToken([7; 32]).hash(), RelayKey([7; 32]).hash());
        assert_ne!(PageToken([7; 32]).hash(), wire::ClaimToken::from_bytes([7; 32]).hash());
    }
}
