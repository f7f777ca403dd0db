//! base64url without padding (RFC 4648, section 5), the form of all bytes in links and messages.
//! The module has the shape that serde's `with` attribute wants, for bytes of any length.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn to_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Refuses padding, foreign characters and set bits behind the last byte, so that bytes have one text.
pub(crate) fn to_bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(crate) fn to_array<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    to_bytes(text)?.try_into().ok()
}

/// Two digits hold the first byte and four bits of whatever follows, which need not be readable.
pub(crate) fn first_byte(text: &str) -> Option<u8> {
    let digits = format!("{}AA", text.get(..2)?);
    to_bytes(&digits)?.first().copied()
}

pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_text(bytes))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    to_bytes(&text).ok_or_else(|| D::Error::custom("not base64url without padding"))
}

/// The same for a number of bytes that the type says.
pub(crate) mod array {
    use super::{Deserialize, Deserializer, Error, Serializer, to_array, to_text};

    pub(crate) fn serialize<S: Serializer, const LENGTH: usize>(bytes: &[u8; LENGTH], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_text(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, const LENGTH: usize>(deserializer: D) -> Result<[u8; LENGTH], D::Error> {
        let text = String::deserialize(deserializer)?;
        to_array(&text).ok_or_else(|| D::Error::custom("not base64url without padding, or of another length"))
    }
}

/// The same for exactly 32 bytes: digests.
pub(crate) mod digest {
    use super::{D32, Deserialize, Deserializer, Error, Serializer, to_array, to_text};

    pub(crate) fn serialize<S: Serializer>(digest: &D32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_text(digest))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<D32, D::Error> {
        let text = String::deserialize(deserializer)?;
        to_array(&text).ok_or_else(|| D::Error::custom("not 32 bytes of base64url without padding"))
    }
}

type D32 = [u8; 32];
