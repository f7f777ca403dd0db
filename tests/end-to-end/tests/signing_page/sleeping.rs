//! A page that slept, or had no network, shows nothing old: server and browser are on clocks that part.

use std::time::Duration;

use end_to_end::browser::Browser;
use end_to_end::clocked::ClockedStage;
use serde_json::{Value, json};
use wire::Stage;

use super::{DESKTOP, MATCHED, PHONE, clocked, is_there, scan, type_number};

const MINUTES_S: u64 = 185;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_frozen_for_minutes_shows_no_old_frame_and_the_right_time() {
    let (stage, browser) = clocked(DESKTOP, "ja").await;
    note_frames(&browser).await;
    lifecycle(&browser, "frozen").await;
    stage.put_forward(MINUTES_S);
    // Shorter than a standstill that the page would notice by its own clock.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let at_waking = step_by(&browser).await;
    lifecycle(&browser, "active").await;
    is_right_again(&browser, at_waking).await;
    let phone = scan(&browser).await;
    browser.see(super::NUMBERED).await;
    drop(phone);
    leave(browser, stage).await;
}

/// A machine that sleeps tells a page nothing: some of its clocks stand still, and the one on the wall jumps.
#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_slept_for_minutes_wakes_without_an_old_frame() {
    let (stage, browser) = clocked(DESKTOP, "en").await;
    note_frames(&browser).await;
    let before = step_by(&browser).await;
    stage.put_forward(MINUTES_S);
    let jump = "const now = Date.now.bind(Date); Date.now = () => now() + arguments[0] * 1000";
    browser.page.execute(jump, vec![json!(MINUTES_S)]).await.unwrap();
    is_right_again(&browser, before + 1).await;
    leave(browser, stage).await;
}

/// The number, the stages, any step: it need not show a QR to catch up.
#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_page_learns_what_happened_as_soon_as_it_wakes() {
    let (stage, browser) = clocked(PHONE, "ja").await;
    let phone = scan(&browser).await;
    type_number(&browser, &phone.number()).await;
    browser.see(MATCHED).await;
    lifecycle(&browser, "frozen").await;
    phone.is_at(Stage::Password).await;
    stage.put_forward(MINUTES_S);
    tokio::time::sleep(Duration::from_millis(500)).await;
    lifecycle(&browser, "active").await;
    browser.see("#step[data-stage=password]").await;
    assert!(shown_seconds(&browser).await <= 600 - MINUTES_S);
    leave(browser, stage).await;
}

/// Nothing breaks the stream here: the page has to notice by itself that it has no network.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_lost_its_network_says_so_and_goes_on_after_the_last_event() {
    let (stage, browser) = clocked(PHONE, "ja").await;
    let phone = scan(&browser).await;
    type_number(&browser, &phone.number()).await;
    browser.see(MATCHED).await;
    note_streams(&browser).await;
    browser.devtools("Network.enable", json!({})).await;
    network(&browser, true).await;
    browser.see("#connection:not([hidden])").await;
    assert!(browser.words().await.contains("再接続中"));
    phone.is_at(Stage::Password).await;
    phone.begin().await;
    assert!(is_there(&browser, MATCHED).await, "no network, no news");
    network(&browser, false).await;
    browser.see("#step[data-state=signing]").await;
    browser.see("#connection[hidden]").await;
    phone.is_at(Stage::Card).await;
    browser.see("#step[data-stage=card]").await;
    let asked = browser.page.execute("return window.streams", vec![]).await.unwrap();
    let after: Vec<u64> = asked.as_array().unwrap().iter().filter_map(|id| id.as_str()?.parse().ok()).collect();
    assert!(after.first().is_some_and(|id| *id > 0) && after.is_sorted(), "each stream begins after the last event: {asked}");
    leave(browser, stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_goes_grey_without_a_network_and_comes_back_with_it() {
    let (stage, browser) = clocked(DESKTOP, "en").await;
    browser.devtools("Network.enable", json!({})).await;
    network(&browser, true).await;
    browser.see("#moving-qr.is-refreshing").await;
    browser.see("#connection:not([hidden])").await;
    network(&browser, false).await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    browser.see("#connection[hidden]").await;
    leave(browser, stage).await;
}

/// From here on the page notes each frame that can be seen, and `null` where none can.
async fn note_frames(browser: &Browser) {
    let script = "const place = document.getElementById('moving-qr'); window.frames_seen = []; \
        const note = () => window.frames_seen.push(place.classList.contains('is-refreshing') ? null : Number(place.dataset.step)); \
        new MutationObserver(note).observe(place, { attributes: true, attributeFilter: ['class', 'data-step'] });";
    browser.page.execute(script, vec![]).await.unwrap();
}

/// The step that stands on the page.
async fn step_by(browser: &Browser) -> u64 {
    let shown = browser.page.execute("return document.getElementById('moving-qr').dataset.step", vec![]).await.unwrap();
    shown.as_str().unwrap().parse().unwrap()
}

/// Every frame seen after so many steps is one of the server's new time, and so are the minutes that are left.
async fn is_right_again(browser: &Browser, old: u64) {
    browser.see("#moving-qr:not(.is-refreshing)").await;
    let new = old + MINUTES_S / 2 - 2;
    let until = std::time::Instant::now() + Duration::from_secs(20);
    while step_by(browser).await < new {
        assert!(std::time::Instant::now() < until, "the code stays an old one");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seen = browser.page.execute("return window.frames_seen", vec![]).await.unwrap();
    let seen = seen.as_array().unwrap();
    assert!(seen.iter().any(Value::is_null), "the old frame is taken away before the new time is known: {seen:?}");
    let is_between = |step: &u64| (old + 1..new).contains(step);
    assert!(!seen.iter().filter_map(Value::as_u64).any(|step| is_between(&step)), "frames of a time that had passed: {seen:?}");
    assert!(shown_seconds(browser).await <= 600 - MINUTES_S);
}

/// What the page says is left.
async fn shown_seconds(browser: &Browser) -> u64 {
    let shown = browser.page.execute("return document.querySelector('[data-clock]').textContent", vec![]).await.unwrap();
    let (minutes, seconds) = shown.as_str().unwrap().split_once(':').unwrap();
    minutes.parse::<u64>().unwrap() * 60 + seconds.parse::<u64>().unwrap()
}

/// From here on the page notes after which event each of its streams begins.
async fn note_streams(browser: &Browser) {
    let script = "const fetched = window.fetch; window.streams = []; window.fetch = (address, how) => { \
        if (how?.headers?.Accept === 'text/event-stream') window.streams.push(how.headers['Last-Event-ID'] ?? null); \
        return fetched(address, how); };";
    browser.page.execute(script, vec![]).await.unwrap();
}

async fn lifecycle(browser: &Browser, state: &str) {
    browser.devtools("Page.setWebLifecycleState", json!({ "state": state })).await;
}

async fn network(browser: &Browser, offline: bool) {
    let how = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.emulateNetworkConditions", how).await;
}

async fn leave(browser: Browser, stage: ClockedStage) {
    browser.close().await;
    stage.stop().await;
}
