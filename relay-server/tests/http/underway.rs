//! A signature under way is not destroyed by the way, and what a page says of one is true.

use reqwest::header::LOCATION;
use wire::{RefusalKind, SigningResult};

use crate::support::phone::problem;
use crate::support::{Browser, Phone, TestServer, pdf};

#[tokio::test]
async fn while_a_phone_signs_nothing_ends_the_session_unasked() {
    let server = TestServer::start().await;
    let (browser, document, session, phone) = signing(&server).await;
    let result = phone.signed().await;
    for path in [format!("{session}/replace"), format!("{session}/cancel"), format!("{document}/delete")] {
        let answer = browser.post(&path).await;
        assert_eq!((answer.status().as_u16(), &answer.headers()[LOCATION]), (303, &session.parse().unwrap()), "{path}");
    }
    assert_eq!(browser.press_next(&document).await, session, "next leads to the signature under way");
    assert_eq!(browser.get(&format!("{document}?step=prepare")).await.headers()[LOCATION], session.as_str());
    assert_eq!(browser.state(&session).await["state"], "signing");
    assert_eq!(phone.deliver(&result).await.status(), 202);
    browser.wait_for(&session, "completed").await;
}

#[tokio::test]
async fn whoever_was_asked_may_end_it() {
    let server = TestServer::start().await;
    let (browser, _, session, _) = signing(&server).await;
    assert!(browser.get(&session).await.text().await.unwrap().contains(SURE), "the page asks");
    assert_eq!(browser.post_sure(&format!("{session}/cancel")).await.status(), 303);
    assert_eq!(browser.state(&session).await["reason"], "cancelled");
    let (browser, document, session, phone) = signing(&server).await;
    let page = browser.get(&format!("{document}?lang=en")).await.text().await.unwrap();
    assert!(page.contains(SURE) && page.contains("being signed right now"), "the page asks");
    assert_eq!(browser.post_sure(&format!("{document}/delete")).await.headers()[LOCATION], "/?deleted=yes");
    assert_eq!(browser.get(&session).await.status(), 404);
    assert!(phone.wait_for_outcome().await.contains("cancelled"));
}

#[tokio::test]
async fn a_result_that_comes_after_the_cancellation_is_refused_and_signs_nothing() {
    let server = TestServer::start().await;
    let (browser, document, session, phone) = signing(&server).await;
    let result = phone.signed().await;
    browser.post_sure(&format!("{session}/cancel")).await;
    assert_eq!(problem(phone.deliver(&result).await).await, (410, wire::ProblemCode::Cancelled));
    assert_eq!(browser.get(&format!("{document}/signed.pdf")).await.status(), 409);
    assert_eq!(browser.state(&session).await["reason"], "cancelled");
}

#[tokio::test]
async fn a_result_that_came_first_is_not_cancelled() {
    let server = TestServer::start().await;
    let (browser, _, session, phone) = signing(&server).await;
    let result = phone.signed().await;
    phone.deliver(&result).await;
    assert_eq!(browser.post_sure(&format!("{session}/cancel")).await.headers()[LOCATION], session.as_str());
    browser.wait_for(&session, "completed").await;
}

#[tokio::test]
async fn after_begin_a_page_leaves_to_the_phone_what_only_the_phone_knows() {
    let server = TestServer::start().await;
    let (browser, _, session, _) = signing(&server).await;
    browser.post_sure(&format!("{session}/cancel")).await;
    let page = browser.get(&format!("{session}?lang=en")).await.text().await.unwrap();
    assert_eq!(page.matches("Not accepted. See your phone").count(), 2, "whether it signed, and whether it sent");
}

#[tokio::test]
async fn a_phone_that_names_no_number_of_tries_gets_none_invented() {
    let server = TestServer::start().await;
    let (browser, _, session, phone) = signing(&server).await;
    let result = phone.signed().await;
    phone.deliver(&SigningResult { consents: Vec::new(), tries_left_after: None, ..result }).await;
    browser.wait_for(&session, "rejected").await;
    let page = browser.get(&format!("{session}?lang=en")).await.text().await.unwrap();
    assert!(page.contains("See your phone") && !page.contains("5 left"));
}

#[tokio::test]
async fn an_owner_whose_answer_was_lost_renews_the_qr_instead_of_being_locked_out() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let survivor = browser.with_the_cookies_of_now();
    let session = browser.press_next(&document).await;
    let answer = survivor.get(&session).await;
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.unwrap();
    assert!(!page.contains("data-secret") && page.contains(&format!("{session}/replace")), "no link, and a way to a new one");
    assert_eq!(survivor.state(&session).await["state"], "waiting");
    let newer = crate::support::browser::leads_to(survivor.post(&format!("{session}/replace")).await).await;
    Phone::at(&survivor, &newer).await.sign().await;
    survivor.wait_for(&newer, "completed").await;
}

#[tokio::test]
async fn a_refusal_after_begin_is_the_phones_word_that_nothing_was_signed() {
    let server = TestServer::start().await;
    let (browser, _, session, phone) = signing(&server).await;
    assert_eq!(phone.refuse(RefusalKind::Declined).await.status(), 202);
    browser.wait_for(&session, "ended").await;
    let page = browser.get(&format!("{session}?lang=en")).await.text().await.unwrap();
    assert!(!page.contains("Not accepted. See your phone"));
}

async fn signing(server: &TestServer) -> (Browser, String, String, Phone) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    phone.request().await;
    assert_eq!(phone.begin().await.status(), 200);
    (browser, document, session, phone)
}

const SURE: &str = "name=\"sure\" value=\"yes\"";
