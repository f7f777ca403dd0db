//! How much one relay keeps, for how many, and for how long.

use std::time::Duration;

use relay_server::relay::door::DoorProblem;
use relay_server::relay::mailbox::BoxName;
use wire::{Phase, ProblemCode, SessionKind};

use super::talk::{Talk, accept_test_service, door_to, relay};
use crate::support::TestServer;

#[tokio::test]
async fn a_service_has_so_many_sessions_at_a_time_and_no_other_service_is_held_up_by_it() {
    let server = TestServer::configured(|configuration| {
        accept_test_service(configuration);
        configuration.relay_sessions = 2.try_into().unwrap();
    })
    .await;
    let page = || wire::Origin::parse("https://bank.example").unwrap();
    let (ours, others) = (door_to(&server.origin, 1), door_to(&server.origin, 3));
    let first = Talk::open(&server.origin, SessionKind::Signing).await;
    let second = Talk::open(&server.origin, SessionKind::Rehearsal).await;
    let told = ours.open_session(SessionKind::Signing, page()).await;
    assert!(matches!(told, Err(DoorProblem::Refused(ProblemCode::TooManySessions))));
    let newer_key = door_to(&server.origin, 2);
    assert!(newer_key.open_session(SessionKind::Signing, page()).await.is_err(), "two keys are one service");
    others.open_session(SessionKind::Signing, page()).await.unwrap();
    assert_eq!(second.row().await.state.phase(), Phase::Waiting, "what runs is not touched");

    first.step_to(Phase::Ended).await;
    ours.open_session(SessionKind::Signing, page()).await.unwrap();
    assert!(ours.open_session(SessionKind::Signing, page()).await.is_err());
    server.clock.put_forward(Duration::from_secs(600));
    ours.open_session(SessionKind::Signing, page()).await.unwrap();
}

#[tokio::test]
async fn a_delivered_result_that_its_service_never_settles_is_emptied_soon_and_answered_for_a_day() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    assert_eq!(talk.seal("result", SEALED).await.status(), 202);
    server.clock.put_forward(Duration::from_secs(19 * 60));
    server.tidy_mailboxes().await;
    assert_eq!(talk.by_phone(BoxName::Result).await.as_deref(), Some(SEALED), "a service that was away may have it");
    server.clock.put_forward(Duration::from_secs(2 * 60));
    server.tidy_mailboxes().await;
    assert_eq!(talk.by_phone(BoxName::Result).await, None);
    let stored = server.everything_stored();
    assert!(!stored.windows(SEALED.len()).any(|window| window == SEALED), "deleted means gone");
    assert_eq!(talk.seal("result", SEALED).await.status(), 202, "a phone that was off learns that it has arrived");
    assert_eq!(talk.row().await.state.phase(), Phase::Delivered);
}

#[tokio::test]
async fn an_address_opens_so_many_rehearsals_a_minute_as_the_settings_say() {
    let server = TestServer::configured(|configuration| configuration.rehearsals_per_minute = 2.try_into().unwrap()).await;
    let browser = server.browser();
    for status in [303, 303, 429] {
        assert_eq!(browser.post("/rehearsals").await.status(), status);
    }
}

const SEALED: &[u8] = b"sealed for its service alone";
