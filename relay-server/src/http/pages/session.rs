use std::time::SystemTime;

use wire::{EndReason, RejectReason, SessionId, Stage};

use super::{DocumentSummary, VerdictView, Visitor};

/// `GET /sessions/{id}`, in every state of the session.
#[derive(Debug, Clone)]
pub(crate) struct SessionView {
    pub(crate) id: SessionId,
    pub(crate) document: DocumentSummary,
    pub(crate) face: SessionFace,
}

#[derive(Debug, Clone)]
pub(crate) enum SessionFace {
    Waiting {
        /// Text of the link, drawn as a QR and offered for copying.
        link: String,
        seconds_left: u64,
        /// Address of the practice phone, where one runs beside this server.
        practice_phone: Option<String>,
    },
    /// A phone has claimed.
    Claimed { stage: Stage, seconds_left: u64 },
    /// `begin` was called: the card may be at the phone.
    Signing { stage: Stage, seconds_left: u64 },
    Delivered,
    Completed(SignedView),
    /// A result came, and our check refused it.
    Rejected { reason: RejectReason, tries_left: u8 },
    Ended(Ending),
}

#[derive(Debug, Clone)]
pub(crate) struct SignedView {
    pub(crate) verdict: VerdictView,
    pub(crate) signed_at: SystemTime,
    pub(crate) deleted_at: SystemTime,
    /// Name that the download will have.
    pub(crate) file_name: String,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    pub(crate) reason: EndReason,
    /// Whether the session had got as far as `begin`: before it no try can have been spent.
    pub(crate) begun: bool,
    /// The session that took this one's place.
    pub(crate) newer: Option<SessionId>,
}

/// The whole page. A running script fetches it again at each event and takes over its `<main>`.
pub(crate) fn session_page(_view: &SessionView, _visitor: &Visitor) -> String {
    String::new()
}
