//! `kazasu join`: a hand-off answered with a card reader in place of the phone.

use std::time::Duration;

use end_to_end::demo::Stage;
use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;
use end_to_end::qr;
use end_to_end::visitor::Visitor;

use crate::kazasu::{READER, contract};

/// A session whose QR stands on the page, and the picture of it beside the reader.
async fn waiting_session(stage: &Stage, reader: &CardReader) -> (Visitor, String, String) {
    let visitor = Visitor::at(stage.page()).unwrap();
    let document = visitor.drop_pdf("契約書.pdf", std::fs::read(contract()).unwrap()).await.unwrap();
    let session = visitor.press_next(&document).await.unwrap();
    let picture = qr::picture_in(&visitor.page(&session).await.unwrap(), "qr-code").unwrap();
    reader.file("qr.png", picture);
    (visitor, document, session)
}

/// Takes the session up from the picture and answers every question with yes.
fn join(reader: &CardReader, password: &str) -> Ran {
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "--json", "join", "--screenshot", "qr.png", "--yes", "--password-stdin", "--reader", READER]);
    let mut kazasu = Running::start(&mut command);
    kazasu.say(&format!("{password}\n"));
    kazasu.finish()
}

#[tokio::test]
async fn a_card_reader_takes_the_place_of_the_phone() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let (visitor, document, session) = waiting_session(&stage, &reader).await;
    let joined = join(&reader, "PRACTICE1");
    assert!(joined.success, "{joined:?}");
    let counts = reader.status().counts;
    assert_eq!((counts.verifies, counts.verifies_repeated, counts.signatures), (1, 0, 1));
    visitor.wait_for_state(&session, &["completed"], LIMIT).await.unwrap();
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    reader.file("signed.pdf", visitor.download(&format!("{document}/signed.pdf")).await.unwrap());
    let verified = reader.run(path_of("kazasu"), &["verify", "signed.pdf", "--trust", "ca.pem"]);
    assert_eq!(verified.code, Some(2), "{verified:?}");
}

#[tokio::test]
async fn a_wrong_password_costs_one_try_and_leaves_the_page_unsigned() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let (visitor, _, session) = waiting_session(&stage, &reader).await;
    let joined = join(&reader, "WRONG1");
    assert!(!joined.success, "{joined:?}");
    let counts = reader.status().counts;
    assert_eq!((counts.verifies, counts.attempts_spent, counts.signatures), (1, 1, 0));
    let state = visitor.page(&format!("{session}/state")).await.unwrap();
    assert!(!state.contains("completed"), "{state}");
}

const LIMIT: Duration = Duration::from_secs(20);
