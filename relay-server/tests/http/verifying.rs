//! The page that verifies a PDF: what it says, what it hides, and that it keeps nothing.

use std::time::SystemTime;

use pades::{PrepareOptions, cms, embed, prepare, signed_attributes};
use reqwest::multipart::{Form, Part};
use simulator::{CardHolder, practice};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;

use crate::support::{Browser, TestServer, pdf};

#[tokio::test]
async fn a_signed_pdf_gets_its_verdict_and_the_person_is_hidden() {
    let server = TestServer::start().await;
    let page = verdict_on(&server.browser(), signed()).await;
    assert!(page.contains("一部未確認") && page.contains("失効確認はしていません"), "{page}");
    assert!(page.contains("マイナンバーカードの持ち主（氏名は隠しています）"));
    let holder = CardHolder::hanako();
    let shown = page.split("<details").next().unwrap();
    assert!(!shown.contains(&holder.name) && !shown.contains(&holder.address));
    assert!(page.contains(&holder.name), "it is there for whoever asks");
}

#[tokio::test]
async fn nothing_of_a_verified_file_is_kept() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let before = rows(&server).await;
    let file = signed();
    for bytes in [file.clone(), file[..file.len() / 2].to_vec(), b"no PDF".to_vec(), [file.as_slice(), b"more"].concat()] {
        let answer = send(&browser, bytes).await;
        assert!(answer.headers().get("set-cookie").is_none());
        assert_eq!(answer.headers()["cache-control"], "no-store");
        answer.bytes().await.unwrap();
        assert_eq!(server.files_of_documents(), 0);
    }
    assert_eq!(rows(&server).await, before, "no row was written");
    let stored = server.everything_stored();
    for trace in [&practice().hanako.signing.certificate[200..240], "契約書".as_bytes(), CardHolder::hanako().name.as_bytes()]
    {
        assert!(!stored.windows(trace.len()).any(|window| window == trace));
    }
}

#[tokio::test]
async fn a_changed_file_is_invalid_and_an_unsigned_one_has_no_verdict() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let longer = [signed().as_slice(), b"and more"].concat();
    let page = verdict_on(&browser, longer).await;
    assert!(page.contains("無効") && page.contains("読むソフトによって違う内容に見えるおそれがあります"), "{page}");
    let mut flipped = signed();
    flipped[20] ^= 1;
    assert!(!verdict_on(&browser, flipped).await.contains("一部未確認</b>"));
    assert!(verdict_on(&browser, pdf(1)).await.contains("このPDFには署名がありません"));
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_where_the_form_stands() {
    let server = TestServer::configured(|configuration| configuration.max_pdf_mib = 1.try_into().unwrap()).await;
    let browser = server.browser();
    for (bytes, status, code) in
        [(Vec::new(), 415, "E-PDF-01"), (b"a letter".to_vec(), 415, "E-PDF-01"), (vec![b' '; 2 << 20], 413, "E-PDF-03")]
    {
        let answer = send(&browser, bytes).await;
        assert_eq!(answer.status(), status);
        let page = answer.text().await.unwrap();
        assert!(
            page.contains(code) && page.contains("action=\"/verify\"") && page.contains("href=\"/verify?lang=en\""),
            "{page}"
        );
    }
    assert_eq!(server.files_of_documents(), 0);
}

#[tokio::test]
async fn a_server_that_takes_no_files_verifies_none() {
    let server = TestServer::configured(|configuration| configuration.public_drop = false).await;
    assert_eq!(server.browser().get("/verify").await.status(), 404);
    assert_eq!(send(&server.browser(), signed()).await.status(), 404);
}

#[tokio::test]
async fn a_form_of_another_site_verifies_nothing() {
    let server = TestServer::start().await;
    let form = Form::new().part("pdf", Part::bytes(signed()).file_name("a.pdf"));
    let answer = server.browser().bare_request("/verify").header("Origin", "https://evil.example").multipart(form).send().await;
    assert_eq!(answer.unwrap().status(), 403);
}

/// In every table.
async fn rows(server: &TestServer) -> Vec<(String, i64)> {
    let options = SqliteConnectOptions::new().filename(server.database()).read_only(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetch_all(&pool).await.unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM \"{table}\""));
        rows.push((table, sqlx::query_scalar(count).fetch_one(&pool).await.unwrap()));
    }
    assert!(rows.iter().any(|(table, _)| table == "documents"), "{rows:?}");
    rows
}

async fn verdict_on(browser: &Browser, bytes: Vec<u8>) -> String {
    let answer = send(browser, bytes).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

async fn send(browser: &Browser, bytes: Vec<u8>) -> reqwest::Response {
    let form = Form::new().part("pdf", Part::bytes(bytes).file_name("契約書.pdf"));
    browser.request("/verify").multipart(form).send().await.unwrap()
}

/// By the practice card of 練習　花子.
fn signed() -> Vec<u8> {
    let (file, card) = (pdf(1), &practice().hanako.signing);
    let prepared = prepare(&file, &PrepareOptions::new(SystemTime::now(), [1; 16])).unwrap();
    let mut signed = [file.as_slice(), &prepared.revision].concat();
    let attributes = signed_attributes(&prepared.digest, &card.certificate, None).unwrap();
    let cms = cms(&attributes, &card.sign(&attributes), &card.certificate, &[]).unwrap();
    let patch = embed(&signed, &prepared.byte_range, &cms).unwrap();
    let start = usize::try_from(patch.offset).unwrap();
    signed[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    signed
}
