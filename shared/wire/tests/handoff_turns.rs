//! What the table of turns promises.

use wire::{
    Action, ActionKind, EndReason, Owner, Phase, ProblemCode, RefusalKind, RejectReason, SessionKind, SessionState, TURNS, Turn,
};

#[test]
fn a_signing_and_a_rehearsal_run_to_their_ends() {
    let signing = [Action::Claim, Action::Reveal, Action::Match, Action::Begin, Action::Begin, Action::Deliver, Action::Complete];
    let rehearsal = [Action::Claim, Action::Reveal, Action::Report];
    for (kind, actions) in [(SessionKind::Signing, &signing[..]), (SessionKind::Rehearsal, &rehearsal)] {
        let end = actions.iter().try_fold(SessionState::Waiting, |state, action| state.apply(kind, *action));
        assert_eq!(end, Ok(SessionState::Completed));
    }
}

#[test]
fn apply_does_what_the_table_says_and_nothing_else() {
    for kind in SessionKind::ALL {
        for state in STATES {
            for action in ACTIONS {
                let line = Turn::find(kind, state.phase(), action.kind());
                assert_eq!(state.apply(kind, action).ok().map(SessionState::phase), line.map(|turn| turn.to));
            }
        }
    }
}

#[test]
fn no_line_stands_twice_and_none_leaves_an_end() {
    for (at, turn) in TURNS.iter().enumerate() {
        assert_eq!(Turn::find(turn.kind, turn.from, turn.action), TURNS.get(at));
        assert!(!turn.from.is_over());
    }
}

#[test]
fn each_action_has_one_owner() {
    for action in ActionKind::ALL {
        let is_relays = matches!(action, ActionKind::Claim | ActionKind::Begin | ActionKind::Deliver | ActionKind::Expire);
        let owner = if is_relays { Owner::Relay } else { Owner::Service };
        assert_eq!(action.owner(), owner);
        assert!(TURNS.iter().filter(|turn| turn.action == action).all(|turn| turn.owner == owner));
    }
}

#[test]
fn every_phase_of_a_signing_is_reached_and_ends() {
    for phase in Phase::ALL {
        assert!(phase == Phase::Waiting || TURNS.iter().any(|turn| turn.to == phase));
        let running = !phase.is_over() && phase != Phase::Delivered;
        for action in [ActionKind::Expire, ActionKind::Cancel, ActionKind::Replace] {
            assert_eq!(Turn::find(SessionKind::Signing, phase, action).is_some(), running, "{phase:?} {action:?}");
        }
    }
}

#[test]
fn a_rehearsal_has_no_digits_no_card_and_no_result() {
    let foreign = [
        ActionKind::Match,
        ActionKind::Begin,
        ActionKind::Deliver,
        ActionKind::Complete,
        ActionKind::Reject,
        ActionKind::WrongNumbers,
    ];
    assert!(TURNS.iter().filter(|turn| turn.kind == SessionKind::Rehearsal).all(|turn| !foreign.contains(&turn.action)));
    assert!(TURNS.iter().filter(|turn| turn.kind == SessionKind::Signing).all(|turn| turn.action != ActionKind::Report));
}

#[test]
fn a_delivered_result_neither_expires_nor_is_cancelled() {
    for action in [Action::Expire, Action::Cancel, Action::Replace, Action::Refuse { refusal: RefusalKind::Held }] {
        assert_eq!(SessionState::Delivered.apply(SessionKind::Signing, action), Err(ProblemCode::WrongState));
    }
}

#[test]
fn nothing_is_delivered_without_a_match_and_a_begin() {
    for state in [SessionState::Waiting, SessionState::Claimed, SessionState::Numbered, SessionState::Matched] {
        assert_eq!(state.apply(SessionKind::Signing, Action::Deliver), Err(ProblemCode::WrongState));
    }
    for state in [SessionState::Waiting, SessionState::Claimed, SessionState::Numbered] {
        assert_eq!(state.apply(SessionKind::Signing, Action::Begin), Err(ProblemCode::WrongState));
    }
}

#[test]
fn a_second_phone_is_told_of_the_first_for_as_long_as_the_session_runs() {
    for state in STATES.into_iter().filter(|state| state.over().is_none() && *state != SessionState::Waiting) {
        assert_eq!(state.apply(SessionKind::Signing, Action::Claim), Err(ProblemCode::AlreadyClaimed));
    }
}

#[test]
fn an_ended_session_says_why_to_every_call() {
    for (reason, told) in [
        (EndReason::Expired, ProblemCode::Expired),
        (EndReason::Cancelled, ProblemCode::Cancelled),
        (EndReason::Replaced, ProblemCode::Replaced),
        (EndReason::Refused { refusal: RefusalKind::Declined }, ProblemCode::Ended),
        (EndReason::BadReveal, ProblemCode::BadReveal),
        (EndReason::WrongNumbers, ProblemCode::TooManyNumbers),
    ] {
        for action in ACTIONS {
            assert_eq!(SessionState::Ended { reason }.apply(SessionKind::Signing, action), Err(told));
        }
    }
}

#[test]
fn reasons_are_carried_into_the_state() {
    let (reason, refusal) = (RejectReason::OtherSigner, RefusalKind::Locked);
    let rejected = SessionState::Delivered.apply(SessionKind::Signing, Action::Reject { reason });
    assert_eq!(rejected, Ok(SessionState::Rejected { reason }));
    let refused = SessionState::Matched.apply(SessionKind::Signing, Action::Refuse { refusal });
    assert_eq!(refused, Ok(SessionState::Ended { reason: EndReason::Refused { refusal } }));
}

#[test]
fn words_for_stores_read_back() {
    assert!(Phase::ALL.into_iter().all(|phase| Phase::from_code(phase.code()) == Some(phase)));
    assert!(SessionKind::ALL.into_iter().all(|kind| SessionKind::from_code(kind.code()) == Some(kind)));
    assert_eq!(Phase::from_code("dancing"), None);
}

const STATES: [SessionState; 9] = [
    SessionState::Waiting,
    SessionState::Claimed,
    SessionState::Numbered,
    SessionState::Matched,
    SessionState::Signing,
    SessionState::Delivered,
    SessionState::Completed,
    SessionState::Rejected { reason: RejectReason::SignatureInvalid },
    SessionState::Ended { reason: EndReason::Expired },
];
const ACTIONS: [Action; 14] = [
    Action::Claim,
    Action::Reveal,
    Action::Match,
    Action::Begin,
    Action::Deliver,
    Action::Complete,
    Action::Reject { reason: RejectReason::OtherSigner },
    Action::Report,
    Action::Expire,
    Action::Cancel,
    Action::Replace,
    Action::Refuse { refusal: RefusalKind::Declined },
    Action::BadReveal,
    Action::WrongNumbers,
];
