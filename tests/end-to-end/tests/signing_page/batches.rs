//! Several documents that are dropped, shown and signed at once.

use std::path::{Path, PathBuf};

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::demo::Stage;
use end_to_end::journey::{self, COMPLETED};
use end_to_end::phone::Phone;
use fantoccini::Locator;
use signer::Screen;
use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard};

use super::{DESKTOP, PHONE, is_there};

#[tokio::test]
async fn three_contracts_are_listed_signed_at_once_and_downloaded_each() {
    let (stage, folder) = (Stage::new().unwrap(), tempfile::tempdir().unwrap());
    let browser = Browser::open(DESKTOP, "ja").await;
    journey::drop_files(&browser, stage.page(), &contracts(folder.path())).await;
    browser.see(".document img").await;
    assert_eq!(count(&browser, ".document-title").await, 3);
    keep(&browser, "batch-desktop-ja-1-read").await;
    journey::press_next(&browser).await;
    let link = journey::link_on_screen(&browser).await.unwrap();
    let mut phone = Phone::with(VirtualCard::new(CardSetup::good()));
    let screen = phone.sign(&link, PRACTICE_PASSWORD, &browser).await;
    assert!(matches!(screen, Screen::Done { .. }), "{screen:?}");
    assert_eq!(phone.card().counts().verifies, 1, "one password for all of them");
    browser.see(COMPLETED).await;
    assert_eq!(count(&browser, "a[href$='signed.pdf']").await, 3);
    let words = browser.words().await;
    assert!(["売買契約書", "賃貸借契約書", "覚書"].iter().all(|title| words.contains(title)), "{words}");
    keep(&browser, "batch-desktop-ja-2-done").await;
    browser.page.goto(&format!("{}/", stage.page())).await.unwrap();
    browser.see(".earlier a").await;
    assert!(browser.words().await.contains("ほか2件"));
    browser.close().await;
}

#[tokio::test]
async fn more_than_are_signed_at_once_are_refused_before_anything_is_sent() {
    let (stage, folder) = (Stage::new().unwrap(), tempfile::tempdir().unwrap());
    let browser = Browser::open(PHONE, "en").await;
    let files: Vec<PathBuf> = (0..51).map(|number| folder.path().join(format!("{number}.pdf"))).collect();
    for file in &files {
        std::fs::write(file, b"%PDF-1.7").unwrap();
    }
    journey::drop_files(&browser, stage.page(), &files).await;
    browser.see("#problem .note").await;
    let words = browser.words().await;
    assert!(words.contains("E-PDF-03") && words.contains("50 documents at once"), "{words}");
    assert!(!is_there(&browser, "#chosen li").await, "what was refused does not stand there as if it were taken");
    keep(&browser, "batch-phone-en-3-too-many").await;
    browser.close().await;
}

fn contracts(folder: &Path) -> Vec<PathBuf> {
    let named = |name: &str| {
        let file = folder.join(format!("{name}.pdf"));
        std::fs::copy(journey::practice_contract(), &file).unwrap();
        file
    };
    ["売買契約書", "賃貸借契約書", "覚書"].map(named).into()
}

async fn count(browser: &Browser, selector: &str) -> usize {
    browser.page.find_all(Locator::Css(selector)).await.unwrap().len()
}
