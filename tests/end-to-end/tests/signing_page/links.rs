//! Links in the QR's place: to be tapped on the same phone, or copied.

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use serde_json::json;

use super::scanner::Scanner;
use super::{DESKTOP, MATCHED, NUMBERED, PHONE, address, is_there, scan, type_number, waiting};

#[tokio::test]
async fn a_launched_phone_leads_back_and_one_press_goes_on() {
    let (_stage, browser, phone) = launched().await;
    keep(&browser, "signing-phone-ja-4-return-awaited").await;
    assert!(!is_there(&browser, "#number").await, "a launch has no digits");
    let (back, session) = (phone.return_address(), address(&browser).await);
    let tab = browser.page.new_window(true).await.unwrap();
    browser.page.switch_to_window(tab.handle).await.unwrap();
    browser.page.goto(&back).await.unwrap();
    browser.see("form[action$='/return'] button").await;
    let shown = address(&browser).await;
    assert!(shown.ends_with("/return"), "nothing stays behind the #: {shown}");
    keep(&browser, "signing-phone-ja-5-return").await;
    browser.click("form[action$='/return'] button").await;
    browser.see(MATCHED).await;
    assert_eq!(address(&browser).await, session);
    assert_eq!(phone.request().await.documents.len(), 1);
    browser.close().await;
}

#[tokio::test]
async fn the_return_in_another_browser_signs_nothing_and_asks_for_nothing() {
    let (_stage, browser, phone) = launched().await;
    let stranger = Browser::open(PHONE, "en").await;
    stranger.page.goto(&phone.return_address()).await.unwrap();
    stranger.see(".failure").await;
    let words = stranger.words().await;
    assert!(words.contains("E-QR-15") && words.contains("Nothing was signed"), "{words}");
    assert!(!is_there(&stranger, "main input").await && !words.contains("practice-contract"));
    keep(&stranger, "signing-phone-en-6-return-elsewhere").await;
    assert!(is_there(&browser, NUMBERED).await, "and the page waits on");
    stranger.close().await;
    browser.close().await;
}

#[tokio::test]
async fn a_copied_link_is_typed_in_like_a_qr_and_works_once() {
    let (_stage, browser) = waiting(DESKTOP, "ja").await;
    browser.click("form[action$=copied] button").await;
    let link = browser.see("#link").await.prop("value").await.unwrap().unwrap();
    assert!(!is_there(&browser, "#moving-qr").await, "the QR is withdrawn");
    browser.page.refresh().await.unwrap();
    assert_eq!(browser.see("#link").await.prop("value").await.unwrap().as_ref(), Some(&link), "a reload shows it again");
    keep(&browser, "signing-desktop-ja-10-copied").await;
    let mut phone = Scanner::with(&link);
    phone.claim().await;
    phone.agree().await;
    browser.see(NUMBERED).await;
    type_number(&browser, &phone.number()).await;
    browser.see(MATCHED).await;
    browser.close().await;
}

#[tokio::test]
async fn back_at_the_qr_a_link_is_dead() {
    let (_stage, browser) = waiting(PHONE, "en").await;
    browser.click("form[action$=launch] button").await;
    let link = browser.see("#launch").await.prop("href").await.unwrap().unwrap();
    keep(&browser, "signing-phone-en-3-launch").await;
    browser.click("form[action$='/qr'] button").await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    assert!(!Scanner::with(&link).try_to_claim().await.status().is_success());
    let phone = scan(&browser).await;
    browser.see(NUMBERED).await;
    drop(phone);
    browser.close().await;
}

#[tokio::test]
async fn inside_another_app_only_a_copied_link_is_offered() {
    let (_stage, browser) = waiting(PHONE, "ja").await;
    let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 Safari Line/14.19.2";
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setUserAgentOverride", json!({ "userAgent": agent })).await;
    browser.page.refresh().await.unwrap();
    browser.see("#moving-qr").await;
    assert!(browser.words().await.contains("E-QR-14") && !is_there(&browser, "form[action$=launch]").await);
    keep(&browser, "signing-phone-ja-7-in-app").await;
    browser.click("form[action$=copied] button").await;
    browser.see("#link").await;
    browser.close().await;
}

/// A page whose launch link a phone has taken up, as far as the return.
async fn launched() -> (end_to_end::demo::Stage, Browser, Scanner) {
    let (stage, browser) = waiting(PHONE, "ja").await;
    browser.click("form[action$=launch] button").await;
    let link = browser.see("#launch").await.prop("href").await.unwrap().unwrap();
    keep(&browser, "signing-phone-ja-3-launch").await;
    let mut phone = Scanner::with(&link);
    phone.claim().await;
    phone.agree().await;
    browser.see(NUMBERED).await;
    (stage, browser, phone)
}
