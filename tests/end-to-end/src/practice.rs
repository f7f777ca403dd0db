//! A person with the practice phone in a browser of its own.

use std::time::{Duration, Instant};

use fantoccini::Locator;

use crate::album::{keep, keep_window};
use crate::browser::Browser;

/// The practice phone, opened, and its pictures' name.
pub struct PracticePhone {
    pub browser: Browser,
    album: String,
}

impl PracticePhone {
    pub async fn open(address: &str, width: u32, language: &str) -> Self {
        let browser = Browser::open(width, language).await;
        browser.page.goto(&format!("{address}/")).await.expect("the practice phone opens");
        browser.see("#picture + .finder, #link").await;
        Self { browser, album: format!("practice-{width}-{language}") }
    }

    /// Hands over pictures of the page, as files, until the phone has taken up the QR on one: a frame of it dies within
    /// seconds, and a busy machine may take longer over a picture. Returns the digits that stand on the phone then.
    pub async fn look_at(&self, page: &Browser) -> String {
        let folder = tempfile::tempdir().expect("a folder for the pictures");
        self.keep("1-scan").await;
        for nth in 0..PICTURES {
            let file = folder.path().join(format!("qr-{nth}.png"));
            std::fs::write(&file, page.picture().await).expect("the picture can be written");
            let input = self.browser.see("#picture").await;
            input.send_keys(&file.to_string_lossy()).await.expect("a picture can be chosen");
            if let Some(digits) = self.digits_within(A_CLAIM).await {
                self.keep("1b-number").await;
                return digits;
            }
        }
        panic!("the phone took up none of {PICTURES} pictures: {}", self.browser.words().await)
    }

    async fn digits_within(&self, limit: Duration) -> Option<String> {
        let until = Instant::now() + limit;
        while Instant::now() < until {
            if let Ok(digits) = self.browser.page.find(Locator::Css("body[data-screen=number] .digits")).await {
                return digits.text().await.ok();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    /// From the request to the password field, agreeing to everything.
    pub async fn read_and_agree(&self) {
        self.browser.see(".requester").await;
        self.keep("2-review").await;
        // Reaching the last page counts as well, and a tall window shows it at once.
        if let Ok(tick) = self.browser.page.find(Locator::Css(".choice label")).await {
            let _ = tick.click().await;
        }
        self.browser.see("p.seen").await;
        self.go_on().await;
        self.browser.see("ol.steps").await;
        self.keep("3-flow").await;
        self.go_on().await;
        self.browser.see(".choices").await;
        self.keep("4-consents").await;
        for index in 0..3 {
            self.browser.click(&format!("label[for=consent-{index}]")).await;
        }
        self.go_on().await;
        self.browser.see("ul.items").await;
        self.keep("5-disclosure").await;
        self.go_on().await;
        self.browser.see("#password").await;
        self.keep("6-password").await;
    }

    pub async fn type_password(&self, password: &str) {
        self.browser.type_into("#password", password).await;
        self.browser.click("form.form button[type=submit]").await;
    }

    pub async fn hold(&self, card: &str) {
        self.browser.see("ol.dots").await;
        self.browser.click(&format!("[data-card='{card}'][aria-pressed=false]")).await;
    }

    pub async fn lift(&self, card: &str) {
        self.browser.click(&format!("[data-card='{card}'][aria-pressed=true]")).await;
    }

    pub async fn keep(&self, step: &str) {
        keep(&self.browser, &format!("{}-{step}", self.album)).await;
    }

    /// What is in sight.
    pub async fn keep_window(&self, step: &str) {
        keep_window(&self.browser, &format!("{}-{step}", self.album)).await;
    }

    pub async fn go_on(&self) {
        self.browser.click(".actions .button.is-primary:not([disabled])").await;
    }
}

/// The third that comes too late ends the flow.
const PICTURES: u32 = 3;
/// From a picture to the digits, on a busy machine.
const A_CLAIM: Duration = Duration::from_secs(5);
