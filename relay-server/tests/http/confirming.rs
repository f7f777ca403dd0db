//! How page and phone come to belong together: six digits, or the return of a launch, and nothing in place of another.

use wire::{ProblemCode, ReturnValue};

use crate::support::browser::leads_to;
use crate::support::phone::problem;
use crate::support::{Browser, Phone, Program, TestServer, pdf};

#[tokio::test]
async fn two_wrong_numbers_are_told_and_the_third_ends_the_session() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.meet().await;
    browser.wait_for(&session, "numbered").await;
    for wrong_numbers in 1..=2 {
        assert_eq!(leads_to(browser.type_number(&session, &other_than(&phone.number().await)).await).await, session);
        let state = browser.state(&session).await;
        assert_eq!((&state["state"], &state["wrong_numbers"]), (&"numbered".into(), &wrong_numbers.into()));
    }
    browser.type_number(&session, &other_than(&phone.number().await)).await;
    assert_eq!(browser.wait_for(&session, "ended").await["reason"], "wrong_numbers");
    assert_eq!(problem(phone.get("request").await).await, (410, ProblemCode::TooManyNumbers));
    browser.type_number(&session, &phone.number().await).await;
    assert_eq!(browser.state(&session).await["state"], "ended", "the right one comes too late");
}

#[tokio::test]
async fn wrong_numbers_are_not_forgotten_by_a_server_that_is_killed_between_them() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    phone.meet().await;
    let wrong = other_than(&phone.number().await);
    let mut program = program;
    for _ in 0..3 {
        browser.type_number(&session, &wrong).await;
        program.kill();
        program = Program::start(folder.path(), &listen);
    }
    assert_eq!(browser.wait_for(&session, "ended").await["reason"], "wrong_numbers");
    phone.scanner.wait_for("ended").await;
    assert!(program.stop());
}

#[tokio::test]
async fn what_is_no_number_is_told_and_not_counted_and_no_digit_stands_in_an_address() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.meet().await;
    browser.wait_for(&session, "numbered").await;
    for typed in ["", "12345", "1234567", "12345a", "１２３４５"] {
        let told = leads_to(browser.type_number(&session, typed).await).await;
        assert_eq!(told, format!("{session}?number=format"), "{typed}");
    }
    assert_eq!(browser.state(&session).await["wrong_numbers"], 0);
    let widened: String = phone.number().await.chars().map(|digit| wide(digit).unwrap_or('－')).collect();
    assert_eq!(leads_to(browser.type_number(&session, &widened).await).await, session);
    browser.wait_for(&session, "matched").await;
}

#[tokio::test]
async fn numbers_that_are_typed_at_the_same_moment_are_counted_one_by_one() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.meet().await;
    browser.wait_for(&session, "numbered").await;
    let number = phone.number().await;
    let guesses: Vec<String> =
        (0..30).map(|guess| format!("{guess:06}")).filter(|guess| *guess != number.replace(' ', "")).collect();
    futures::future::join_all(guesses.iter().map(|guess| browser.type_number(&session, guess))).await;
    let state = browser.state(&session).await;
    assert_eq!((&state["reason"], &state["wrong_numbers"]), (&"wrong_numbers".into(), &3.into()));
}

#[tokio::test]
async fn nothing_is_fetched_before_page_and_phone_belong_together() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = Phone::at(&browser, &session).await;
    phone.meet().await;
    for path in ["request", "documents/0"] {
        assert_eq!(phone.get(path).await.status(), 204, "{path}");
    }
    assert_eq!(problem(phone.begin().await).await, (409, ProblemCode::WrongState));
}

#[tokio::test]
async fn a_launch_is_confirmed_by_its_return_and_by_no_number() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = launched(&browser, &session).await;
    browser.wait_for(&session, "numbered").await;
    browser.type_number(&session, &phone.number().await).await;
    assert_eq!(browser.state(&session).await["state"], "numbered", "a launch has no digits");
    assert_eq!(browser.state(&session).await["wrong_numbers"], 0);
    let value = value_of(&phone).await;
    let page = browser.post_field("/return", "value", &value).await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains(&format!("{session}/return")), "one press of 続ける");
    assert_eq!(browser.state(&session).await["state"], "numbered", "it does not count before that");
    assert_eq!(leads_to(browser.post_field(&format!("{session}/return"), "value", &value).await).await, session);
    phone.scanner.wait_for("matched").await;
    assert_eq!(leads_to(browser.post_field(&format!("{session}/return"), "value", &value).await).await, session, "twice is once");
    let result = phone.signed().await;
    phone.begin().await;
    phone.deliver(&result).await;
    browser.wait_for(&session, "completed").await;
}

#[tokio::test]
async fn a_return_without_the_cookie_of_the_browser_that_launched_shows_no_field() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = launched(&browser, &session).await;
    browser.wait_for(&session, "numbered").await;
    let value = value_of(&phone).await;
    let stranger = server.browser();
    for value in [value.as_str(), "AAAA", ""] {
        let page = stranger.post_field("/return", "value", value).await;
        assert_eq!(page.status(), 404);
        let page = page.text().await.unwrap();
        assert!(page.contains("E-QR-15") && !page.contains("<form") && !page.contains("<input"), "{value}");
    }
    assert_eq!(stranger.post_field(&format!("{session}/return"), "value", &value).await.status(), 404);
    assert_eq!(browser.state(&session).await["state"], "numbered");
}

#[tokio::test]
async fn the_cookie_of_the_document_alone_confirms_nothing() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let survivor = browser.with_the_cookies_of_now();
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    phone.meet().await;
    browser.wait_for(&session, "numbered").await;
    assert_eq!(survivor.type_number(&session, &phone.number().await).await.status(), 404);
    for path in ["launch", "copied", "qr", "return"] {
        assert_eq!(survivor.post(&format!("{session}/{path}")).await.status(), 404, "{path}");
    }
    assert_eq!(browser.state(&session).await["state"], "numbered");
}

#[tokio::test]
async fn the_return_of_another_session_or_of_another_kind_of_link_is_refused() {
    let server = TestServer::start().await;
    let (browser, session) = waiting(&server).await;
    let phone = launched(&browser, &session).await;
    let (other_browser, other_session) = waiting(&server).await;
    let other = launched(&other_browser, &other_session).await;
    browser.wait_for(&session, "numbered").await;
    other_browser.wait_for(&other_session, "numbered").await;
    let foreign = value_of(&other).await;
    assert_eq!(browser.post_field("/return", "value", &foreign).await.status(), 404, "no cookie of that session");
    assert_eq!(browser.post_field(&format!("{session}/return"), "value", &foreign).await.status(), 409);
    let mine = ReturnValue::parse(&value_of(&phone).await).unwrap();
    assert!(mine.session() != ReturnValue::parse(&foreign).unwrap().session());
    let (scanning, scanned) = waiting(&server).await;
    let by_qr = Phone::at(&scanning, &scanned).await;
    by_qr.meet().await;
    scanning.wait_for(&scanned, "numbered").await;
    let value = value_of(&by_qr).await;
    assert_eq!(leads_to(scanning.post_field("/return", "value", &value).await).await, scanned, "nothing to confirm there");
    assert_eq!(scanning.post_field(&format!("{scanned}/return"), "value", &value).await.status(), 409);
    for (browser, session) in [(&browser, &session), (&scanning, &scanned)] {
        assert_eq!(browser.state(session).await["state"], "numbered");
    }
}

#[tokio::test]
async fn the_page_of_the_return_is_the_same_for_everybody_and_reads_no_address() {
    let server = TestServer::start().await;
    let page = server.browser().get("/return").await;
    assert_eq!(page.status(), 200);
    assert!(!page.headers().contains_key("set-cookie"));
    let page = page.text().await.unwrap();
    assert!(page.contains("return.") && page.contains("<noscript"));
}

/// A phone that opened the link of 「アプリを起動する」, up to the state in which page and phone meet.
async fn launched(browser: &Browser, session: &str) -> Phone {
    assert_eq!(leads_to(browser.post(&format!("{session}/launch")).await).await, session);
    let phone = Phone::with(browser.ticket_link(session).await, browser, session);
    phone.meet().await;
    phone
}

/// What stands behind the `#` of the address that the app opens.
async fn value_of(phone: &Phone) -> String {
    let origin = wire::Origin::parse("https://bank.example").unwrap();
    phone.keys().await.return_value.address(&origin).split_once('#').unwrap().1.to_owned()
}

fn other_than(number: &str) -> String {
    if number == "000 000" { "000 001" } else { "000 000" }.to_owned()
}

fn wide(digit: char) -> Option<char> {
    char::from_u32(u32::from('０') + digit.to_digit(10)?)
}

async fn waiting(server: &TestServer) -> (Browser, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    (browser, session)
}
