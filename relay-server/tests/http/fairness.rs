//! What one caller may take of the server's time and room, so that something is left for the others.

use wire::RejectReason;

use crate::support::{Phone, TestServer, pdf, pdf_that_is_slow_to_draw, pdf_with_many_revisions};

#[tokio::test]
async fn nobody_without_a_trusted_certificate_makes_the_server_look_at_the_document() {
    let server = TestServer::configured(|configuration| configuration.trust = Default::default()).await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
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

#[tokio::test]
async fn an_address_over_its_limit_is_told_so_before_anything_costly_is_done() {
    let server = TestServer::configured(|configuration| configuration.refused_calls_per_minute = 1.try_into().unwrap()).await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    assert_eq!(browser.send_file("a.pdf", b"no pdf".to_vec(), "").await.status(), 415);
    assert_eq!(browser.send_file("a.pdf", b"no pdf".to_vec(), "").await.status(), 429, "counted, and now over");
    let refused = browser.send_file("a.pdf", pdf(1), "").await;
    assert_eq!(refused.status(), 429, "not even a good one is read");
    assert_eq!(refused.headers()["retry-after"], "60");
    assert_eq!(browser.get(&format!("{document}/pages/1.png?w=720")).await.status(), 429);
    assert_eq!(browser.get(&document).await.status(), 200, "what costs little is answered");
}

#[tokio::test]
async fn open_sessions_are_counted_with_what_they_may_bring() {
    let server = TestServer::configured(|configuration| {
        configuration.max_pdf_mib = 1.try_into().unwrap();
        configuration.quota_mib = 4.try_into().unwrap();
    })
    .await;
    let mut opened = 0;
    for _ in 0..30 {
        let browser = server.browser();
        let document = browser.drop_pdf_if_taken(pdf(1)).await;
        let Some(document) = document else { break };
        if browser.press_next_for_answer(&document).await.status() != 303 {
            break;
        }
        opened += 1;
    }
    assert!((8..16).contains(&opened), "{opened} sessions of up to a quarter MiB in 4 MiB");
}

#[tokio::test]
async fn of_one_document_only_the_newest_sessions_are_kept() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let first = browser.press_next(&document).await;
    let mut newest = first.clone();
    for _ in 0..25 {
        newest = browser.press_next(&document).await;
    }
    assert_eq!(browser.get(&first).await.status(), 404);
    assert_eq!(browser.state(&newest).await["state"], "waiting");
    let cookies = browser.cookies();
    assert_eq!(cookies.matches("kazasu-s-").count(), 1, "no cookie outlives its use: {cookies}");
}

#[tokio::test]
async fn uploads_go_on_while_slow_pages_are_drawn() {
    let server = TestServer::start().await;
    let mut drawings = Vec::new();
    for _ in 0..10 {
        let browser = server.browser();
        let document = browser.drop_pdf(pdf_that_is_slow_to_draw()).await;
        drawings.push(tokio::spawn(async move { browser.get(&format!("{document}/pages/1.png?w=1440")).await }));
    }
    server.browser().drop_pdf(pdf(1)).await;
    let waiting = drawings.iter().filter(|drawing| !drawing.is_finished()).count();
    assert!(waiting > 5, "the drop has not waited for them: {waiting}");
    drawings.iter().for_each(tokio::task::JoinHandle::abort);
}
