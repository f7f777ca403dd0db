//! The open messages of a hand-off: the relay reads them. Everything else is sealed, see [`crate::SealedMessage`].

use serde::{Deserialize, Serialize};

use crate::Proof;
use crate::SessionState;
use crate::public::{Commitment, Nonce, PhoneKey};
use crate::{CredentialHash, Message, ServiceAnswer, SessionId, Stage, VersionOne};

/// Phone → relay: takes up the session. The first claim wins. Has no `Debug`: it may hold a ticket.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub version: VersionOne,
    pub session: SessionId,
    pub commitment: Commitment,
    /// Of the token that the phone will show with every later call.
    pub token_hash: CredentialHash,
    pub proof: Proof,
    pub app_version: String,
}

/// Relay → phone: the session is this phone's, and who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimAnswer {
    pub version: VersionOne,
    pub answer: ServiceAnswer,
    /// Until the deadline, at the moment of the answer; the phone counts from the moment it asked.
    pub seconds_left: u64,
    /// Of this protocol, spoken by the relay.
    pub versions: Vec<u8>,
}

/// Phone → service, through the relay: opens the commitment. The same again gets the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    pub version: VersionOne,
    pub phone_key: PhoneKey,
    pub nonce: Nonce,
}

/// Relay → phone: the session waits for the card; from here on the page asks before cancelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    pub version: VersionOne,
    pub seconds_left: u64,
}

/// Phone → page, through the relay: where the person is. Decoration; nothing is decided by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    pub version: VersionOne,
    pub stage: Stage,
}

/// Relay → phone: where the session stands. All that an event tells can be asked for as this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    pub version: VersionOne,
    pub state: SessionState,
    /// Until the deadline, at the moment of the answer; 0 after it.
    pub seconds_left: u64,
}

impl Message for Claim {
    fn is_within_limits(&self) -> bool {
        is_app_version(&self.app_version)
    }
}

impl Message for ClaimAnswer {
    fn is_within_limits(&self) -> bool {
        (1..=MAX_VERSIONS).contains(&self.versions.len())
    }
}

impl Message for Reveal {}

impl Message for Begun {}

impl Message for Progress {}

impl Message for Standing {}

/// Of name and version of the phone's program: 1 to 64 bytes that can be printed in ASCII.
pub(crate) fn is_app_version(text: &str) -> bool {
    (1..=MAX_APP_VERSION_BYTES).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

const MAX_APP_VERSION_BYTES: usize = 64;
const MAX_VERSIONS: usize = 16;
