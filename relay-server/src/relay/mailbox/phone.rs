//! What a phone may do to a session: pure decisions on the relay's row of it.

use wire::{Action, ActionKind, CredentialHash, FrameProblem, LinkKind, ProblemCode, Proof, Stage, Step};

use super::boxes::{BoxName, Deposit};
use super::session::{Session, TakenClaim, Turn};
use crate::clock::Moment;

/// A claim as it came.
pub struct ClaimAttempt {
    pub proof: Proof,
    pub claim: TakenClaim,
    /// Of the token that came with the call, without which no repetition is answered.
    pub shown: Option<CredentialHash>,
}

impl Session {
    /// The first claim with a right proof wins. The same phone may repeat it by showing its token, also after the deadline.
    ///
    /// Nothing is told of a session, nor done to it, by a caller who has no proof of it.
    pub fn claim(&self, attempt: &ClaimAttempt, now: Moment) -> Result<Turn, ProblemCode> {
        if let Some(taken) = self.claim.as_ref().filter(|taken| attempt.shown == Some(taken.token_hash)) {
            let is_same = taken.sha256 == attempt.claim.sha256;
            return if is_same { Ok(Turn::Same) } else { Err(ProblemCode::DifferentCommitment) };
        }
        let proven = self.prove(&attempt.proof, now);
        if matches!(proven, Err(ProblemCode::ForgedFrame | ProblemCode::BadTicket)) {
            return proven.map(|()| Turn::Same);
        }
        let state = self.running(now)?;
        proven?;
        let claimed = Self { claim: Some(attempt.claim.clone()), stage: Some(Stage::Claimed), ..self.clone() };
        Ok(claimed.after(state.apply(self.kind, Action::Claim)?))
    }

    /// Remembers that a phone with a right proof came too late, so that the page can say so. The phone that won is no second
    /// one, whatever of its claims a net brings twice or late.
    #[must_use]
    pub fn note_second_device(&self, late: &TakenClaim) -> Turn {
        let is_the_first = self.claim.as_ref().is_some_and(|taken| taken.token_hash == late.token_hash);
        if is_the_first || self.second_device || self.state.over().is_some() {
            return Turn::Same;
        }
        Self { second_device: true, ..self.clone() }.decorated()
    }

    /// Opens the commitment. The service judges whether it fits.
    pub fn reveal(&self, deposit: Deposit, now: Moment) -> Result<Turn, ProblemCode> {
        if self.has_put(&deposit, ProblemCode::DifferentReveal)? {
            return Ok(Turn::Same);
        }
        let state = self.running(now)?;
        let may_follow = self.has_turn(state, ActionKind::Reveal) && self.boxes.contains_key(&BoxName::Answer);
        if may_follow { Ok(self.clone().after_putting(state, deposit)) } else { Err(ProblemCode::WrongState) }
    }

    pub fn begin(&self, now: Moment) -> Result<Turn, ProblemCode> {
        let state = self.running(now)?.apply(self.kind, Action::Begin)?;
        if state == self.state {
            return Ok(Turn::Same);
        }
        Ok(Self { stage: self.stage.max(Some(Stage::Card)), ..self.clone() }.after(state))
    }

    /// Steps only ever go forward on the page; a late or doubled message changes nothing.
    #[must_use]
    pub fn progress(&self, stage: Stage, now: Moment) -> Turn {
        if self.running(now).is_err() || self.stage >= Some(stage) {
            return Turn::Same;
        }
        Self { stage: Some(stage), ..self.clone() }.decorated()
    }

    /// One result, for ever: the same bytes again change nothing, also after the deadline; other bytes are refused.
    pub fn deliver(&self, deposit: Deposit, now: Moment) -> Result<Turn, ProblemCode> {
        if self.has_put(&deposit, ProblemCode::DifferentResult)? {
            return Ok(Turn::Same);
        }
        if self.boxes.contains_key(&BoxName::Refusal) {
            return Err(self.running(now).err().unwrap_or(ProblemCode::WrongState));
        }
        let state = self.state_at(now).apply(self.kind, Action::Deliver)?;
        Ok(Self { stage: Some(Stage::Sending), ..self.clone() }.after_putting(state, deposit))
    }

    /// A refusal or a rehearsal's report, one of the two: the state turns when the service has opened it.
    pub fn tell(&self, deposit: Deposit, leads_to: ActionKind, now: Moment) -> Result<Turn, ProblemCode> {
        if self.has_put(&deposit, ProblemCode::DifferentResult)? {
            return Ok(Turn::Same);
        }
        let state = self.running(now)?;
        let has_told = [BoxName::Refusal, BoxName::Rehearsal].iter().any(|name| self.boxes.contains_key(name));
        let may_follow = self.has_turn(state, leads_to) && !has_told;
        if may_follow { Ok(self.clone().after_putting(state, deposit)) } else { Err(ProblemCode::WrongState) }
    }

    /// Frames are checked by the relay's own clock; while a ticket lives the page draws none, so what comes is stale.
    fn prove(&self, proof: &Proof, now: Moment) -> Result<(), ProblemCode> {
        let (kind, ticket) = match proof {
            Proof::Moving(frame) => {
                let fits = self.frame_key.check(self.id, frame, Step::at(self.created.until(now)));
                let is_withdrawn = self.ticket.is_some_and(|ticket| now < ticket.until);
                return match fits {
                    Ok(()) if is_withdrawn => Err(FrameProblem::Stale.into()),
                    fits => fits.map_err(ProblemCode::from),
                };
            }
            Proof::Launch(ticket) => (LinkKind::Launch, ticket),
            Proof::Copied(ticket) => (LinkKind::Copied, ticket),
        };
        let minted = self.ticket.filter(|minted| minted.kind == kind && now < minted.until);
        let fits = minted.is_some_and(|minted| minted.hash == ticket.hash());
        if fits { Ok(()) } else { Err(ProblemCode::BadTicket) }
    }

    pub(super) fn has_turn(&self, state: wire::SessionState, action: ActionKind) -> bool {
        wire::Turn::find(self.kind, state.phase(), action).is_some()
    }
}
