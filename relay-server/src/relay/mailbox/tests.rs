//! The decisions to the millisecond, and the whole table without a clock or a disk.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use wire::{
    ActionKind, Commitment, CredentialHash, EndReason, FrameKey, LinkKind, Origin, Owner, Phase, ProblemCode, Proof,
    RejectReason, SessionId, SessionKind, SessionState, Stage, Step, TURNS, Ticket,
};

use super::boxes::{BoxFacts, BoxName, Deposit};
use super::phone::ClaimAttempt;
use super::service::ticket_lifetime;
use super::session::{Session, TakenClaim, Turn};
use super::{MintedTicket, ServiceName};
use crate::clock::Moment;

#[test]
fn a_result_counts_at_9_59_9_and_not_at_10_00() {
    let signing = at(SessionKind::Signing, SessionState::Signing);
    assert!(signing.deliver(result(), after_ms(599_900)).is_ok());
    assert!(signing.deliver(result(), after_ms(599_999)).is_ok());
    assert_eq!(told(signing.deliver(result(), after_ms(600_000))), ProblemCode::Expired);
}

#[test]
fn every_call_of_a_phone_counts_until_the_last_millisecond_and_no_longer() {
    for (now_ms, is_in_time) in [(599_999, true), (600_000, false)] {
        let now = after_ms(now_ms);
        let waiting = at(SessionKind::Signing, SessionState::Waiting);
        let frame = waiting.frame_key.frame(waiting.id, Step::at_ms(u64::try_from(now_ms).unwrap_or(0)));
        assert_eq!(waiting.claim(&attempt(Proof::Moving(frame)), now).is_ok(), is_in_time);
        let claimed = with(at(SessionKind::Signing, SessionState::Claimed), BoxName::Answer);
        assert_eq!(claimed.reveal(Deposit::in_row(BoxName::Reveal, vec![1]), now).is_ok(), is_in_time);
        assert_eq!(at(SessionKind::Signing, SessionState::Matched).begin(now).is_ok(), is_in_time);
        let numbered = at(SessionKind::Rehearsal, SessionState::Numbered);
        assert_eq!(numbered.tell(Deposit::in_row(BoxName::Rehearsal, vec![1]), ActionKind::Report, now).is_ok(), is_in_time);
    }
}

#[test]
fn a_ticket_dies_to_the_millisecond() {
    for kind in [LinkKind::Launch, LinkKind::Copied] {
        let mut waiting = at(SessionKind::Signing, SessionState::Waiting);
        let lifetime = ticket_lifetime(kind).unwrap_or_default();
        let until = after_ms(1_000).plus(lifetime);
        waiting.ticket = Some(MintedTicket { kind, hash: Ticket::from_bytes([1; 16]).hash(), until });
        let claim = |now| {
            let ticket = Ticket::from_bytes([1; 16]);
            let proof = if kind == LinkKind::Launch { Proof::Launch(ticket) } else { Proof::Copied(ticket) };
            waiting.claim(&attempt(proof), now)
        };
        assert!(claim(until.minus(Duration::from_millis(1))).is_ok());
        assert_eq!(told(claim(until)), ProblemCode::BadTicket);
    }
}

#[test]
fn the_relays_turns_are_those_of_the_table_in_every_phase() {
    for kind in SessionKind::ALL {
        for state in states() {
            let session = at(kind, state);
            for action in [ActionKind::Begin, ActionKind::Deliver, ActionKind::Expire] {
                let is_line = wire::Turn::find(kind, state.phase(), action).is_some();
                let is_taken = match action {
                    ActionKind::Begin => session.begin(NOW).is_ok(),
                    ActionKind::Deliver => session.deliver(result(), NOW).is_ok(),
                    _ => matches!(session.expire(session.deadline), Turn::Next(_)),
                };
                assert_eq!(is_taken, is_line, "{kind:?} {state:?} {action:?}");
            }
        }
    }
}

#[test]
fn the_services_turns_are_those_of_the_table_in_every_phase() {
    for kind in SessionKind::ALL {
        for (from, to) in states().into_iter().flat_map(|from| states().into_iter().map(move |to| (from, to))) {
            let session = [BoxName::Reveal, BoxName::Rehearsal, BoxName::Refusal].into_iter().fold(at(kind, from), with);
            let line = |turn: &&wire::Turn| {
                (turn.kind, turn.from, turn.to, turn.owner) == (kind, from.phase(), to.phase(), Owner::Service)
            };
            let taken = session.settle(to, session.sequence, NOW);
            let is_possible = TURNS.iter().any(|turn| line(&turn) && leads_to(turn.action, to));
            assert_eq!(taken.is_ok(), is_possible || from == to, "{kind:?} {from:?} {to:?}");
        }
    }
}

#[test]
fn a_service_says_nothing_that_is_the_relays_to_say() {
    let signing = at(SessionKind::Signing, SessionState::Matched);
    for to in [SessionState::Signing, SessionState::Delivered, SessionState::Ended { reason: EndReason::Expired }] {
        assert_eq!(told(signing.settle(to, signing.sequence, NOW)), ProblemCode::BadMessage);
    }
}

#[test]
fn after_a_refusal_no_result_is_taken() {
    let signing = with(at(SessionKind::Signing, SessionState::Signing), BoxName::Refusal);
    assert_eq!(told(signing.deliver(result(), NOW)), ProblemCode::WrongState);
}

#[test]
fn after_a_refusal_no_report_is_taken_and_after_a_report_no_refusal() {
    let numbered = at(SessionKind::Rehearsal, SessionState::Numbered);
    for (first, then, action) in
        [(BoxName::Refusal, BoxName::Rehearsal, ActionKind::Report), (BoxName::Rehearsal, BoxName::Refusal, ActionKind::Refuse)]
    {
        let told_once = with(numbered.clone(), first);
        assert_eq!(told(told_once.tell(Deposit::in_row(then, vec![1]), action, NOW)), ProblemCode::WrongState);
    }
}

#[test]
fn what_was_put_in_time_waits_for_its_service_and_opens_nothing_to_the_phone() {
    let (kind, state) = (SessionKind::Rehearsal, SessionState::Numbered);
    let put = with(at(kind, state), BoxName::Rehearsal);
    assert!(matches!(at(kind, state).expire(after_ms(600_000)), Turn::Next(_)));
    assert!(matches!(put.expire(after_ms(629_999)), Turn::Same));
    assert!(put.settle(SessionState::Completed, put.sequence, after_ms(629_999)).is_ok());
    assert!(matches!(put.expire(after_ms(630_000)), Turn::Next(_)));
    let other = Deposit::in_row(BoxName::Refusal, vec![1]);
    assert_eq!(told(put.tell(other, ActionKind::Refuse, after_ms(600_000))), ProblemCode::Expired);
    let refused = with(at(SessionKind::Signing, SessionState::Matched), BoxName::Refusal);
    assert_eq!(told(refused.begin(after_ms(600_000))), ProblemCode::Expired);
}

#[test]
fn a_clock_that_jumps_back_before_the_creation_makes_no_frame_good_but_the_first() {
    let waiting = at(SessionKind::Signing, SessionState::Waiting);
    let earlier = CREATED.minus(Duration::from_secs(3_600));
    let claim = |step| {
        let frame = waiting.frame_key.frame(waiting.id, Step::from_number(step));
        waiting.claim(&attempt(Proof::Moving(frame)), earlier)
    };
    assert!(claim(0).is_ok());
    assert_eq!(told(claim(1)), ProblemCode::FutureFrame);
}

/// Of the actions of one line, the one that this very state is reached by.
fn leads_to(action: ActionKind, to: SessionState) -> bool {
    match to {
        SessionState::Ended { reason } => matches!(
            (reason, action),
            (EndReason::Cancelled, ActionKind::Cancel)
                | (EndReason::Replaced, ActionKind::Replace)
                | (EndReason::BadReveal, ActionKind::BadReveal)
                | (EndReason::WrongNumbers, ActionKind::WrongNumbers)
        ),
        _ => true,
    }
}

fn states() -> Vec<SessionState> {
    let ended = [EndReason::Expired, EndReason::Cancelled, EndReason::Replaced, EndReason::BadReveal, EndReason::WrongNumbers];
    let running = [
        SessionState::Waiting,
        SessionState::Claimed,
        SessionState::Numbered,
        SessionState::Matched,
        SessionState::Signing,
        SessionState::Delivered,
        SessionState::Completed,
        SessionState::Rejected { reason: RejectReason::OtherSigner },
    ];
    running.into_iter().chain(ended.map(|reason| SessionState::Ended { reason })).collect()
}

fn at(kind: SessionKind, state: SessionState) -> Session {
    Session {
        id: SessionId::from_bytes([1; 16]),
        service: ServiceName::own(),
        kind,
        page_origin: Origin::parse("https://bank.example").expect("an origin"),
        page_token: CredentialHash::from_bytes([2; 32]),
        frame_key: Arc::new(FrameKey::from_bytes([3; 32])),
        created: CREATED,
        deadline: CREATED.plus(wire::SESSION_LIFETIME),
        state,
        ticket: None,
        claim: (state.phase() != Phase::Waiting).then(taken),
        second_device: false,
        stage: Some(Stage::Claimed),
        sequence: 5,
        revision: 9,
        boxes: BTreeMap::new(),
    }
}

fn with(mut session: Session, name: BoxName) -> Session {
    session.boxes.insert(name, BoxFacts { sha256: [0; 32], bytes: 1, completed: NOW });
    session
}

fn attempt(proof: Proof) -> ClaimAttempt {
    ClaimAttempt { proof, claim: taken(), shown: None }
}

fn taken() -> TakenClaim {
    TakenClaim {
        link_kind: LinkKind::Moving,
        commitment: Commitment::from_bytes([4; 32]),
        token_hash: CredentialHash::from_bytes([5; 32]),
        sha256: [6; 32],
        app_version: "test".to_owned(),
    }
}

fn result() -> Deposit {
    Deposit::in_row(BoxName::Result, b"result".to_vec())
}

fn told(decided: Result<Turn, ProblemCode>) -> ProblemCode {
    decided.err().expect("a refusal")
}

fn after_ms(ms: i64) -> Moment {
    Moment::from_ms(CREATED.ms() + ms)
}

const CREATED: Moment = Moment::from_ms(1_700_000_000_000);
const NOW: Moment = Moment::from_ms(1_700_000_001_000);
