//! The real program, killed and started again in the middle: nothing that was acknowledged is lost.

use std::time::Duration;

use relay_server::clock::Clock;

use crate::support::browser::leads_to;
use crate::support::phone::problem;
use crate::support::scanner::MovingPage;
use crate::support::{Browser, Phone, Program, TestServer, pdf, pdf_of_bytes};

#[tokio::test]
async fn a_session_goes_on_where_the_killed_server_left_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let secret = MovingPage::of(&browser, &session).await.secret;
    program.kill();

    let program = Program::start(folder.path(), &listen);
    let page = MovingPage::of(&browser, &session).await;
    assert_eq!(page.secret, secret, "the page shows the same QR");
    let phone = Phone::with(page.link().await, &browser, &session);
    phone.match_up().await;
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

/// Killed after every word that crosses, by whomever it was said.
#[tokio::test]
async fn a_signing_goes_on_after_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), "127.0.0.1:0");
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let again = |program: Program| {
        program.kill();
        Program::start(folder.path(), &listen)
    };
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    program = again(program);
    let phone = Phone::at(&browser, &session).await;
    assert_eq!(phone.claim().await.status(), 202);
    program = again(program);
    phone.reveal().await;
    program = again(program);
    phone.scanner.wait_for("numbered").await;
    browser.type_number(&session, &phone.number().await).await;
    program = again(program);
    let request = phone.request().await;
    program = again(program);
    phone.document(&request, 0).await;
    program = again(program);
    let result = phone.signed().await;
    assert_eq!(phone.begin().await.status(), 200);
    program = again(program);
    assert_eq!(phone.deliver(&result).await.status(), 202);
    program = again(program);
    assert!(phone.wait_for_outcome().await.contains("completed"));
    program = again(program);
    assert_eq!(browser.state(&session).await["state"], "completed");
    assert_eq!(phone.deliver(&result).await.status(), 202, "the phone that got no answer asks again");
    assert!(program.stop());
}

#[tokio::test]
async fn a_machine_whose_time_was_set_back_or_forth_while_the_server_was_down_prolongs_no_signing() {
    let mut server = TestServer::start().await;
    server.clock.put_forward(Duration::from_secs(24 * 3600));
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    server.restart_at(Clock::start()).await;
    let left = browser.state(&session).await["seconds_left"].as_u64().unwrap();
    assert!((500..=600).contains(&left), "a day back: {left} s are left");
    assert_eq!(phone.deliver(&result).await.status(), 202);
    browser.wait_for(&session, "completed").await;
    let next = browser.press_next(&browser.drop_pdf(pdf(1)).await).await;
    let phone = Phone::at(&browser, &next).await;
    let result = phone.up_to_the_card().await;
    let forth = Clock::start();
    forth.put_forward(Duration::from_secs(48 * 3600));
    server.restart_at(forth).await;
    let refused = problem(phone.deliver(&result).await).await;
    let is_over = [(410, wire::ProblemCode::Expired), (404, wire::ProblemCode::UnknownSession)].contains(&refused);
    assert!(is_over, "expired, or swept away already after two days: {refused:?}");
    // Swept away beside the first requests, not before them.
    let gone = async {
        while browser.get(&next).await.status() != 404 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.expect("nor is there any document");
}

#[tokio::test]
async fn a_result_whose_document_was_away_for_a_moment_is_not_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    let (objects, away) = (folder.path().join("data/objects/documents"), folder.path().join("away"));
    std::fs::rename(&objects, &away).unwrap();
    assert_eq!(phone.deliver(&result).await.status(), 202);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(browser.state(&session).await["state"], "delivered");
    assert_eq!(browser.get(&format!("{document}/original.pdf")).await.status(), 503, "not: in another browser");
    program.kill();

    assert!(Program::refuses_to_start(folder.path(), &listen), "a volume that is not mounted");
    std::fs::rename(&away, &objects).unwrap();
    let program = Program::start(folder.path(), &listen);
    browser.wait_for(&session, "completed").await;
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

#[tokio::test]
async fn a_server_killed_at_any_moment_of_an_upload_or_deletion_keeps_whole_documents_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut listen = "127.0.0.1:0".to_owned();
    for delay_ms in [5, 20, 40, 80, 120, 160, 240] {
        let program = Program::start(folder.path(), &listen);
        listen = program.listen().to_owned();
        let browser = Browser::at(&program.origin);
        let kept = browser.drop_pdf(pdf(1)).await;
        let busy = tokio::spawn(async move {
            for _ in 0..20 {
                let Some(answer) = browser.try_to_send_file(pdf_of_bytes(3_000_000)).await else { return };
                let document = leads_to(answer).await;
                browser.try_to_post(&format!("{document}/delete")).await;
            }
        });
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        program.kill();
        busy.await.unwrap();

        let program = Program::start(folder.path(), &listen);
        let data = folder.path().join("data");
        assert_eq!(std::fs::read_dir(data.join("incoming")).unwrap().count(), 0);
        for entry in std::fs::read_dir(data.join("objects/documents")).unwrap() {
            let mut names: Vec<_> =
                std::fs::read_dir(entry.unwrap().path()).unwrap().map(|file| file.unwrap().file_name()).collect();
            names.sort();
            assert_eq!(names, ["appended", "original"], "after {delay_ms} ms");
        }
        assert!(data.join("objects").join(kept.trim_start_matches('/')).join("original").exists());
        assert!(program.stop());
    }
}
