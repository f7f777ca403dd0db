//! Responders that certificates name: asked where the operator says so, at a completion and on the page that verifies.

use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};

use crate::support::{Browser, Manner, Phone, Responder, TestServer, pdf};

#[tokio::test]
async fn a_responder_that_says_good_is_named_with_its_answer_on_both_pages() {
    for manner in [Manner::Good, Manner::Slow(Duration::from_secs(2))] {
        let (server, responder) = (asking().await, Responder::with(manner));
        let (browser, document, session) = delivered(&server, &responder).await;
        browser.wait_for(&session, "completed").await;
        assert_eq!(responder.questions(), 1, "each certificate once");
        for (language, words) in [("en", ["OCSP answer of", "Not revoked"]), ("ja", ["のOCSPの回答、", "失効していません"])]
        {
            let page = text(&browser, &format!("{session}?lang={language}")).await;
            assert!(words.iter().all(|words| page.contains(words)), "{page}");
        }
        let page = verified(&browser, &document).await;
        assert!(page.contains("のOCSPの回答、") && page.contains("失効していません"), "{page}");
        assert_eq!(responder.questions(), 2, "the child asks through its parent");
    }
}

#[tokio::test]
async fn a_responder_that_says_revoked_ends_the_signing_by_name() {
    let (server, responder) = (asking().await, Responder::with(Manner::Revoked));
    let (browser, _, session) = delivered(&server, &responder).await;
    assert_eq!(browser.wait_for(&session, "rejected").await["reason"], "certificate_revoked");
    assert_eq!(responder.questions(), 1);
}

#[tokio::test]
async fn a_responder_that_is_silent_loses_no_signature_and_is_not_said_to_have_answered() {
    let (server, responder) = (asking().await, Responder::with(Manner::Silent));
    let begun = Instant::now();
    let (browser, document, session) = delivered(&server, &responder).await;
    browser.wait_for(&session, "completed").await;
    assert!(begun.elapsed() < Duration::from_secs(18));
    for page in [text(&browser, &session).await, verified(&browser, &document).await] {
        assert!(page.contains("一部未確認") && !page.contains("のOCSPの回答"), "{page}");
    }
    assert!(responder.questions() >= 2, "it was asked both times");
}

#[tokio::test]
async fn nobody_is_asked_where_the_operator_has_not_said_so() {
    let (server, responder) = (TestServer::start().await, Responder::with(Manner::Revoked));
    let (browser, document, session) = delivered(&server, &responder).await;
    browser.wait_for(&session, "completed").await;
    assert!(text(&browser, &session).await.contains("失効確認はしていません"));
    assert!(verified(&browser, &document).await.contains("一部未確認"));
    assert_eq!(responder.questions(), 0);
}

#[tokio::test]
async fn a_certificate_of_nobody_we_believe_makes_the_server_call_nobody() {
    let (server, responder) = (asking().await, Responder::with(Manner::Good));
    let (browser, document, session) = delivered(&server, &responder).await;
    browser.wait_for(&session, "completed").await;
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    let strangers = TestServer::configured(|configuration| {
        configuration.ask_responders = true;
        configuration.trust = relay_server::configuration::Paths::None;
    })
    .await;
    let page = judged(&strangers.browser(), signed).await;
    assert!(page.contains("無効"), "{page}");
    assert_eq!(responder.questions(), 1, "only by the server that believes its issuer");
}

async fn asking() -> TestServer {
    TestServer::configured(|configuration| configuration.ask_responders = true).await
}

async fn delivered(server: &TestServer, responder: &Responder) -> (Browser, String, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.with_certificate(&responder.certificate).sign().await;
    (browser, document, session)
}

async fn verified(browser: &Browser, document: &str) -> String {
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    judged(browser, signed).await
}

async fn judged(browser: &Browser, file: Vec<u8>) -> String {
    let form = Form::new().part("pdf", Part::bytes(file).file_name("signed.pdf"));
    browser.request("/verify").multipart(form).send().await.unwrap().text().await.unwrap()
}

async fn text(browser: &Browser, path: &str) -> String {
    browser.get(path).await.text().await.unwrap()
}
