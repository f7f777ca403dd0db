//! A real Chromium through the whole job.
#![allow(clippy::unwrap_used)]

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::demo::Stage;
use end_to_end::journey::{self, COMPLETED, WAITING};
use end_to_end::page::Page;
use end_to_end::person::Person;
use end_to_end::phone::Phone;
use fantoccini::Locator;
use signer::Screen;
use simulator::{CardSetup, Fault, PRACTICE_PASSWORD, VirtualCard};

const DESKTOP: u32 = 1280;
const PHONE: u32 = 390;

fn good_card() -> Phone {
    Phone::with(VirtualCard::new(CardSetup::good()))
}

/// The whole job at one width; the pictures carry `name`.
async fn whole_job(width: u32, language: &str, name: &str) {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(width, language).await;
    browser.page.goto(&format!("{}/", stage.page())).await.unwrap();
    keep(&browser, &format!("{name}-1-drop")).await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    keep(&browser, &format!("{name}-2-read")).await;
    browser.click(".step a[href*='step=prepare']").await;
    browser.see("form.consents").await;
    keep(&browser, &format!("{name}-3-prepare")).await;
    browser.page.back().await.unwrap();
    journey::press_next(&browser).await;
    keep(&browser, &format!("{name}-4-qr")).await;
    let link = journey::link_on_screen(&browser).await.unwrap();
    let screen = good_card().sign(&link, PRACTICE_PASSWORD, &browser).await;
    assert!(matches!(screen, Screen::Done { .. }), "{screen:?}");
    browser.see(COMPLETED).await;
    keep(&browser, &format!("{name}-5-done")).await;
    browser.close().await;
}

#[tokio::test]
async fn the_page_turns_by_itself_on_a_desktop_in_japanese() {
    whole_job(DESKTOP, "ja", "desktop-ja").await;
}

#[tokio::test]
async fn the_page_turns_by_itself_on_a_phone_in_english() {
    whole_job(PHONE, "en", "phone-en").await;
}

#[tokio::test]
async fn a_new_qr_takes_the_place_of_the_old_one() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    let old = journey::link_on_screen(&browser).await.unwrap();
    journey::renew(&browser).await;
    browser.see(WAITING).await;
    let new = journey::link_on_screen(&browser).await.unwrap();
    assert_ne!(old, new);
    let screen = good_card().sign(&old, PRACTICE_PASSWORD, &browser).await;
    assert!(matches!(&screen, Screen::Scan { problem: Some(_) } | Screen::Failed { .. }), "{screen:?}");
    let screen = good_card().sign(&new, PRACTICE_PASSWORD, &browser).await;
    assert!(matches!(screen, Screen::Done { .. }), "{screen:?}");
    browser.see(COMPLETED).await;
    browser.close().await;
}

/// With the link that a button shows in the QR's place.
async fn signs_by(button: &str, link: &str, property: &str) {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(PHONE, "ja").await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    browser.click(button).await;
    let link = browser.see(link).await.prop(property).await.unwrap().unwrap();
    let screen = good_card().sign(&link, PRACTICE_PASSWORD, &browser).await;
    assert!(matches!(screen, Screen::Done { .. }), "{screen:?}");
    browser.see(COMPLETED).await;
    browser.close().await;
}

#[tokio::test]
async fn the_phone_that_shows_the_page_signs_and_comes_back_to_it() {
    signs_by("form[action$=launch] button", "#launch", "href").await;
}

#[tokio::test]
async fn a_copied_link_signs() {
    signs_by("form[action$=copied] button", "#link", "value").await;
}

#[tokio::test]
async fn a_wrong_password_is_told_on_the_phone_and_the_page_waits() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    let link = journey::link_on_screen(&browser).await.unwrap();
    let mut phone = good_card();
    let screen = phone.sign(&link, "WRONG1", &browser).await;
    let Screen::EnterPassword { problem: Some(problem), tries_left, .. } = screen else { panic!("{screen:?}") };
    assert_eq!(problem.code, "E-PIN-03");
    assert_eq!(tries_left, Some(4));
    assert_eq!(phone.card().counts().verifies, 1, "one password, one VERIFY");
    browser.see("#step:not([data-state=waiting])").await;
    keep(&browser, "desktop-ja-6-underway").await;
    browser.close().await;
}

#[tokio::test]
async fn a_card_lost_in_the_middle_leaves_nothing_signed_and_the_page_running() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "en").await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    let link = journey::link_on_screen(&browser).await.unwrap();
    let mut phone = Phone::with(VirtualCard::new(CardSetup::good().with_fault(Fault::tear_after_verify())));
    let screen = phone.sign(&link, PRACTICE_PASSWORD, &browser).await;
    assert!(!matches!(screen, Screen::Done { .. }), "{screen:?}");
    assert_eq!(phone.card().counts().verifies, 1);
    assert!(browser.page.find(Locator::Css(COMPLETED)).await.is_err());
    browser.close().await;
}

#[tokio::test]
async fn another_browser_finds_neither_document_nor_session() {
    let stage = Stage::new().unwrap();
    let owner = Browser::open(DESKTOP, "ja").await;
    journey::drop_practice_contract(&owner, stage.page()).await;
    let document = owner.page.current_url().await.unwrap();
    journey::press_next(&owner).await;
    let session = owner.page.current_url().await.unwrap();
    let stranger = Browser::open(DESKTOP, "ja").await;
    for (url, name) in [(document, "document"), (session, "session")] {
        stranger.page.goto(url.as_str()).await.unwrap();
        let words = stranger.words().await;
        assert!(words.contains("E-QR-15"), "{words}");
        assert!(!words.contains("practice-contract"), "{words}");
        keep(&stranger, &format!("desktop-ja-7-other-browser-{name}")).await;
    }
    stranger.close().await;
    owner.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_pdf_is_refused_with_cause_and_remedy() {
    let stage = Stage::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("見積書.pdf");
    std::fs::write(&file, b"this is not a PDF").unwrap();
    for (language, words_wanted) in [("ja", "PDF"), ("en", "PDF")] {
        let browser = Browser::open(PHONE, language).await;
        journey::drop_file(&browser, stage.page(), &file).await;
        browser.see("#problem .note").await;
        let words = browser.words().await;
        assert!(words.contains("E-PDF-01") && words.contains(words_wanted), "{words}");
        keep(&browser, &format!("phone-{language}-8-no-pdf")).await;
        browser.close().await;
    }
}

#[tokio::test]
async fn who_closed_the_browser_finds_the_result_again() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    let link = journey::link_on_screen(&browser).await.unwrap();
    let (mut phone, mut person) = (good_card(), Person::knowing(PRACTICE_PASSWORD));
    let Screen::Number { number, .. } = phone.sign_as(&mut person, &link).await else { panic!("{:?}", phone.screen()) };
    browser.type_number(&number).await;
    browser.see("#step[data-state=matched]").await;
    browser.page.goto("about:blank").await.unwrap();
    let screen = phone.go_on(&mut person).await;
    assert!(matches!(screen, Screen::Done { .. }), "{screen:?}");
    browser.page.goto(&format!("{}/", stage.page())).await.unwrap();
    browser.click(".earlier a").await;
    browser.see("a[href*='/sessions/'], a[href$='signed.pdf']").await;
    keep(&browser, "desktop-ja-9-found-again").await;
    browser.close().await;
}
