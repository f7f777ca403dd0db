//! Copies without signatures: who gets one, what it holds, and what it still proves.

use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{ReceiptVerdict, TimeStampService, Trust, VerdictState};
use relay_server::configuration::{Configuration, Paths};
use reqwest::multipart::{Form, Part};
use simulator::timestamp::TimeStampQuirk;
use simulator::{CardHolder, practice};

use crate::support::{Authority, Browser, TestServer, completed, pdf};

#[tokio::test]
async fn a_copy_holds_no_signature_and_its_receipt_is_right_for_whoever_fetches_the_roots() {
    let server = TestServer::start().await;
    let (browser, document, session) = completed(&server).await;
    let page = text(&browser, &session).await;
    assert!(page.contains(&format!("href=\"{document}/copy.pdf\"")) && page.contains("電子署名を除いたPDF"), "{page}");
    let answer = browser.get(&format!("{document}/copy.pdf")).await;
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().contains("-copy.pdf"));
    let length: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let copy = answer.bytes().await.unwrap().to_vec();
    assert_eq!(copy.len(), length);
    assert_eq!(traces_in(&copy), Vec::<&str>::new());
    let judged = judged(&copy, &roots(&browser).await);
    assert_eq!((judged.problem, judged.state), (None, VerdictState::ValidInPart));
    assert_eq!(judged.service.as_deref(), Some(server.address()), "what a stranger can compare");
    let receipt = judged.statement.unwrap();
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    assert_eq!(receipt.original.sha256, pades::digest_of_everything(&signed).unwrap());
    assert!(pages_of(&copy) == 2 && pages_of(&signed) == 1, "the receipt's page comes behind the document's");
    let labels: Vec<_> = receipt.signers.iter().map(|signer| signer.label.as_deref()).collect();
    assert_eq!(labels, [Some("署名者1 / Signer 1")]);
}

#[tokio::test]
async fn the_page_that_verifies_finds_the_receipt_right_and_any_change_wrong() {
    let server = TestServer::start().await;
    let (browser, document, _) = completed(&server).await;
    let copy = copy_of(&browser, &document).await;
    let page = verified(&browser, copy.clone()).await;
    assert!(page.contains("受領証つき") && page.contains("署名者1 / Signer 1"), "{page}");
    let mut altered = copy.clone();
    let place = altered.windows(8).position(|window| window == b"/MediaBo").unwrap();
    let digit = altered[place..].iter().position(u8::is_ascii_digit).unwrap() + place;
    altered[digit] = b'1';
    for wrong in [altered, [copy.as_slice(), b"% more\n"].concat()] {
        let page = verified(&browser, wrong).await;
        assert!(page.contains("無効") && !page.contains("<b>一部未確認</b>"), "{page}");
    }
    let stranger = TestServer::start().await;
    let page = verified(&stranger.browser(), copy).await;
    assert!(page.contains("サービスの署名が有効ではありません"), "another server has other keys: {page}");
}

#[tokio::test]
async fn an_operator_leaves_the_page_out_and_a_server_without_a_font_has_none() {
    let without_setting: fn(&mut Configuration) = |configuration| configuration.receipt_page = false;
    let without_font: fn(&mut Configuration) =
        |configuration| (configuration.gothic_font, configuration.mincho_font) = (None, None);
    let broken_font: fn(&mut Configuration) = |configuration| configuration.gothic_font = Some("/dev/null".into());
    for change in [without_setting, without_font, broken_font] {
        let server = TestServer::configured(change).await;
        let (browser, document, _) = completed(&server).await;
        let copy = copy_of(&browser, &document).await;
        assert_eq!(pages_of(&copy), 1);
        assert_eq!(judged(&copy, &roots(&browser).await).problem, None);
    }
}

#[tokio::test]
async fn only_the_owner_gets_a_copy_and_only_of_what_is_signed() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let unsigned = browser.drop_pdf(pdf(1)).await;
    assert_eq!(browser.get(&format!("{unsigned}/copy.pdf")).await.status(), 409);
    let (_, document, _) = completed(&server).await;
    assert_eq!(browser.get(&format!("{document}/copy.pdf")).await.status(), 404);
}

#[tokio::test]
async fn a_receipt_is_time_stamped_by_an_authority_that_sends_its_own_certificate_alone() {
    for (authority, is_stamped) in [(Authority::honest(), true), (Authority::wrong(TimeStampQuirk::Bulky), false)] {
        let server = TestServer::configured(asking(&authority)).await;
        let (browser, document, _) = completed(&server).await;
        let copy = copy_of(&browser, &document).await;
        let trust = roots(&browser).await.and(&[practice().authority.ca_der().to_vec()]).unwrap();
        assert_eq!(judged(&copy, &trust).problem, None);
        let verdict = pades::verify(&copy, &trust, &AwsLc, SystemTime::now()).unwrap();
        assert_eq!(verdict.signatures[0].proven_time.is_some(), is_stamped);
    }
}

#[tokio::test]
async fn copies_leave_nothing_behind_however_many_are_asked_for() {
    let server = TestServer::start().await;
    let (browser, document, _) = completed(&server).await;
    let before = server.files_of_documents();
    let asked: Vec<_> = (0..12)
        .map(|_| {
            let (browser, document) = (browser.clone(), document.clone());
            tokio::spawn(async move { copy_of(&browser, &document).await })
        })
        .collect();
    let trust = roots(&browser).await;
    for copy in asked {
        assert_eq!(judged(&copy.await.unwrap(), &trust).problem, None);
    }
    assert_eq!(server.files_of_documents(), before);
}

#[tokio::test]
async fn receipts_of_before_a_restart_stay_right() {
    let mut server = TestServer::start().await;
    let (browser, document, _) = completed(&server).await;
    let (copy, roots_before) = (copy_of(&browser, &document).await, text(&browser, ROOTS).await);
    server.stop().await;
    let server = server.started_again().await;
    let browser = server.browser();
    assert_eq!(text(&browser, ROOTS).await, roots_before);
    assert!(verified(&browser, copy).await.contains("署名者1 / Signer 1"));
}

fn pages_of(file: &[u8]) -> usize {
    let document = pages::Document::open(file.to_vec(), &pages::Limits::default()).unwrap();
    document.inspect(&pages::Fonts::built_in()).unwrap().page_count
}

fn judged(copy: &Vec<u8>, trust: &Trust) -> ReceiptVerdict {
    let verdict = pades::verify(copy, trust, &AwsLc, SystemTime::now()).unwrap();
    pades::receipt_of(copy, &verdict).unwrap().unwrap()
}

async fn roots(browser: &Browser) -> Trust {
    let pem = text(browser, ROOTS).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    std::fs::write(&file, pem).unwrap();
    relay_server::trust::read(&Paths::One(file), &Paths::None).unwrap()
}

async fn copy_of(browser: &Browser, document: &str) -> Vec<u8> {
    let answer = browser.get(&format!("{document}/copy.pdf")).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

fn traces_in(copy: &[u8]) -> Vec<&'static str> {
    let holder = CardHolder::hanako();
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let certificate = practice().hanako.signing.certificate[200..240].to_vec();
    let traces = [("name", utf_16(&holder.name)), ("address", utf_16(&holder.address)), ("certificate", certificate)];
    let lower = copy.to_ascii_lowercase();
    let holds = |trace: &[u8]| {
        let digits: String = trace.iter().map(|byte| format!("{byte:02x}")).collect();
        copy.windows(trace.len()).any(|window| window == trace)
            || lower.windows(digits.len()).any(|window| window == digits.as_bytes())
    };
    traces.iter().filter(|(_, trace)| holds(trace)).map(|(what, _)| *what).collect()
}

fn asking(authority: &Authority) -> impl FnOnce(&mut Configuration) + use<> {
    let service = TimeStampService::parse(&authority.address).unwrap();
    move |configuration| configuration.time_stamp_authorities = vec![service]
}

async fn verified(browser: &Browser, file: Vec<u8>) -> String {
    let form = Form::new().part("pdf", Part::bytes(file).file_name("copy.pdf"));
    browser.request("/verify").multipart(form).send().await.unwrap().text().await.unwrap()
}

async fn text(browser: &Browser, path: &str) -> String {
    browser.get(path).await.text().await.unwrap()
}

const ROOTS: &str = "/.well-known/kazasu-receipts.pem";
