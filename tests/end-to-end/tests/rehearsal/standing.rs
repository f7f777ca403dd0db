//! Wherever a 準備チェック stands, a page that is loaded anew and a second tab stand there too.

use end_to_end::browser::Browser;
use end_to_end::clocked::ClockedStage;
use end_to_end::tabs::Tabs;

use super::{BUTTON, DESKTOP, good, scan};

#[tokio::test(flavor = "multi_thread")]
async fn at_each_step_and_at_each_end() {
    let (stage, tabs) = rehearsing("ja").await;
    tabs.stand_at("#step[data-state=waiting]").await;
    let mut phone = scan(&tabs.browser).await;
    tabs.stand_at("#step[data-state=claimed]").await;
    phone.agree().await;
    tabs.stand_at("#step[data-state=numbered]").await;
    phone.report(&good()).await;
    tabs.stand_at("#step[data-state=completed]").await;
    tabs.browser.close().await;
    let tabs = opened(&stage, "en").await;
    tabs.browser.click("form[action$=cancel] button").await;
    tabs.stand_at("#step[data-state=ended]").await;
    tabs.browser.close().await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_its_ten_minutes_are_over() {
    let (stage, tabs) = rehearsing("ja").await;
    stage.put_forward(590);
    for tab in &tabs.tabs {
        tabs.browser.page.switch_to_window(tab.clone()).await.unwrap();
        tabs.browser.page.refresh().await.unwrap();
    }
    tabs.stand_at("#step[data-state=ended]").await;
    tabs.browser.close().await;
    stage.stop().await;
}

async fn rehearsing(language: &str) -> (ClockedStage, Tabs) {
    let stage = ClockedStage::start().await;
    let tabs = opened(&stage, language).await;
    (stage, tabs)
}

async fn opened(stage: &ClockedStage, language: &str) -> Tabs {
    let browser = Browser::open(DESKTOP, language).await;
    browser.page.goto(&format!("{}/", stage.page())).await.unwrap();
    browser.click(BUTTON).await;
    browser.see("#moving-qr").await;
    Tabs::of(browser).await
}
