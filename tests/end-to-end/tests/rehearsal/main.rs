//! 準備チェック in a real Chromium: the moving QR as a camera sees it, and every face of the page.
#![allow(clippy::unwrap_used)]

#[path = "../support/scanner.rs"]
mod scanner;
mod standing;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::demo::Stage;
use end_to_end::{journey, programs, qr};
use fantoccini::Locator;
use image::{GrayImage, Luma};
use serde_json::{Value, json};
use wire::{ApplicationLine, CertificateLine, ClockLine, FrameKey, NetworkLine, Proof, ReaderLine, Rehearsal, Step, VersionOne};

use scanner::Scanner;

const DESKTOP: u32 = 1280;
const PHONE: u32 = 390;
const BUTTON: &str = "form.rehearse button";

fn good() -> Rehearsal {
    Rehearsal {
        version: VersionOne,
        reader: ReaderLine::Quick,
        application: ApplicationLine::MyNumberCard,
        attempts_left: Some(5),
        certificate: CertificateLine::Valid,
        network: NetworkLine::Quick,
        clock: ClockLine::Right,
    }
}

/// From the document's page to the moving QR.
async fn rehearse(browser: &Browser, stage: &Stage) {
    journey::drop_practice_contract(browser, stage.page()).await;
    browser.click(".step a[href*='step=prepare']").await;
    browser.click(BUTTON).await;
    browser.see("#moving-qr").await;
}

async fn scan(browser: &Browser) -> Scanner {
    let scanner = Scanner::with(&journey::link_on_screen(browser).await.unwrap());
    scanner.claim().await;
    scanner
}

/// What the relay says of the page's session at this moment.
async fn relay_says(browser: &Browser) -> Value {
    let script = "const { events, token } = document.getElementById('step').dataset; const done = arguments[0]; \
        fetch(events, { headers: { Authorization: `Bearer ${token}` } }).then((answer) => answer.json()).then(done)";
    browser.page.execute_async(script, vec![]).await.unwrap()
}

async fn attribute(browser: &Browser, selector: &str, name: &str) -> String {
    browser.see(selector).await.attr(name).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_page_turns_from_the_code_to_the_six_lines_and_back_to_the_document() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    keep(&browser, "rehearsal-desktop-ja-1-waiting").await;
    let mut phone = scan(&browser).await;
    browser.see("#step[data-state=claimed]").await;
    assert!(browser.page.find(Locator::Css("#moving-qr")).await.is_err(), "the code is gone at once");
    keep(&browser, "rehearsal-desktop-ja-2-claimed").await;
    phone.agree().await;
    browser.see("#step[data-state=numbered]").await;
    keep(&browser, "rehearsal-desktop-ja-3-numbered").await;
    phone.report(&good()).await;
    browser.see("#step[data-state=completed]").await;
    assert_eq!(browser.page.find_all(Locator::Css(".report li.is-ok")).await.unwrap().len(), 6);
    keep(&browser, "rehearsal-desktop-ja-4-ready").await;
    browser.click(".actions a.is-primary").await;
    browser.see("form.consents").await;
    keep(&browser, "rehearsal-desktop-ja-5-back").await;
    browser.close().await;
}

#[tokio::test]
async fn lines_that_are_not_ready_say_what_to_do_and_the_check_can_be_made_again() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(PHONE, "en").await;
    browser.page.goto(&format!("{}/", stage.page())).await.unwrap();
    browser.click(BUTTON).await;
    browser.see("#moving-qr").await;
    keep(&browser, "rehearsal-phone-en-1-waiting").await;
    let mut phone = scan(&browser).await;
    phone.agree().await;
    let locked = Rehearsal { attempts_left: Some(0), certificate: CertificateLine::UnderThreeMonths, ..good() };
    phone.report(&locked).await;
    browser.see("#step[data-state=completed]").await;
    keep(&browser, "rehearsal-phone-en-2-not-ready").await;
    browser.click(".actions button.is-primary").await;
    browser.see("#moving-qr").await;
    browser.click("form[action$=cancel] button").await;
    browser.see("#step[data-state=ended]").await;
    keep(&browser, "rehearsal-phone-en-3-cancelled").await;
    browser.close().await;
}

#[tokio::test]
async fn each_frame_on_the_screen_is_one_that_the_relay_takes_at_that_moment() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    let key = FrameKey::parse(&attribute(&browser, "#moving-qr", "data-frame-key").await).unwrap();
    let mut steps = BTreeSet::new();
    let until = Instant::now() + Duration::from_secs(9);
    while Instant::now() < until {
        let link = scanner::link(&journey::link_on_screen(&browser).await.unwrap());
        let now = Step::at_ms(relay_says(&browser).await["step_now_ms"].as_u64().unwrap());
        let Proof::Moving(frame) = link.proof else { panic!("a moving QR") };
        assert_eq!(key.check(link.session, &frame, now), Ok(()), "{} at {}", frame.step.number(), now.number());
        steps.insert(frame.step);
    }
    assert!(steps.len() >= 4, "{steps:?}");
    browser.close().await;
}

#[tokio::test]
async fn a_page_that_does_not_know_the_time_shows_no_frame() {
    let mut stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    browser.devtools("Network.enable", json!({})).await;
    let cut = |offline| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.emulateNetworkConditions", cut(true)).await;
    stage.cut_the_power();
    browser.see("#moving-qr.is-refreshing").await;
    browser.see("#connection:not([hidden])").await;
    assert!(journey::link_on_screen(&browser).await.is_err(), "no code to be read");
    keep(&browser, "rehearsal-desktop-ja-6-refreshing").await;
    browser.devtools("Network.emulateNetworkConditions", cut(false)).await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    let mut phone = scan(&browser).await;
    phone.agree().await;
    browser.see("#step[data-state=numbered]").await;
    browser.close().await;
}

#[tokio::test]
async fn a_page_that_was_frozen_wakes_with_no_old_frame() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    browser.see("#moving-qr[data-step='1']").await;
    let key = FrameKey::parse(&attribute(&browser, "#moving-qr", "data-frame-key").await).unwrap();
    browser.devtools("Page.setWebLifecycleState", json!({ "state": "frozen" })).await;
    tokio::time::sleep(Duration::from_secs(7)).await;
    browser.devtools("Page.setWebLifecycleState", json!({ "state": "active" })).await;
    let at_once = journey::link_on_screen(&browser).await;
    let now = Step::at_ms(relay_says(&browser).await["step_now_ms"].as_u64().unwrap());
    if let Ok(link) = at_once.map(|text| scanner::link(&text)) {
        let Proof::Moving(frame) = link.proof else { panic!("a moving QR") };
        assert_eq!(key.check(link.session, &frame, now), Ok(()));
    }
    browser.see("#moving-qr:not(.is-refreshing)").await;
    scan(&browser).await;
    browser.close().await;
}

/// Events cross origins, frames name another host, and the policy of the page lets it hear from there.
#[tokio::test]
async fn the_page_hears_from_a_relay_of_another_origin() {
    let folder = tempfile::tempdir().unwrap();
    let made = std::process::Command::new(programs::path_of("kazasu-relay")).args(["relay-key", "bank"]).output().unwrap();
    let made = String::from_utf8(made.stdout).unwrap();
    let (key, line) = made.trim().split_once('\n').unwrap();
    let key_file = folder.path().join("bank.key");
    std::fs::write(&key_file, key).unwrap();
    let relay = programs::Program::serving("kazasu-relay", |command| {
        command.args(["--role", "relay"]).env("KAZASU_LISTEN", "127.0.0.1:0").env("KAZASU_DATA_DIR", folder.path().join("relay"));
        command.env("KAZASU_RELAY_SERVICES", format!("[\"{line}\"]"));
    });
    let stage = Stage::configured(|command| {
        command.env("KAZASU_ROLE", "service").env("KAZASU_LINK_ORIGIN", relay.address());
        command.env("KAZASU_RELAY_KEY_FILE", &key_file);
    })
    .unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    let link = scanner::link(&journey::link_on_screen(&browser).await.unwrap());
    assert_eq!(link.base.as_str(), relay.address());
    let mut phone = scan(&browser).await;
    browser.see("#step[data-state=claimed]").await;
    phone.agree().await;
    browser.see("#step[data-state=numbered]").await;
    phone.report(&good()).await;
    browser.see("#step[data-state=completed]").await;
    browser.close().await;
}

#[tokio::test]
async fn another_browser_finds_nothing_of_it() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    let url = browser.page.current_url().await.unwrap();
    let stranger = Browser::open(DESKTOP, "ja").await;
    stranger.page.goto(url.as_str()).await.unwrap();
    let words = stranger.words().await;
    assert!(words.contains("E-QR-15"), "{words}");
    stranger.close().await;
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_the_page_says_what_to_do() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    let url = browser.page.current_url().await.unwrap();
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    browser.page.goto(url.as_str()).await.unwrap();
    let first = scanner::link(&qr::decode(&browser.picture().await).unwrap());
    let Proof::Moving(_) = first.proof else { panic!("a moving QR") };
    let picture = browser.picture().await;
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
    std::fs::write(programs::repository().join("tests/end-to-end/pictures/rehearsal-no-script.png"), picture).unwrap();
    browser.close().await;
}

/// The page's own encoder, against a decoder that others wrote.
#[tokio::test]
async fn whatever_the_page_draws_is_read_by_a_decoder() {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    rehearse(&browser, &stage).await;
    let texts: Vec<String> = (60..=213).flat_map(|length| [text(length, 1), text(length, 2)]).collect();
    let script = "const [texts, done] = arguments; \
        const loaded = performance.getEntriesByType('resource').map((entry) => entry.name); \
        import(loaded.find((name) => name.includes('/qr.'))).then(({ qrOf }) => done(texts.map(qrOf)), (problem) => done(`${problem}`))";
    let codes = browser.page.execute_async(script, vec![json!(texts)]).await.unwrap();
    let codes = codes.as_array().unwrap_or_else(|| panic!("{codes}"));
    for (text, code) in texts.iter().zip(codes) {
        assert_eq!(qr::decode(&drawn(code)).as_ref(), Ok(text), "{} bytes", text.len());
    }
    browser.close().await;
}

/// As random as a link, and the same each time.
fn text(length: u32, seed: u32) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = length.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503)) | 1;
    let signs = (0..length).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        char::from(SIGNS[usize::try_from(state % 64).unwrap()])
    });
    signs.collect()
}

fn drawn(code: &Value) -> Vec<u8> {
    let size = u32::try_from(code["size"].as_u64().unwrap()).unwrap();
    let mut picture = GrayImage::from_pixel(size * SCALE, size * SCALE, Luma([255]));
    for run in code["path"].as_str().unwrap().split('M').skip(1) {
        let numbers: Vec<u32> = run.split([' ', 'h', 'v']).take(3).map(|number| number.parse().unwrap()).collect();
        let [x, y, length] = numbers[..] else { panic!("{run}") };
        for (right, down) in (0..length * SCALE).flat_map(|right| (0..SCALE).map(move |down| (right, down))) {
            picture.put_pixel(x * SCALE + right, y * SCALE + down, Luma([0]));
        }
    }
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

const SCALE: u32 = 4;
