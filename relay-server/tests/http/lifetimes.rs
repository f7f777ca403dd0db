//! How long things stay: no shorter than a signature needs, and no longer than was said.

use std::path::PathBuf;
use std::time::Duration;

use wire::ProblemCode;

use crate::support::phone::problem;
use crate::support::{Browser, Phone, Program, TestServer, pdf, pdf_of_bytes};

#[tokio::test]
async fn a_document_does_not_expire_under_a_signature() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    server.clock.put_forward(Duration::from_secs(24 * 3600 - 60));
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    server.clock.put_forward(Duration::from_secs(300));
    assert_eq!(phone.deliver(&result).await.status(), 202);
    browser.wait_for(&session, "completed").await;
    server.clock.put_forward(Duration::from_secs(3300));
    assert_eq!(browser.get(&format!("{document}/signed.pdf")).await.status(), 200, "there is time to fetch it");
}

#[tokio::test]
async fn cookies_live_as_long_as_what_they_open() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    server.clock.put_forward(Duration::from_secs(24 * 3600 - 60));
    let answer = browser.press_next_for_answer(&document).await;
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "one for the document, one for the session: {cookies:?}");
    for cookie in cookies {
        assert!(cookie.contains("Max-Age=4200;"), "{cookie}");
    }
}

#[tokio::test]
async fn of_a_session_that_has_ended_the_browser_keeps_no_key_for_long() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let signing = browser.press_next(&document).await;
    let rehearsal = crate::support::browser::leads_to(browser.post("/rehearsals").await).await;
    for session in [signing, rehearsal] {
        assert!(!browser.get(&session).await.headers().contains_key("set-cookie"), "while it runs");
        browser.post(&format!("{session}/cancel")).await;
        let shown = browser.get(&session).await;
        let cookie = shown.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("kazasu-s-") && cookie.contains("Max-Age=600;"), "{cookie}");
    }
}

#[tokio::test]
async fn deleting_a_document_cancels_its_session_and_the_phone_is_told_so() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    let (outcome, deleted) = tokio::join!(phone.wait_for_outcome(), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        browser.post(&format!("{document}/delete")).await
    });
    assert_eq!(deleted.status(), 303);
    assert!(outcome.contains("cancelled"), "{outcome}");
    assert_eq!(problem(phone.begin().await).await, (410, ProblemCode::Cancelled));
    assert_eq!(problem(phone.get("documents/0").await).await, (410, ProblemCode::Cancelled));
}

#[tokio::test]
async fn a_document_can_be_deleted_in_the_very_moment_in_which_its_session_expires() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    phone.begin().await;
    server.clock.put_forward(Duration::from_secs(600));
    assert_eq!(browser.post(&format!("{document}/delete")).await.status(), 303);
    assert_eq!(problem(phone.begin().await).await, (410, ProblemCode::Expired));
}

#[tokio::test]
async fn the_phone_of_a_finished_signature_learns_its_outcome_even_after_the_deletion() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await;
    phone.sign().await;
    browser.wait_for(&session, "completed").await;
    assert_eq!(browser.post(&format!("{document}/delete")).await.status(), 303);
    assert!(phone.wait_for_outcome().await.contains("completed"));
    assert_eq!(server.files_of_documents(), 0);
}

#[tokio::test]
async fn a_document_whose_result_is_being_checked_is_not_deleted_and_the_check_is_tried_again() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let original = server.objects().join(document.trim_start_matches('/')).join("original");
    let bytes = std::fs::read(&original).unwrap();
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    std::fs::write(&original, &bytes[..100]).unwrap();
    assert_eq!(phone.deliver(&result).await.status(), 202);

    let refused = browser.post(&format!("{document}/delete")).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("E-SRV-13"));
    assert_eq!(browser.state(&session).await["state"], "delivered", "a disk that fails says nothing about the result");
    server.clock.put_forward(Duration::from_secs(4000));
    std::fs::write(&original, &bytes).unwrap();
    browser.wait_for(&session, "completed").await;
}

#[tokio::test]
async fn a_certificate_that_runs_out_while_its_result_waits_was_good_when_it_signed() {
    let server = TestServer::start().await;
    let certificate = pades::Certificate::parse(&simulator::practice().hanako.signing.certificate).unwrap();
    let left = certificate.not_after().duration_since(std::time::SystemTime::now()).unwrap();
    server.clock.put_forward(left - Duration::from_secs(300));
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let original = server.objects().join(document.trim_start_matches('/')).join("original");
    let bytes = std::fs::read(&original).unwrap();
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    std::fs::remove_file(&original).unwrap();
    assert_eq!(phone.deliver(&result).await.status(), 202);
    server.clock.put_forward(Duration::from_secs(600));
    std::fs::write(&original, &bytes).unwrap();
    browser.wait_for(&session, "completed").await;
}

#[tokio::test]
async fn what_is_made_of_a_document_goes_with_it_whatever_its_name() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    browser.get(&format!("{document}/pages/1.png?w=720")).await;
    let folder = server.objects().join(document.trim_start_matches('/'));
    std::fs::write(folder.join("signed#7"), b"%PDF- half written").unwrap();
    assert_eq!(browser.post(&format!("{document}/delete")).await.status(), 303);
    assert!(!folder.exists());
}

#[tokio::test]
async fn half_written_files_of_a_living_document_are_deleted_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), "127.0.0.1:0");
    let listen = program.listen().to_owned();
    let browser = Browser::at(&program.origin);
    let document = browser.drop_pdf(pdf(1)).await;
    browser.get(&format!("{document}/pages/1.png?w=720")).await;
    program.kill();
    let objects = folder.path().join("data/objects").join(document.trim_start_matches('/'));
    let left_over: Vec<PathBuf> = ["original#1", "pages/1-720.png#12"].iter().map(|name| objects.join(name)).collect();
    for file in &left_over {
        std::fs::write(file, b"half").unwrap();
    }
    let program = Program::start(folder.path(), &listen);
    assert!(left_over.iter().all(|file| !file.exists()));
    assert!(objects.join("original").exists() && objects.join("pages/1-720.png").exists());
    assert!(program.stop());
}

#[tokio::test]
async fn a_deletion_that_the_disk_refused_is_finished_later() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let (document, other) = (browser.drop_pdf(pdf(1)).await, browser.drop_pdf(pdf(1)).await);
    let folder = server.objects().join(document.trim_start_matches('/'));
    let hidden = server.folder.path().join("hidden");
    std::fs::rename(&folder, &hidden).unwrap();
    std::fs::write(&folder, b"no folder: removing it as one fails").unwrap();
    assert_eq!(browser.post(&format!("{document}/delete")).await.status(), 303);
    assert_eq!(browser.get(&document).await.status(), 404);
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&hidden, &folder).unwrap();
    assert_eq!(browser.post(&format!("{other}/delete")).await.status(), 303);
    assert!(!folder.exists());
}

#[tokio::test]
async fn page_images_are_kept_only_where_there_is_room_and_shown_all_the_same() {
    let server = TestServer::configured(|configuration| {
        configuration.max_pdf_mib = 2.try_into().unwrap();
        configuration.quota_mib = 2.try_into().unwrap();
    })
    .await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf_of_bytes(1_830_000)).await;
    let image = browser.get(&format!("{document}/pages/1.png?w=720")).await;
    assert!(image.bytes().await.unwrap().starts_with(b"\x89PNG"));
    assert_eq!(server.files_of_documents(), 2, "original and appended revision, and no image");
}
