//! Whom the server asks what became of certificates, and that nobody's silence loses a signature.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use inquiry::StatusServiceAddress;
use jiff::{Timestamp, ToSpan};
use pades::TimeStampService;
use relay_server::configuration::{Configuration, Paths};
use reqwest::multipart::{Form, Part};
use simulator::practice;
use simulator::revocation::StatusAuthority;

use crate::support::{Authority, Browser, Phone, StatusService, TestServer, completed, pdf};

#[tokio::test]
async fn a_list_of_the_operators_completes_the_verdict() {
    let (folder, time) = (tempfile::tempdir().unwrap(), Authority::honest());
    let list = folder.path().join("practice.crl");
    std::fs::write(&list, StatusAuthority::practice().list(Timestamp::now())).unwrap();
    let server = TestServer::configured(|configuration| {
        configuration.revocation_lists = Paths::One(list.clone());
        configuration.time_stamp_authorities = vec![TimeStampService::parse(&time.address).unwrap()];
    })
    .await;
    let (browser, document, session) = completed(&server).await;
    for (language, words) in [("en", "Revocation list of"), ("ja", "失効リスト")] {
        let page = text(&browser, &format!("{session}?lang={language}")).await;
        assert!(page.contains(words) && !page.contains("失効確認はしていません"), "{page}");
    }
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    let page = verified(&browser, signed.clone()).await;
    assert!(page.contains("<b>有効</b>") && page.contains("失効リスト"), "{page}");
    std::fs::remove_file(&list).unwrap();
    assert!(verified(&browser, signed).await.contains("<b>一部未確認</b>"), "a list that is gone is no list");
    let (browser, _, session) = completed(&server).await;
    assert!(text(&browser, &session).await.contains("失効確認はしていません"), "and loses no signature");
}

#[tokio::test]
async fn a_signature_under_a_revoked_certificate_is_rejected_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("practice.crl");
    let yesterday = Timestamp::now() - 24.hours();
    let revoking = StatusAuthority::practice().revoking(&practice().hanako.signing.certificate, yesterday, Some(1));
    std::fs::write(&list, revoking.list(Timestamp::now())).unwrap();
    let server = TestServer::configured(|configuration| configuration.revocation_lists = Paths::One(list)).await;
    let browser = server.browser();
    let session = delivered(&browser).await;
    let state = browser.wait_for(&session, "rejected").await;
    assert_eq!(state["reason"], wire::RejectReason::CertificateRevoked.code());
    for (language, words) in [("ja", "署名用電子証明書が失効または停止しています"), ("en", "revoked or suspended")]
    {
        let page = text(&browser, &format!("{session}?lang={language}")).await;
        assert!(page.contains(words) && page.contains("E-CRT-02"), "{page}");
    }
}

#[tokio::test]
async fn a_registered_verifier_is_asked_with_the_token_and_named_with_its_answer() {
    let (folder, stub) = (tempfile::tempdir().unwrap(), StatusService::saying("\"status\": \"good\""));
    let token = folder.path().join("token");
    std::fs::write(&token, "swordfish\n").unwrap();
    let ask = asking(&stub);
    let server = TestServer::configured(|configuration| {
        ask(configuration);
        configuration.status_service_token = Some(token);
    })
    .await;
    let (browser, document, session) = completed(&server).await;
    let page = text(&browser, &session).await;
    assert!(page.contains("認定を受けた検証者 Example Platform の回答") && page.contains("失効していません"), "{page}");
    let heard = stub.heard();
    assert_eq!(heard.len(), 1, "each certificate once");
    assert!(heard[0].0.to_ascii_lowercase().contains("authorization: bearer swordfish"));
    assert_eq!(heard[0].1["certificate"], STANDARD.encode(&practice().hanako.signing.certificate));
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    let page = verified(&browser, signed).await;
    assert!(page.contains("Example Platform") && !page.contains("失効確認はしていません"), "{page}");
    assert_eq!(stub.heard().len(), 2, "the child asks through its parent");
    assert!(text(&browser, "/verify").await.contains("氏名や住所の入った証明書が検証者に送られます"));
}

#[tokio::test]
async fn a_registered_verifier_who_says_revoked_is_believed() {
    let stub = StatusService::saying("\"status\": \"revoked\", \"since\": \"2026-11-01T00:00:00Z\", \"why\": \"superseded\"");
    let server = TestServer::configured(asking(&stub)).await;
    let browser = server.browser();
    let session = delivered(&browser).await;
    assert_eq!(browser.wait_for(&session, "rejected").await["reason"], "certificate_revoked");
}

#[tokio::test]
async fn whoever_is_silent_or_babbles_loses_no_signature() {
    for stub in [StatusService::saying("\"status\": \"splendid\""), StatusService::silent()] {
        let server = TestServer::configured(asking(&stub)).await;
        let begun = Instant::now();
        let (browser, document, session) = completed(&server).await;
        assert!(begun.elapsed() < Duration::from_secs(18));
        assert!(text(&browser, &session).await.contains("失効確認はしていません"));
        let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
        let page = verified(&browser, signed).await;
        assert!(page.contains("<b>一部未確認</b>"), "{page}");
    }
}

#[tokio::test]
async fn a_service_that_is_silent_keeps_only_the_first_waiting() {
    let stub = StatusService::silent();
    let server = TestServer::configured(asking(&stub)).await;
    completed(&server).await;
    assert_eq!(stub.heard().len(), 1);
    let begun = Instant::now();
    completed(&server).await;
    assert!(begun.elapsed() < Duration::from_secs(5) && stub.heard().len() == 1, "it is left alone for a while");
}

#[tokio::test]
async fn a_verifier_who_is_asked_for_somebody_holds_up_no_document() {
    let stub = StatusService::silent();
    let server = TestServer::configured(asking(&stub)).await;
    let signed = crate::support::signed_again(&pdf(1));
    let mut waiting = Vec::new();
    for _ in 0..6 {
        let (browser, file) = (server.browser(), signed.clone());
        waiting.push(tokio::spawn(async move { verified(&browser, file).await }));
    }
    until(|| !stub.heard().is_empty()).await;
    let begun = Instant::now();
    server.browser().drop_pdf(pdf(1)).await;
    assert!(begun.elapsed() < Duration::from_secs(4), "a drop does not wait for those who verify");
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}

async fn until(is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(Instant::now() < end, "it never came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn asking(stub: &StatusService) -> impl FnOnce(&mut Configuration) + use<> {
    let address = StatusServiceAddress::parse(&stub.address).unwrap();
    move |configuration| configuration.status_service = Some(address)
}

async fn delivered(browser: &Browser) -> String {
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(browser, &session).await.sign().await;
    session
}

async fn verified(browser: &Browser, file: Vec<u8>) -> String {
    let form = Form::new().part("pdf", Part::bytes(file).file_name("signed.pdf"));
    browser.request("/verify").multipart(form).send().await.unwrap().text().await.unwrap()
}

async fn text(browser: &Browser, path: &str) -> String {
    browser.get(path).await.text().await.unwrap()
}
