//! Documents and sessions belong to the browser that made them; their ids grant nothing.

use reqwest::header::{CONTENT_TYPE, ORIGIN};
use wire::Proof;

use crate::support::scanner::MovingPage;
use crate::support::{TestServer, pdf};

#[tokio::test]
async fn another_browser_finds_nothing_at_the_address_of_a_document_or_session() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let stranger = server.browser();
    for path in [
        document.clone(),
        format!("{document}/pages/1.png?w=720"),
        format!("{document}/original.pdf"),
        format!("{document}/signed.pdf"),
        session.clone(),
        format!("{session}/state"),
    ] {
        assert_eq!(stranger.get(&path).await.status(), 404, "{path}");
    }
    for path in
        [format!("{document}/sessions"), format!("{document}/delete"), format!("{session}/replace"), format!("{session}/cancel")]
    {
        assert_eq!(stranger.post(&path).await.status(), 404, "{path}");
    }
    assert_eq!(browser.state(&session).await["state"], "waiting", "nothing has changed");
}

#[tokio::test]
async fn the_key_of_one_document_opens_no_other() {
    let server = TestServer::start().await;
    let (one, other) = (server.browser(), server.browser());
    let document = one.drop_pdf(pdf(1)).await;
    let foreign = other.drop_pdf(pdf(1)).await;
    assert_eq!(other.get(&document).await.status(), 404);
    assert_eq!(one.get(&foreign).await.status(), 404);
    assert_eq!(one.get(&document).await.status(), 200);
}

#[tokio::test]
async fn a_change_is_made_only_by_a_page_of_ours() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    for (origin, site, expected) in
        [("https://evil.example", "cross-site", 403), ("null", "cross-site", 403), ("null", "same-origin", 400)]
    {
        let form = "application/x-www-form-urlencoded";
        let request = browser.bare_request(&format!("{document}/sessions"));
        let request = request.header(ORIGIN, origin).header("Sec-Fetch-Site", site).header(CONTENT_TYPE, form).body("");
        assert_eq!(request.send().await.unwrap().status(), expected, "{origin} {site}");
    }
}

#[tokio::test]
async fn the_person_who_closed_the_browser_finds_the_document_again() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let id = document.rsplit('/').next().unwrap();
    let answer = browser.send_file("b.pdf", pdf(1), "").await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("Max-Age=86400") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(browser.get("/").await.text().await.unwrap().contains(id));
    assert!(!server.browser().get("/").await.text().await.unwrap().contains(id));
}

#[tokio::test]
async fn a_deleted_document_is_gone_from_every_file() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let answer = browser.send_file("very-particular-title.pdf", pdf(1), "").await;
    let document = crate::support::browser::leads_to(answer).await;
    let session = browser.press_next(&document).await;
    assert!(contains(&server.everything_stored(), b"very-particular-title"));
    assert_eq!(browser.post(&format!("{document}/delete")).await.status(), 303);
    assert_eq!(browser.get(&document).await.status(), 404);
    assert_eq!(browser.get(&session).await.status(), 404);
    assert!(!contains(&server.everything_stored(), b"very-particular-title"));
    assert!(!contains(&server.everything_stored(), b"%PDF-"));
}

#[tokio::test]
async fn nothing_that_admits_is_stored_in_clear() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let page = MovingPage::of(&browser, &session).await;
    browser.post(&format!("{session}/copied")).await;
    let link = browser.ticket_link(&session).await;
    let Proof::Copied(ticket) = link.proof else { panic!("a copied link") };
    let stored = server.everything_stored();
    assert!(!contains(&stored, &page.secret));
    assert!(!contains(&stored, ticket.as_bytes()));
    assert!(!contains(&stored, ticket.to_base64url().as_bytes()));
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
