//! The deadline as the commit sees it, on a clock that goes on between the decision and the commit.

use std::time::Duration;

use wire::SessionState;
use wire::{ClaimToken, Commitment, LinkKind, Origin, Phase, ProblemCode, Proof, SessionId, SessionKind, Step};

use super::{ClaimAttempt, Limits, Mailbox, MailboxProblem, ServiceName, Session, TakenClaim, Turn};
use crate::clock::{Clock, Moment};
use crate::store::RelayStore;

#[tokio::test]
async fn a_claim_whose_commit_would_come_after_the_deadline_is_told_so_and_leaves_nothing() {
    let (mailbox, clock, _folder) = mailbox().await;
    for (seconds, is_stored) in [(590, true), (600, false)] {
        let id = opened(&mailbox).await;
        let stored = mailbox
            .turn(id, |session, now| {
                let decided = claim(session, now);
                clock.put_forward(Duration::from_secs(seconds));
                decided
            })
            .await;
        let row = mailbox.session(id).await.expect("the row");
        if is_stored {
            assert!(stored.is_ok() && row.state == SessionState::Claimed);
        } else {
            assert!(matches!(stored, Err(MailboxProblem::Refused(ProblemCode::Expired))));
            assert_eq!((row.state, row.sequence, row.revision), (SessionState::Waiting, 1, 1));
            assert!(row.claim.is_none());
            assert_eq!(told(&mailbox, id).await, 1, "no event tells of what was not done");
        }
    }
}

#[tokio::test]
async fn what_has_no_deadline_is_stored_however_late_it_is() {
    let (mailbox, clock, _folder) = mailbox().await;
    let id = opened(&mailbox).await;
    clock.put_forward(Duration::from_secs(700));
    mailbox.expire_overdue().await.expect("stored");
    assert_eq!(mailbox.session(id).await.expect("the row").state.phase(), Phase::Ended);
}

async fn mailbox() -> (Mailbox, Clock, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("room for the test");
    let store = RelayStore::open(&folder.path().join("relay.db")).await.expect("a new database");
    let clock = Clock::start();
    let limits = Limits { bytes: 1_000_000, sessions_of_a_service: 10 };
    let mailbox = Mailbox::open(store, folder.path().join("boxes"), limits, clock.clone()).await.expect("a new mailbox");
    (mailbox, clock, folder)
}

async fn opened(mailbox: &Mailbox) -> SessionId {
    let page = Origin::parse("https://bank.example").expect("an origin");
    mailbox.add(ServiceName::own(), SessionKind::Signing, page).await.expect("room for one").session.id
}

async fn told(mailbox: &Mailbox, id: SessionId) -> usize {
    let events = mailbox.events_after(&ServiceName::own(), 0).await.expect("the events");
    events.iter().filter(|event| event.session == id).count()
}

fn claim(session: &Session, now: Moment) -> Result<Turn, ProblemCode> {
    let frame = session.frame_key.frame(session.id, Step::at(session.created.until(now)));
    let claim = TakenClaim {
        link_kind: LinkKind::Moving,
        commitment: Commitment::from_bytes([4; 32]),
        token_hash: ClaimToken::from_bytes([5; 32]).hash(),
        sha256: [6; 32],
        app_version: "test".to_owned(),
    };
    session.claim(&ClaimAttempt { proof: Proof::Moving(frame), claim, shown: None }, now)
}
