//! A page that was cut off, and one without scripts, go on; what was typed stays.

use end_to_end::browser::Browser;
use serde_json::json;

use super::{DESKTOP, MATCHED, PHONE, address, numbered, type_number, waiting};

#[tokio::test]
async fn what_was_typed_and_not_sent_stays_when_another_tab_types_wrong() {
    let (_stage, browser, phone) = numbered(DESKTOP, "en").await;
    let first = browser.page.window().await.unwrap();
    browser.type_into("#number", "123").await;
    another_tab(&browser).await;
    type_number(&browser, &phone.wrong_number()).await;
    browser.see("#step[data-wrong-numbers='1']").await;
    browser.page.switch_to_window(first).await.unwrap();
    browser.see("#step[data-wrong-numbers='1']").await;
    assert_eq!(browser.see("#number").await.prop("value").await.unwrap().as_deref(), Some("123"));
    let focus = "const field = document.activeElement; return [field.id, field.selectionStart]";
    assert_eq!(browser.page.execute(focus, vec![]).await.unwrap(), json!(["number", 3]), "and the person types on");
    browser.close().await;
}

#[tokio::test]
async fn a_page_without_a_network_says_so_and_comes_back() {
    let (mut stage, browser, phone) = numbered(PHONE, "en").await;
    browser.devtools("Network.enable", json!({})).await;
    let cut = |offline| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.emulateNetworkConditions", cut(true)).await;
    stage.cut_the_power();
    browser.see("#connection:not([hidden])").await;
    browser.type_into("#number", "12").await;
    browser.devtools("Network.emulateNetworkConditions", cut(false)).await;
    browser.see("#connection[hidden]").await;
    assert_eq!(browser.see("#number").await.prop("value").await.unwrap().as_deref(), Some("12"));
    browser.see("#number").await.clear().await.unwrap();
    type_number(&browser, &phone.number()).await;
    browser.see(MATCHED).await;
    browser.close().await;
}

#[tokio::test]
async fn without_scripts_a_copied_link_still_leads_through() {
    let (_stage, browser) = waiting(DESKTOP, "en").await;
    let url = address(&browser).await;
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    browser.page.goto(&url).await.unwrap();
    browser.click("form[action$=copied] button").await;
    browser.see("#link").await;
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
    let link = browser.see("#link").await.attr("value").await.unwrap().unwrap();
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    let mut phone = super::scanner::Scanner::with(&link);
    phone.claim().await;
    phone.agree().await;
    browser.page.goto(&url).await.unwrap();
    type_number(&browser, &phone.number()).await;
    browser.see(MATCHED).await;
    browser.close().await;
}

/// In front, on the same page.
async fn another_tab(browser: &Browser) {
    let url = address(browser).await;
    let tab = browser.page.new_window(true).await.unwrap();
    browser.page.switch_to_window(tab.handle).await.unwrap();
    browser.page.goto(&url).await.unwrap();
}
