//! What becomes of a result: taken once, checked, and never lost.

use std::time::Duration;

use wire::{ProblemCode, RefusalKind, RejectReason, SigningResult};

use crate::support::phone::problem;
use crate::support::{Browser, Phone, TestServer, pdf};

#[tokio::test]
async fn a_signed_result_turns_the_page_and_gives_a_document_that_holds() {
    let server = TestServer::start().await;
    let (browser, document, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.sign().await;
    let state = browser.wait_for(&session, "completed").await;
    assert_eq!(state["verdict"], "valid_in_part", "revocation is not asked");
    let answer = browser.get(&format!("{document}/signed.pdf")).await;
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.contains("filename*=UTF-8''%E5%A5%91%E7%B4%84%E6%9B%B8"), "{disposition}");
    let signed = answer.bytes().await.unwrap();
    let original = browser.get(&format!("{document}/original.pdf")).await.bytes().await.unwrap();
    assert!(signed.starts_with(&original), "the dropped bytes are an untouched prefix");
    let outcome = phone.wait_for_outcome().await;
    assert!(outcome.contains("completed"), "{outcome}");
}

#[tokio::test]
async fn the_page_says_why_a_check_was_not_made() {
    let server = TestServer::start().await;
    let (browser, _, session) = waiting(&server).await;
    Phone::at(&browser, &session).await.sign().await;
    browser.wait_for(&session, "completed").await;
    for (language, reason) in [
        ("ja", "マイナンバーカードの証明書は、認定を受けた者だけが照会できます"),
        ("en", "about a My Number card only registered verifiers may"),
    ] {
        let page = browser.get(&format!("{session}?lang={language}")).await.text().await.unwrap();
        assert!(page.contains(reason), "{language}");
    }
}

#[tokio::test]
async fn the_same_result_again_is_the_same_result_and_other_bytes_are_refused() {
    let server = TestServer::start().await;
    let (browser, _, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.sign().await;
    browser.wait_for(&session, "completed").await;
    assert_eq!(phone.deliver(&result).await.status(), 202);
    let other = SigningResult { touches: 2, ..result };
    assert_eq!(problem(phone.deliver(&other).await).await, (409, ProblemCode::DifferentResult));
}

#[tokio::test]
async fn the_same_result_many_times_at_once_is_taken_once() {
    let server = TestServer::start().await;
    let (browser, _, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    let other = SigningResult { touches: 2, ..result.clone() };
    let posts = (0..8).map(|index| phone.deliver(if index % 2 == 0 { &result } else { &other }));
    let answers = futures::future::join_all(posts).await;
    let taken = answers.iter().filter(|answer| answer.status() == 202).count();
    let refused = answers.iter().filter(|answer| answer.status() == 409).count();
    assert_eq!((taken, refused), (4, 4));
    browser.wait_for(&session, "completed").await;
}

#[tokio::test]
async fn a_result_after_the_deadline_is_refused() {
    let server = TestServer::start().await;
    let (browser, _, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    server.clock.put_forward(Duration::from_secs(601));
    assert_eq!(problem(phone.deliver(&result).await).await, (410, ProblemCode::Expired));
    let state = browser.wait_for(&session, "ended").await;
    assert_eq!(state["reason"], "expired");
}

#[tokio::test]
async fn a_result_without_begin_is_refused() {
    let server = TestServer::start().await;
    let (browser, _, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    let result = phone.signed().await;
    assert_eq!(problem(phone.deliver(&result).await).await, (409, ProblemCode::WrongState));
}

#[tokio::test]
async fn the_result_of_another_session_is_rejected_even_where_the_same_file_was_dropped() {
    let server = TestServer::start().await;
    let (other_browser, _, other_session) = waiting(&server).await;
    let (browser, _, session) = waiting(&server).await;
    let foreign = Phone::at(&other_browser, &other_session).await.sign().await;
    let phone = Phone::at(&browser, &session).await;
    phone.up_to_the_card().await;
    assert_eq!(phone.deliver(&foreign).await.status(), 202);
    assert_eq!(reason_of_rejection(&browser, &session).await, RejectReason::AttributesInvalid.code());
}

#[tokio::test]
async fn what_was_sealed_for_another_session_does_not_open() {
    let server = TestServer::start().await;
    let (other_browser, _, other_session) = waiting(&server).await;
    let other = Phone::at(&other_browser, &other_session).await;
    let sealed = other.seal(&other.up_to_the_card().await).await;
    let (browser, document, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.up_to_the_card().await;
    assert_eq!(phone.deliver_sealed(&sealed).await.status(), 202);
    assert_eq!(reason_of_rejection(&browser, &session).await, RejectReason::SignatureInvalid.code());
    assert_eq!(browser.get(&format!("{document}/signed.pdf")).await.status(), 409);
}

#[tokio::test]
async fn a_result_for_more_documents_than_were_asked_for_is_rejected() {
    let rejected = rejection_of(|result| result.documents.push(result.documents[0].clone())).await;
    assert_eq!(rejected, RejectReason::AttributesInvalid.code());
}

#[tokio::test]
async fn a_signature_that_does_not_fit_the_certificate_is_rejected() {
    let rejected = rejection_of(|result| result.documents[0].signature[17] ^= 1).await;
    assert_eq!(rejected, RejectReason::SignatureInvalid.code());
}

#[tokio::test]
async fn attributes_with_one_byte_changed_are_rejected() {
    let rejected = rejection_of(|result| result.documents[0].signed_attributes[9] ^= 1).await;
    assert_eq!(rejected, RejectReason::AttributesInvalid.code());
}

#[tokio::test]
async fn a_result_without_a_consent_is_rejected() {
    let rejected = rejection_of(|result| drop(result.consents.pop())).await;
    assert_eq!(rejected, RejectReason::ConsentMissing.code());
}

#[tokio::test]
async fn a_card_of_an_authority_that_nobody_trusts_is_rejected() {
    let server = TestServer::configured(|configuration| configuration.trust = Default::default()).await;
    let (browser, _, session) = waiting(&server).await;
    Phone::at(&browser, &session).await.sign().await;
    assert_eq!(reason_of_rejection(&browser, &session).await, RejectReason::CertificateUntrusted.code());
}

#[tokio::test]
async fn a_card_of_somebody_else_than_declared_is_rejected() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let answer = browser.send_file("a.pdf", pdf(1), "見本太郎").await;
    let document = crate::support::browser::leads_to(answer).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.sign().await;
    assert_eq!(reason_of_rejection(&browser, &session).await, RejectReason::OtherSigner.code());
}

#[tokio::test]
async fn after_a_rejection_the_same_document_can_be_signed_again() {
    let server = TestServer::start().await;
    let (browser, document, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    let mut result = phone.up_to_the_card().await;
    result.documents[0].signature[17] ^= 1;
    phone.deliver(&result).await;
    browser.wait_for(&session, "rejected").await;
    let again = browser.press_next(&document).await;
    assert_ne!(again, session);
    Phone::at(&browser, &again).await.sign().await;
    browser.wait_for(&again, "completed").await;
}

#[tokio::test]
async fn a_refusal_ends_the_session_and_says_why() {
    let server = TestServer::start().await;
    let (browser, _, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.meet().await;
    assert_eq!(phone.refuse(RefusalKind::Declined).await.status(), 202);
    assert_eq!(phone.refuse(RefusalKind::Declined).await.status(), 202, "the same refusal again is the same refusal");
    assert_eq!(browser.wait_for(&session, "ended").await["reason"], "declined");
}

async fn rejection_of(change: impl FnOnce(&mut SigningResult)) -> String {
    let server = TestServer::start().await;
    let (browser, _, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    let mut result = phone.up_to_the_card().await;
    change(&mut result);
    assert_eq!(phone.deliver(&result).await.status(), 202);
    reason_of_rejection(&browser, &session).await
}

async fn reason_of_rejection(browser: &Browser, session: &str) -> String {
    browser.wait_for(session, "rejected").await["reason"].as_str().unwrap().to_owned()
}

async fn waiting(server: &TestServer) -> (Browser, String, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    (browser, document, session)
}
