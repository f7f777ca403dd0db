use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::base64url;

/// Names a session in URLs and logs. Random, made by the relay; knowing it gives no access.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(#[serde(with = "base64url::array")] [u8; Self::LENGTH]);

impl SessionId {
    pub(crate) const LENGTH: usize = 16;

    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// `None` for anything but the text that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        base64url::to_array(text).map(Self)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::to_text(&self.0))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({self})")
    }
}

/// Shared by service and phone through the link, and never sent to the relay.
///
/// Wiped from memory when dropped. Has no `Debug` and no `Serialize`.
pub struct LinkSecret(Zeroizing<[u8; Self::LENGTH]>);

impl LinkSecret {
    pub(crate) const LENGTH: usize = 32;

    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Admits one phone to one session: it travels in the link and is shown with the claim.
///
/// Wiped from memory when dropped. Has no `Debug` and no `Serialize`; the relay keeps only its hash.
pub struct Ticket(Zeroizing<[u8; Self::LENGTH]>);

impl Ticket {
    pub(crate) const LENGTH: usize = 16;

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(base64url::to_text(self.as_bytes()))
    }

    pub fn hash(&self) -> CredentialHash {
        CredentialHash::of(self.as_bytes())
    }
}

/// What the phone shows the relay with every call after its claim. Made by the phone.
///
/// Wiped from memory when dropped. Has no `Debug` and no `Serialize`.
pub struct ClaimToken(Zeroizing<[u8; 32]>);

impl ClaimToken {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// `None` for anything but the text that [`Self::to_base64url`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        base64url::to_array(text).map(Self::from_bytes)
    }

    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(base64url::to_text(&self.0[..]))
    }

    pub fn hash(&self) -> CredentialHash {
        CredentialHash::of(&self.0[..])
    }
}

/// SHA-256 of a [`Ticket`] or a [`ClaimToken`]: the only form of them that is stored.
///
/// Comparing takes the same time wherever the first difference stands.
#[derive(Clone, Copy)]
pub struct CredentialHash([u8; 32]);

impl CredentialHash {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn of(credential: &[u8]) -> Self {
        Self(Sha256::digest(credential).into())
    }
}

impl PartialEq for CredentialHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CredentialHash {}

impl fmt::Debug for CredentialHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialHash")
    }
}

impl Serialize for CredentialHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64url::to_text(&self.0))
    }
}

impl<'de> Deserialize<'de> for CredentialHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        base64url::digest::deserialize(deserializer).map(Self)
    }
}

/// The ticket as a field of a claim. The type itself has no `Serialize`, so it enters no other message.
pub(crate) mod ticket {
    use super::{Deserialize, Deserializer, Error, Serializer, Ticket, base64url};

    pub(crate) fn serialize<S: Serializer>(ticket: &Ticket, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&ticket.to_base64url())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ticket, D::Error> {
        let text = zeroize::Zeroizing::new(String::deserialize(deserializer)?);
        base64url::to_array(&text).map(Ticket::from_bytes).ok_or_else(|| D::Error::custom("not a ticket"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_reads_back_from_its_text() {
        let id = SessionId::from_bytes([0xFB; 16]);
        assert_eq!(SessionId::parse(&id.to_string()), Some(id));
        assert_eq!(SessionId::parse("short"), None);
    }

    #[test]
    fn the_hash_of_a_ticket_is_its_sha_256() {
        let pinned = "N0cI__dxndWXnsh11WzSKG9tPPfsMXo7JWMqqyjsN7s";
        assert_eq!(base64url::to_text(Ticket::from_bytes([0; 16]).hash().as_bytes()), pinned);
    }

    #[test]
    fn a_token_is_recognised_by_its_hash_alone() {
        let token = ClaimToken::from_bytes([7; 32]);
        let shown = ClaimToken::parse(&token.to_base64url()).expect("its own text");
        assert_eq!(token.hash(), shown.hash());
        assert_ne!(token.hash(), ClaimToken::from_bytes([8; 32]).hash());
    }

    #[test]
    fn debug_of_a_hash_shows_none_of_it() {
        assert_eq!(format!("{:?}", Ticket::from_bytes([1; 16]).hash()), "CredentialHash");
    }
}
