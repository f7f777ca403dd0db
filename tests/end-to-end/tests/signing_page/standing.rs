//! Wherever a signing stands, a page that is loaded anew and a second tab stand there too.

use end_to_end::browser::Browser;
use end_to_end::journey::{self, COMPLETED};
use end_to_end::page::Page;
use end_to_end::person::Person;
use end_to_end::phone::Phone;
use end_to_end::tabs::Tabs;
use signer::Screen;
use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard};
use wire::Stage as At;

use super::scanner::Scanner;
use super::{DESKTOP, ENDED, MATCHED, NUMBERED, address, clocked, type_number, waiting};

#[tokio::test]
async fn at_each_step_of_a_signing_that_is_cancelled() {
    let (_stage, browser) = waiting(DESKTOP, "ja").await;
    let tabs = Tabs::of(browser).await;
    let browser = &tabs.browser;
    tabs.stand_at("#step[data-state=waiting]:has(#moving-qr)").await;
    browser.click("form[action$=launch] button").await;
    tabs.stand_at("#step[data-ticket=launch]").await;
    browser.click("form[action$='/qr'] button").await;
    tabs.stand_at("#step[data-state=waiting]:has(#moving-qr)").await;
    browser.click("form[action$=copied] button").await;
    tabs.stand_at("#step[data-ticket=copied]").await;
    let mut phone = Scanner::with(&browser.see("#link").await.prop("value").await.unwrap().unwrap());
    phone.claim().await;
    tabs.stand_at("#step[data-state=claimed]").await;
    phone.agree().await;
    tabs.stand_at(NUMBERED).await;
    type_number(browser, &phone.wrong_number()).await;
    tabs.stand_at("#step[data-wrong-numbers='1']").await;
    type_number(browser, &phone.number()).await;
    tabs.stand_at(MATCHED).await;
    phone.is_at(At::Password).await;
    tabs.stand_at("#step[data-stage=password]").await;
    phone.begin().await;
    phone.is_at(At::Card).await;
    tabs.stand_at("#step[data-state=signing][data-stage=card]").await;
    phone.is_at(At::Sending).await;
    tabs.stand_at("#step[data-state=signing][data-stage=sending]").await;
    browser.click(".ask summary").await;
    browser.click(".ask button").await;
    tabs.stand_at(ENDED).await;
    tabs.browser.close().await;
}

#[tokio::test]
async fn at_the_end_of_one_that_is_completed() {
    let (_stage, browser) = waiting(DESKTOP, "en").await;
    let tabs = Tabs::of(browser).await;
    signs(&tabs.browser).await;
    tabs.stand_at(COMPLETED).await;
    tabs.browser.close().await;
}

/// In the service's time the card's certificate ended long ago.
#[tokio::test(flavor = "multi_thread")]
async fn at_the_end_of_one_that_is_rejected() {
    let stage = end_to_end::clocked::ClockedStage::start().await;
    stage.put_forward(5 * 365 * 86_400);
    let browser = Browser::open(DESKTOP, "ja").await;
    journey::drop_practice_contract(&browser, stage.page()).await;
    journey::press_next(&browser).await;
    let tabs = Tabs::of(browser).await;
    signs(&tabs.browser).await;
    tabs.stand_at("#step[data-state=rejected]").await;
    tabs.browser.close().await;
    stage.stop().await;
}

async fn signs(browser: &Browser) {
    let link = journey::link_on_screen(browser).await.unwrap();
    let mut phone = Phone::with(VirtualCard::new(CardSetup::good()));
    let mut person = Person::knowing(PRACTICE_PASSWORD);
    let Screen::Number { number, .. } = phone.sign_as(&mut person, &link).await else { panic!("{:?}", phone.screen()) };
    browser.type_number(&number).await;
    phone.go_on(&mut person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_end_of_one_whose_time_is_over_and_of_one_that_was_replaced() {
    let (stage, browser) = clocked(DESKTOP, "en").await;
    let old = address(&browser).await;
    let tabs = Tabs::of(browser).await;
    journey::renew(&tabs.browser).await;
    tabs.browser.see("#moving-qr:not(.is-refreshing)").await;
    let new = address(&tabs.browser).await;
    assert_ne!(old, new);
    tabs.browser.page.goto(&old).await.unwrap();
    tabs.stand_at(ENDED).await;
    for tab in &tabs.tabs {
        tabs.browser.page.switch_to_window(tab.clone()).await.unwrap();
        tabs.browser.page.goto(&new).await.unwrap();
    }
    stage.put_forward(601);
    tabs.browser.page.refresh().await.unwrap();
    tabs.browser.see(ENDED).await;
    tabs.browser.page.switch_to_window(tabs.tabs[0].clone()).await.unwrap();
    tabs.browser.page.refresh().await.unwrap();
    tabs.stand_at(ENDED).await;
    tabs.browser.close().await;
    stage.stop().await;
}
