//! 準備チェック, whole: a browser, a phone, and what goes between them.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use serde_json::Value;
use wire::{AnswerProblem, OriginKeys, PhoneKey, RefusalKind, ServiceKey, Step, VersionOne};

use crate::support::browser::leads_to;
use crate::support::scanner::{MovingPage, Scanner, good_report};
use crate::support::{Browser, TestServer, pdf};

pub(super) async fn open(browser: &Browser) -> String {
    leads_to(browser.post("/rehearsals").await).await
}

async fn open_for(browser: &Browser, document: &str) -> reqwest::Response {
    let id = document.rsplit_once('/').unwrap().1;
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let request = browser.request("/rehearsals").header(form[0].0, form[0].1);
    request.body(format!("document={id}")).send().await.unwrap()
}

pub(super) async fn scanned(browser: &Browser, path: &str) -> Scanner {
    Scanner::with(MovingPage::of(browser, path).await.link().await)
}

pub(super) async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(&format!("{path}?lang=en")).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

#[tokio::test]
async fn the_six_lines_of_a_phone_stand_on_the_page_and_lead_back_to_the_document() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let path = leads_to(open_for(&browser, &document).await).await;
    assert_eq!(browser.state(&path).await["state"], "waiting");
    let phone = scanned(&browser, &path).await;
    let side = phone.up_to_the_card().await;
    assert_eq!(browser.state(&path).await["state"], "numbered");
    let sealed = side.rehearsal.seal(rand::random(), &good_report());
    assert_eq!(phone.report(&sealed).await.status(), 202);
    browser.wait_for(&path, "completed").await;
    let page = page(&browser, &path).await;
    assert_eq!(page.matches("class=\"report-mark\">Ready<").count(), 6);
    assert!(page.contains(&format!("{document}?step=prepare")));
    phone.wait_for("completed").await;
}

#[tokio::test]
async fn a_frame_is_good_for_a_moment_and_for_its_own_session() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let (path, other) = (open(&browser).await, open(&browser).await);
    let (page, other) = (MovingPage::of(&browser, &path).await, MovingPage::of(&browser, &other).await);
    let old = page.link().await;
    server.clock.put_forward(Duration::from_secs(6));
    assert_eq!(problem(Scanner::with(old).claim().await, 403).await, "stale_frame");
    let foreign = wire::Link { session: page.session, ..other.link().await };
    assert_eq!(problem(Scanner::with(foreign).claim().await, 403).await, "forged_frame");
    let early = page.link_at(Step::from_number(200));
    assert_eq!(problem(Scanner::with(early).claim().await, 403).await, "future_frame");
    assert_eq!(browser.state(&path).await["state"], "waiting", "nothing was used up");
}

#[tokio::test]
async fn a_second_phone_is_turned_away_and_the_page_says_so() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let path = open(&browser).await;
    let (first, second) = (scanned(&browser, &path).await, scanned(&browser, &path).await);
    assert_eq!(first.claim().await.status(), 202);
    assert_eq!(problem(second.claim().await, 409).await, "already_claimed");
    assert_eq!(browser.state(&path).await["second_device"], true);
    let page = page(&browser, &path).await;
    assert!(page.contains("id=\"second-device\" role=\"alert\">"), "not hidden");
}

#[tokio::test]
async fn a_reveal_that_does_not_fit_ends_the_session_for_both() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let path = open(&browser).await;
    let phone = scanned(&browser, &path).await;
    phone.claim().await;
    let (mut reveal, _) = phone.agree().await;
    reveal.phone_key = PhoneKey::from_bytes([9; 32]);
    assert_eq!(phone.reveal(&reveal).await.status(), 204, "the relay cannot tell");
    browser.wait_for(&path, "ended").await;
    assert!(page(&browser, &path).await.contains("E-QR-16"));
    phone.wait_for("ended").await;
}

#[tokio::test]
async fn a_report_that_this_phone_did_not_seal_is_not_shown() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let (path, other) = (open(&browser).await, open(&browser).await);
    let (phone, stranger) = (scanned(&browser, &path).await, scanned(&browser, &other).await);
    phone.up_to_the_card().await;
    let foreign = stranger.up_to_the_card().await.rehearsal.seal(rand::random(), &good_report());
    assert_eq!(phone.report(&foreign).await.status(), 202, "the relay cannot tell");
    browser.wait_for(&path, "ended").await;
    let shown = page(&browser, &path).await;
    assert!(shown.contains("E-QR-16") && !shown.contains("report-mark"));
    assert_eq!(browser.state(&other).await["state"], "numbered", "the other session is untouched");
}

#[tokio::test]
async fn one_report_counts_and_the_same_again_changes_nothing() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let path = open(&browser).await;
    let phone = scanned(&browser, &path).await;
    let side = phone.up_to_the_card().await;
    let sealed = side.rehearsal.seal(rand::random(), &good_report());
    assert_eq!(phone.report(&sealed).await.status(), 202);
    assert_eq!(phone.report(&sealed).await.status(), 202);
    assert_eq!(problem(phone.report(&[7; 64]).await, 409).await, "different_result");
    browser.wait_for(&path, "completed").await;
    assert_eq!(phone.report(&sealed).await.status(), 202, "a phone that got no answer asks again");
}

#[tokio::test]
async fn a_person_who_declines_on_the_phone_finds_that_on_the_page() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let path = open(&browser).await;
    let phone = scanned(&browser, &path).await;
    let refusal = wire::Refusal { version: VersionOne, kind: RefusalKind::Declined };
    let sealed = phone.up_to_the_card().await.refusal.seal(rand::random(), &refusal);
    assert_eq!(phone.put("/refusal", &sealed).await.status(), 202);
    browser.wait_for(&path, "ended").await;
    assert!(page(&browser, &path).await.contains("Stopped on the phone"));
    phone.wait_for("ended").await;
}

#[tokio::test]
async fn the_relay_learns_of_a_refusal_and_not_of_its_reason() {
    let server = TestServer::start().await;
    let browser = server.browser();
    for kind in [RefusalKind::Locked, RefusalKind::ExpiredCertificate, RefusalKind::Declined] {
        let path = open(&browser).await;
        let phone = scanned(&browser, &path).await;
        let refusal = wire::Refusal { version: VersionOne, kind };
        let sealed = phone.up_to_the_card().await.refusal.seal(rand::random(), &refusal);
        assert_eq!(phone.put("/refusal", &sealed).await.status(), 202);
        phone.wait_for("ended").await;
        let told = server.door().session(phone.link.session).await.unwrap().state;
        let refused = wire::EndReason::Refused { refusal: RefusalKind::Declined };
        assert_eq!(told, wire::SessionState::Ended { reason: refused }, "{kind:?}");
    }
}

#[tokio::test]
async fn a_swapped_service_key_or_another_phones_answer_is_not_believed() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let path = open(&browser).await;
    let phone = scanned(&browser, &path).await;
    phone.claim().await;
    let told = phone.answer().await;
    let keys = phone.key_file(&told).await;
    let mut swapped = told.answer.clone();
    swapped.service_key = ServiceKey::from_bytes([5; 32]);
    let verify = |answer| keys.verify(answer, &phone.link, &phone.end(), SystemTime::now()).map(drop);
    assert_eq!(verify(&swapped), Err(AnswerProblem::SignatureDoesNotFit));
    assert_eq!(verify(&told.answer), Ok(()));
    let stranger = scanned(&browser, &open(&browser).await).await;
    let for_another = keys.verify(&told.answer, &stranger.link, &stranger.end(), SystemTime::now());
    assert_eq!(for_another.map(drop), Err(AnswerProblem::SignatureDoesNotFit));
    assert_eq!(phone.answer().await, told, "one answer, for ever");
}

#[tokio::test]
async fn a_rehearsal_is_its_browsers_alone_and_no_get_makes_its_cookie() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let (path, stranger) = (open(&browser).await, server.browser());
    let other = open(&stranger).await;
    for path in [path.clone(), format!("{path}/state"), "/rehearsals/AAAAAAAAAAAAAAAAAAAAAA".to_owned()] {
        let answer = stranger.get(&path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(!answer.headers().contains_key("set-cookie"));
    }
    assert_eq!(stranger.post(&format!("{path}/cancel")).await.status(), 404);
    assert_eq!(stranger.post(&format!("{path}/replace")).await.status(), 404);
    let from_elsewhere = browser.bare_request("/rehearsals").header("Origin", "https://evil.example").send().await.unwrap();
    assert_eq!(from_elsewhere.status(), 403);
    assert_eq!(browser.get(&other).await.status(), 404, "the key of one session opens no other");
    let token = MovingPage::of(&browser, &path).await.report().await;
    assert_eq!(token.status(), 200);
    assert_eq!(browser.state(&path).await["state"], "waiting", "nothing has changed");
}

#[tokio::test]
async fn another_browsers_document_is_not_rehearsed_for() {
    let server = TestServer::start().await;
    let document = server.browser().drop_pdf(pdf(1)).await;
    assert_eq!(open_for(&server.browser(), &document).await.status(), 404);
}

#[tokio::test]
async fn a_new_rehearsal_of_a_document_takes_the_place_of_the_old_one_and_touches_no_signing() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let old = leads_to(open_for(&browser, &document).await).await;
    let phone = scanned(&browser, &old).await;
    phone.up_to_the_card().await;
    let new = leads_to(browser.post(&format!("{old}/replace")).await).await;
    assert_eq!(browser.state(&old).await["state"], "ended");
    assert!(page(&browser, &old).await.contains(&new), "the old tab leads to the new code");
    phone.wait_for("ended").await;
    let signing = browser.press_next(&document).await;
    assert_eq!(browser.state(&signing).await["state"], "waiting");
    assert_eq!(browser.state(&new).await["state"], "waiting");
    browser.post(&format!("{new}/cancel")).await;
    assert_eq!(browser.state(&new).await["state"], "ended");
    assert_eq!(browser.state(&signing).await["state"], "waiting");
}

#[tokio::test]
async fn its_ten_minutes_are_its_own_and_their_end_is_the_end_of_its_secrets() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let path = open(&browser).await;
    let moving = MovingPage::of(&browser, &path).await;
    let phone = Scanner::with(moving.link().await);
    phone.up_to_the_card().await;
    let stored = server.everything_stored();
    assert!(!stored.windows(32).any(|bytes| bytes == moving.secret), "sealed at rest");
    server.clock.put_forward(Duration::from_secs(601));
    assert_eq!(browser.state(&path).await["state"], "ended");
    let shown = page(&browser, &path).await;
    assert!(shown.contains("E-QR-02") && !shown.contains("data-secret") && !shown.contains("data-token"));
}

#[tokio::test]
async fn the_key_file_is_small_may_be_kept_for_half_an_hour_and_names_this_host() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let answer = browser.get(OriginKeys::PATH).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cache-control"], "public, max-age=1800");
    assert_eq!(answer.headers()["content-type"], "application/json");
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let file = OriginKeys::parse(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(file.relays.iter().map(ToString::to_string).collect::<Vec<_>>(), [server.address()]);
    assert_eq!(file.keys.len(), 1);
    assert_eq!(browser.get_if_changed(OriginKeys::PATH, &tag).await.status(), 304);
}

/// The code of a refusal.
async fn problem(answer: reqwest::Response, status: u16) -> String {
    assert_eq!(answer.status(), status);
    let told: Value = answer.json().await.unwrap();
    told["code"].as_str().unwrap().to_owned()
}
