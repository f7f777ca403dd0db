//! Deleted means gone, however many are deleted at once; and what is kept is its owner's alone.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::browser::leads_to;
use crate::support::{Browser, Phone, Program, TestServer, pdf};

#[tokio::test]
async fn of_many_documents_that_are_deleted_at_once_nothing_stays_in_the_log() {
    let server = TestServer::start().await;
    for round in 0..3 {
        let mut documents = Vec::new();
        for number in 0..8 {
            let browser = server.browser();
            let name = format!("unmistakable-{round}-{number}.pdf");
            let document = leads_to(browser.send_file(&name, pdf(1), "").await).await;
            documents.push((browser, document));
        }
        assert!(holds(&server.everything_stored(), b"unmistakable"), "the search finds what is there");
        let deleting: Vec<_> = documents
            .into_iter()
            .map(|(browser, document)| {
                tokio::spawn(async move { browser.post_sure(&format!("{document}/delete")).await.status() })
            })
            .collect();
        for one in deleting {
            assert_eq!(one.await.unwrap(), 303);
        }
        assert!(!holds(&server.everything_stored(), b"unmistakable"), "round {round}");
    }
}

#[tokio::test]
async fn whoever_looks_while_a_result_is_settled_sees_a_whole_page_of_one_state() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    let looking: Vec<_> = (0..4)
        .map(|_| {
            let (browser, document, session) = (browser.clone(), document.clone(), session.clone());
            tokio::spawn(async move {
                loop {
                    let page = browser.get(&session).await;
                    assert_eq!(page.status(), 200);
                    let page = page.text().await.unwrap();
                    if page.contains("signed.pdf") {
                        assert!(page.contains("一部未確認"), "a completion without its verdict: {page}");
                        assert_eq!(browser.get(&format!("{document}/signed.pdf")).await.status(), 200);
                        assert_eq!(browser.get(&format!("{document}/copy.pdf")).await.status(), 200);
                        return;
                    }
                }
            })
        })
        .collect();
    phone.sign().await;
    for one in looking {
        one.await.unwrap();
    }
}

#[tokio::test]
async fn every_file_of_a_server_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let browser = Browser::at(&program.origin);
    browser.drop_pdf(pdf(1)).await;
    let files = everything_under(folder.path().join("data"));
    for needed in ["kazasu.sqlite", "kazasu.sqlite-wal", "relay.db", "service.key", "receipt-roots.pem", "original"] {
        assert!(files.iter().any(|file| file.ends_with(needed)), "{needed}: {files:?}");
    }
    for file in files {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has {mode:o}", file.display());
    }
}

fn everything_under(folder: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = vec![folder];
    for path in entries {
        if path.is_dir() { found.extend(everything_under(path)) } else { found.push(path) }
    }
    found
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
