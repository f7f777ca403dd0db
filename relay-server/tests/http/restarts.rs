//! The real program, killed and started again in the middle: nothing that was acknowledged is lost.

use crate::support::{Browser, Phone, Program, pdf};

#[tokio::test]
async fn a_session_goes_on_where_the_killed_server_left_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let link = browser.link(&session).await;
    program.kill();

    let program = Program::start(folder.path(), &listen);
    assert_eq!(browser.link(&session).await, link, "the page shows the same QR");
    let phone = Phone::with(&link);
    assert_eq!(phone.claim().await.status(), 200);
    let result = phone.signed().await;
    assert_eq!(phone.begin().await.status(), 200);
    program.kill();

    let program = Program::start(folder.path(), &listen);
    assert_eq!(phone.deliver(&result).await.status(), 202);
    program.kill();

    let program = Program::start(folder.path(), &listen);
    browser.wait_for(&session, "completed").await;
    assert_eq!(phone.deliver(&result).await.status(), 202, "the phone that got no answer asks again");
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap();
    assert!(signed.starts_with(b"%PDF-"));
    assert!(program.stop());
}

#[tokio::test]
async fn what_a_killed_server_left_half_done_is_deleted_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let listen = program.listen().to_owned();
    let browser = Browser::at(&program.origin);
    let document = browser.drop_pdf(pdf(1)).await;
    program.kill();
    let left_over = folder.path().join("data/incoming/half-an-upload");
    let orphan = folder.path().join("data/objects/documents/AAAAAAAAAAAAAAAAAAAAAA");
    std::fs::write(&left_over, b"%PDF-").unwrap();
    std::fs::create_dir_all(&orphan).unwrap();
    std::fs::write(orphan.join("original"), b"%PDF-").unwrap();

    let program = Program::start(folder.path(), &listen);
    assert!(!left_over.exists());
    assert!(!orphan.join("original").exists());
    assert_eq!(browser.get(&document).await.status(), 200, "a whole document stays");
    assert!(program.stop());
}
