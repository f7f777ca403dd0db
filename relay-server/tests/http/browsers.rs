//! What every answer to a browser carries, and how a page learns of a change.

use std::time::Duration;

use reqwest::header::LOCATION;

use crate::support::scanner::MovingPage;
use crate::support::{Phone, TestServer, pdf};

#[tokio::test]
async fn every_page_forbids_what_it_does_not_need() {
    let server = TestServer::start().await;
    for path in ["/", "/help", "/s", "/nowhere", "/documents/AAAA", "/healthz"] {
        let answer = server.browser().get(path).await;
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "or some browsers name no origin in our own forms");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert!(headers.contains_key("permissions-policy") && headers.contains_key("cross-origin-opener-policy"));
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_get_a_page_that_helps() {
    let server = TestServer::start().await;
    let browser = server.browser();
    assert_eq!(browser.get("/nowhere").await.status(), 404);
    assert_eq!(browser.post("/help").await.status(), 405);
    let page = browser.get("/nowhere").await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(!page.text().await.unwrap().is_empty());
}

#[tokio::test]
async fn whoever_comes_by_another_name_of_this_machine_is_led_to_the_one_that_cookies_belong_to() {
    let server = TestServer::start().await;
    let other = server.origin.replace("127.0.0.1", "localhost");
    let answer = crate::support::Browser::at(&other).get("/help?lang=en").await;
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.headers()[LOCATION].to_str().unwrap(), format!("{}/help?lang=en", server.origin));
}

#[tokio::test]
async fn without_all_consents_no_session_begins() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let form = "application/x-www-form-urlencoded";
    let request = browser.request(&format!("{document}/sessions")).header("Content-Type", form).body("contents=yes&terms=yes");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.headers().get(LOCATION).is_none());
}

#[tokio::test]
async fn pressing_next_again_replaces_the_session_and_leads_on_from_the_old_page() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let first = browser.press_next(&document).await;
    let second = browser.press_next(&document).await;
    assert_eq!(browser.state(&first).await["reason"], "replaced");
    assert_eq!(browser.state(&second).await["state"], "waiting");
    let newer = second.rsplit('/').next().unwrap();
    assert!(browser.get(&first).await.text().await.unwrap().contains(newer));
}

#[tokio::test]
async fn a_session_with_a_result_is_neither_replaced_nor_cancelled() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.sign().await;
    browser.wait_for(&session, "completed").await;
    for path in [format!("{session}/replace"), format!("{session}/cancel")] {
        assert_eq!(browser.post(&path).await.headers()[LOCATION], session.as_str());
    }
    assert_eq!(browser.press_next(&document).await, session);
    assert_eq!(browser.state(&session).await["state"], "completed");
}

#[tokio::test]
async fn events_carry_numbers_and_resume_after_the_last_one_seen() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let page = MovingPage::of(&browser, &session).await;
    let mut events = page.listen("0").await;
    let first = next_event(&mut events).await;
    assert!(first.contains("id: 1") && first.contains("\"waiting\""), "{first}");
    let phone = Phone::at(&browser, &session).await;
    phone.claim().await;
    let second = next_event(&mut events).await;
    assert!(!second.contains("id: 1\n") && second.contains("\"claimed\""), "{second}");
    let number = second.lines().next().unwrap();
    let mut resumed = page.listen("1").await;
    let again = next_event(&mut resumed).await;
    assert!(again.starts_with(number) && again.contains("\"claimed\""), "{again}");
}

#[tokio::test]
async fn a_page_is_told_of_the_expiry() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let page = MovingPage::of(&browser, &session).await;
    let mut events = page.listen("0").await;
    next_event(&mut events).await;
    server.clock.put_forward(Duration::from_secs(600));
    let told = next_event(&mut events).await;
    assert!(told.contains("\"ended\""), "{told}");
    assert_eq!(browser.state(&session).await["reason"], "expired");
}

#[tokio::test]
async fn an_unchanged_state_is_not_sent_again() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let path = format!("{session}/state");
    let tag = browser.get(&path).await.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(browser.get_if_changed(&path, &tag).await.status(), 304);
    browser.post(&format!("{session}/cancel")).await;
    assert_eq!(browser.get_if_changed(&path, &tag).await.status(), 200);
}

#[tokio::test]
async fn a_chosen_language_is_remembered() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let cookie = browser.get("/?lang=en").await.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("kazasu_lang=en; "), "{cookie}");
    let page = browser.get("/help").await.text().await.unwrap();
    assert!(page.contains("lang=\"en\""));
}

#[tokio::test]
async fn operators_see_health_readiness_and_numbers() {
    let server = TestServer::start().await;
    let browser = server.browser();
    browser.drop_pdf(pdf(1)).await;
    assert_eq!(browser.get("/healthz").await.text().await.unwrap(), "ok");
    assert_eq!(browser.get("/readyz").await.status(), 200);
    let numbers = browser.get("/metrics").await.text().await.unwrap();
    assert!(numbers.contains("kazasu_documents_dropped_total"), "{numbers}");
    assert!(numbers.contains("kazasu_http_answers_total{route=\"/documents\",status=\"303\"}"), "{numbers}");
}

#[tokio::test]
async fn a_server_that_stops_ends_the_streams_of_those_who_wait() {
    let mut server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let page = MovingPage::of(&browser, &session).await;
    let mut events = page.listen("0").await;
    next_event(&mut events).await;
    tokio::time::timeout(Duration::from_secs(5), server.stop()).await.expect("nobody holds the server up");
    assert!(events.chunk().await.unwrap_or(None).is_none());
}

async fn next_event(events: &mut reqwest::Response) -> String {
    let waited = tokio::time::timeout(Duration::from_secs(10), events.chunk()).await;
    String::from_utf8(waited.expect("an event in time").unwrap().expect("an open stream").to_vec()).unwrap()
}
