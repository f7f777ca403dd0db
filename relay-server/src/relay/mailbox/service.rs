//! What a service may do to a session of its own: pure decisions on the relay's row of it.

use std::time::Duration;

use wire::{Action, ActionKind, CredentialHash, EndReason, LinkKind, Owner, ProblemCode, SessionKind, SessionState};

use super::boxes::{BoxName, Deposit, MAX_SEALED_DOCUMENTS_BYTES};
use super::session::{MintedTicket, Session, Turn};
use crate::clock::Moment;

impl Session {
    /// One ticket lives at a time; while it does, the moving QR is withdrawn.
    pub fn mint(&self, kind: LinkKind, hash: CredentialHash, now: Moment) -> Result<Turn, ProblemCode> {
        let lifetime = ticket_lifetime(kind).ok_or(ProblemCode::BadMessage)?;
        if self.running(now)? != SessionState::Waiting {
            return Err(ProblemCode::AlreadyClaimed);
        }
        if self.ticket.is_some_and(|ticket| ticket.kind == kind && ticket.hash == hash) {
            return Ok(Turn::Same);
        }
        Ok(Self { ticket: Some(MintedTicket { kind, hash, until: now.plus(lifetime) }), ..self.clone() }.decorated())
    }

    /// Ends the ticket, whatever its kind: the moving QR is good again.
    pub fn withdraw(&self, now: Moment) -> Result<Turn, ProblemCode> {
        if self.running(now)? != SessionState::Waiting {
            return Err(ProblemCode::AlreadyClaimed);
        }
        if self.ticket.is_none() {
            return Ok(Turn::Same);
        }
        Ok(Self { ticket: None, ..self.clone() }.decorated())
    }

    /// The service's answer to the commitment: one, for ever.
    pub fn answer(&self, deposit: Deposit, now: Moment) -> Result<Turn, ProblemCode> {
        if self.has_put(&deposit, ProblemCode::DifferentAnswer)? {
            return Ok(Turn::Same);
        }
        match self.running(now)? {
            SessionState::Claimed => Ok(self.clone().furnished(deposit)),
            _ => Err(ProblemCode::WrongState),
        }
    }

    /// The sealed request and the sealed documents, after the match.
    pub fn offer(&self, deposit: Deposit, now: Moment) -> Result<Turn, ProblemCode> {
        if self.has_put(&deposit, ProblemCode::DifferentAnswer)? {
            return Ok(Turn::Same);
        }
        self.may_offer(now)?;
        let is_document = matches!(deposit.name, BoxName::Document(_));
        if is_document && deposit.bytes == 0 {
            return Err(ProblemCode::BadMessage);
        }
        if is_document && deposit.bytes > self.room_for_documents() {
            return Err(ProblemCode::TooLarge);
        }
        Ok(self.clone().furnished(deposit))
    }

    /// A document whose key nobody has any more makes way for another upload. Not once the request is here, which names keys.
    pub fn take_back(&self, name: BoxName, now: Moment) -> Result<Turn, ProblemCode> {
        self.may_offer(now)?;
        if self.boxes.contains_key(&BoxName::Request) {
            return Err(ProblemCode::DifferentAnswer);
        }
        Ok(if self.boxes.contains_key(&name) { self.clone().without(name) } else { Turn::Same })
    }

    /// Asked before a long body is taken, and again when it has come.
    pub fn may_offer(&self, now: Moment) -> Result<(), ProblemCode> {
        match self.running(now)? {
            SessionState::Matched => Ok(()),
            _ => Err(ProblemCode::WrongState),
        }
    }

    /// What further documents may take, sealed.
    #[must_use]
    pub fn room_for_documents(&self) -> u64 {
        let documents = self.boxes.iter().filter(|(name, _)| matches!(name, BoxName::Document(_)));
        MAX_SEALED_DOCUMENTS_BYTES.saturating_sub(documents.map(|(_, facts)| facts.bytes).sum())
    }

    /// The sealed outcome, which the phone may fetch from then on.
    pub fn conclude(&self, deposit: Deposit) -> Result<Turn, ProblemCode> {
        if self.has_put(&deposit, ProblemCode::DifferentAnswer)? {
            return Ok(Turn::Same);
        }
        if self.claim.is_none() {
            return Err(ProblemCode::WrongState);
        }
        Ok(self.clone().furnished(deposit))
    }

    /// Makes the session stand where its service says it stands. `decided_on` is the sequence of the row that the service
    /// decided on: who cancels a session that waits for a number does not cancel one that signs.
    pub fn settle(&self, to: SessionState, decided_on: i64, now: Moment) -> Result<Turn, ProblemCode> {
        if self.state_at(now) == to {
            return Ok(Turn::Same);
        }
        let action = action(self.kind, to).ok_or(ProblemCode::BadMessage)?;
        let state = self.state_at(now).apply(self.kind, action)?;
        let has_grounds = grounds(action.kind()).is_none_or(|name| self.boxes.contains_key(&name));
        if decided_on != self.sequence || !has_grounds {
            return Err(ProblemCode::WrongState);
        }
        Ok(self.clone().after(state))
    }

    /// `Same` unless the deadline has passed while nothing was delivered.
    #[must_use]
    pub fn expire(&self, now: Moment) -> Turn {
        let state = self.state_at(now);
        if state == self.state { Turn::Same } else { self.clone().after(state) }
    }
}

/// protocol.md, section Link: 60 s and 5 min. `None` for the moving QR, which has no ticket.
#[must_use]
pub fn ticket_lifetime(kind: LinkKind) -> Option<Duration> {
    match kind {
        LinkKind::Moving => None,
        LinkKind::Launch => Some(Duration::from_secs(60)),
        LinkKind::Copied => Some(Duration::from_secs(5 * 60)),
    }
}

/// By what a service makes a session stand there; `None` for what is not a service's to say.
fn action(kind: SessionKind, to: SessionState) -> Option<Action> {
    let action = match to {
        SessionState::Numbered => Action::Reveal,
        SessionState::Matched => Action::Match,
        SessionState::Completed if kind == SessionKind::Rehearsal => Action::Report,
        SessionState::Completed => Action::Complete,
        SessionState::Rejected { reason } => Action::Reject { reason },
        SessionState::Ended { reason: EndReason::Cancelled } => Action::Cancel,
        SessionState::Ended { reason: EndReason::Replaced } => Action::Replace,
        SessionState::Ended { reason: EndReason::Refused { refusal } } => Action::Refuse { refusal },
        SessionState::Ended { reason: EndReason::BadReveal } => Action::BadReveal,
        SessionState::Ended { reason: EndReason::WrongNumbers } => Action::WrongNumbers,
        SessionState::Ended { reason: EndReason::Expired }
        | SessionState::Waiting
        | SessionState::Claimed
        | SessionState::Signing
        | SessionState::Delivered => return None,
    };
    (action.kind().owner() == Owner::Service).then_some(action)
}

/// What a phone must have put before a service can have decided so.
fn grounds(action: ActionKind) -> Option<BoxName> {
    match action {
        ActionKind::Reveal | ActionKind::BadReveal => Some(BoxName::Reveal),
        ActionKind::Report => Some(BoxName::Rehearsal),
        ActionKind::Refuse => Some(BoxName::Refusal),
        _ => None,
    }
}
