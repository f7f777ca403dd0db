//! Stopping, and starting anew.

use end_to_end::album::keep;

use super::{DESKTOP, ENDED, NUMBERED, PHONE, address, matched, numbered, scan, type_number, waiting};

#[tokio::test]
async fn who_is_asked_for_the_number_stops_with_one_press() {
    let (_stage, browser, phone) = numbered(PHONE, "en").await;
    let even = "const [on, out] = [...document.querySelectorAll('.pair.is-even .button')].map((b) => b.getBoundingClientRect()); \
        return on.width === out.width && on.height === out.height";
    assert_eq!(browser.page.execute(even, vec![]).await.unwrap(), true, "declining is as easy as going on");
    browser.click("form[action$=cancel] button").await;
    browser.see(ENDED).await;
    keep(&browser, "signing-phone-en-8-cancelled").await;
    phone.wait_for("cancelled").await;
    browser.close().await;
}

#[tokio::test]
async fn a_card_at_the_phone_is_asked_about_before_the_signing_is_cancelled() {
    let (_stage, browser, phone) = matched(DESKTOP, "ja").await;
    phone.begin().await;
    browser.see("#step[data-state=signing]").await;
    browser.click(".ask summary").await;
    browser.click(".ask button").await;
    browser.see(ENDED).await;
    let words = browser.words().await;
    assert!(words.contains("スマートフォンの表示を見てください"), "{words}");
    keep(&browser, "signing-desktop-ja-11-cancelled-late").await;
    phone.wait_for("cancelled").await;
    browser.close().await;
}

#[tokio::test]
async fn a_new_qr_takes_the_place_of_the_old_session_at_once() {
    let (_stage, browser, phone) = numbered(DESKTOP, "en").await;
    let before = address(&browser).await;
    browser.click("form[action$=replace] button").await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    assert_ne!(address(&browser).await, before);
    phone.wait_for("replaced").await;
    let newer = scan(&browser).await;
    browser.see(NUMBERED).await;
    type_number(&browser, &newer.number()).await;
    browser.see("#step[data-state=matched]").await;
    browser.close().await;
}

#[tokio::test]
async fn a_second_phone_is_turned_away_and_the_page_says_so() {
    let (_stage, browser) = waiting(DESKTOP, "en").await;
    let link = end_to_end::journey::link_on_screen(&browser).await.unwrap();
    let mut first = super::scanner::Scanner::with(&link);
    first.claim().await;
    let second = super::scanner::Scanner::with_token(&link, [8; 32]);
    assert_eq!(second.try_to_claim().await.status(), 409);
    browser.see("#second-device:not([hidden])").await;
    assert!(browser.words().await.contains("E-QR-04"));
    first.agree().await;
    browser.see(NUMBERED).await;
    browser.see("#second-device:not([hidden])").await;
    keep(&browser, "signing-desktop-en-9-second-phone").await;
    browser.close().await;
}
