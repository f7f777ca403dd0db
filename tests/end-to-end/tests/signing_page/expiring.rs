//! What the page does when time is over: of a link, and of the session.

use std::time::Duration;

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::clocked::ClockedStage;
use fantoccini::Locator;
use serde_json::json;

use super::scanner::Scanner;
use super::{DESKTOP, ENDED, NUMBERED, PHONE, clocked, is_there, scan};

const LAUNCH: &str = "form[action$=launch] button";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_tap_is_gone_after_its_minute_and_the_qr_is_back() {
    let (stage, browser) = clocked(PHONE, "ja").await;
    browser.click(LAUNCH).await;
    let link = browser.see("#launch").await.prop("href").await.unwrap().unwrap();
    dies(&stage, &browser, 56, "#launch", &link).await;
    browser.close().await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_link_is_gone_after_five_minutes_and_the_qr_is_back() {
    let (stage, browser) = clocked(DESKTOP, "en").await;
    browser.click("form[action$=copied] button").await;
    let link = browser.see("#link").await.prop("value").await.unwrap().unwrap();
    dies(&stage, &browser, 296, "#link", &link).await;
    browser.close().await;
    stage.stop().await;
}

/// The page learns the time that is left by a reload, and the rest by itself.
async fn dies(stage: &ClockedStage, browser: &Browser, all_but_s: u64, place: &str, link: &str) {
    stage.put_forward(all_but_s);
    browser.page.refresh().await.unwrap();
    browser.see(place).await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    assert!(!is_there(browser, place).await, "a dead link is not shown");
    assert!(!Scanner::with(link).try_to_claim().await.status().is_success());
    let phone = scan(browser).await;
    browser.see(NUMBERED).await;
    drop(phone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_died_while_the_server_was_away_can_be_neither_tapped_nor_copied() {
    let (stage, browser) = clocked(PHONE, "ja").await;
    browser.click(LAUNCH).await;
    browser.see("#launch").await;
    stage.put_forward(56);
    browser.page.refresh().await.unwrap();
    browser.see("#launch").await;
    browser.devtools("Network.enable", json!({})).await;
    let cut = |offline| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.emulateNetworkConditions", cut(true)).await;
    browser.see("#ticket-over:not([hidden])").await;
    let launch = browser.page.find(Locator::Css("#launch")).await.unwrap();
    assert!(!launch.is_displayed().await.unwrap());
    keep(&browser, "signing-phone-ja-12-link-over").await;
    browser.devtools("Network.emulateNetworkConditions", cut(false)).await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    browser.close().await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_warns_at_two_minutes_and_says_by_itself_when_the_ten_are_over() {
    let (stage, browser) = clocked(PHONE, "en").await;
    stage.put_forward(485);
    browser.page.refresh().await.unwrap();
    browser.see("#late:not([hidden])").await;
    browser.see("#moving-qr.is-late").await;
    keep(&browser, "signing-phone-en-10-late").await;
    stage.put_forward(105);
    browser.page.refresh().await.unwrap();
    browser.see("#moving-qr").await;
    browser.see(ENDED).await;
    let words = browser.words().await;
    assert!(words.contains("E-QR-02") && words.contains("Renew the QR code"), "{words}");
    keep(&browser, "signing-phone-en-11-expired").await;
    browser.click(".failure form[action$=replace] button").await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    browser.close().await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_app_opens_the_page_says_what_else_can_be_done() {
    for (language, scheme) in [("ja", "light"), ("en", "dark")] {
        let (stage, browser) = clocked(PHONE, language).await;
        browser.prefer_scheme(scheme).await;
        browser.click(LAUNCH).await;
        browser.see("#launch").await;
        assert!(is_there(&browser, "#app-missing[hidden]").await, "nobody has tapped yet");
        tap_in_vain(&browser).await;
        browser.see("#app-missing:not([hidden])").await;
        keep(&browser, &format!("signing-phone-{language}-13-no-app")).await;
        browser.page.refresh().await.unwrap();
        browser.see("#app-missing:not([hidden])").await;
        browser.click("#app-missing form button").await;
        browser.see("#link").await;
        browser.close().await;
        stage.stop().await;
    }
}

/// A page that goes out of sight has given way to the app, or to whatever the system opens.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_app_opens_the_page_says_nothing_of_it() {
    let (stage, browser) = clocked(PHONE, "ja").await;
    browser.click(LAUNCH).await;
    browser.see("#launch").await;
    tap_in_vain(&browser).await;
    let tab = browser.page.new_window(true).await.unwrap();
    let page = browser.page.window().await.unwrap();
    browser.page.switch_to_window(tab.handle).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    browser.page.switch_to_window(page).await.unwrap();
    assert!(is_there(&browser, "#app-missing[hidden]").await);
    browser.close().await;
    stage.stop().await;
}

/// Without the app this browser opens the page of the link's own host; from there the person comes back.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_led_to_the_page_of_the_link_finds_other_ways_when_back() {
    let (stage, browser) = clocked(PHONE, "ja").await;
    browser.click(LAUNCH).await;
    browser.click("#launch").await;
    browser.see(".plain-steps").await;
    assert!(browser.words().await.contains("Kazasuアプリがないか"));
    keep(&browser, "signing-phone-ja-14-link-opened").await;
    browser.page.back().await.unwrap();
    browser.see("#app-missing:not([hidden])").await;
    browser.close().await;
    stage.stop().await;
}

/// The tap reaches the page, and no app and no page comes of it.
async fn tap_in_vain(browser: &Browser) {
    let script = "window.addEventListener('click', (event) => event.preventDefault(), { once: true }); document.getElementById('launch').click()";
    browser.page.execute(script, vec![]).await.unwrap();
}
