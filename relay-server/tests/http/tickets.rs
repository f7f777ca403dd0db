//! Links in the QR's place: one at a time, for one phone, and not for long.

use std::time::Duration;

use wire::{LinkKind, ProblemCode};

use crate::support::browser::leads_to;
use crate::support::phone::problem;
use crate::support::scanner::{MovingPage, Scanner};
use crate::support::{Browser, Phone, TestServer, pdf};

#[tokio::test]
async fn a_copied_link_withdraws_the_qr_admits_one_phone_and_asks_for_the_digits() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let page = MovingPage::of(&browser, &session).await;
    assert_eq!(leads_to(browser.post(&format!("{session}/copied")).await).await, session);
    assert_eq!(browser.state(&session).await["ticket"], "copied");
    assert_eq!(problem(Scanner::with(page.link().await).claim().await).await, (403, ProblemCode::StaleFrame));
    let link = browser.ticket_link(&session).await;
    assert_eq!(link.kind(), LinkKind::Copied);
    let again = Scanner::with(browser.ticket_link(&session).await);
    let phone = Phone::with(link, &browser, &session);
    phone.match_up().await;
    assert_eq!(problem(again.claim().await).await, (409, ProblemCode::AlreadyClaimed));
    assert_eq!(browser.state(&session).await["ticket"], serde_json::Value::Null, "used up");
}

#[tokio::test]
async fn a_ticket_lives_as_long_as_its_kind_and_then_the_qr_is_back() {
    for (kind, seconds) in [("launch", 60), ("copied", 300)] {
        let server = TestServer::start().await;
        let (browser, session) = waiting(&server).await;
        browser.post(&format!("{session}/{kind}")).await;
        let link = browser.ticket_link(&session).await;
        server.clock.put_forward(Duration::from_secs(seconds - 2));
        assert_eq!(browser.state(&session).await["ticket"], kind);
        server.clock.put_forward(Duration::from_secs(3));
        assert_eq!(browser.state(&session).await["ticket"], serde_json::Value::Null);
        assert_eq!(problem(Scanner::with(link).claim().await).await, (403, ProblemCode::BadTicket), "{kind}");
        Phone::at(&browser, &session).await.meet().await;
    }
}

#[tokio::test]
async fn a_new_link_ends_the_last_and_the_way_back_to_the_qr_ends_both() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    browser.post(&format!("{session}/copied")).await;
    let first = browser.ticket_link(&session).await;
    browser.post(&format!("{session}/launch")).await;
    let second = browser.ticket_link(&session).await;
    assert_eq!(second.kind(), LinkKind::Launch);
    assert_eq!(problem(Scanner::with(first).claim().await).await, (403, ProblemCode::BadTicket));
    assert_eq!(leads_to(browser.post(&format!("{session}/qr")).await).await, session);
    assert_eq!(problem(Scanner::with(second).claim().await).await, (403, ProblemCode::BadTicket));
    Phone::at(&browser, &session).await.match_up().await;
}

#[tokio::test]
async fn a_reload_shows_the_same_link_again_and_a_claimed_session_gives_no_other() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    browser.post(&format!("{session}/copied")).await;
    let text = browser.ticket_link(&session).await.to_text();
    assert_eq!(browser.ticket_link(&session).await.to_text(), text);
    Phone::with(browser.ticket_link(&session).await, &browser, &session).match_up().await;
    for path in ["launch", "copied", "qr"] {
        assert_eq!(leads_to(browser.post(&format!("{session}/{path}")).await).await, session);
    }
    assert_eq!(browser.wait_for(&session, "matched").await["ticket"], serde_json::Value::Null);
}

#[tokio::test]
async fn inside_another_app_no_launch_is_minted_and_a_copied_link_is() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let inside = |path: String| browser.request(&path).header("User-Agent", IN_LINE).send();
    let refused = inside(format!("{session}/launch")).await.unwrap();
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("E-QR-14"));
    assert_eq!(browser.state(&session).await["ticket"], serde_json::Value::Null);
    assert_eq!(inside(format!("{session}/copied")).await.unwrap().status(), 303);
    assert_eq!(browser.state(&session).await["ticket"], "copied");
}

async fn waiting(server: &TestServer) -> (Browser, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    (browser, session)
}

const IN_LINE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/14.20.0";
