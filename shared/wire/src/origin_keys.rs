//! `/.well-known/kazasu.json`: what an origin says of itself, and by which relays its answers come.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ed25519_dalek::{Signature, VerifyingKey};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::Link;
use crate::plain_text::hides_or_bends;
use crate::public::OriginKey;
use crate::{AnswerProblem, LinkHost, PhoneEnd, ServiceAnswer, VerifiedAnswer, answer};

/// The key file of an origin, read and within its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginKeys {
    /// Chosen by the origin, checked by nobody.
    pub name: String,
    /// Hosts of links, as [`LinkHost`] writes them.
    pub relays: Vec<LinkHost>,
    pub keys: Vec<PublishedKey>,
}

/// One key of an origin. New ones are published an hour before use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedKey {
    pub id: KeyId,
    pub ed25519: OriginKey,
    /// Seconds since 1970, the last in which an answer under it is believed. RFC 7519, section 2, "NumericDate".
    pub not_after: u64,
}

/// Names a key within its origin: 1 to 32 letters, digits, dots, hyphens and underscores.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

/// Why a key file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileProblem {
    #[error("a key file of more than 16 KiB")]
    TooLarge,
    #[error("not a key file")]
    NotAKeyFile,
    #[error("a name that is empty, too long or not plain text")]
    BadName,
    #[error("no relays, or too many")]
    BadRelays,
    #[error("no keys, too many, two with one name, or one that is no key")]
    BadKeys,
}

impl OriginKeys {
    /// Where an origin keeps it. RFC 8615.
    pub const PATH: &str = "/.well-known/kazasu.json";
    pub const MAX_BYTES: usize = 16 * 1024;
    /// How long a fetched file may be used.
    pub const KEPT: Duration = Duration::from_secs(60 * 60);

    /// Takes any bytes whatever; a field that is not known is refused.
    pub fn parse(body: &[u8]) -> Result<Self, KeyFileProblem> {
        if body.len() > Self::MAX_BYTES {
            return Err(KeyFileProblem::TooLarge);
        }
        let read: Self = serde_json::from_slice(body).map_err(|_| KeyFileProblem::NotAKeyFile)?;
        if !is_plain_name(&read.name) {
            return Err(KeyFileProblem::BadName);
        }
        if !(1..=MAX_RELAYS).contains(&read.relays.len()) {
            return Err(KeyFileProblem::BadRelays);
        }
        let is_usable = (1..=MAX_KEYS).contains(&read.keys.len()) && read.has_distinct_ids() && read.has_sound_keys();
        if is_usable { Ok(read) } else { Err(KeyFileProblem::BadKeys) }
    }

    /// Whether `answer` is this origin's answer to this phone on this relay. `self` was fetched from `answer.origin`.
    pub fn verify(
        &self,
        answer: &ServiceAnswer,
        link: &Link,
        phone: &PhoneEnd,
        now: SystemTime,
    ) -> Result<VerifiedAnswer, AnswerProblem> {
        let key = self.keys.iter().find(|key| key.id == answer.signing_key).ok_or(AnswerProblem::UnknownKey)?;
        if now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() > key.not_after {
            return Err(AnswerProblem::KeyTooOld);
        }
        if !self.relays.contains(&link.host()) {
            return Err(AnswerProblem::RelayNotListed);
        }
        let commitment = phone.commitment(link.session);
        let meeting = link.meeting(answer);
        let bytes = answer::signed_bytes(&meeting, &answer.signing_key, &commitment, &answer.service_key);
        key.verify(&bytes, &Signature::from_bytes(answer.signature.as_bytes()))?;
        Ok(VerifiedAnswer::new(answer, meeting, Some(self.name.clone())))
    }

    fn has_distinct_ids(&self) -> bool {
        let is_first = |(at, key): (usize, &PublishedKey)| self.keys.iter().position(|other| other.id == key.id) == Some(at);
        self.keys.iter().enumerate().all(is_first)
    }

    fn has_sound_keys(&self) -> bool {
        self.keys.iter().all(|key| key.point().is_some())
    }
}

impl PublishedKey {
    /// `None` for bytes that are no point of the curve, and for points of small order, under which anything is signed.
    fn point(&self) -> Option<VerifyingKey> {
        VerifyingKey::from_bytes(self.ed25519.as_bytes()).ok().filter(|point| !point.is_weak())
    }

    fn verify(&self, bytes: &[u8], signature: &Signature) -> Result<(), AnswerProblem> {
        let point = self.point().ok_or(AnswerProblem::SignatureDoesNotFit)?;
        point.verify_strict(bytes, signature).map_err(|_| AnswerProblem::SignatureDoesNotFit)
    }
}

impl KeyId {
    pub fn parse(text: &str) -> Option<Self> {
        let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        ((1..=MAX_ID_BYTES).contains(&text.len()) && text.bytes().all(is_sound)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not the name of a key"))
    }
}

/// A name that is drawn as it is written: nothing in it ends a line, hides, or turns the direction of what follows.
fn is_plain_name(name: &str) -> bool {
    (1..=MAX_NAME_SIGNS).contains(&name.chars().count()) && !name.trim().is_empty() && !name.chars().any(hides_or_bends)
}

/// Two lines on a phone.
const MAX_NAME_SIGNS: usize = 64;
const MAX_RELAYS: usize = 16;
/// One in use, one coming and one going would do.
const MAX_KEYS: usize = 16;
const MAX_ID_BYTES: usize = 32;
