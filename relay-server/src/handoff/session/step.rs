//! What is to be done next for a session, by both rows of it: pure, so that a service that was killed at any moment finds
//! its way again from the rows alone.

use wire::one::{Action, EndReason, SessionState};
use wire::{ActionKind, Phase, Purpose, TURNS, Turn};

use super::row::{Claim, Session};
use crate::clock::Moment;
use crate::relay::door::RelayRow;

/// One step. After each the rows are read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The rows agree, and nothing waits to be looked at.
    Rest,
    /// The relay has admitted a phone.
    Take(Claim),
    /// The commitment is stored: now there may be a key.
    Answer,
    /// The answer is stored: now it may be told.
    TellAnswer,
    CheckReveal,
    /// A sealed message of the phone waits.
    Open(Purpose),
    /// What the relay has decided.
    Follow(Action),
    /// The relay does not know yet what this service has decided.
    TellState,
    /// The relay knows.
    NoteTold,
}

/// `relay` is the relay's row, `None` where it has forgotten the session.
#[must_use]
pub(super) fn next(own: &Session, relay: Option<&RelayRow>, now: Moment) -> Step {
    if own.is_over() {
        return after_the_end(own, relay);
    }
    let Some(relay) = relay else { return Step::Follow(Action::Expire) };
    if let Some(action) = decided_by_relay(own, relay, now) {
        return Step::Follow(action);
    }
    match (&own.claim, &relay.claim) {
        (None, Some(claim)) => Step::Take(Claim { link_kind: claim.link_kind, commitment: claim.commitment }),
        (None, None) => Step::Rest,
        (Some(_), _) => after_the_claim(own, relay),
    }
}

fn after_the_end(own: &Session, relay: Option<&RelayRow>) -> Step {
    match relay {
        _ if own.is_told => Step::Rest,
        // A result won against what ends a session here: the relay's row stays as it is, and nobody asks for that result.
        Some(relay) if relay.state == SessionState::Delivered && may_not_follow(own.state.phase()) => Step::NoteTold,
        Some(relay) if !relay.state.phase().is_over() => Step::TellState,
        _ => Step::NoteTold,
    }
}

fn may_not_follow(end: Phase) -> bool {
    !TURNS.iter().any(|turn| turn.from == Phase::Delivered && turn.to == end)
}

/// The relay's own turns: begin, delivery, expiry. Whatever else has ended there ends here too.
fn decided_by_relay(own: &Session, relay: &RelayRow, now: Moment) -> Option<Action> {
    let may = |action: Action| own.state.apply(own.kind, action).is_ok().then_some(action);
    // The service refuses what the relay hands over too late by its own clock. protocol.md, section Session.
    match relay.state {
        _ if own.is_past_grace(now) => may(Action::Expire),
        SessionState::Ended { reason: EndReason::Expired } => may(Action::Expire),
        state if state.phase().is_over() => may(Action::Cancel),
        SessionState::Signing if own.state != SessionState::Signing => may(Action::Begin),
        SessionState::Delivered => may(Action::Begin).filter(|_| own.state != SessionState::Signing).or(may(Action::Deliver)),
        _ => None,
    }
}

fn after_the_claim(own: &Session, relay: &RelayRow) -> Step {
    let has = |name: &str| relay.boxes.iter().any(|full| full == name);
    match own.state.phase() {
        Phase::Claimed if own.answered.is_none() => Step::Answer,
        Phase::Claimed if !has(ANSWER) => Step::TellAnswer,
        Phase::Claimed if has(REVEAL) => Step::CheckReveal,
        Phase::Numbered | Phase::Matched if own.state != relay.state && !own.is_told => Step::TellState,
        phase if has(Purpose::Refusal.code()) && may(own, phase, ActionKind::Refuse) => Step::Open(Purpose::Refusal),
        phase if has(Purpose::Rehearsal.code()) && may(own, phase, ActionKind::Report) => Step::Open(Purpose::Rehearsal),
        _ if !own.is_told => Step::NoteTold,
        _ => Step::Rest,
    }
}

fn may(own: &Session, phase: Phase, action: ActionKind) -> bool {
    Turn::find(own.kind, phase, action).is_some()
}

/// As the relay calls the boxes.
const ANSWER: &str = "answer";
const REVEAL: &str = "reveal";

#[cfg(test)]
mod tests {
    use wire::one::EndReason;
    use wire::{Commitment, LinkKind, Owner, RefusalKind, RejectReason, SessionId, SessionKind, VersionOne};

    use std::time::Duration;

    use super::*;
    use crate::handoff::session::row::{Answered, GRACE};
    use crate::identifier::BrowserKey;
    use crate::relay::door::RelayClaim;

    #[test]
    fn no_key_is_made_before_the_commitment_is_stored_and_nothing_is_told_before_the_answer_is() {
        let relay = relay(SessionState::Claimed, &[]);
        let own = session(SessionKind::Rehearsal);
        assert_eq!(next(&own, Some(&relay), NOW), Step::Take(CLAIM));
        let own = own.claimed(CLAIM).expect("a turn");
        assert!(own.answered.is_none());
        assert_eq!(next(&own, Some(&relay), NOW), Step::Answer);
        let own = own.answered(answered());
        assert_eq!(next(&own, Some(&relay), NOW), Step::TellAnswer);
        assert_eq!(next(&own, Some(&self::relay(SessionState::Claimed, &[ANSWER])), NOW), Step::Rest);
    }

    #[test]
    fn a_second_claim_of_the_relays_does_not_take_the_place_of_the_first() {
        let own = session(SessionKind::Signing).claimed(CLAIM).expect("a turn");
        let other = Claim { commitment: Commitment::from_bytes([9; 32]), ..CLAIM };
        assert!(own.claimed(other).is_err());
        let mut relay = relay(SessionState::Claimed, &[]);
        relay.claim = relay.claim.map(|claim| RelayClaim { commitment: other.commitment, ..claim });
        assert_eq!(next(&own, Some(&relay), NOW), Step::Answer, "to the commitment that is stored");
    }

    #[test]
    fn whatever_the_relay_decides_is_followed_in_both_kinds_of_session() {
        for turn in TURNS.iter().filter(|turn| turn.owner == Owner::Relay && turn.from != Phase::Waiting && turn.from != turn.to)
        {
            let own = at(turn.kind, turn.from);
            let told = match turn.to {
                Phase::Signing => SessionState::Signing,
                Phase::Delivered => SessionState::Delivered,
                _ => SessionState::Ended { reason: EndReason::Expired },
            };
            let Step::Follow(action) = next(&own, Some(&relay(told, &[ANSWER])), NOW) else { panic!("{turn:?}") };
            assert_eq!(own.after(action).map(|own| own.state), Ok(told), "{turn:?}");
        }
    }

    #[test]
    fn whatever_this_service_decides_is_told_until_the_relay_knows() {
        for turn in TURNS.iter().filter(|turn| turn.owner == Owner::Service) {
            let own = Session { is_told: false, ..at(turn.kind, turn.to) };
            let before = relay(state(turn.from), &[ANSWER]);
            assert_eq!(next(&own, Some(&before), NOW), Step::TellState, "{turn:?}");
            let after = relay(state(turn.to), &[ANSWER]);
            assert_eq!(next(&own, Some(&after), NOW), Step::NoteTold, "{turn:?}");
            assert_eq!(next(&own.told(), Some(&after), NOW), Step::Rest, "{turn:?}");
        }
    }

    #[test]
    fn an_end_that_loses_against_a_result_is_not_told_for_ever() {
        let delivered = relay(SessionState::Delivered, &[ANSWER, REVEAL, "result"]);
        let cancelled = at(SessionKind::Signing, Phase::Signing).after(Action::Cancel).expect("a turn");
        assert_eq!(next(&cancelled, Some(&delivered), NOW), Step::NoteTold);
        assert_eq!(next(&cancelled.told(), Some(&delivered), NOW), Step::Rest);
        let completed = at(SessionKind::Signing, Phase::Delivered).after(Action::Complete).expect("a turn");
        assert_eq!(next(&completed, Some(&delivered), NOW), Step::TellState);
    }

    #[test]
    fn the_relay_is_told_that_it_was_refused_and_never_why() {
        let numbered = at(SessionKind::Signing, Phase::Numbered);
        let refused = RefusalKind::ALL.map(|refusal| numbered.after(Action::Refuse { refusal }).expect("a turn"));
        let delivered = at(SessionKind::Signing, Phase::Delivered);
        let rejected = RejectReason::ALL.map(|reason| delivered.after(Action::Reject { reason }).expect("a turn"));
        for (own, first) in refused.iter().map(|own| (own, &refused[0])).chain(rejected.iter().map(|own| (own, &rejected[0]))) {
            assert_eq!(own.state_for_relay(), first.state_for_relay());
            assert!(own.state != first.state || own.sequence == first.sequence, "the service knows");
        }
    }

    #[test]
    fn what_comes_more_than_half_a_minute_after_the_deadline_is_not_looked_at() {
        let own = at(SessionKind::Rehearsal, Phase::Numbered);
        let late = relay(SessionState::Numbered, &[ANSWER, REVEAL, "rehearsal"]);
        let end = own.deadline.plus(GRACE);
        assert_eq!(next(&own, Some(&late), end.minus(Duration::from_millis(1))), Step::Open(Purpose::Rehearsal));
        assert_eq!(next(&own, Some(&late), end), Step::Follow(Action::Expire));
    }

    #[test]
    fn the_end_of_a_session_is_the_end_of_its_secrets() {
        for turn in TURNS.iter().filter(|turn| turn.to.is_over() && turn.from != Phase::Waiting) {
            let over = at(turn.kind, turn.to);
            let own = at(turn.kind, turn.from);
            assert!(own.sealed_link.is_some());
            let actions = [Action::Expire, Action::Cancel, Action::Replace, Action::BadReveal, Action::Report, Action::Complete];
            for ended in actions.into_iter().filter_map(|action| own.after(action).ok()).filter(Session::is_over).chain([over]) {
                let ephemeral = ended.answered.and_then(|answered| answered.sealed_ephemeral);
                assert!(ended.sealed_link.is_none() && ephemeral.is_none() && ended.reveal.is_none(), "{turn:?}");
            }
        }
    }

    /// A session that has come there by turns of the table.
    fn at(kind: SessionKind, phase: Phase) -> Session {
        let reject = Action::Reject { reason: wire::RejectReason::ConsentMissing };
        let way = [
            Action::Reveal,
            Action::Match,
            Action::Begin,
            Action::Deliver,
            Action::Complete,
            reject,
            Action::Report,
            Action::Cancel,
        ];
        let mut found = vec![session(kind), session(kind).claimed(CLAIM).expect("a turn").answered(answered())];
        for action in way {
            let further: Vec<_> = found.iter().filter_map(|session| session.after(action).ok()).collect();
            found.extend(further);
        }
        found.into_iter().find(|session| session.state.phase() == phase).expect("every phase is reached")
    }

    fn state(phase: Phase) -> SessionState {
        match phase {
            Phase::Ended => SessionState::Ended { reason: EndReason::Cancelled },
            Phase::Rejected => SessionState::Rejected { reason: wire::RejectReason::ConsentMissing },
            Phase::Waiting => SessionState::Waiting,
            Phase::Claimed => SessionState::Claimed,
            Phase::Numbered => SessionState::Numbered,
            Phase::Matched => SessionState::Matched,
            Phase::Signing => SessionState::Signing,
            Phase::Delivered => SessionState::Delivered,
            Phase::Completed => SessionState::Completed,
        }
    }

    fn session(kind: SessionKind) -> Session {
        Session { sealed_link: Some(vec![1]), ..Session::waiting(ID, kind, BrowserKey::random().hash(), NOW) }
    }

    fn answered() -> Answered {
        Answered { sealed_ephemeral: Some(vec![1]), answer: vec![1] }
    }

    fn relay(state: SessionState, boxes: &[&str]) -> RelayRow {
        let claim = RelayClaim { link_kind: CLAIM.link_kind, commitment: CLAIM.commitment, app_version: "test".to_owned() };
        RelayRow {
            version: VersionOne,
            id: ID,
            session_kind: SessionKind::Rehearsal,
            state,
            sequence: 2,
            seconds_left: 600,
            claim: Some(claim),
            second_device: false,
            stage: None,
            boxes: boxes.iter().map(ToString::to_string).collect(),
            delivered_seconds_ago: None,
        }
    }

    const ID: SessionId = SessionId::from_bytes([1; 16]);
    const NOW: Moment = Moment::from_ms(1_795_307_400_000);
    const CLAIM: Claim = Claim { link_kind: LinkKind::Moving, commitment: Commitment::from_bytes([2; 32]) };
}
