//! The real program, killed with a time stamp in its hands.

use pades::SignatureKind;
use simulator::timestamp::TimeStampQuirk;

use super::{signatures, signed_on, until, until_stamped};
use crate::support::{Authority, Browser, Phone, Program, pdf, stamped};

#[tokio::test]
async fn what_is_due_is_stamped_after_the_server_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (bad, good) = (Authority::wrong(TimeStampQuirk::OtherNonce), Authority::honest());
    let program = Program::start_with(folder.path(), "127.0.0.1:0", &[(AUTHORITIES, &list(&bad))]);
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let (document, session) = signed_on(&browser).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, false)]);
    program.kill();

    let program = Program::start_with(folder.path(), &listen, &[(AUTHORITIES, &list(&good))]);
    until_stamped(&browser, &session).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
    assert!(program.stop());
}

#[tokio::test]
async fn a_server_killed_while_it_waits_for_an_authority_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (silent, bad, good) =
        (Authority::wrong(TimeStampQuirk::Silent), Authority::wrong(TimeStampQuirk::Busy), Authority::honest());
    let program = Program::start_with(folder.path(), "127.0.0.1:0", &[(AUTHORITIES, &list(&silent)), PATIENT]);
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.sign().await;
    until(|| async { silent.questions() == 1 }).await;
    program.kill();

    // Its completion was not stored, so the result is checked once more.
    let program = Program::start_with(folder.path(), &listen, &[(AUTHORITIES, &list(&bad))]);
    browser.wait_for(&session, "completed").await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, false)]);
    program.kill();

    let program = Program::start_with(folder.path(), &listen, &[(AUTHORITIES, &list(&silent)), PATIENT]);
    until(|| async { silent.questions() == 2 }).await;
    program.kill();

    let program = Program::start_with(folder.path(), &listen, &[(AUTHORITIES, &list(&good))]);
    until_stamped(&browser, &session).await;
    assert_eq!(signatures(&browser, &document).await, [(SignatureKind::Pades, true)]);
    assert!(program.stop());
}

#[tokio::test]
async fn a_stamp_that_was_kept_by_a_killed_server_is_not_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let bad = Authority::wrong(TimeStampQuirk::OtherNonce);
    let program = Program::start_with(folder.path(), "127.0.0.1:0", &[(AUTHORITIES, &list(&bad))]);
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let (document, session) = signed_on(&browser).await;
    let original = browser.get(&format!("{document}/original.pdf")).await.bytes().await.unwrap();
    let signed = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap().to_vec();
    program.kill();
    let stamped = stamped(&signed);
    let object = folder.path().join("data/objects").join(document.trim_start_matches('/')).join("signed");
    std::fs::write(object, &stamped[original.len()..]).unwrap();
    let questions = bad.questions();

    let program = Program::start_with(folder.path(), &listen, &[(AUTHORITIES, &list(&bad))]);
    until_stamped(&browser, &session).await;
    assert_eq!(browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap(), stamped);
    assert_eq!(bad.questions(), questions);
    assert!(program.stop());
}

fn list(authority: &Authority) -> String {
    format!("[\"{}\"]", authority.address)
}

const AUTHORITIES: &str = "KAZASU_TIME_STAMP_AUTHORITIES";
/// Longer than a test waits.
const PATIENT: (&str, &str) = ("KAZASU_TIME_STAMP_SECONDS", "60");
