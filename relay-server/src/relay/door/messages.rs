//! What service and relay say to each other. The relay's row is told whole, so that nobody need remember what changed.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wire::{Commitment, CredentialHash, LinkKind, Message, Origin, SessionId, SessionKind, SessionState, Stage, VersionOne};

/// Service → relay: a session for one phone.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    pub version: VersionOne,
    pub session_kind: SessionKind,
    /// Whose pages may read the session's events.
    pub page_origin: Origin,
}

/// Relay → service: the session, whose first step begins now. Has no `Debug`: frame key and page token are the page's alone.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenedSession {
    pub version: VersionOne,
    pub id: SessionId,
    /// As [`wire::FrameKey::parse`] reads it.
    pub frame_key: String,
    pub page_token: String,
    pub seconds_left: u64,
    pub sequence: i64,
}

/// Service → relay: one ticket for a launch link or a copied one. It ends the one before, and lives as long as its kind.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketOrder {
    pub version: VersionOne,
    #[serde(with = "link_kind")]
    pub kind: LinkKind,
    pub hash: CredentialHash,
}

/// Service → relay: where the session stands by the service's own decision.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateOrder {
    pub version: VersionOne,
    pub state: SessionState,
    /// Of the relay's row that the service decided on.
    pub sequence: i64,
}

/// Relay → service: all that the relay knows of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayRow {
    pub version: VersionOne,
    pub id: SessionId,
    pub session_kind: SessionKind,
    pub state: SessionState,
    pub sequence: i64,
    pub seconds_left: u64,
    pub claim: Option<RelayClaim>,
    pub second_device: bool,
    pub stage: Option<Stage>,
    /// The boxes that were filled: `reveal`, `result`, `document-0` and so on.
    pub boxes: Vec<String>,
    /// On the relay's clock, since the whole result was stored.
    pub delivered_seconds_ago: Option<u64>,
}

/// The claim that won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayClaim {
    #[serde(with = "link_kind")]
    pub link_kind: LinkKind,
    pub commitment: Commitment,
    pub app_version: String,
}

/// Relay → service: one of its sessions has changed. The event's number stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionEvent {
    pub session: SessionId,
    pub state: SessionState,
    pub sequence: i64,
}

impl Message for OpenSession {}

impl Message for OpenedSession {}

impl Message for TicketOrder {}

impl Message for StateOrder {}

impl Message for RelayRow {}

mod link_kind {
    use super::{Deserialize, Deserializer, LinkKind, Serializer};

    pub(super) fn serialize<S: Serializer>(kind: &LinkKind, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(kind.code())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LinkKind, D::Error> {
        let code = String::deserialize(deserializer)?;
        LinkKind::from_code(&code).ok_or_else(|| serde::de::Error::custom("not a kind of link"))
    }
}
