use std::sync::Arc;

use super::{Body, Head, RelayAnswer};
use crate::relay::{Errand, Intake, Mailbox};

/// A call to the relay, ready to be made. Opaque: it holds the claim token.
#[derive(uniffi::Object)]
pub struct RelayCall {
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) errand: Errand,
    /// How many rounds of tries went before this one without the answer that ends the waiting.
    pub(crate) round: u32,
}

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum CallKind {
    Claim,
    AskVersions,
    AskAnswer,
    FetchOriginKeys,
    Reveal,
    AskState,
    FetchRequest,
    FetchDocument,
    ReportProgress,
    Begin,
    SendResult,
    Refuse,
    SendRehearsal,
    AskOutcome,
}

#[uniffi::export]
impl RelayCall {
    pub fn kind(&self) -> CallKind {
        self.errand.kind()
    }
}

impl RelayCall {
    /// Address and body, for tests whose relay has no socket.
    #[doc(hidden)]
    pub fn letter(&self) -> (String, Vec<u8>) {
        (self.mailbox.address(&self.errand), self.errand.posted().unwrap_or_default().to_vec())
    }

    /// What the client makes of an answer, for tests whose relay has no socket.
    #[doc(hidden)]
    pub fn heard(&self, status: u16, head: Head, pieces: &[&[u8]]) -> RelayAnswer {
        let mut intake = Intake::of(&self.errand, status);
        let _ = pieces.iter().all(|piece| intake.take(piece));
        RelayAnswer::Answered { status, body: Body::with_head(intake.finish(), head) }
    }
}
