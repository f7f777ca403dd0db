//! The table of turns, line by line, and everything that is not in it.

use reqwest::Response;
use wire::{ActionKind, EndReason, Owner, Phase, ProblemCode, RejectReason, SessionKind, SessionState, TURNS, Turn};

use super::talk::{Talk, encoded, refused, relay, reveal_of};
use crate::support::phone::problem;

#[tokio::test]
async fn every_line_of_the_table_is_taken_and_stored() {
    let server = relay().await;
    for turn in TURNS.iter().filter(|turn| turn.action != ActionKind::Expire) {
        let talk = Talk::at(&server.origin, turn.kind, turn.from).await;
        prepare(&talk, turn.action).await;
        assert!(act(&talk, turn.action).await, "{turn:?}");
        assert_eq!(talk.row().await.state.phase(), turn.to, "{turn:?}");
    }
}

#[tokio::test]
async fn what_is_no_line_of_the_table_is_refused_and_changes_nothing() {
    let server = relay().await;
    for kind in SessionKind::ALL {
        for from in Phase::ALL {
            if kind == SessionKind::Rehearsal && !matches!(from, Phase::Waiting | Phase::Claimed | Phase::Numbered | Phase::Ended)
            {
                continue;
            }
            let talk = Talk::at(&server.origin, kind, from).await;
            for action in ActionKind::ALL {
                let is_repeated = wanted(kind, action).is_some_and(|state| state.phase() == from);
                if action == ActionKind::Expire || is_repeated || Turn::find(kind, from, action).is_some() {
                    continue;
                }
                assert!(!act(&talk, action).await, "{kind:?} {from:?} {action:?}");
                assert_eq!(talk.row().await.state.phase(), from, "{kind:?} {action:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_turn_is_taken_once_and_told_again() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    let row = talk.row().await;
    let again = talk.door.settle(talk.id, SessionState::Matched, row.sequence - 1).await.unwrap();
    assert_eq!(again, talk.row().await);
    assert_eq!(again.sequence, row.sequence);
}

#[tokio::test]
async fn a_service_that_decided_on_an_older_row_is_told_to_read_it_again() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    let decided_on = talk.row().await.sequence;
    assert_eq!(talk.begin().await.status(), 200);
    let cancelled = SessionState::Ended { reason: EndReason::Cancelled };
    let told = talk.door.settle(talk.id, cancelled, decided_on).await;
    assert!(told.is_err(), "the person was not asked whether to cancel a signing");
    assert_eq!(talk.row().await.state, SessionState::Signing);
}

#[tokio::test]
async fn the_same_bytes_get_the_same_answer_and_others_are_refused() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Delivered).await;
    talk.settle(SessionState::Rejected { reason: RejectReason::AttributesInvalid }).await;
    server.clock.put_forward(std::time::Duration::from_secs(700));
    let row = talk.row().await;
    assert_eq!(talk.reveal().await.status(), 204);
    assert_eq!(talk.seal("result", b"result").await.status(), 202);
    assert_eq!(problem(talk.post("reveal", encoded(&reveal_of(8))).await).await, (409, ProblemCode::DifferentReveal));
    assert_eq!(problem(talk.seal("result", b"other").await).await, (409, ProblemCode::DifferentResult));
    talk.door.answer(talk.id, &talk.answer()).await.unwrap();
    assert_eq!(talk.row().await.sequence, row.sequence, "nothing was stored");
}

#[tokio::test]
async fn a_result_is_whole_by_its_hash_or_none() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    assert_eq!(problem(talk.post("result", b"result".to_vec()).await).await, (400, ProblemCode::BadMessage));
    assert_eq!(problem(talk.seal("result", b"").await).await, (400, ProblemCode::BadMessage));
    assert_eq!(problem(talk.seal("result", &vec![0; wire::MAX_ENVELOPE_BYTES + 1]).await).await, (413, ProblemCode::TooLarge));
    assert_eq!(talk.seal("result", &vec![0; wire::MAX_ENVELOPE_BYTES]).await.status(), 202);
}

/// What must lie in the mailbox before the action makes sense.
async fn prepare(talk: &Talk, action: ActionKind) {
    match action {
        ActionKind::Reveal | ActionKind::BadReveal => {
            talk.door.answer(talk.id, &talk.answer()).await.unwrap();
            assert_eq!(talk.reveal().await.status(), 204);
        }
        ActionKind::Refuse => assert_eq!(talk.seal("refusal", b"refusal").await.status(), 202),
        ActionKind::Report => assert_eq!(talk.seal("rehearsal", b"report").await.status(), 202),
        _ => {}
    }
}

/// Whether it was done.
async fn act(talk: &Talk, action: ActionKind) -> bool {
    let done = |answer: Response| answer.status().is_success();
    match action {
        ActionKind::Claim => done(talk.another_phone(if talk.row().await.claim.is_some() { 8 } else { 7 }).claim().await),
        ActionKind::Begin => done(talk.begin().await),
        ActionKind::Deliver => done(talk.seal("result", b"another result").await),
        _ => {
            assert_eq!(action.owner(), Owner::Service);
            let Some(state) = wanted(talk.kind, action) else { return false };
            talk.door.settle(talk.id, state, talk.row().await.sequence).await.is_ok()
        }
    }
}

/// The state that a service asks for by the action; none for what it cannot ask for.
fn wanted(kind: SessionKind, action: ActionKind) -> Option<SessionState> {
    let ended = |reason| Some(SessionState::Ended { reason });
    match action {
        ActionKind::Reveal => Some(SessionState::Numbered),
        ActionKind::Match => Some(SessionState::Matched),
        ActionKind::Complete if kind == SessionKind::Signing => Some(SessionState::Completed),
        ActionKind::Report if kind == SessionKind::Rehearsal => Some(SessionState::Completed),
        ActionKind::Reject => Some(SessionState::Rejected { reason: RejectReason::AttributesInvalid }),
        ActionKind::Cancel => ended(EndReason::Cancelled),
        ActionKind::Replace => ended(EndReason::Replaced),
        ActionKind::BadReveal => ended(EndReason::BadReveal),
        ActionKind::WrongNumbers => ended(EndReason::WrongNumbers),
        ActionKind::Refuse => Some(refused()),
        _ => None,
    }
}
