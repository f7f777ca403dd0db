//! 準備チェック with the phones' own signing flow: the page shows what the card told, and the phone that it was delivered.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use end_to_end::album::keep;
use end_to_end::browser::Browser;
use end_to_end::demo::Stage;
use end_to_end::journey;
use end_to_end::person::Person;
use end_to_end::phone::Phone;
use fantoccini::Locator;
use serde_json::{Value, json};
use signer::{ApplicationLine, ClockLine, NetworkLine, ReportStage, Screen, Sent};
use simulator::{CardSetup, VirtualCard};

const BUTTON: &str = "form.rehearse button";

async fn rehearse(stage: &Stage) -> Browser {
    let browser = Browser::open(1280, "ja").await;
    browser.page.goto(&format!("{}/", stage.page())).await.unwrap();
    browser.click(BUTTON).await;
    browser.see("#moving-qr").await;
    browser
}

#[tokio::test]
async fn the_phone_and_the_page_show_the_same_six_lines() {
    let stage = Stage::new().unwrap();
    let browser = rehearse(&stage).await;
    let mut phone = Phone::with(VirtualCard::new(CardSetup::good()));
    let link = journey::link_on_screen(&browser).await.unwrap();
    let screen = phone.sign_as(&mut Person::knowing("never asked"), &link).await;
    let Screen::Rehearsed { rehearsal, report: Some(report) } = screen else { panic!("{screen:?}") };
    assert_eq!(report.stage, ReportStage::Delivered);
    assert_eq!(report.page.origin, stage.page());
    assert_eq!((rehearsal.application, rehearsal.attempts_left), (ApplicationLine::MyNumberCard, Some(5)));
    assert_eq!((rehearsal.network, rehearsal.clock), (Some(NetworkLine::Quick), Some(ClockLine::Right)));
    assert_eq!(phone.card().counts().verifies, 0);
    browser.see("#step[data-state=completed]").await;
    assert_eq!(browser.page.find_all(Locator::Css(".report li.is-ok")).await.unwrap().len(), 6);
    browser.close().await;
}

#[tokio::test]
async fn a_code_that_was_used_up_is_refused_by_name() {
    let stage = Stage::new().unwrap();
    let browser = rehearse(&stage).await;
    let link = journey::link_on_screen(&browser).await.unwrap();
    let mut first = Phone::with(VirtualCard::new(CardSetup::good()));
    let mut nobody = Person::patient(&[], false);
    first.sign_as(&mut nobody, &link).await;
    let screen = Phone::with(VirtualCard::new(CardSetup::good())).sign_as(&mut nobody, &link).await;
    assert!(
        matches!(&screen, Screen::Failed { failure, .. } if failure.code == "E-QR-04" && failure.facts.sent == Sent::Nothing),
        "{screen:?}"
    );
    browser.close().await;
}

#[tokio::test]
async fn the_practice_phone_reads_the_code_off_a_shared_screen() {
    let stage = Stage::with_practice_phone().unwrap();
    let browser = rehearse(&stage).await;
    let practice = Browser::open(1000, "en").await;
    practice.page.goto(&format!("{}/", stage.practice_phone().unwrap())).await.unwrap();
    practice.see("#picture").await;
    share(&practice, &browser.page.screenshot().await.unwrap()).await;
    // A frame that is too old by the time the sharing begins.
    tokio::time::sleep(Duration::from_secs(7)).await;
    practice.click("#share").await;
    practice.see("body[data-screen=claiming]").await;
    share(&practice, &browser.page.screenshot().await.unwrap()).await;
    practice.see("body[data-screen=rehearsing]").await;
    let is_live = "return window.shared.getTracks()[0].readyState";
    assert_eq!(practice.page.execute(is_live, vec![]).await.unwrap(), "ended", "the sharing ends by itself");
    practice.close().await;
    browser.close().await;
}

/// What the person would share: this picture of the other browser.
async fn share(practice: &Browser, png: &[u8]) {
    use base64::Engine;
    let script = "const [text, done] = arguments; \
        const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)); \
        createImageBitmap(new Blob([bytes], { type: 'image/png' })).then((picture) => { \
          window.screenNow ??= document.createElement('canvas'); \
          Object.assign(window.screenNow, { width: picture.width, height: picture.height }); \
          window.draw = () => window.screenNow.getContext('2d').drawImage(picture, 0, 0); \
          window.draw(); setInterval(() => window.draw(), 100); \
          navigator.mediaDevices.getDisplayMedia = async () => window.shared = window.screenNow.captureStream(10); \
          done(null); })";
    let text = base64::engine::general_purpose::STANDARD.encode(png);
    practice.page.execute_async(script, vec![json!(text)]).await.unwrap();
}

#[tokio::test]
async fn the_practice_phone_draws_each_step() {
    let stage = Stage::with_practice_phone().unwrap();
    for language in ["ja", "en"] {
        let browser = rehearse(&stage).await;
        let practice = Browser::open(1000, language).await;
        practice.page.goto(&format!("{}/", stage.practice_phone().unwrap())).await.unwrap();
        practice.see("#picture").await;
        let phone = practice.page.current_url().await.unwrap().to_string();
        let client = end_to_end::http::client().build().unwrap();
        let post = async |picture: Vec<u8>| client.post(format!("{phone}/picture")).body(picture).send().await.unwrap();
        keep(&practice, &format!("practice-{language}-1-scan")).await;
        let old = browser.page.screenshot().await.unwrap();
        tokio::time::sleep(Duration::from_secs(7)).await;
        post(old).await;
        practice.see("body[data-screen=claiming]").await;
        keep(&practice, &format!("practice-{language}-2-claiming")).await;
        post(browser.page.screenshot().await.unwrap()).await;
        practice.see("body[data-screen=rehearsing]").await;
        keep(&practice, &format!("practice-{language}-3-rehearsing")).await;
        let held = json!({ "action": "hold", "card": "good" }).to_string();
        client.post(format!("{phone}/card")).header("content-type", "application/json").body(held).send().await.unwrap();
        practice.see("body[data-screen=rehearsed]").await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        keep(&practice, &format!("practice-{language}-4-rehearsed")).await;
        practice.close().await;
        browser.close().await;
    }
}

#[tokio::test]
async fn the_practice_phone_reads_pictures_of_the_moving_qr() {
    let stage = Stage::with_practice_phone().unwrap();
    let browser = rehearse(&stage).await;
    let client = end_to_end::http::client().build().unwrap();
    let phone = client.get(format!("{}/", stage.practice_phone().unwrap())).send().await.unwrap().url().to_string();
    let screen = async || -> Value {
        client
            .get(format!("{phone}/screen"))
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .map(|body| serde_json::from_slice(&body).unwrap())
            .unwrap()
    };
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let shown = screen().await;
        match shown["screen"].as_str().unwrap() {
            "scan" | "claiming" => {
                let picture = browser.page.screenshot().await.unwrap();
                client.post(format!("{phone}/picture")).body(picture).send().await.unwrap();
            }
            "rehearsing" => {
                assert_eq!(shown["page"]["origin"], stage.page());
                let held = json!({ "action": "hold", "card": "good" }).to_string();
                let held = client.post(format!("{phone}/card")).header("content-type", "application/json").body(held);
                assert!(held.send().await.unwrap().status().is_success());
            }
            "rehearsed" if shown["report"]["stage"] == "delivered" => break,
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
        assert!(Instant::now() < until, "{shown}");
    }
    browser.see("#step[data-state=completed]").await;
    browser.close().await;
}
