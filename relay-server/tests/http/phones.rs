//! Which phone may do what with a session.

use std::time::Duration;

use wire::{ProblemCode, Stage};

use crate::support::phone::problem;
use crate::support::scanner::MovingPage;
use crate::support::{Browser, Phone, TestServer, pdf};

#[tokio::test]
async fn the_first_claim_wins_and_a_second_phone_is_told_so_and_the_page_too() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let (first, second) = (Phone::at(&browser, &session).await, Phone::at(&browser, &session).await);
    first.match_up().await;
    assert_eq!(problem(second.claim().await).await, (409, ProblemCode::AlreadyClaimed));
    assert_eq!(browser.state(&session).await["second_device"], true);
    assert_eq!(problem(second.get("request").await).await, (403, ProblemCode::NotAllowed));
    first.request().await;
}

#[tokio::test]
async fn of_many_phones_at_the_same_moment_one_wins() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let page = MovingPage::of(&browser, &session).await;
    let phones = futures::future::join_all((1..9).map(|_| async { Phone::with(page.link().await, &browser, &session) })).await;
    let answers = futures::future::join_all(phones.iter().map(Phone::claim)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 202).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status() == 409).count(), 7);
}

#[tokio::test]
async fn a_phone_that_got_no_answer_claims_again_with_its_token() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    assert_eq!(phone.claim().await.status(), 202);
    assert_eq!(problem(phone.claim().await).await, (409, ProblemCode::AlreadyClaimed), "the hash alone proves nothing");
    assert_eq!(phone.claim_again().await.status(), 202);
}

#[tokio::test]
async fn a_wrong_ticket_and_an_unknown_session_are_refused() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    for proof in [wire::Proof::Launch(wire::Ticket::from_bytes([0; 16])), wire::Proof::Copied(wire::Ticket::from_bytes([0; 16]))]
    {
        let claim = wire::Claim { proof, ..phone.scanner.claim_message() };
        let claimed = phone.scanner.client.post(phone.scanner.address("/claim")).body(wire::encode(&claim)).send().await.unwrap();
        assert_eq!(problem(claimed).await, (403, ProblemCode::BadTicket));
    }
    let nobody = reqwest::get(format!("{}/relay/1/sessions/AAAAAAAAAAAAAAAAAAAAAA/request", server.origin)).await.unwrap();
    assert_eq!(problem(nobody).await.0, 403);
}

#[tokio::test]
async fn without_the_token_a_phone_reads_and_changes_nothing() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let page = MovingPage::of(&browser, &session).await;
    let phone = Phone::with(page.link().await, &browser, &session);
    phone.claim().await;
    for path in ["request", "documents/0", "outcome"] {
        assert_eq!(problem(phone.get_without_token(path).await).await, (403, ProblemCode::NotAllowed), "{path}");
    }
    let stranger = Phone::with(page.link().await, &browser, &session);
    assert_eq!(problem(stranger.begin().await).await, (403, ProblemCode::NotAllowed));
}

#[tokio::test]
async fn an_expired_link_is_refused_even_before_the_clock_has_swept() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    server.clock.put_forward(Duration::from_secs(600));
    assert_eq!(problem(phone.claim().await).await, (410, ProblemCode::Expired));
    assert_eq!(browser.state(&session).await["state"], "ended");
}

#[tokio::test]
async fn cancelled_and_replaced_sessions_say_so_to_the_phone() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    assert_eq!(browser.post(&format!("{session}/cancel")).await.status(), 303);
    assert_eq!(problem(phone.begin().await).await, (410, ProblemCode::Cancelled));
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    let newer = crate::support::browser::leads_to(browser.post(&format!("{session}/replace")).await).await;
    assert_eq!(problem(phone.begin().await).await, (410, ProblemCode::Replaced));
    assert_eq!(browser.state(&newer).await["state"], "waiting");
}

#[tokio::test]
async fn begin_may_be_repeated_and_progress_only_goes_forward() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    assert_eq!(phone.progress(Stage::Password).await.status(), 204);
    assert_eq!(phone.progress(Stage::Claimed).await.status(), 204);
    assert_eq!(browser.state(&session).await["stage"], "password");
    assert_eq!(phone.begin().await.status(), 200);
    assert_eq!(phone.begin().await.status(), 200);
    assert_eq!(browser.state(&session).await["state"], "signing");
}

#[tokio::test]
async fn a_message_that_is_none_or_too_long_is_refused() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let url = format!("{}/relay/1{session}/claim", server.origin);
    for (body, expected) in [
        (b"{}".to_vec(), (400, ProblemCode::BadMessage)),
        (b"{\"version\":9}".to_vec(), (400, ProblemCode::UnsupportedVersion)),
        (vec![b' '; wire::MAX_MESSAGE_BYTES + 1], (413, ProblemCode::TooLarge)),
    ] {
        let answer = reqwest::Client::new().post(&url).body(body).send().await.unwrap();
        assert_eq!(problem(answer).await, expected);
    }
    assert_eq!(browser.state(&session).await["state"], "waiting");
}

#[tokio::test]
async fn an_address_that_is_refused_too_often_must_wait_and_loses_nothing() {
    let server = TestServer::configured(|configuration| configuration.refused_calls_per_minute = 3.try_into().unwrap()).await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    let mut last = (0, ProblemCode::Unavailable);
    for _ in 0..5 {
        last = problem(phone.get_without_token("request").await).await;
    }
    assert_eq!(last, (429, ProblemCode::RateLimited));
    assert_eq!(phone.claim().await.status(), 202, "only refused calls are counted");
}

#[tokio::test]
async fn waiting_for_the_outcome_ends_with_it() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.claim().await;
    let waiting = phone.wait_for_outcome();
    let cancel = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        browser.post(&format!("{session}/cancel")).await
    };
    let (outcome, _) = tokio::join!(waiting, cancel);
    assert!(outcome.contains("cancelled"), "{outcome}");
}

async fn waiting(server: &TestServer) -> (Browser, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    (browser, session)
}
