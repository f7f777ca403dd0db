//! The page of a signing in a real Chromium, with a phone made of what wire gives a phone.
#![allow(clippy::unwrap_used)]

mod awake;
mod batches;
mod expiring;
mod links;
mod numbers;
#[path = "../support/scanner.rs"]
mod scanner;
mod sleeping;
mod standing;
mod ways_out;

use end_to_end::browser::Browser;
use end_to_end::clocked::ClockedStage;
use end_to_end::demo::Stage;
use end_to_end::journey;
use fantoccini::Locator;

use scanner::Scanner;

const DESKTOP: u32 = 1280;
const PHONE: u32 = 390;
const NUMBERED: &str = "#step[data-state=numbered]";
const MATCHED: &str = "#step[data-state=matched]";
const ENDED: &str = "#step[data-state=ended]";

/// A page that shows the moving QR of the practice contract.
async fn waiting(width: u32, language: &str) -> (Stage, Browser) {
    let stage = Stage::new().unwrap();
    let browser = Browser::open(width, language).await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    (stage, browser)
}

/// The same, with a server whose clock can be put forward.
async fn clocked(width: u32, language: &str) -> (ClockedStage, Browser) {
    let stage = ClockedStage::start().await;
    let browser = Browser::open(width, language).await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    browser.see("#moving-qr:not(.is-refreshing)").await;
    (stage, browser)
}

/// The same, when a phone has scanned it and shows its digits.
async fn numbered(width: u32, language: &str) -> (Stage, Browser, Scanner) {
    let (stage, browser) = waiting(width, language).await;
    let phone = scan(&browser).await;
    browser.see(NUMBERED).await;
    (stage, browser, phone)
}

/// The same, when the digits were typed.
async fn matched(width: u32, language: &str) -> (Stage, Browser, Scanner) {
    let (stage, browser, phone) = numbered(width, language).await;
    type_number(&browser, &phone.number()).await;
    browser.see(MATCHED).await;
    (stage, browser, phone)
}

/// Takes up the QR that stands on the screen, as far as the digits.
async fn scan(browser: &Browser) -> Scanner {
    let mut phone = Scanner::with(&shown_link(browser).await);
    phone.claim().await;
    phone.agree().await;
    phone
}

/// A page that has not heard from its relay yet shows no code for a moment.
async fn shown_link(browser: &Browser) -> String {
    for _ in 0..20 {
        if let Ok(link) = journey::link_on_screen(browser).await {
            return link;
        }
        browser.see("#moving-qr:not(.is-refreshing)").await;
    }
    panic!("no code can be read: {}", browser.words().await)
}

async fn type_number(browser: &Browser, digits: &str) {
    browser.type_into("#number", digits).await;
    browser.click("button[form=number-form]").await;
}

async fn is_there(browser: &Browser, selector: &str) -> bool {
    browser.page.find(Locator::Css(selector)).await.is_ok()
}

async fn address(browser: &Browser) -> String {
    browser.page.current_url().await.unwrap().to_string()
}
