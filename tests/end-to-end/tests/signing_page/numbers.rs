//! The six digits.

use end_to_end::album::keep;
use wire::{RefusalKind, Stage};

use super::{DESKTOP, ENDED, MATCHED, NUMBERED, PHONE, address, is_there, matched, numbered, scan, type_number, waiting};

#[tokio::test]
async fn the_number_that_the_phone_shows_brings_the_document_to_it() {
    let (_stage, browser) = waiting(DESKTOP, "ja").await;
    keep(&browser, "signing-desktop-ja-1-waiting").await;
    let phone = scan(&browser).await;
    browser.see(NUMBERED).await;
    assert!(!is_there(&browser, "#moving-qr").await, "the code is gone at once");
    let focused = browser.page.execute("return document.activeElement.id", vec![]).await.unwrap();
    assert_eq!(focused, "number", "the person looks at the phone and types");
    keep(&browser, "signing-desktop-ja-2-number").await;
    type_number(&browser, &phone.number()).await;
    browser.see(MATCHED).await;
    let request = phone.request().await;
    assert_eq!(request.documents.len(), 1);
    let words = browser.words().await;
    let shown: Vec<String> =
        request.documents[0].sha256[..8].chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
    assert!(words.contains(&shown.join(" ")), "{words}");
    keep(&browser, "signing-desktop-ja-3-matched").await;
    browser.close().await;
}

#[tokio::test]
async fn the_page_follows_the_phone_through_its_stages() {
    let (_stage, browser, phone) = matched(PHONE, "en").await;
    phone.is_at(Stage::Password).await;
    browser.see("#step[data-stage=password]").await;
    keep(&browser, "signing-phone-en-4-password").await;
    phone.begin().await;
    browser.see("#step[data-state=signing]").await;
    phone.is_at(Stage::Card).await;
    browser.see("#step[data-stage=card]").await;
    assert!(is_there(&browser, ".ask").await && !is_there(&browser, "form[action$=replace]").await);
    keep(&browser, "signing-phone-en-5-card").await;
    browser.close().await;
}

#[tokio::test]
async fn two_wrong_numbers_are_forgiven_and_a_third_ends_the_session() {
    let (_stage, browser, phone) = numbered(DESKTOP, "en").await;
    type_number(&browser, "12").await;
    browser.see("#number-problem").await;
    assert!(address(&browser).await.ends_with("?number=format"), "what was typed stands in no address");
    assert!(browser.words().await.contains("does not count"));
    keep(&browser, "signing-desktop-en-6-malformed").await;
    type_number(&browser, &phone.wrong_number()).await;
    browser.see("#step[data-wrong-numbers='1']").await;
    assert!(browser.words().await.contains("2 more times"));
    keep(&browser, "signing-desktop-en-7-wrong").await;
    type_number(&browser, &phone.wrong_number()).await;
    browser.see("#step[data-wrong-numbers='2']").await;
    assert!(browser.words().await.contains("1 more time."));
    type_number(&browser, &phone.wrong_number()).await;
    browser.see(ENDED).await;
    assert!(browser.words().await.contains("E-QR-08"));
    keep(&browser, "signing-desktop-en-8-three-wrong").await;
    phone.wait_for("wrong_numbers").await;
    browser.close().await;
}

#[tokio::test]
async fn digits_in_full_width_are_taken() {
    let (_stage, browser, phone) = numbered(PHONE, "ja").await;
    keep(&browser, "signing-phone-ja-2-number").await;
    let full_width = |digit: char| digit.to_digit(10).map_or(digit, |digit| char::from_u32(0xFF10 + digit).unwrap());
    let typed: String = phone.number().chars().map(full_width).collect();
    type_number(&browser, &typed).await;
    browser.see(MATCHED).await;
    browser.close().await;
}

#[tokio::test]
async fn a_phone_that_refuses_ends_the_page_by_name() {
    let (_stage, browser, mut phone) = matched(DESKTOP, "ja").await;
    phone.refuse(RefusalKind::Declined).await;
    browser.see(ENDED).await;
    assert!(browser.words().await.contains("スマートフォンで取り消しました"));
    keep(&browser, "signing-desktop-ja-9-declined").await;
    browser.close().await;
}
