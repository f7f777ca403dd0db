use serde::de::DeserializeOwned;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::{HANDOFF_VERSION, MAX_MESSAGE_BYTES, Problem, ProblemCode};

/// A message with a JSON form, whose first field is `version`.
pub trait Message: Serialize + DeserializeOwned {
    /// Whether every length that the message's type leaves open keeps to its bound.
    fn is_within_limits(&self) -> bool {
        true
    }
}

/// The body of a request or an answer. The same message always gives the same bytes.
///
/// # Panics
///
/// Never: every message is a plain structure with text keys, which JSON can always say.
pub fn encode<M: Message>(message: &M) -> Vec<u8> {
    serde_json::to_vec(message).expect("a structure with text keys has a JSON form")
}

/// Reads a body of any origin. Unknown fields are refused: a later version says so in its number.
pub fn decode<M: Message>(body: &[u8]) -> Result<M, ProblemCode> {
    if body.len() > MAX_MESSAGE_BYTES {
        return Err(ProblemCode::TooLarge);
    }
    let envelope: Versioned = serde_json::from_slice(body).map_err(|_| ProblemCode::BadMessage)?;
    if envelope.version != u64::from(HANDOFF_VERSION) {
        return Err(ProblemCode::UnsupportedVersion);
    }
    let message: M = serde_json::from_slice(body).map_err(|_| ProblemCode::BadMessage)?;
    if message.is_within_limits() { Ok(message) } else { Err(ProblemCode::BadMessage) }
}

/// The body of an answer that is not a success.
///
/// # Panics
///
/// Never: a problem is one word, which JSON can always say.
pub fn encode_problem(problem: Problem) -> Vec<u8> {
    serde_json::to_vec(&problem).expect("one word has a JSON form")
}

/// The body of an answer that is not a success; `None` for one that no relay of ours wrote.
pub fn decode_problem(body: &[u8]) -> Option<Problem> {
    serde_json::from_slice(body).ok()
}

/// SHA-256 of the result's body in hexadecimal: the value of `Idempotency-Key`.
pub fn idempotency_key(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The field `version` of a message of version 1. It says nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionOne;

impl Serialize for VersionOne {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(HANDOFF_VERSION)
    }
}

impl<'de> Deserialize<'de> for VersionOne {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            HANDOFF_VERSION => Ok(Self),
            _ => Err(D::Error::custom("not version 1")),
        }
    }
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}
