//! The steps of a person in a real browser, from the first page to the QR.

use std::path::PathBuf;
use std::time::Duration;

use fantoccini::Locator;

use crate::browser::Browser;
use crate::programs::repository;
use crate::qr;

/// The step of a session's page whose signature is made, checked and stored.
pub const COMPLETED: &str = "#step[data-state=completed]";
/// The step that shows the QR.
pub const WAITING: &str = "#step[data-state=waiting]";

/// The practice contract, two pages of Japanese.
pub fn practice_contract() -> PathBuf {
    repository()
        .join("tests/vectors/pdf/practice-contract.pdf")
        .canonicalize()
        .expect("the practice contract is in the repository")
}

/// Opens the first page and drops the practice contract on it; ends on the document's page.
pub async fn drop_practice_contract(browser: &Browser, page: &str) {
    drop_file(browser, page, &practice_contract()).await;
    browser.see(".document img").await;
}

/// Opens the first page and hands over `file`; ends wherever the page leads.
pub async fn drop_file(browser: &Browser, page: &str, file: &std::path::Path) {
    drop_files(browser, page, &[file.to_owned()]).await;
}

/// The same with files that are to be signed at once.
pub async fn drop_files(browser: &Browser, page: &str, files: &[PathBuf]) {
    browser.page.goto(&format!("{page}/")).await.expect("the page opens");
    let input = browser.see("#pdf").await;
    let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    input.send_keys(&paths.join("\n")).await.expect("the files can be chosen");
    // Where scripts run, choosing a file is enough; without them the button sends it.
    if let Ok(button) = browser.page.find(Locator::Css("#send")).await {
        let _ = button.click().await;
    }
}

/// From the document's page to the QR: what you need, three consents, 「次へ」.
pub async fn press_next(browser: &Browser) {
    browser.click(".step a[href*='step=prepare']").await;
    browser.see("form.consents").await;
    let boxes = browser.page.find_all(Locator::Css("form.consents input[type=checkbox]")).await.expect("the form is there");
    assert_eq!(boxes.len(), 3, "three consents (M12)");
    for consent in boxes {
        consent.click().await.expect("a consent can be given");
    }
    browser.click("form.consents button[type=submit]").await;
    browser.see(WAITING).await;
}

/// 「QRコードを更新する」; ends when the page of the new session is there.
///
/// # Panics
/// When the page does not lead on.
pub async fn renew(browser: &Browser) {
    let address = async || browser.page.current_url().await.expect("it shows a page");
    let before = address().await;
    browser.click("#renew").await;
    for _ in 0..1000 {
        if address().await != before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the page did not lead on");
}

/// The link, read by a decoder from a picture of the page, as a camera would.
///
/// # Errors
/// When the picture shows no QR.
pub async fn link_on_screen(browser: &Browser) -> Result<String, String> {
    qr::decode(&browser.picture().await)
}
