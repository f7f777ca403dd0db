//! What one caller may take of the server's time and room, so that something is left for the others.

use wire::RejectReason;

use crate::support::{Browser, Phone, TestServer, pdf, pdf_of_bytes, pdf_with_many_revisions};

#[tokio::test]
async fn nobody_without_a_trusted_certificate_makes_the_server_look_at_the_document() {
    let server = TestServer::configured(|configuration| configuration.trust = Default::default()).await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::with(&browser.link(&session).await);
    phone.claim().await;
    let result = phone.signed().await;
    phone.begin().await;
    let original = server.objects().join(document.trim_start_matches('/')).join("original");
    std::fs::write(&original, b"whoever reads this fails").unwrap();
    assert_eq!(phone.deliver(&result).await.status(), 202);
    let state = browser.wait_for(&session, "rejected").await;
    assert_eq!(state["reason"], RejectReason::CertificateUntrusted.code());
}

#[tokio::test]
async fn a_pdf_whose_signatures_would_take_too_long_to_check_is_refused_when_it_is_dropped() {
    let server = TestServer::start().await;
    let answer = server.browser().send_file("a.pdf", pdf_with_many_revisions(20_000, 60), "").await;
    assert_eq!(answer.status(), 413);
    let page = answer.text().await.unwrap();
    assert!(page.contains("E-PDF-03") && page.contains("PDFの作りが複雑すぎます"));
    assert_eq!(server.browser().send_file("a.pdf", pdf_with_many_revisions(200, 60), "").await.status(), 303);
}

async fn slow_document(server: &TestServer) -> (Browser, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(crate::support::pdf_that_is_slow_to_draw()).await;
    (browser, document)
}
