use wire::{Commitment, EndReason, LinkKind, Owner, RefusalKind, RejectReason, SessionId, SessionKind, TURNS, VersionOne};

use std::time::Duration;

use super::*;
use crate::handoff::session::ShownTicket;
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
fn a_claim_by_a_link_of_which_no_page_has_shown_one_gives_the_session_up() {
    let (until, second) = (NOW.plus(Duration::from_secs(60)), Duration::from_secs(1));
    for kind in [LinkKind::Launch, LinkKind::Copied] {
        let claim = Claim { link_kind: kind, ..CLAIM };
        let mut told = relay(SessionState::Claimed, &[]);
        told.claim = told.claim.map(|claim| RelayClaim { link_kind: kind, ..claim });
        let own = session(SessionKind::Signing);
        assert_eq!(next(&own, Some(&told), NOW), Step::GiveUp, "nobody asked for one");
        for shown in [LinkKind::Launch, LinkKind::Copied] {
            let own = own.with(|signing| signing.shown_ticket = Some(ShownTicket { kind: shown, until }));
            let expected = if shown == kind { Step::Take(claim) } else { Step::GiveUp };
            assert_eq!(next(&own, Some(&told), NOW), expected);
            assert_eq!(next(&own, Some(&told), until.plus(second)), expected, "news take their time");
            assert_eq!(next(&own, Some(&told), until.plus(second * 10)), Step::GiveUp, "the relay would not have taken it");
        }
    }
    assert_eq!(next(&session(SessionKind::Signing), Some(&relay(SessionState::Claimed, &[])), NOW), Step::Take(CLAIM));
}

#[test]
fn whatever_the_relay_decides_is_followed_in_both_kinds_of_session() {
    for turn in TURNS.iter().filter(|turn| turn.owner == Owner::Relay && turn.from != Phase::Waiting && turn.from != turn.to) {
        let own = at(turn.kind, turn.from);
        let told = match turn.to {
            Phase::Signing => SessionState::Signing,
            Phase::Delivered => SessionState::Delivered,
            _ => SessionState::Ended { reason: EndReason::Expired },
        };
        match next(&own, Some(&relay(told, &[ANSWER])), NOW) {
            Step::Follow(action) => assert_eq!(own.after(action).map(|own| own.state), Ok(told), "{turn:?}"),
            step => assert_eq!((step, turn.to), (Step::TakeResult, Phase::Delivered), "{turn:?}"),
        }
    }
}

#[test]
fn whatever_this_service_decides_is_told_until_the_relay_knows() {
    for turn in TURNS.iter().filter(|turn| turn.owner == Owner::Service) {
        let own = Session { is_told: false, ..at(turn.kind, turn.to) }.with(|signing| signing.outcome = Some(vec![1]));
        let before = relay(state(turn.from), &[ANSWER, "outcome"]);
        assert_eq!(next(&own, Some(&before), NOW), Step::TellState, "{turn:?}");
        let after = relay(state(turn.to), &[ANSWER]);
        assert_eq!(next(&own, Some(&after), NOW), Step::NoteTold, "{turn:?}");
        let told = own.told().with(|signing| signing.is_furnished = true);
        assert_eq!(next(&told, Some(&after), NOW), Step::Rest, "{turn:?}");
    }
}

#[test]
fn a_phone_learns_what_became_of_its_result_before_the_relay_forgets_it() {
    let delivered = |boxes: &[&str]| relay(SessionState::Delivered, boxes);
    let completed = at(SessionKind::Signing, Phase::Delivered).after(Action::Complete).expect("a turn");
    let cancelled = at(SessionKind::Signing, Phase::Signing).after(Action::Cancel).expect("a turn");
    for own in [completed, cancelled] {
        let own = own.with(|signing| signing.outcome = Some(vec![1]));
        assert_eq!(next(&own, Some(&delivered(&["result"])), NOW), Step::TellOutcome);
        assert_eq!(next(&own, Some(&delivered(&["result", "outcome"])), NOW), Step::TellState);
        assert!(own.told().signing.outcome.is_none());
    }
}

#[test]
fn an_end_that_loses_against_a_result_rejects_that_result() {
    let signing = at(SessionKind::Signing, Phase::Signing);
    for action in [Action::Cancel, Action::Expire, Action::Replace] {
        let ended = signing.after(action).expect("a turn");
        assert!(!ended.is_told);
        assert!(matches!(ended.state_for_relay(SessionState::Delivered), SessionState::Rejected { .. }));
        assert!(matches!(ended.state_for_relay(SessionState::Signing), SessionState::Ended { .. }));
    }
    let without_keys = Session { is_told: false, ..at(SessionKind::Signing, Phase::Ended) };
    assert_eq!(next(&without_keys, Some(&relay(SessionState::Delivered, &[])), NOW), Step::NoteTold, "not for ever");
}

#[test]
fn a_request_is_brought_when_the_relay_knows_of_the_match_and_a_result_is_checked_without_it() {
    let matched = at(SessionKind::Signing, Phase::Matched);
    assert_eq!(next(&matched, Some(&relay(SessionState::Numbered, &[])), NOW), Step::TellState);
    assert_eq!(next(&matched.told(), Some(&relay(SessionState::Matched, &[])), NOW), Step::Furnish);
    assert_eq!(next(&at(SessionKind::Signing, Phase::Delivered), None, NOW), Step::Settle);
}

#[test]
fn a_third_number_that_was_counted_and_never_compared_ends_the_session() {
    let numbered = at(SessionKind::Signing, Phase::Numbered).told();
    let counted = (0..3).fold(numbered, |session, _| session.with_one_more_number().expect("one more"));
    assert!(counted.with_one_more_number().is_err());
    assert_eq!(next(&counted, Some(&relay(SessionState::Numbered, &[])), NOW), Step::EndOfNumbers);
}

#[test]
fn the_relay_is_told_that_it_was_refused_and_never_why() {
    let numbered = at(SessionKind::Signing, Phase::Numbered);
    let refused = RefusalKind::ALL.map(|refusal| numbered.after(Action::Refuse { refusal }).expect("a turn"));
    let delivered = at(SessionKind::Signing, Phase::Delivered);
    let rejected = RejectReason::ALL.map(|reason| delivered.after(Action::Reject { reason }).expect("a turn"));
    for (own, first) in refused.iter().map(|own| (own, &refused[0])).chain(rejected.iter().map(|own| (own, &rejected[0]))) {
        assert_eq!(own.state_for_relay(state(Phase::Signing)), first.state_for_relay(state(Phase::Signing)));
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
    let way =
        [Action::Reveal, Action::Match, Action::Begin, Action::Deliver, Action::Complete, reject, Action::Report, Action::Cancel];
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
