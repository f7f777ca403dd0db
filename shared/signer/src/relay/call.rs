use std::sync::Arc;

use wire::{ClaimToken, Origin, SessionId};

use crate::boundary::CallKind;

/// Where the messages of one session lie, and what opens it.
pub(crate) struct Mailbox {
    pub(crate) base: Origin,
    pub(crate) session: SessionId,
    pub(crate) token: ClaimToken,
}

/// One of the relay's calls, with the body it carries. All of them may be repeated.
#[derive(Clone)]
pub(crate) enum Errand {
    Claim { body: Arc<Vec<u8>> },
    FetchRequest,
    FetchDocument { index: u32, bytes: u64 },
    ReportProgress { body: Arc<Vec<u8>> },
    Begin,
    SendResult { body: Arc<Vec<u8>> },
    Refuse { body: Arc<Vec<u8>> },
    AskOutcome,
}

impl Mailbox {
    pub(crate) fn address(&self, errand: &Errand) -> String {
        let last = match errand {
            Errand::Claim { .. } => "claim",
            Errand::FetchRequest => "request",
            Errand::FetchDocument { index, .. } => &format!("documents/{index}"),
            Errand::ReportProgress { .. } => "progress",
            Errand::Begin => "begin",
            Errand::SendResult { .. } => "result",
            Errand::Refuse { .. } => "refusal",
            Errand::AskOutcome => "outcome",
        };
        format!("{}/relay/{}/sessions/{}/{last}", self.base, wire::VERSION, self.session)
    }
}

impl Errand {
    pub(crate) fn kind(&self) -> CallKind {
        match self {
            Self::Claim { .. } => CallKind::Claim,
            Self::FetchRequest => CallKind::FetchRequest,
            Self::FetchDocument { .. } => CallKind::FetchDocument,
            Self::ReportProgress { .. } => CallKind::ReportProgress,
            Self::Begin => CallKind::Begin,
            Self::SendResult { .. } => CallKind::SendResult,
            Self::Refuse { .. } => CallKind::Refuse,
            Self::AskOutcome => CallKind::AskOutcome,
        }
    }

    /// The body of a POST; `None` for a GET.
    pub(crate) fn posted(&self) -> Option<&[u8]> {
        match self {
            Self::Claim { body } | Self::ReportProgress { body } | Self::SendResult { body } | Self::Refuse { body } => {
                Some(body)
            }
            Self::Begin => Some(&[]),
            Self::FetchRequest | Self::FetchDocument { .. } | Self::AskOutcome => None,
        }
    }
}
