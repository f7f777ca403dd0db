//! Page and practice phone, each in a real Chromium: what people try before they have the app.
#![allow(clippy::unwrap_used)]

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::demo::Stage;
use end_to_end::journey::{self, COMPLETED};
use end_to_end::page::Page;
use end_to_end::practice::PracticePhone;
use fantoccini::Locator;

/// Page and phone, with the QR taken up from a picture and everything agreed to.
async fn at_the_password(width: u32, language: &str) -> (Stage, Browser, PracticePhone) {
    let stage = Stage::with_practice_phone().unwrap();
    let page = Browser::open(1280, language).await;
    journey::drop_practice_contract(&page, stage.page()).await;
    journey::press_next(&page).await;
    let phone = PracticePhone::open(stage.practice_phone().unwrap(), width, language).await;
    let number = phone.look_at(&page).await;
    page.see("#number").await;
    keep(&page, &format!("practice-{width}-{language}-1b-page")).await;
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

/// M33: who launched the app has scanned nothing, and begins at the second step.
#[tokio::test]
async fn a_launched_phone_leads_back_to_its_page_and_begins_at_the_second_step() {
    let stage = Stage::with_practice_phone().unwrap();
    for language in ["ja", "en"] {
        let page = Browser::open(390, language).await;
        journey::drop_practice_contract(&page, stage.page()).await;
        journey::press_next(&page).await;
        page.click("form[action$=launch] button").await;
        let link = page.see("#launch").await.prop("href").await.unwrap().unwrap();
        let phone = PracticePhone::open(stage.practice_phone().unwrap(), 360, language).await;
        phone.browser.see("#link").await.send_keys(&link).await.unwrap();
        phone.browser.click(".link-form button").await;
        let back = phone.browser.see("a#return").await.prop("href").await.unwrap().unwrap();
        phone.keep("1c-return").await;
        page.come_back(&back).await;
        phone.browser.see(".requester").await;
        phone.keep_window("2d-launched").await;
        tick(&phone, "seen-0").await;
        phone.browser.see("p.seen").await;
        phone.go_on().await;
        let next = phone.browser.see("ol.steps .is-next").await.text().await.unwrap();
        assert!(next.contains("STEP2"), "{next}");
        let done = phone.browser.see("ol.steps .is-done").await.text().await.unwrap();
        assert!(!done.contains("QR"), "no QR was read: {done}");
        phone.browser.close().await;
        page.close().await;
    }
}

/// B8: some of the documents are opened, the rest is signed unopened; a card that is taken away goes on where it was.
#[tokio::test]
async fn several_documents_are_signed_at_once_and_a_torn_touch_goes_on() {
    let (stage, folder) = (Stage::with_practice_phone().unwrap(), tempfile::tempdir().unwrap());
    for language in ["ja", "en"] {
        let page = Browser::open(1280, language).await;
        journey::drop_files(&page, stage.page(), &contracts(folder.path())).await;
        page.see(".document img").await;
        journey::press_next(&page).await;
        let phone = PracticePhone::open(stage.practice_phone().unwrap(), 360, language).await;
        page.type_number(&phone.look_at(&page).await).await;
        phone.browser.see(".requester").await;
        phone.keep_window("2a-several").await;
        assert!(phone.browser.page.find(Locator::Css(".actions .button.is-primary[disabled]")).await.is_ok(), "none is opened");
        assert_eq!(count(&phone, ".overview li:not(.is-seen)").await, 3);
        tick(&phone, "seen-0").await;
        phone.browser.see(".overview li.is-seen").await;
        tick(&phone, "unopened").await;
        phone.browser.see(".actions .button.is-primary:not([disabled])").await;
        phone.keep_window("2b-unopened").await;
        phone.keep("2c-all").await;
        to_the_password(&phone).await;
        phone.type_password("PRACTICE1").await;
        phone.hold("slow").await;
        until_said(&phone, if language == "ja" { "3件のうち1件" } else { "1 of 3" }).await;
        phone.keep_window("7a-first-of-three").await;
        phone.lift("slow").await;
        phone.browser.see("#screen .note.is-danger").await;
        phone.keep("7b-torn").await;
        phone.hold("slow").await;
        phone.browser.see(".seal").await;
        phone.keep("8a-three-done").await;
        page.see(COMPLETED).await;
        phone.browser.close().await;
        page.close().await;
    }
}

async fn count(phone: &PracticePhone, selector: &str) -> usize {
    phone.browser.page.find_all(Locator::Css(selector)).await.unwrap().len()
}

fn contracts(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let named = |name: &str| {
        let file = folder.join(format!("{name}.pdf"));
        std::fs::copy(journey::practice_contract(), &file).unwrap();
        file
    };
    ["売買契約書", "賃貸借契約書（202号室・普通賃貸借・更新料あり・連帯保証人つき）", "覚書"].map(named).into()
}

/// With the keyboard: what has the focus is in sight, above the buttons at the bottom. Reaching the last page may have ticked
/// it before.
async fn tick(phone: &PracticePhone, id: &str) {
    let script = "const box = document.getElementById(arguments[0]); box?.focus(); \
        return !box || box.getBoundingClientRect().bottom <= document.querySelector('.actions').getBoundingClientRect().top";
    let is_in_sight = phone.browser.page.execute(script, vec![id.into()]).await.unwrap();
    assert_eq!(is_in_sight, true, "{id} has the focus and cannot be seen");
    let press = "document.activeElement?.id === arguments[0] && document.activeElement.click()";
    phone.browser.page.execute(press, vec![id.into()]).await.unwrap();
}

async fn to_the_password(phone: &PracticePhone) {
    phone.go_on().await;
    phone.browser.see("ol.steps").await;
    phone.go_on().await;
    for index in 0..3 {
        phone.browser.click(&format!("label[for=consent-{index}]")).await;
    }
    phone.go_on().await;
    phone.browser.see("ul.items").await;
    phone.go_on().await;
}

async fn until_said(phone: &PracticePhone, words: &str) {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !phone.browser.words().await.contains(words) {
        assert!(std::time::Instant::now() < until, "{}", phone.browser.words().await);
    }
}
