//! Page and practice phone, each in a real Chromium: what people try before they have the app.
#![allow(clippy::unwrap_used)]

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::demo::Stage;
use end_to_end::journey::{self, COMPLETED};
use end_to_end::page::Page;
use end_to_end::practice::PracticePhone;

/// Page and phone, with the QR taken up from a picture and everything agreed to.
async fn at_the_password(width: u32, language: &str) -> (Stage, Browser, PracticePhone) {
    let stage = Stage::with_practice_phone().unwrap();
    let page = Browser::open(1280, language).await;
    journey::drop_practice_contract(&page, stage.page()).await;
    journey::press_next(&page).await;
    let phone = PracticePhone::open(stage.practice_phone().unwrap(), width, language).await;
    let number = phone.look_at(&page).await;
    page.type_number(&number).await;
    phone.read_and_agree().await;
    (stage, page, phone)
}

#[tokio::test]
async fn the_practice_phone_signs_from_a_picture_of_the_qr() {
    let (_stage, page, phone) = at_the_password(1280, "ja").await;
    phone.type_password("practice1").await;
    phone.browser.see("ol.dots").await;
    phone.keep("7-hold").await;
    keep(&page, "desktop-ja-4b-phone-at-work").await;
    phone.hold("good").await;
    page.see(COMPLETED).await;
    phone.browser.see(".seal").await;
    phone.keep("8-done").await;
    phone.browser.close().await;
    page.close().await;
}

#[tokio::test]
async fn a_wrong_password_costs_one_try_and_says_so() {
    let (_stage, page, phone) = at_the_password(390, "en").await;
    phone.type_password("WRONG1").await;
    phone.hold("good").await;
    phone.browser.see("form.form .note").await;
    let words = phone.browser.words().await;
    assert!(words.contains("E-PIN-03") && words.contains('4'), "{words}");
    phone.keep("9-wrong-password").await;
    phone.type_password("PRACTICE1").await;
    phone.lift("good").await;
    phone.hold("good").await;
    page.see(COMPLETED).await;
    phone.browser.close().await;
    page.close().await;
}

#[tokio::test]
async fn a_card_of_another_kind_is_named_and_nothing_is_spent() {
    let (_stage, page, phone) = at_the_password(390, "ja").await;
    phone.type_password("PRACTICE1").await;
    phone.hold("not-a-my-number-card").await;
    phone.browser.see("#screen .note.is-danger, #screen .note.is-warn").await;
    let words = phone.browser.words().await;
    assert!(words.contains("E-NFC-04"), "{words}");
    phone.keep("9-wrong-card").await;
    phone.browser.close().await;
    page.close().await;
}

#[tokio::test]
async fn a_locked_card_ends_with_the_way_to_the_office() {
    let (_stage, page, phone) = at_the_password(390, "ja").await;
    phone.type_password("PRACTICE1").await;
    phone.hold("locked").await;
    phone.browser.see("#screen .code").await;
    let words = phone.browser.words().await;
    assert!(words.contains("E-PIN-05") && words.contains("窓口"), "{words}");
    phone.keep("9-locked").await;
    page.see("#step[data-over]").await;
    keep(&page, "desktop-ja-6-refused-locked").await;
    phone.browser.close().await;
    page.close().await;
}

#[tokio::test]
async fn a_card_can_be_looked_at_before_anything_is_at_stake() {
    let stage = Stage::with_practice_phone().unwrap();
    for (width, language, card, told) in [
        (390, "ja", "good", "準備ができています"),
        (390, "en", "locked", "You cannot sign"),
        (1280, "ja", "expired", "このままでは"),
    ] {
        let phone = PracticePhone::open(stage.practice_phone().unwrap(), width, language).await;
        phone.browser.click("#screen .actions .button").await;
        phone.browser.see(".sign").await;
        phone.browser.click(&format!("[data-card='{card}'][aria-pressed=false]")).await;
        phone.browser.see("ul.rehearsal").await;
        let words = phone.browser.words().await;
        assert!(words.contains(told), "{words}");
        phone.keep(&format!("0-rehearsal-{card}")).await;
        phone.browser.close().await;
    }
}
