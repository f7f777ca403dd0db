//! `kazasu join`: a hand-off answered with a card reader in place of the phone.

use std::time::Duration;

use end_to_end::demo::Stage;
use end_to_end::page::{Page, SessionPage};
use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;
use end_to_end::visitor::Visitor;

use serde_json::Value;

use crate::kazasu::{READER, contract, json};
use crate::kazasu_failures::{failure, found};

/// A session whose link was copied off its page.
pub(crate) struct Session {
    pub(crate) visitor: Visitor,
    pub(crate) document: String,
    pub(crate) path: String,
    pub(crate) link: String,
}

impl Session {
    /// The person reads the digits off the terminal and types them into the page.
    pub(crate) async fn type_number_in(&self, line: &str) {
        let (_, rest) = line.split_once("Digits: ").unwrap();
        let page = SessionPage { visitor: &self.visitor, session: &self.path };
        page.type_number(&rest[.."123 456".len()]).await;
    }

    pub(crate) async fn state(&self) -> String {
        self.visitor.page(&format!("{}/state", self.path)).await.unwrap()
    }

    /// What the page says when the session has ended.
    pub(crate) async fn ending(&self) -> String {
        self.visitor.wait_for_state(&self.path, &["ended"], LIMIT).await.unwrap();
        self.visitor.page(&self.path).await.unwrap()
    }
}

pub(crate) async fn waiting_session(stage: &Stage) -> Session {
    session_of(stage, &["契約書.pdf"]).await
}

async fn session_of(stage: &Stage, names: &[&str]) -> Session {
    session_with(stage, names.iter().map(|name| (*name, std::fs::read(contract()).unwrap())).collect()).await
}

pub(crate) async fn session_with(stage: &Stage, files: Vec<(&str, Vec<u8>)>) -> Session {
    let visitor = Visitor::at(stage.page()).unwrap();
    let document = visitor.drop_pdfs(files).await.unwrap();
    let path = visitor.press_next(&document).await.unwrap();
    let link = visitor.copy_link(&path).await.unwrap();
    Session { visitor, document, path, link }
}

/// Takes the session up by its link, types the digits, and answers every question with yes.
pub(crate) async fn join(reader: &CardReader, session: &Session, password: &str) -> Ran {
    joining(reader, session, password).await.finish()
}

pub(crate) async fn joining(reader: &CardReader, session: &Session, password: &str) -> Running {
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "--json", "join", &session.link, "--yes", "--password-stdin", "--reader", READER]);
    let mut kazasu = Running::start(&mut command);
    kazasu.say(&format!("{password}\n"));
    session.type_number_in(&kazasu.await_message("Digits: ")).await;
    kazasu
}

pub(crate) fn sent(ran: &Ran) -> Value {
    json(ran)["failure"]["facts"]["sent"].clone()
}

#[tokio::test]
async fn a_card_reader_takes_the_place_of_the_phone() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let session = waiting_session(&stage).await;
    let joined = join(&reader, &session, "PRACTICE1").await;
    assert!(joined.success, "{joined:?}");
    let counts = reader.status().counts;
    assert_eq!((counts.verifies, counts.verifies_repeated, counts.signatures), (1, 0, 1));
    session.visitor.wait_for_state(&session.path, &["completed"], LIMIT).await.unwrap();
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    reader.file("signed.pdf", session.visitor.download(&format!("{}/signed.pdf", session.document)).await.unwrap());
    let verified = reader.run(path_of("kazasu"), &["verify", "signed.pdf", "--trust", "ca.pem"]);
    assert_eq!(verified.code, Some(2), "{verified:?}");
}

#[tokio::test]
async fn yes_signs_a_batch_unopened_and_says_so() {
    for (lang, words) in [("en", "2 documents will be signed unopened"), ("ja", "2件の書類を、開かずに署名します")]
    {
        let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
        let session = session_of(&stage, &["契約書.pdf", "別紙.pdf"]).await;
        let mut command = reader.client(path_of("kazasu"));
        command.args(["--lang", lang, "--json", "join", &session.link, "--yes", "--password-stdin", "--reader", READER]);
        let mut kazasu = Running::start(&mut command);
        kazasu.say("PRACTICE1\n");
        let digits = kazasu.await_message(if lang == "en" { "Digits: " } else { "数字: " });
        session.type_number_in(&digits.replace("数字: ", "Digits: ")).await;
        let ran = kazasu.finish();
        assert!(ran.success && ran.stderr.contains(words), "{ran:?}");
        assert_eq!((&json(&ran)["ok"], &json(&ran)["signed_unopened"]), (&true.into(), &2.into()));
        let counts = reader.status().counts;
        assert_eq!((counts.verifies, counts.signatures), (1, 2), "one password");
        session.visitor.wait_for_state(&session.path, &["completed"], LIMIT).await.unwrap();
    }
}

#[tokio::test]
async fn one_document_alone_is_not_said_to_be_unopened() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let session = waiting_session(&stage).await;
    let joined = join(&reader, &session, "PRACTICE1").await;
    assert!(joined.success && !joined.stderr.contains("unopened"), "{joined:?}");
    assert_eq!(json(&joined)["signed_unopened"], 0);
}

#[tokio::test]
async fn a_wrong_password_costs_one_try_and_leaves_the_page_unsigned() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let session = waiting_session(&stage).await;
    let joined = join(&reader, &session, "WRONG1").await;
    assert!(!joined.success, "{joined:?}");
    let counts = reader.status().counts;
    assert_eq!((counts.verifies, counts.attempts_spent, counts.signatures), (1, 1, 0));
    let state = session.state().await;
    assert!(!state.contains("completed"), "{state}");
}

#[tokio::test]
async fn a_wrong_password_is_told_before_the_last_try_is_spoken_of() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&["--tries", "2"]));
    let session = waiting_session(&stage).await;
    let joined = join(&reader, &session, "WRONG123").await;
    assert_eq!(failure(&joined), found("E-PIN-03", "yes", 77), "{joined:?}");
    assert_eq!(json(&joined)["failure"]["facts"]["tries_left"], 1);
}

#[tokio::test]
async fn a_reader_that_goes_in_the_middle_of_verify_leaves_the_try_in_doubt() {
    for order in [CardReader::pull_the_reader_out, CardReader::stop_service] {
        let (stage, mut reader) = (Stage::new().unwrap(), CardReader::with_card(&["--fault", "verify 1 delay 1500", "--log"]));
        let session = waiting_session(&stage).await;
        let kazasu = joining(&reader, &session, "WRONG123").await;
        reader.await_log("> 0020009B ********");
        order(&mut reader);
        let (code, spent, exit) = failure(&kazasu.finish());
        assert!(["E-PC-01", "E-PC-02"].contains(&code.as_str()), "{code}");
        assert_eq!((spent.as_str(), exit), ("unknown", 69));
    }
}

#[tokio::test]
async fn a_service_that_starts_again_in_the_middle_of_verify_lets_the_counter_be_asked() {
    let (stage, mut reader) = (Stage::new().unwrap(), CardReader::with_card(&["--fault", "verify 1 delay 1500", "--log"]));
    let session = waiting_session(&stage).await;
    let kazasu = joining(&reader, &session, "WRONG123").await;
    reader.await_log("> 0020009B ********");
    reader.restart_service();
    let ran = kazasu.finish();
    assert_eq!(failure(&ran), found("E-PIN-06", "yes", 75), "{ran:?}");
    assert_eq!(json(&ran)["failure"]["facts"]["tries_left"], 4);
    assert_eq!(reader.status().counts.verifies, 1);
}

#[tokio::test]
async fn an_interrupt_in_the_touch_after_a_torn_verify_leaves_the_try_in_doubt() {
    // The sixth command reads what the card is known by, in the touch that sends no password.
    let options = ["--fault", "verify 1 tear-after", "--fault", "command 6 delay 1500", "--back-after-ms", "500", "--log"];
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&options));
    let session = waiting_session(&stage).await;
    let kazasu = joining(&reader, &session, "PRACTICE1").await;
    reader.await_log("> 00B08A");
    kazasu.interrupt();
    let ran = kazasu.finish();
    assert_eq!(failure(&ran), found("E-PC-07", "unknown", 130), "{ran:?}");
    assert_eq!((sent(&ran), reader.status().counts.verifies), ("refusal".into(), 1));
    assert!(session.ending().await.contains("E-NFC-09"), "the page says who stopped");
}

#[tokio::test]
async fn an_interrupt_before_the_password_ends_the_touch_without_it() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&["--fault", "command 2 delay 1500", "--log"]));
    let session = waiting_session(&stage).await;
    let kazasu = joining(&reader, &session, "PRACTICE1").await;
    reader.await_log("> 0020009B");
    kazasu.interrupt();
    let ran = kazasu.finish();
    assert_eq!(failure(&ran), found("E-PC-07", "no", 130), "{ran:?}");
    assert_eq!((sent(&ran), reader.status().counts.verifies), ("refusal".into(), 0));
}

#[tokio::test]
async fn a_signature_under_way_is_delivered_in_spite_of_an_interrupt() {
    let options = ["--long-answers", "by-get-response", "--fault", "signature 1 delay 1500", "--log"];
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&options));
    let session = waiting_session(&stage).await;
    let kazasu = joining(&reader, &session, "PRACTICE1").await;
    reader.await_log("> 802A");
    kazasu.interrupt();
    let ran = kazasu.finish();
    let is_told = ran.success || json(&ran)["failure"]["facts"]["signed"] == true;
    assert!(is_told, "{ran:?}");
    session.visitor.wait_for_state(&session.path, &["completed"], LIMIT).await.unwrap();
}

#[tokio::test]
async fn the_practice_password_goes_to_no_card_that_was_not_looked_at() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::named("Desk Reader", &["--card", "not-a-my-number-card", "--log"]));
    let session = waiting_session(&stage).await;
    let kazasu = joining(&reader, &session, "PRACTICE1").await;
    reader.await_log("6A82");
    reader.control("eject");
    reader.await_no_card();
    reader.control("insert android");
    let ran = kazasu.finish();
    assert_eq!(failure(&ran), found("E-PC-08", "no", 77), "{ran:?}");
    assert_eq!(reader.status().counts.verifies, 0);
}

#[tokio::test]
async fn the_practice_password_signs_with_a_practice_card_in_any_reader() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::named("Desk Reader", &[]));
    let session = waiting_session(&stage).await;
    let joined = join(&reader, &session, "PRACTICE1").await;
    assert!(joined.success, "{joined:?}");
    assert_eq!((reader.status().counts.verifies, reader.status().counts.signatures), (1, 1));
}

#[tokio::test]
async fn a_card_that_comes_back_after_a_while_counts_as_laid_down_anew() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&["--card", "not-a-my-number-card", "--log"]));
    let session = waiting_session(&stage).await;
    let kazasu = joining(&reader, &session, "PRACTICE1").await;
    reader.await_log("6A82");
    reader.control("eject");
    reader.await_no_card();
    // Longer than one look for a card takes.
    std::thread::sleep(Duration::from_secs(2));
    reader.control("insert good");
    let ran = kazasu.finish();
    assert!(ran.success, "{ran:?}");
}

const LIMIT: Duration = Duration::from_secs(20);
