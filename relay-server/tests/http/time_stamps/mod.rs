//! Time stamps: at completion, later where no authority gave one, and never for want of one a signature lost.

mod killed;

use std::time::{Duration, Instant};

use pades::{SignatureKind, SignatureVerdict, TimeStampService, VerdictState};
use relay_server::configuration::Configuration;
use reqwest::header::{CONTENT_LENGTH, ETAG};
use simulator::timestamp::TimeStampQuirk;

use crate::support::{Authority, Browser, Phone, TestServer, pdf, signatures_of, signed_again};

#[tokio::test]
async fn a_document_is_completed_with_its_time_stamp() {
    let authority = Authority::honest();
    let server = TestServer::configured(asking(&[&authority])).await;
    let (browser, document, session) = completed(&server).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
    for (language, proven, pending) in [("ja", "タイムスタンプで証明された日時", PENDING_JA), ("en", PROVEN_EN, PENDING_EN)]
    {
        let page = text(&browser, &format!("{session}?lang={language}")).await;
        assert!(page.contains(proven) && !page.contains(pending), "{language}");
    }
    assert!(text(&browser, "/metrics").await.contains("kazasu_time_stamps_total{outcome=\"given\"}"));
}

#[tokio::test]
async fn whatever_is_wrong_with_the_first_authority_the_second_is_asked() {
    for quirk in [
        TimeStampQuirk::Refuses,
        TimeStampQuirk::OtherNonce,
        TimeStampQuirk::OtherImprint,
        TimeStampQuirk::WrongSignature,
        TimeStampQuirk::EndedCertificate,
        TimeStampQuirk::OtherRoot,
        TimeStampQuirk::Huge,
        TimeStampQuirk::Endless,
        TimeStampQuirk::Html,
        TimeStampQuirk::Redirects,
        TimeStampQuirk::Busy,
        TimeStampQuirk::Silent,
        TimeStampQuirk::Drips,
    ] {
        let (first, second) = (Authority::wrong(quirk), Authority::honest());
        let server = TestServer::configured(asking(&[&first, &second])).await;
        let (browser, document, _) = completed(&server).await;
        assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)], "{quirk:?}");
        assert_eq!((first.questions(), second.questions()), (1, 1), "{quirk:?}");
    }
}

#[tokio::test]
async fn an_authority_must_use_the_policy_that_was_asked_for() {
    let (first, second) = (Authority::wrong(TimeStampQuirk::OtherPolicy), Authority::honest());
    let policy = |authority: &Authority| service(&format!("{} 1.2.3.4", authority.address));
    let services = vec![policy(&first), policy(&second)];
    let server = TestServer::configured(|configuration| configuration.time_stamp_authorities = services).await;
    let (browser, document, _) = completed(&server).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
    assert_eq!((first.questions(), second.questions()), (1, 1));
}

#[tokio::test]
async fn an_authority_is_shown_the_credentials_that_are_meant_for_it() {
    let demanding = Authority::demanding("Authorization: Basic bWU6c3dvcmRmaXNo");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    std::fs::write(&file, format!("{} basic me:swordfish\n", demanding.address)).unwrap();
    let ask = asking(&[&demanding]);
    let server = TestServer::configured(|configuration| {
        ask(configuration);
        configuration.time_stamp_credentials = Some(file);
    })
    .await;
    let (browser, document, _) = completed(&server).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
}

#[tokio::test]
async fn without_an_answer_the_document_is_completed_and_stamped_later_where_it_stands() {
    let authority = Authority::wrong(TimeStampQuirk::Busy);
    let server = TestServer::configured(asking(&[&authority])).await;
    let (browser, document, session) = completed(&server).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, false)]);
    let before = browser.get(&format!("{document}/signed.pdf")).await;
    for (language, pending) in [("ja", PENDING_JA), ("en", PENDING_EN)] {
        for path in [&session, &document] {
            assert!(text(&browser, &format!("{path}?lang={language}")).await.contains(pending), "{path} {language}");
        }
    }
    authority.mend();
    server.clock.put_forward(Duration::from_secs(31));
    until_stamped(&browser, &session).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
    assert!(text(&browser, &format!("{session}?lang=en")).await.contains(PROVEN_EN));
    assert!(!text(&browser, &format!("{document}?lang=en")).await.contains(PENDING_EN));
    let after = browser.get(&format!("{document}/signed.pdf")).await;
    assert_eq!(before.headers()[CONTENT_LENGTH], after.headers()[CONTENT_LENGTH]);
    assert_ne!(before.headers()[ETAG], after.headers()[ETAG], "another file of the same length");
}

#[tokio::test]
async fn who_is_silent_is_left_alone_for_a_while_and_keeps_nobody_waiting() {
    let authority = Authority::wrong(TimeStampQuirk::Busy);
    let server = TestServer::configured(asking(&[&authority])).await;
    completed(&server).await;
    completed(&server).await;
    let (browser, document, session) = completed(&server).await;
    assert_eq!(authority.questions(), 1);
    authority.mend();
    server.clock.put_forward(Duration::from_secs(31));
    until_stamped(&browser, &session).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
    completed(&server).await;
    assert_eq!(authority.questions(), 5, "three that were owed, and at once the one of a completion");
}

#[tokio::test]
async fn after_a_second_signature_the_document_is_stamped_as_a_whole() {
    let authority = Authority::wrong(TimeStampQuirk::Html);
    let server = TestServer::configured(asking(&[&authority])).await;
    let (browser, document, session) = completed(&server).await;
    let original = browser.get(&format!("{document}/original.pdf")).await.bytes().await.unwrap();
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    let twice = signed_again(&signed);
    let object = server.objects().join(document.trim_start_matches('/')).join("signed");
    std::fs::write(object, &twice[original.len()..]).unwrap();
    authority.mend();
    server.clock.put_forward(Duration::from_secs(31));
    until_stamped(&browser, &session).await;
    let found = signatures(&browser, &document).await;
    assert_eq!(found, [(SignatureKind::Pades, true), (SignatureKind::Pades, true), (SignatureKind::DocumentTimeStamp, true)]);
    let answer = browser.get(&format!("{document}/signed.pdf")).await;
    let length: usize = answer.headers()[CONTENT_LENGTH].to_str().unwrap().parse().unwrap();
    let file = answer.bytes().await.unwrap();
    assert!(file.starts_with(&twice) && file.len() > twice.len());
    assert_eq!(length, file.len());
}

#[tokio::test]
async fn a_token_that_fills_no_usual_place_is_given_a_larger_one() {
    let authority = Authority::wrong(TimeStampQuirk::Bulky);
    let server = TestServer::configured(asking(&[&authority])).await;
    let (browser, document, session) = completed(&server).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, false)], "no completion waits for room");
    until_stamped(&browser, &session).await;
    let expected = [(SignatureKind::Pades, true), (SignatureKind::DocumentTimeStamp, true)];
    assert_eq!(signatures(&browser, &document).await, expected);
    let asked = authority.questions();
    server.clock.put_forward(Duration::from_secs(3600));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(authority.questions(), asked, "and nobody is asked again");
}

#[tokio::test]
async fn a_document_whose_lifetime_has_ended_gets_no_time_stamp() {
    let authority = Authority::wrong(TimeStampQuirk::Busy);
    let server = TestServer::configured(asking(&[&authority])).await;
    let (browser, document, _) = completed(&server).await;
    authority.mend();
    server.clock.put_forward(Duration::from_secs(25 * 3600));
    let (later, another, session) = completed(&server).await;
    until_stamped(&later, &session).await;
    assert_eq!(browser.get(&document).await.status(), 404);
    assert_eq!(signatures(&later, &another).await, [(SignatureKind::Pades, true)]);
    assert_eq!(authority.questions(), 2, "for its completion, and for the other document's");
}

#[tokio::test]
async fn of_a_document_that_its_owner_deletes_no_stamp_is_owed() {
    let authority = Authority::wrong(TimeStampQuirk::Busy);
    let server = TestServer::configured(asking(&[&authority])).await;
    let (browser, document, _) = completed(&server).await;
    browser.post_sure(&format!("{document}/delete")).await;
    authority.mend();
    server.clock.put_forward(Duration::from_secs(31));
    let (browser, document, session) = completed(&server).await;
    until_stamped(&browser, &session).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
    assert_eq!(authority.questions(), 2);
}

#[tokio::test]
async fn a_server_that_stops_while_an_authority_is_silent_completes_without_it() {
    let authority = Authority::wrong(TimeStampQuirk::Silent);
    let services = vec![service(&authority.address)];
    let mut server = TestServer::configured(|configuration| {
        configuration.time_stamp_authorities = services;
        configuration.time_stamp_seconds = 60.try_into().unwrap();
    })
    .await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.sign().await;
    until(|| async { authority.questions() == 1 }).await;
    let begun = Instant::now();
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(15));
}

fn asking(authorities: &[&Authority]) -> impl FnOnce(&mut Configuration) + use<> {
    let services: Vec<_> = authorities.iter().map(|authority| service(&authority.address)).collect();
    move |configuration| {
        configuration.time_stamp_authorities = services;
        configuration.time_stamp_seconds = 1.try_into().unwrap();
    }
}

fn service(text: &str) -> TimeStampService {
    TimeStampService::parse(text).unwrap()
}

async fn completed(server: &TestServer) -> (Browser, String, String) {
    let browser = server.browser();
    let (document, session) = signed_on(&browser).await;
    (browser, document, session)
}

async fn signed_on(browser: &Browser) -> (String, String) {
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.sign().await;
    browser.wait_for(&session, "completed").await;
    (document, session)
}

async fn until_stamped(browser: &Browser, session: &str) {
    until(|| async { !text(browser, &format!("{session}?lang=en")).await.contains(PENDING_EN) }).await;
}

async fn until<F: Future<Output = bool>>(is_so: impl Fn() -> F) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so().await {
        assert!(Instant::now() < end, "it never came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn text(browser: &Browser, path: &str) -> String {
    browser.get(path).await.text().await.unwrap()
}

/// Each signature of the download, and whether its time is proven; all hold.
async fn signatures(browser: &Browser, document: &str) -> Vec<(SignatureKind, bool)> {
    let file = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    let found = signatures_of(&file);
    let told = |signature: &SignatureVerdict| {
        assert_eq!(signature.state, VerdictState::ValidInPart);
        (signature.kind, signature.proven_time.is_some())
    };
    found.iter().map(told).collect()
}

const PENDING_JA: &str = "時刻認証局の答えがまだないため";
const PENDING_EN: &str = "has not answered yet and is asked again";
const PROVEN_EN: &str = "Time proven by a time stamp</dt>";
