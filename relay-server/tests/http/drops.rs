//! Which files are taken, and what is said about those that are not.

use std::time::Duration;

use crate::support::{TestServer, pdf, pdf_of_bytes};

#[tokio::test]
async fn a_pdf_is_taken_and_its_pages_are_drawn() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(2)).await;
    assert_eq!(browser.get(&document).await.status(), 200);
    for _ in 0..2 {
        let image = browser.get(&format!("{document}/pages/2.png?w=720")).await;
        assert_eq!(image.headers()["content-type"], "image/png");
        assert!(image.bytes().await.unwrap().starts_with(b"\x89PNG"));
    }
    assert_eq!(browser.get(&format!("{document}/pages/3.png?w=720")).await.status(), 404);
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused_by_name() {
    let server = TestServer::start().await;
    let encrypted = String::from_utf8(pdf(1)).unwrap().replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 9 0 R").into_bytes();
    let ambiguous = [pdf(1), b"bytes that no revision explains".to_vec()].concat();
    let truncated = pdf(1)[..300].to_vec();
    for (bytes, code, title) in [
        (Vec::new(), "E-PDF-01", "ファイルが空です"),
        (b"not a PDF at all, only a letter".to_vec(), "E-PDF-01", "PDFとして読めません"),
        (truncated, "E-PDF-01", "PDFが壊れているか、途中で切れています"),
        (encrypted, "E-PDF-02", "暗号化されたPDFです"),
        (pdf(0), "E-PDF-01", "ページのないPDFです"),
        (ambiguous, "E-PDF-05", "読むソフトによって違う内容に見えるおそれがあります"),
    ] {
        let answer = server.browser().send_file("a.pdf", bytes, "").await;
        assert_eq!(answer.status(), 415);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(answer.headers().get("set-cookie").is_none());
        let page = answer.text().await.unwrap();
        assert!(page.contains(code) && page.contains(title) && page.contains("署名も送信もしていません"), "{code} {title}");
    }
    assert_eq!(server.files_of_documents(), 0, "nothing of a refused file is kept");
}

#[tokio::test]
async fn limits_of_bytes_and_pages_are_kept() {
    let server = TestServer::configured(|configuration| {
        configuration.max_pdf_mib = 1.try_into().unwrap();
        configuration.max_pages = 3.try_into().unwrap();
    })
    .await;
    let browser = server.browser();
    assert_eq!(browser.send_file("a.pdf", pdf_of_bytes(900_000), "").await.status(), 303);
    assert_eq!(browser.send_file("a.pdf", pdf_of_bytes(1_100_000), "").await.status(), 413);
    assert_eq!(browser.send_file("a.pdf", pdf(3), "").await.status(), 303);
    assert_eq!(browser.send_file("a.pdf", pdf(4), "").await.status(), 413);
}

#[tokio::test]
async fn a_full_quota_refuses_the_next_document_and_a_deletion_makes_room() {
    let server = TestServer::configured(|configuration| {
        configuration.max_pdf_mib = 1.try_into().unwrap();
        configuration.quota_mib = 1.try_into().unwrap();
    })
    .await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf_of_bytes(600_000)).await;
    assert_eq!(browser.send_file("b.pdf", pdf_of_bytes(600_000), "").await.status(), 507);
    browser.post(&format!("{document}/delete")).await;
    assert_eq!(browser.send_file("b.pdf", pdf_of_bytes(600_000), "").await.status(), 303);
}

#[tokio::test]
async fn a_document_lives_as_long_as_was_said_and_no_longer() {
    let mut server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    server.clock.put_forward(Duration::from_secs(24 * 3600 - 60));
    assert_eq!(browser.get(&document).await.status(), 200);
    server.clock.put_forward(Duration::from_secs(120));
    assert_eq!(browser.get(&document).await.status(), 404);
    server.stop().await;
}

#[tokio::test]
async fn a_closed_drop_off_says_so_and_takes_nothing() {
    let server = TestServer::configured(|configuration| configuration.public_drop = false).await;
    let browser = server.browser();
    assert_eq!(browser.get("/").await.status(), 404);
    assert_eq!(browser.send_file("a.pdf", pdf(1), "").await.status(), 404);
}

#[tokio::test]
async fn a_script_is_told_where_the_document_is() {
    let server = TestServer::start().await;
    let part = reqwest::multipart::Part::bytes(pdf(1)).file_name("a.pdf");
    let form = reqwest::multipart::Form::new().part("pdf", part);
    let request = server.browser().request("/documents").header("Accept", "application/json").multipart(form);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let told: serde_json::Value = answer.json().await.unwrap();
    assert!(told["location"].as_str().unwrap().starts_with("/documents/"));
}

#[tokio::test]
async fn a_form_without_a_file_or_no_form_at_all_is_refused() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let empty = reqwest::multipart::Form::new().text("name", "x");
    assert_eq!(browser.request("/documents").multipart(empty).send().await.unwrap().status(), 400);
    assert_eq!(browser.request("/documents").body("text").send().await.unwrap().status(), 415);
}
