use std::sync::Arc;

use wire::{ClaimToken, ContentKey, HANDOFF_VERSION, Origin, OriginKeys, Purpose, RelayVersions, SessionId};

use crate::boundary::CallKind;

/// Where the messages of one session lie, and what opens it.
pub(crate) struct Mailbox {
    pub(crate) base: Origin,
    pub(crate) session: SessionId,
    pub(crate) token: ClaimToken,
}

/// What opens a document on its way.
pub(crate) struct SealedDocument {
    pub(crate) index: u16,
    pub(crate) session: SessionId,
    pub(crate) key: ContentKey,
    /// What the documents before it have left of the limit that all share.
    pub(crate) budget_bytes: u64,
}

/// One of the flow's calls, with the body it carries. All of them may be repeated.
#[derive(Clone)]
pub(crate) enum Errand {
    Claim {
        body: Arc<Vec<u8>>,
    },
    AskVersions,
    AskAnswer,
    /// Of the origin that the answer names, not of the relay: nothing of the session is shown there.
    FetchOriginKeys {
        origin: Origin,
    },
    Reveal {
        body: Arc<Vec<u8>>,
    },
    /// `known`: the entity tag of the last answer, so that the relay waits for another.
    AskState {
        known: Option<String>,
    },
    FetchRequest,
    /// Opened as it comes: a document of another hash is none.
    FetchDocument {
        sealed: Arc<SealedDocument>,
        sha256: [u8; 32],
    },
    ReportProgress {
        body: Arc<Vec<u8>>,
    },
    Begin,
    SendSealed {
        purpose: Purpose,
        body: Arc<Vec<u8>>,
    },
    AskOutcome,
}

impl Mailbox {
    pub(crate) fn address(&self, errand: &Errand) -> String {
        let last = match errand {
            Errand::AskVersions => return format!("{}{}", self.base, RelayVersions::PATH),
            Errand::FetchOriginKeys { origin } => return format!("{origin}{}", OriginKeys::PATH),
            Errand::Claim { .. } => "claim",
            Errand::AskAnswer => "answer",
            Errand::Reveal { .. } => "reveal",
            Errand::AskState { .. } => "state",
            Errand::FetchRequest => "request",
            Errand::FetchDocument { sealed, .. } => &format!("documents/{}", sealed.index),
            Errand::ReportProgress { .. } => "progress",
            Errand::Begin => "begin",
            Errand::SendSealed { purpose, .. } => purpose.code(),
            Errand::AskOutcome => "outcome",
        };
        format!("{}/relay/{HANDOFF_VERSION}/sessions/{}/{last}", self.base, self.session)
    }
}

impl Errand {
    pub(crate) fn kind(&self) -> CallKind {
        match self {
            Self::Claim { .. } => CallKind::Claim,
            Self::AskVersions => CallKind::AskVersions,
            Self::AskAnswer => CallKind::AskAnswer,
            Self::FetchOriginKeys { .. } => CallKind::FetchOriginKeys,
            Self::Reveal { .. } => CallKind::Reveal,
            Self::AskState { .. } => CallKind::AskState,
            Self::FetchRequest => CallKind::FetchRequest,
            Self::FetchDocument { .. } => CallKind::FetchDocument,
            Self::ReportProgress { .. } => CallKind::ReportProgress,
            Self::Begin => CallKind::Begin,
            Self::SendSealed { purpose: Purpose::Refusal, .. } => CallKind::Refuse,
            Self::SendSealed { purpose: Purpose::Rehearsal, .. } => CallKind::SendRehearsal,
            // The phone seals nothing else.
            Self::SendSealed { purpose: Purpose::Result | Purpose::Request | Purpose::Outcome, .. } => CallKind::SendResult,
            Self::AskOutcome => CallKind::AskOutcome,
        }
    }

    /// The body of a POST; `None` for a GET.
    pub(crate) fn posted(&self) -> Option<&[u8]> {
        match self {
            Self::Claim { body } | Self::Reveal { body } | Self::ReportProgress { body } | Self::SendSealed { body, .. } => {
                Some(body)
            }
            Self::Begin => Some(&[]),
            Self::AskVersions
            | Self::AskAnswer
            | Self::FetchOriginKeys { .. }
            | Self::AskState { .. }
            | Self::FetchRequest
            | Self::FetchDocument { .. }
            | Self::AskOutcome => None,
        }
    }

    pub(crate) fn media_type(&self) -> &'static str {
        match self {
            Self::SendSealed { .. } => "application/octet-stream",
            _ => "application/json",
        }
    }

    /// What names the one delivery that a repetition must not double.
    pub(crate) fn idempotency_key(&self) -> Option<String> {
        match self {
            Self::SendSealed { body, .. } => Some(wire::idempotency_key(body)),
            _ => None,
        }
    }

    /// Whether the relay is asked to answer only when there is news.
    pub(crate) fn waits(&self) -> bool {
        match self {
            Self::AskAnswer | Self::AskState { .. } | Self::FetchRequest | Self::FetchDocument { .. } | Self::AskOutcome => true,
            Self::Claim { .. } | Self::AskVersions | Self::FetchOriginKeys { .. } | Self::Reveal { .. } => false,
            Self::ReportProgress { .. } | Self::Begin | Self::SendSealed { .. } => false,
        }
    }

    /// It is the relay's affair alone. The first claim has it, too: a net that doubles a call doubles that one.
    pub(crate) fn shows_token(&self) -> bool {
        !matches!(self, Self::AskVersions | Self::FetchOriginKeys { .. })
    }
}
