//! The keys that sign receipts, over a year and over a power cut.

use std::path::Path;
use std::time::Duration;

use relay_server::clock::Clock;
use reqwest::multipart::{Form, Part};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;

use crate::support::{Browser, Phone, Program, TestServer, files_in, pdf};

#[tokio::test]
async fn a_year_later_another_key_signs_and_the_receipts_of_the_old_one_stay_right() {
    let mut server = TestServer::start().await;
    let roots = published(&server.browser()).await;
    let early = copy(&server.browser()).await;
    let secret = secrets(server.folder.path()).await.remove(0).expect("the key in use has its secret half");
    let clock = Clock::start();
    clock.put_forward(YEAR);
    server.restart_at(clock).await;
    let both = published(&server.browser()).await;
    assert!(both.ends_with(&roots) && both.len() > roots.len(), "the newest first, and the old one stays");
    let later = copy(&server.browser()).await;
    for receipt in [&early, &later] {
        assert!(is_right(&server.browser(), receipt).await);
    }
    let stored = secrets(server.folder.path()).await;
    assert_eq!(stored.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false], "the newest first");
    assert_ne!(stored[0].as_ref(), Some(&secret));
    let folder = server.folder.path().to_owned();
    server.stop().await;
    assert!(!contains(&files_in(&folder.join("data")), &secret), "of the old secret half no byte is left");

    let mut listen = "127.0.0.1:0".to_owned();
    for _ in 0..2 {
        let program = Program::start(&folder, &listen);
        listen = program.listen().to_owned();
        let browser = Browser::at(&program.origin);
        assert_eq!(published(&browser).await, both);
        assert!(is_right(&browser, &early).await);
        program.kill();
        assert_eq!(secrets(&folder).await.len(), 2);
    }
}

#[tokio::test]
async fn a_key_is_changed_while_the_server_runs() {
    let mut server = TestServer::start().await;
    let first = published(&server.browser()).await;
    let clock = Clock::start();
    clock.put_forward(YEAR - Duration::from_secs(25 * 3600));
    server.restart_at(clock).await;
    let browser = server.browser();
    let document = signed(&browser).await;
    let before = copy_of(&browser, &document).await;
    assert_eq!(published(&browser).await, first, "a year is not over");
    server.clock.put_forward(Duration::from_secs(2 * 3600));
    let after = copy_of(&browser, &document).await;
    assert!(published(&browser).await.len() > first.len(), "the next copy is signed with another key");
    for receipt in [before, after] {
        assert!(is_right(&browser, &receipt).await);
    }
}

/// As when the power went between the change of the key and the file that the child reads.
#[tokio::test]
async fn the_file_of_roots_is_mended_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let roots = published(&browser).await;
    let early = copy(&browser).await;
    program.kill();
    let file = folder.path().join("data/receipt-roots.pem");
    for damaged in [None, Some(""), Some("-----BEGIN CERT")] {
        match damaged {
            None => std::fs::remove_file(&file).unwrap(),
            Some(text) => std::fs::write(&file, text).unwrap(),
        }
        let program = Program::start(folder.path(), &listen);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), roots);
        assert!(is_right(&browser, &early).await);
        program.kill();
    }
}

/// Of each key in the database, the newest first, its sealed secret half.
async fn secrets(folder: &Path) -> Vec<Option<Vec<u8>>> {
    let options = SqliteConnectOptions::new().filename(folder.join("data/kazasu.sqlite")).read_only(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let query = "SELECT sealed_key FROM receipt_keys ORDER BY use_from_ms DESC";
    let secrets = sqlx::query_scalar(query).fetch_all(&pool).await.unwrap();
    pool.close().await;
    secrets
}

async fn copy(browser: &Browser) -> Vec<u8> {
    let document = signed(browser).await;
    copy_of(browser, &document).await
}

async fn signed(browser: &Browser) -> String {
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(browser, &session).await.sign().await;
    browser.wait_for(&session, "completed").await;
    document
}

async fn copy_of(browser: &Browser, document: &str) -> Vec<u8> {
    let answer = browser.get(&format!("{document}/copy.pdf")).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

async fn is_right(browser: &Browser, copy: &[u8]) -> bool {
    let form = Form::new().part("pdf", Part::bytes(copy.to_vec()).file_name("copy.pdf"));
    let page = browser.request("/verify").multipart(form).send().await.unwrap().text().await.unwrap();
    page.contains("署名者1 / Signer 1") && page.contains("<b>一部未確認</b>") && !page.contains("何も証明しません")
}

async fn published(browser: &Browser) -> String {
    browser.get("/.well-known/kazasu-receipts.pem").await.text().await.unwrap()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);
