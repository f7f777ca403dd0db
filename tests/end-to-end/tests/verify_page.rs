//! The page that verifies a PDF, in a real Chromium.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::SystemTime;

use arithmetic::AwsLc;
use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::demo::Stage;
use end_to_end::journey::practice_contract;
use end_to_end::judges::{sign, sign_again, stripped_with_receipt};
use fantoccini::Locator;
use pades::{Trust, verify};
use simulator::{CardHolder, practice};

const DESKTOP: u32 = 1280;
const PHONE: u32 = 390;

#[tokio::test]
async fn a_signed_contract_is_judged_on_a_desktop_in_japanese() {
    let (stage, folder) = (Stage::new().unwrap(), tempfile::tempdir().unwrap());
    let browser = Browser::open(DESKTOP, "ja").await;
    browser.page.goto(&format!("{}/verify", stage.page())).await.unwrap();
    keep(&browser, "verify-desktop-ja-1-drop").await;
    send(&browser, &stage, &file(&folder, &sign_again(&sign(&contract())))).await;
    browser.see(".sheet-box").await;
    let words = browser.words().await;
    assert!(words.contains("一部未確認") && words.contains("失効確認はしていません"), "{words}");
    assert!(!words.contains(&CardHolder::hanako().name) && !words.contains(&CardHolder::taro().name), "{words}");
    keep(&browser, "verify-desktop-ja-2-verdict").await;
    browser.click(".person summary").await;
    assert!(browser.words().await.contains(&CardHolder::hanako().name), "it was asked for");
    keep(&browser, "verify-desktop-ja-3-person").await;
    browser.close().await;
}

#[tokio::test]
async fn a_changed_contract_is_judged_on_a_phone_in_english() {
    let (stage, folder) = (Stage::new().unwrap(), tempfile::tempdir().unwrap());
    let browser = Browser::open(PHONE, "en").await;
    browser.page.goto(&format!("{}/verify", stage.page())).await.unwrap();
    keep(&browser, "verify-phone-en-1-drop").await;
    let mut changed = sign(&contract());
    let place = changed.windows(8).position(|window| window == b"/MediaBo").unwrap();
    let digit = changed[place..].iter().position(u8::is_ascii_digit).unwrap() + place;
    changed[digit] = b'1';
    send(&browser, &stage, &file(&folder, &changed)).await;
    browser.see(".sheet-box").await;
    assert!(browser.words().await.contains("Invalid"));
    keep(&browser, "verify-phone-en-2-invalid").await;
    send(&browser, &stage, &practice_contract()).await;
    browser.see(".note.is-warn").await;
    keep(&browser, "verify-phone-en-3-unsigned").await;
    browser.close().await;
}

#[tokio::test]
async fn no_words_are_under_the_button_for_files_on_a_small_phone() {
    let stage = Stage::new().unwrap();
    for (language, width) in [("ja", 280), ("ja", 320), ("ja", 360), ("en", 280), ("en", 320), ("en", 360)] {
        let browser = Browser::open(width, language).await;
        browser.page.goto(&format!("{}/verify", stage.page())).await.unwrap();
        browser.see(".drop-or").await;
        let covered = browser.page.execute(COVERED, vec![]).await.unwrap();
        keep(&browser, &format!("verify-small-{width}-{language}")).await;
        browser.close().await;
        assert!(covered.as_f64().unwrap() <= 0.0, "{language} at {width}: {covered} pixels");
    }
}

/// Split screens and folded phones.
#[tokio::test]
async fn nothing_lies_beside_a_narrow_page() {
    let (stage, folder) = (Stage::new().unwrap(), tempfile::tempdir().unwrap());
    let signed = file(&folder, &sign(&contract()));
    for (language, width) in [("ja", 280), ("en", 280), ("en", 300)] {
        let browser = Browser::open(width, language).await;
        browser.page.goto(&format!("{}/verify", stage.page())).await.unwrap();
        browser.see(".drop-or").await;
        let of_the_drop = browser.page.execute(BESIDE, vec![]).await.unwrap();
        send(&browser, &stage, &signed).await;
        browser.see(".sheet-box").await;
        let of_the_verdict = browser.page.execute(BESIDE, vec![]).await.unwrap();
        keep(&browser, &format!("verify-narrow-{width}-{language}")).await;
        browser.close().await;
        assert_eq!((of_the_drop.as_i64(), of_the_verdict.as_i64()), (Some(0), Some(0)), "{language} at {width}");
    }
}

/// How many pixels can be scrolled to at the side.
const BESIDE: &str = "const page = document.documentElement; return page.scrollWidth - page.clientWidth;";

/// By how much the words reach below the place where the button begins.
const COVERED: &str = "const input = document.querySelector('.drop-area input');
    const button = input.getBoundingClientRect().top + parseFloat(getComputedStyle(input).paddingTop);
    return document.querySelector('.drop-or').getBoundingClientRect().bottom - button;";

#[tokio::test]
async fn a_stripped_copy_shows_what_its_receipt_says() {
    let (stage, folder) = (Stage::new().unwrap(), tempfile::tempdir().unwrap());
    let original = sign_again(&sign(&contract()));
    let trust = Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap();
    let verdict = verify(&original, &trust, &AwsLc, SystemTime::now()).unwrap();
    let browser = Browser::open(DESKTOP, "ja").await;
    send(&browser, &stage, &file(&folder, &stripped_with_receipt(&original, &verdict))).await;
    browser.see("#receipt").await;
    let words = browser.words().await;
    for word in ["受領証つき", "買主（甲）（一部未確認）", "Practice Service Without Worth"] {
        assert!(words.contains(word), "{word}: {words}");
    }
    keep(&browser, "verify-desktop-ja-4-receipt").await;
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_the_page_does_the_same() {
    let (stage, folder) = (Stage::new().unwrap(), tempfile::tempdir().unwrap());
    let browser = Browser::open(DESKTOP, "en").await;
    let off = serde_json::json!({ "value": true });
    browser.devtools("Emulation.setScriptExecutionDisabled", off).await;
    send(&browser, &stage, &file(&folder, &sign(&contract()))).await;
    browser.see(".sheet-box").await;
    let details = browser.see(".person").await;
    assert_eq!(details.attr("open").await.unwrap(), None);
    browser.click(".person summary").await;
    assert!(browser.page.find(Locator::Css(".person[open]")).await.is_ok());
    browser.close().await;
}

fn contract() -> Vec<u8> {
    std::fs::read(practice_contract()).unwrap()
}

fn file(folder: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("contract.pdf");
    std::fs::write(&path, bytes).unwrap();
    path
}

async fn send(browser: &Browser, stage: &Stage, file: &std::path::Path) {
    browser.page.goto(&format!("{}/verify", stage.page())).await.unwrap();
    browser.see("#pdf").await.send_keys(&file.to_string_lossy()).await.unwrap();
    browser.click("form.drop button[type=submit]").await;
}
