//! How much one relay keeps, for how many, and for how long.

use std::time::Duration;

use relay_server::relay::door::DoorProblem;
use relay_server::relay::mailbox::BoxName;
use wire::{Phase, ProblemCode, SessionKind};

use super::talk::{Talk, accept_test_service, door_to, relay};
use crate::support::browser::leads_to;
use crate::support::phone::problem;
use crate::support::scanner::{MovingPage, Scanner};
use crate::support::{Phone, TestServer, pdf, pdf_of_bytes};

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

#[tokio::test]
async fn an_address_opens_as_many_signings_too() {
    let server = TestServer::configured(|configuration| configuration.rehearsals_per_minute = 3.try_into().unwrap()).await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    for status in [303, 303, 429] {
        assert_eq!(browser.post(&format!("{session}/replace")).await.status(), status);
    }
    assert_eq!(browser.press_next_for_answer(&document).await.status(), 429);
    assert_eq!(browser.post("/rehearsals").await.status(), 303, "they do not count for one another");
}

#[tokio::test]
async fn what_a_phone_says_in_a_few_words_takes_no_more_room_than_they_do() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let session = leads_to(browser.post("/rehearsals").await).await;
    let phone = Scanner::with(MovingPage::of(&browser, &session).await.link().await);
    let claim = wire::encode(&phone.claim_message());
    let claimed = async |bytes| phone.post("/claim").body(padded(&claim, bytes)).send().await.unwrap();
    assert_eq!(problem(claimed(LONGEST_WORD + 1).await).await, (413, ProblemCode::TooLarge));
    assert_eq!(claimed(LONGEST_WORD).await.status(), 202);
    let reveal = wire::encode(&phone.agree().await.0);
    let revealed = async |bytes| phone.post("/reveal").body(padded(&reveal, bytes)).send().await.unwrap();
    assert_eq!(problem(revealed(LONGEST_WORD + 1).await).await, (413, ProblemCode::TooLarge));
    assert_eq!(revealed(LONGEST_WORD).await.status(), 204);
    phone.wait_for("numbered").await;
    for path in ["/refusal", "/rehearsal"] {
        assert_eq!(problem(phone.put(path, &[1; LONGEST_WORD + 1]).await).await, (413, ProblemCode::TooLarge), "{path}");
    }
}

#[tokio::test]
async fn where_the_relay_has_no_room_for_the_document_the_page_says_so() {
    let server = TestServer::configured(|configuration| configuration.relay_quota_mib = 1.try_into().unwrap()).await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf_of_bytes(3 << 19)).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.match_up().await;
    browser.wait_for(&session, "ended").await;
    let page = browser.get(&session).await.text().await.unwrap();
    assert!(page.contains("E-SRV-07") && page.contains("場所がありません"), "{page}");
    browser.press_next(&document).await;
}

/// With blanks, which mean nothing.
fn padded(message: &[u8], bytes: usize) -> Vec<u8> {
    let mut padded = message.to_vec();
    padded.resize(bytes, b' ');
    padded
}

const LONGEST_WORD: usize = 2048;
const SEALED: &[u8] = b"sealed for its service alone";
