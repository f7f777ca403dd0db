use std::time::Duration;

use wire::{EndReason, Phase, ProblemCode, RejectReason, SessionKind, SessionState, Stage};

use super::talk::{Talk, relay};
use crate::support::phone::problem;

#[tokio::test]
async fn what_was_delivered_in_time_is_past_every_deadline() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    server.clock.put_forward(Duration::from_secs(9 * 60 + 50));
    assert_eq!(talk.seal("result", b"result").await.status(), 202);
    server.clock.put_forward(Duration::from_secs(3_600));
    let row = talk.row().await;
    assert_eq!((row.state, row.seconds_left), (SessionState::Delivered, 0));
    assert!(row.delivered_seconds_ago.is_some_and(|seconds| (3_600..3_700).contains(&seconds)));
    talk.settle(SessionState::Rejected { reason: RejectReason::OtherSigner }).await;
}

#[tokio::test]
async fn at_ten_minutes_every_phase_before_the_delivery_is_expired() {
    let server = relay().await;
    for phase in [Phase::Waiting, Phase::Claimed, Phase::Numbered, Phase::Matched, Phase::Signing] {
        let talk = Talk::at(&server.origin, SessionKind::Signing, phase).await;
        server.clock.put_forward(Duration::from_secs(600));
        assert_eq!(talk.row().await.state, SessionState::Ended { reason: EndReason::Expired }, "{phase:?}");
        assert_eq!(talk.page().await["state"], "ended");
        if phase == Phase::Waiting {
            assert_eq!(problem(talk.claim().await).await, (410, ProblemCode::Expired));
            continue;
        }
        for answer in [
            talk.begin().await,
            talk.seal("result", b"result").await,
            talk.seal("refusal", b"refusal").await,
            talk.get("request").await,
            talk.get("documents/0").await,
            talk.get("outcome").await,
        ] {
            assert_eq!(problem(answer).await, (410, ProblemCode::Expired), "{phase:?}");
        }
        let told: serde_json::Value = talk.get("state").await.json().await.unwrap();
        assert_eq!((&told["state"]["ended"]["reason"], &told["seconds_left"]), (&"expired".into(), &0.into()));
        assert_eq!(talk.progress(Stage::Sending).await.status(), 204, "decoration is not worth a refusal");
        assert!(talk.door.settle(talk.id, SessionState::Matched, talk.row().await.sequence).await.is_err());
    }
}

#[tokio::test]
async fn an_expiry_is_stored_and_told_by_the_relay_itself() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    let sequence = talk.row().await.sequence;
    let waiting = talk.getting("state").header("Prefer", "wait=20").header("If-None-Match", format!("\"{sequence}\""));
    let waiting = tokio::spawn(waiting.send());
    server.clock.put_forward(Duration::from_secs(600));
    let told = waiting.await.unwrap().unwrap();
    assert_eq!(told.headers()["etag"], format!("\"{}\"", sequence + 1));
    assert!(told.text().await.unwrap().contains("expired"));
}

#[tokio::test]
async fn what_is_over_is_emptied_and_forgotten_after_a_day() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Delivered).await;
    assert_eq!(talk.by_phone(relay_server::relay::mailbox::BoxName::Result).await.as_deref(), Some(&b"result"[..]));
    talk.door.put_outcome(talk.id, b"what came of it".to_vec()).await.unwrap();
    talk.settle(SessionState::Completed).await;
    assert_eq!(talk.by_phone(relay_server::relay::mailbox::BoxName::Result).await, None);
    assert_eq!(talk.by_phone(relay_server::relay::mailbox::BoxName::Reveal).await, None);
    let outcome = talk.get("outcome").await;
    assert_eq!((outcome.status().as_u16(), &outcome.bytes().await.unwrap()[..]), (200, &b"what came of it"[..]));
    server.clock.put_forward(Duration::from_secs(23 * 3_600));
    server.tidy_mailboxes().await;
    assert_eq!(talk.get("outcome").await.status(), 200);
    server.clock.put_forward(Duration::from_secs(2 * 3_600));
    server.tidy_mailboxes().await;
    assert_eq!(problem(talk.get("outcome").await).await, (404, ProblemCode::UnknownSession));
    let stored = server.everything_stored();
    assert!(!stored.windows(15).any(|window| window == b"what came of it"), "deleted means gone");
}
