//! What may happen to a session next: pure decisions on the relay's row of it.

use wire::{Action, CredentialHash, EndReason, ProblemCode, SessionId, SessionState, Stage};

use crate::clock::Moment;

/// The relay's row of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub state: SessionState,
    /// Where the person is, by the phone's own account.
    pub stage: Option<Stage>,
    /// Whether `begin` was ever called: before it, no try of the card's password can have been spent.
    pub begun: bool,
    /// Whether another phone tried to take the session up after it was claimed.
    pub second_device: bool,
    pub ticket_hash: CredentialHash,
    pub claim_hash: Option<CredentialHash>,
    pub result_sha256: Option<[u8; 32]>,
    pub deadline: Moment,
    /// Counts the changes of this row. An update is made on condition of it, and live events carry it as their id.
    pub sequence: i64,
}

/// What a decision makes of a row.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing to store: the call was a repetition.
    Same,
    /// The row to store in place of the one decided on.
    Next(Session),
}

impl Session {
    #[must_use]
    pub fn waiting(id: SessionId, ticket_hash: CredentialHash, deadline: Moment) -> Self {
        Self {
            id,
            state: SessionState::Waiting,
            stage: None,
            begun: false,
            second_device: false,
            ticket_hash,
            claim_hash: None,
            result_sha256: None,
            deadline,
            sequence: 1,
        }
    }

    /// The state as it is at `now`, even where the expiry has not been stored yet.
    #[must_use]
    pub fn state_at(&self, now: Moment) -> SessionState {
        if now < self.deadline {
            return self.state;
        }
        self.state.apply(Action::Expire).unwrap_or(self.state)
    }

    /// The first claim with the right ticket wins. The same phone may repeat it by showing its token.
    pub fn claim(&self, attempt: &ClaimAttempt, now: Moment) -> Result<Turn, ProblemCode> {
        if attempt.ticket_hash != self.ticket_hash {
            return Err(ProblemCode::BadTicket);
        }
        let state = self.state_at(now);
        let is_repeated = self.claim_hash == Some(attempt.token_hash) && attempt.shown_hash == self.claim_hash;
        if is_repeated && !matches!(state, SessionState::Ended { .. }) {
            return Ok(Turn::Same);
        }
        let claimed = Self { claim_hash: Some(attempt.token_hash), stage: Some(Stage::Claimed), ..self.clone() };
        Ok(claimed.after(state.apply(Action::Claim)?))
    }

    /// Remembers that a phone with the right ticket came too late, so that the page can say so.
    #[must_use]
    pub fn note_second_device(&self) -> Turn {
        if self.second_device || self.state.over().is_some() {
            return Turn::Same;
        }
        Self { second_device: true, ..self.clone() }.after(self.state)
    }

    /// Whether the shown token is the one that claimed this session.
    pub fn admit(&self, shown_hash: CredentialHash) -> Result<(), ProblemCode> {
        if self.claim_hash == Some(shown_hash) { Ok(()) } else { Err(ProblemCode::NotAllowed) }
    }

    /// Whether the session still runs for what a phone reads: the request and its documents.
    pub fn open(&self, now: Moment) -> Result<(), ProblemCode> {
        self.state_at(now).over().map_or(Ok(()), Err)
    }

    pub fn begin(&self, now: Moment) -> Result<Turn, ProblemCode> {
        let state = self.state_at(now).apply(Action::Begin)?;
        if state == self.state {
            return Ok(Turn::Same);
        }
        let begun = Self { begun: true, stage: self.stage.max(Some(Stage::Card)), ..self.clone() };
        Ok(begun.after(state))
    }

    /// Steps only ever go forward on the page; a late or doubled message changes nothing.
    #[must_use]
    pub fn progress(&self, stage: Stage, now: Moment) -> Turn {
        let is_running = matches!(self.state_at(now), SessionState::Claimed | SessionState::Signing);
        if !is_running || self.stage >= Some(stage) {
            return Turn::Same;
        }
        Self { stage: Some(stage), ..self.clone() }.after(self.state)
    }

    /// One result, for ever: the same bytes again change nothing, other bytes are refused.
    pub fn deliver(&self, result_sha256: [u8; 32], now: Moment) -> Result<Turn, ProblemCode> {
        match self.result_sha256 {
            Some(stored) if stored == result_sha256 => return Ok(Turn::Same),
            Some(_) => return Err(ProblemCode::DifferentResult),
            None => {}
        }
        let state = self.state_at(now).apply(Action::Deliver)?;
        let delivered = Self { result_sha256: Some(result_sha256), stage: Some(Stage::Sending), ..self.clone() };
        Ok(delivered.after(state))
    }

    /// Ends the session or settles what was delivered. The same end twice changes nothing.
    pub fn settle(&self, action: Action, now: Moment) -> Result<Turn, ProblemCode> {
        let state = if action == Action::Expire { self.state } else { self.state_at(now) };
        if self.state == state && is_end_of(state, action) {
            return Ok(Turn::Same);
        }
        Ok(self.clone().after(state.apply(action)?))
    }

    /// Ends the session at its owner's wish. Under a signature the card may be at the phone, and only an owner who was
    /// asked ends that.
    pub fn end(&self, action: Action, owner: Owner, now: Moment) -> Result<Turn, ProblemCode> {
        if owner == Owner::WasNotAsked && self.state_at(now) == SessionState::Signing {
            return Err(ProblemCode::WrongState);
        }
        self.settle(action, now)
    }

    fn after(self, state: SessionState) -> Turn {
        Turn::Next(Self { state, sequence: self.sequence + 1, ..self })
    }
}

/// Whether the page asked "the phone is signing: cancel anyway?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    WasNotAsked,
    IsSure,
}

/// What a phone brings to its claim, as hashes.
pub struct ClaimAttempt {
    pub ticket_hash: CredentialHash,
    /// Of the token that the phone will show from now on.
    pub token_hash: CredentialHash,
    /// Of the token that came with the call itself: a repeated claim has one.
    pub shown_hash: Option<CredentialHash>,
}

fn is_end_of(state: SessionState, action: Action) -> bool {
    match (state, action) {
        (SessionState::Ended { reason: EndReason::Cancelled }, Action::Cancel)
        | (SessionState::Ended { reason: EndReason::Replaced }, Action::Replace)
        | (SessionState::Ended { reason: EndReason::Expired }, Action::Expire) => true,
        (SessionState::Ended { reason: EndReason::Refused { refusal } }, Action::Refuse { refusal: again }) => refusal == again,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::{ClaimToken, RefusalKind, Ticket};

    #[test]
    fn the_same_phone_may_claim_again_and_another_may_not() {
        let claimed = next(session().claim(&attempt(1, None), NOW));
        assert_eq!(claimed.claim(&attempt(1, Some(1)), NOW), Ok(Turn::Same));
        assert_eq!(claimed.claim(&attempt(2, None), NOW), Err(ProblemCode::AlreadyClaimed));
        assert_eq!(claimed.claim(&attempt(1, None), NOW), Err(ProblemCode::AlreadyClaimed), "the hash alone is no proof");
    }

    #[test]
    fn a_wrong_ticket_learns_nothing_of_the_session() {
        let wrong = ClaimAttempt { ticket_hash: Ticket::from_bytes([9; 16]).hash(), ..attempt(1, None) };
        assert_eq!(session().claim(&wrong, NOW), Err(ProblemCode::BadTicket));
        assert_eq!(session().claim(&wrong, LATE), Err(ProblemCode::BadTicket));
    }

    #[test]
    fn nothing_starts_at_the_deadline_even_if_no_expiry_is_stored() {
        let claimed = next(session().claim(&attempt(1, None), NOW));
        let signing = next(claimed.begin(NOW));
        assert_eq!(session().claim(&attempt(1, None), LATE), Err(ProblemCode::Expired));
        assert_eq!(claimed.begin(LATE), Err(ProblemCode::Expired));
        assert_eq!(signing.deliver([1; 32], LATE), Err(ProblemCode::Expired));
    }

    #[test]
    fn a_result_is_taken_once_and_recognised_for_ever() {
        let signing = next(next(session().claim(&attempt(1, None), NOW)).begin(NOW));
        let delivered = next(signing.deliver([1; 32], NOW));
        assert_eq!(delivered.deliver([1; 32], LATE), Ok(Turn::Same));
        assert_eq!(delivered.deliver([2; 32], NOW), Err(ProblemCode::DifferentResult));
        assert_eq!(delivered.state_at(LATE), SessionState::Delivered);
    }

    #[test]
    fn steps_on_the_page_never_go_back() {
        let claimed = next(session().claim(&attempt(1, None), NOW));
        let Turn::Next(at_card) = claimed.progress(Stage::Card, NOW) else { panic!("a later step") };
        assert_eq!(at_card.progress(Stage::Password, NOW), Turn::Same);
        assert_eq!(session().progress(Stage::Card, NOW), Turn::Same, "nobody has claimed");
    }

    #[test]
    fn a_signature_under_way_ends_only_at_the_wish_of_an_owner_who_was_asked() {
        let claimed = next(session().claim(&attempt(1, None), NOW));
        let signing = next(claimed.begin(NOW));
        for action in [Action::Cancel, Action::Replace] {
            assert_eq!(signing.end(action, Owner::WasNotAsked, NOW), Err(ProblemCode::WrongState));
            assert!(claimed.end(action, Owner::WasNotAsked, NOW).is_ok() && signing.end(action, Owner::IsSure, NOW).is_ok());
        }
    }

    #[test]
    fn ending_twice_for_the_same_reason_is_one_end() {
        let claimed = next(session().claim(&attempt(1, None), NOW));
        let refuse = Action::Refuse { refusal: RefusalKind::Declined };
        let refused = next(claimed.settle(refuse, NOW));
        assert_eq!(refused.settle(refuse, NOW), Ok(Turn::Same));
        assert_eq!(refused.settle(Action::Cancel, NOW), Err(ProblemCode::Ended));
    }

    #[test]
    fn every_change_has_a_number_of_its_own() {
        let claimed = next(session().claim(&attempt(1, None), NOW));
        let begun = next(claimed.begin(NOW));
        assert_eq!((session().sequence, claimed.sequence, begun.sequence), (1, 2, 3));
    }

    fn session() -> Session {
        Session::waiting(SessionId::from_bytes([1; 16]), Ticket::from_bytes([1; 16]).hash(), LATE)
    }

    fn attempt(token: u8, shown: Option<u8>) -> ClaimAttempt {
        let hash = |token| ClaimToken::from_bytes([token; 32]).hash();
        ClaimAttempt { ticket_hash: Ticket::from_bytes([1; 16]).hash(), token_hash: hash(token), shown_hash: shown.map(hash) }
    }

    fn next(turn: Result<Turn, ProblemCode>) -> Session {
        match turn {
            Ok(Turn::Next(session)) => session,
            other => panic!("expected a change, found {other:?}"),
        }
    }

    const NOW: Moment = Moment::from_ms(1_000);
    const LATE: Moment = Moment::from_ms(601_000);
}
