//! From the phone's result to the turned page in a real browser.

use std::time::{Duration, UNIX_EPOCH};

use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard};

use super::{quantile, report};
use crate::browser::Browser;
use crate::demo::Stage;
use crate::journey;
use crate::phone::Phone;

pub(super) async fn page_turn() -> Result<(), String> {
    let stage = Stage::new()?;
    let browser = Browser::open(1280, "ja").await;
    let mut waits = Vec::new();
    for _ in 0..TURNS {
        journey::drop_practice_contract(&browser, stage.page()).await;
        journey::press_next(&browser).await;
        let link = journey::link_on_screen(&browser).await?;
        browser.page.execute(WATCH, vec![]).await.map_err(|problem| problem.to_string())?;
        let mut phone = Phone::with(VirtualCard::new(CardSetup::good()));
        phone.sign(&link, PRACTICE_PASSWORD, &browser).await;
        browser.see(journey::COMPLETED).await;
        let turned = browser.page.execute("return window.kazasuTurned", vec![]).await.map_err(|problem| problem.to_string())?;
        let sent = phone.result_sent().ok_or("the phone sent no result")?.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        waits.push(turned.as_f64().ok_or("the page did not turn by itself")? - sent.as_secs_f64() * 1000.0);
    }
    browser.close().await;
    report("page: result posted to page turned, 95th percentile of 20", quantile(waits.clone(), 0.95), 100.0, "ms");
    report("page: the same, median", quantile(waits, 0.5), 100.0, "ms");
    Ok(())
}

/// Notes the moment, on the clock that the phone uses too, at which the finished state is in the page.
const WATCH: &str = "new MutationObserver(() => {
    if (!window.kazasuTurned && document.querySelector('[data-state=completed]')) window.kazasuTurned = Date.now();
}).observe(document.documentElement, { subtree: true, childList: true, attributes: true });";
const TURNS: u32 = 20;
