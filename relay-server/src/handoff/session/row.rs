//! The service's row of one session, and what its own decisions make of it.

use std::time::Duration;

use wire::{
    Action, Commitment, EndReason, LinkKind, Owner, Phase, ProblemCode, RefusalKind, Rehearsal, RejectReason, Reveal,
    SESSION_LIFETIME, SessionId, SessionKind, SessionState,
};

use super::signing::Signing;
use crate::clock::Moment;
use crate::identifier::{BrowserKeyHash, DocumentId};

/// The service's row of one session. Whatever is sealed opens by the vault alone, and is gone when the session is over.
#[derive(Clone)]
pub struct Session {
    pub id: SessionId,
    pub kind: SessionKind,
    /// What is to be signed, or where a rehearsal leads back to; without those that are deleted.
    pub documents: Vec<DocumentId>,
    /// Of the one browser that may act for the session.
    pub owner_hash: BrowserKeyHash,
    pub created: Moment,
    /// The relay's deadline, on this clock.
    pub deadline: Moment,
    /// Until then the row can be shown.
    pub keep_until: Moment,
    pub state: SessionState,
    /// Whether the relay knows of the last decision that was ours.
    pub is_told: bool,
    /// Counts every change of the row: an update is made on condition of it.
    pub sequence: i64,
    /// [`super::secrets::LinkKeys`].
    pub sealed_link: Option<Vec<u8>>,
    /// One, for ever.
    pub claim: Option<Claim>,
    pub answered: Option<Answered>,
    /// One that fits, for ever. With the sealed keys all other keys follow from it.
    pub reveal: Option<Reveal>,
    pub report: Option<Rehearsal>,
    /// Whether the session was given up because an envelope did not open, or the claim was none that a phone can have made.
    pub is_unreadable: bool,
    /// Whether the session was given up because the relay had no room for its documents.
    pub is_without_room: bool,
    /// The session that took this one's place.
    pub newer: Option<SessionId>,
    pub signing: Signing,
}

/// What the relay said of the claim that won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub link_kind: LinkKind,
    pub commitment: Commitment,
}

/// The answer to the commitment: one, for ever, byte for byte.
#[derive(Clone)]
pub struct Answered {
    /// None when the session is over.
    pub sealed_ephemeral: Option<Vec<u8>>,
    pub answer: Vec<u8>,
}

impl Session {
    /// As it is opened, without what links are made from.
    #[must_use]
    pub fn waiting(id: SessionId, kind: SessionKind, owner_hash: BrowserKeyHash, created: Moment) -> Self {
        let deadline = created.plus(SESSION_LIFETIME);
        Self {
            id,
            kind,
            documents: Vec::new(),
            owner_hash,
            created,
            deadline,
            keep_until: deadline,
            state: SessionState::Waiting,
            is_told: true,
            sequence: 1,
            sealed_link: None,
            claim: None,
            answered: None,
            reveal: None,
            report: None,
            is_unreadable: false,
            is_without_room: false,
            newer: None,
            signing: Signing::default(),
        }
    }

    /// Stored before any key is made for it.
    pub fn claimed(&self, claim: Claim) -> Result<Self, ProblemCode> {
        match self.claim {
            Some(taken) if taken != claim => Err(ProblemCode::DifferentCommitment),
            _ => {
                let next = self.after(Action::Claim)?;
                // Used up by the claim that won.
                Ok(Self {
                    claim: Some(claim),
                    signing: Signing { ticket: None, shown_ticket: None, ..next.signing.clone() },
                    ..next
                })
            }
        }
    }

    /// Stored before anybody is told of it.
    #[must_use]
    pub fn answered(&self, answered: Answered) -> Self {
        Self { answered: Some(answered), ..self.changed() }
    }

    /// The reveal fits.
    pub fn numbered(&self, reveal: Reveal) -> Result<Self, ProblemCode> {
        Ok(Self { reveal: Some(reveal), ..self.after(Action::Reveal)? })
    }

    pub fn reported(&self, report: Rehearsal) -> Result<Self, ProblemCode> {
        Ok(Self { report: Some(report), ..self.after(Action::Report)? })
    }

    /// Gives the session up: what came for it cannot be what its phone sealed.
    pub fn given_up(&self) -> Result<Self, ProblemCode> {
        Ok(Self { is_unreadable: true, ..self.after(Action::Cancel)? })
    }

    /// Gives the session up: its documents cannot be brought to where the phone fetches them.
    pub fn left_without_room(&self) -> Result<Self, ProblemCode> {
        Ok(Self { is_without_room: true, ..self.after(Action::Cancel)? })
    }

    pub fn replaced_by(&self, newer: SessionId) -> Result<Self, ProblemCode> {
        Ok(Self { newer: Some(newer), ..self.after(Action::Replace)? })
    }

    /// Another has taken its place although it was over already: its page leads on.
    #[must_use]
    pub fn led_on_to(&self, newer: SessionId) -> Self {
        Self { newer: Some(newer), ..self.changed() }
    }

    /// Whatever wire's table allows. The end of a session is the end of its secrets.
    pub fn after(&self, action: Action) -> Result<Self, ProblemCode> {
        let state = self.state.apply(self.kind, action)?;
        // What expires here while a phone signs may have been delivered there: that is looked into.
        let may_be_delivered = state.phase().is_over() && self.state == SessionState::Signing;
        let is_told = action.kind().owner() == Owner::Relay && !may_be_delivered;
        let begun = self.signing.begun || action == Action::Begin;
        let next = Self { state, is_told, signing: Signing { begun, ..self.signing.clone() }, ..self.changed() };
        Ok(if state.phase().is_over() { next.without_secrets() } else { next })
    }

    /// The relay has been told of the state, and of the outcome.
    #[must_use]
    pub fn told(&self) -> Self {
        let outcome = if self.is_over() { None } else { self.signing.outcome.clone() };
        Self { is_told: true, signing: Signing { outcome, ..self.signing.clone() }, ..self.changed() }
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state.phase().is_over()
    }

    /// The state as it is at `now`, even where the relay has not said yet that the time is over.
    #[must_use]
    pub fn state_at(&self, now: Moment) -> SessionState {
        if now < self.deadline {
            return self.state;
        }
        self.state.apply(self.kind, Action::Expire).unwrap_or(self.state)
    }

    /// What a page may say at `now`: what a phone that was met has said in time may be here a little later than the deadline,
    /// where the relay was away meanwhile, and nobody is told of an end that is none.
    #[must_use]
    pub fn shown_at(&self, now: Moment) -> SessionState {
        let may_have_been_heard = matches!(self.state.phase(), Phase::Numbered | Phase::Matched | Phase::Signing);
        if may_have_been_heard && !self.is_past_grace(now) { self.state } else { self.state_at(now) }
    }

    /// Whether its phone has all that it needs for bringing a result to the relay.
    #[must_use]
    pub fn may_be_delivered_unheard(&self) -> bool {
        match self.state {
            SessionState::Matched => self.signing.request.is_some(),
            state => state == SessionState::Signing,
        }
    }

    #[must_use]
    pub fn end_reason(&self, now: Moment) -> Option<EndReason> {
        match self.state_at(now) {
            SessionState::Ended { reason } => Some(reason),
            _ => None,
        }
    }

    /// What the relay, whose row stands at `there`, is told of the state: what a phone has sealed for this service, and what
    /// the service found in it, is none of the relay's business. Every refusal is told as one, and every rejection.
    #[must_use]
    pub fn state_for_relay(&self, there: SessionState) -> SessionState {
        match self.state {
            SessionState::Ended { reason: EndReason::Refused { .. } } => {
                SessionState::Ended { reason: EndReason::Refused { refusal: RefusalKind::Declined } }
            }
            SessionState::Rejected { .. } => REJECTED,
            // A result that came after the end.
            SessionState::Ended { .. } if there == SessionState::Delivered => REJECTED,
            // By this clock, and not by the relay's.
            SessionState::Ended { reason: EndReason::Expired } => SessionState::Ended { reason: EndReason::Cancelled },
            state => state,
        }
    }

    /// Whether no word of the relay's can save the session any more. protocol.md, section Session.
    #[must_use]
    pub fn is_past_grace(&self, now: Moment) -> bool {
        now >= self.deadline.plus(GRACE)
    }

    pub(super) fn changed(&self) -> Self {
        Self { sequence: self.sequence + 1, ..self.clone() }
    }

    fn without_secrets(self) -> Self {
        let answered = self.answered.map(|answered| Answered { sealed_ephemeral: None, ..answered });
        Self { sealed_link: None, answered, reveal: None, signing: self.signing.without_secrets(), ..self }
    }
}

const REJECTED: SessionState = SessionState::Rejected { reason: RejectReason::SignatureInvalid };
/// protocol.md, section Session: "more than 30 s after the deadline on its own clock".
pub(super) const GRACE: Duration = Duration::from_secs(30);
