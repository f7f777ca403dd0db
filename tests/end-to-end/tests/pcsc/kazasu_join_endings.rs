//! `kazasu join` that does not sign: the page is told at once, whatever the reason, and the program says no more than that.

use std::time::{Duration, Instant};

use end_to_end::demo::Stage;
use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;

use crate::kazasu::READER;
use crate::kazasu_failures::{failure, found};
use crate::kazasu_join::{Session, join, joining, sent, session_with, waiting_session};

/// In words and not in JSON.
async fn talkative(reader: &CardReader, session: &Session) -> Running {
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "join", &session.link, "--yes", "--password-stdin", "--reader", READER]);
    let mut kazasu = Running::start(&mut command);
    kazasu.say("PRACTICE1\n");
    session.type_number_in(&kazasu.await_message("Digits: ")).await;
    kazasu
}

async fn in_terminal(reader: &CardReader, session: &Session, options: &[&str]) -> Running {
    let arguments = [&["--lang", "en", "join", &session.link, "--reader", READER], options].concat();
    let mut kazasu = Running::start(&mut reader.client_in_terminal(path_of("kazasu"), &arguments));
    session.type_number_in(&kazasu.await_line("Digits: ")).await;
    kazasu
}

#[tokio::test]
async fn a_card_that_cannot_sign_is_told_to_the_page_before_the_program_ends() {
    for (card, code) in [("locked", "E-PIN-05"), ("expired", "E-CRT-01"), ("no-signing-certificate", "E-NFC-11")] {
        let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&["--card", card]));
        let session = waiting_session(&stage).await;
        let joined = join(&reader, &session, "PRACTICE1").await;
        assert_eq!(failure(&joined), found(code, "no", 77), "{joined:?}");
        assert_eq!(sent(&joined), "refusal", "{joined:?}");
        let page = session.ending().await;
        assert!(page.contains(code), "{card}: {page}");
    }
}

#[tokio::test]
async fn what_ends_the_program_ends_the_session() {
    for (password, code) in [("WRONG123", "E-PIN-03"), ("1234", "E-PIN-02")] {
        let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
        let session = waiting_session(&stage).await;
        let joined = join(&reader, &session, password).await;
        assert_eq!((failure(&joined).0, sent(&joined)), (code.to_owned(), "refusal".into()), "{joined:?}");
        let page = session.ending().await;
        assert!(page.contains("E-NFC-09"), "{password}: {page}");
    }
}

#[tokio::test]
async fn nobody_to_ask_ends_the_session_too() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let session = waiting_session(&stage).await;
    let mut command = reader.client(path_of("kazasu"));
    let mut kazasu = Running::start(command.args(["--lang", "en", "--json", "join", &session.link, "--reader", READER]));
    session.type_number_in(&kazasu.await_message("Digits: ")).await;
    let ran = kazasu.finish();
    assert_eq!((failure(&ran), sent(&ran)), (found("E-PC-09", "no", 64), "refusal".into()), "{ran:?}");
    assert!(session.ending().await.contains("E-NFC-09"));
}

#[tokio::test]
async fn a_person_who_says_no_is_heard_on_the_page() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let session = waiting_session(&stage).await;
    let mut kazasu = in_terminal(&reader, &session, &[]).await;
    kazasu.await_line("answer no [yes/no]");
    kazasu.say("no\n");
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(77), "{ran:?}");
    assert!(ran.text().contains("E-NFC-09") && ran.text().contains("Only that it was not signed was sent"), "{ran:?}");
    let page = session.ending().await;
    assert!(page.contains("E-NFC-09"), "{page}");
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_is_not_said_to_have_been_told() {
    let reader = CardReader::with_card(&["--fault", "command 2 delay 1500", "--log"]);
    let stage = Stage::new().unwrap();
    let session = waiting_session(&stage).await;
    let kazasu = joining(&reader, &session, "PRACTICE1").await;
    reader.await_log("> 0020009B");
    drop(stage);
    kazasu.interrupt();
    let ran = kazasu.finish();
    assert_eq!((failure(&ran), sent(&ran)), (found("E-PC-07", "no", 130), "unknown".into()), "{ran:?}");
}

/// Before the first page is there, nobody has been shown anything.
#[tokio::test]
async fn a_wish_to_end_is_heard_while_the_pages_are_drawn() {
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
    let session = session_with(&stage, vec![("契約書.pdf", pages(40))]).await;
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "join", &session.link, "--yes", "--password-stdin", "--reader", READER]);
    let mut kazasu = Running::start(&mut command);
    session.type_number_in(&kazasu.await_message("Digits: ")).await;
    kazasu.await_message("Fingerprint");
    kazasu.interrupt();
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(130), "{ran:?}");
    assert!(!ran.stderr.contains("Page images"), "{ran:?}");
    assert!(ran.stderr.contains("Only that it was not signed was sent"), "{ran:?}");
    assert!(session.ending().await.contains("E-NFC-09"));
    assert_eq!(reader.status().counts.commands, 0);
}

#[tokio::test]
async fn after_a_torn_verify_the_reason_and_the_count_stand_above_the_prompt() {
    let options = ["--fault", "verify 1 tear-after", "--back-after-ms", "1500"];
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&options));
    let session = waiting_session(&stage).await;
    let mut kazasu = in_terminal(&reader, &session, &["--yes"]).await;
    kazasu.await_line("Page images");
    kazasu.say("PRACTICE1\n");
    kazasu.await_line("E-PIN-06");
    kazasu.await_line("E-PIN-06");
    kazasu.await_line("Tries left: 5");
    kazasu.say("PRACTICE1\n");
    kazasu.await_line("Signed.");
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[tokio::test]
async fn a_card_that_another_program_uses_is_named_and_signed_with_when_it_is_free() {
    for (how, for_long) in [("hold", NOT_FOUND_AFTER), ("transact", Duration::ZERO)] {
        let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[]));
        let session = waiting_session(&stage).await;
        let other = reader.used_by_another_program(how);
        let mut kazasu = talkative(&reader, &session).await;
        kazasu.await_message("E-PC-03");
        std::thread::sleep(for_long);
        other.finish();
        let ran = kazasu.finish();
        assert!(ran.success, "{how}: {ran:?}");
        assert!(!ran.stderr.contains("E-NFC-03") && !ran.stderr.contains("E-PC-0"), "{how}: {ran:?}");
    }
}

#[tokio::test]
async fn a_contact_that_comes_and_goes_is_not_tried_at_full_speed() {
    let tears = ["--fault", "command 1 tear-before", "--fault", "command 2 tear-before", "--fault", "command 3 tear-before"];
    let (stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&[&tears[..], &["--back-after-ms", "50"]].concat()));
    let session = waiting_session(&stage).await;
    let begun = Instant::now();
    let joined: Ran = join(&reader, &session, "PRACTICE1").await;
    assert!(joined.success, "{joined:?}");
    assert!(begun.elapsed() >= Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_signature_that_the_service_does_not_take_is_given_up_in_so_many_words() {
    let options = ["--fault", "signature 1 delay 3000", "--log"];
    let (mut stage, reader) = (Stage::new().unwrap(), CardReader::with_card(&options));
    let session = waiting_session(&stage).await;
    let kazasu = talkative(&reader, &session).await;
    reader.await_log("> 802A");
    stage.lose_the_data();
    let ran = kazasu.finish();
    assert!(ran.stderr.contains("the signature with it") && ran.stderr.contains("The signature was made"), "{ran:?}");
}

/// Each takes a moment to draw.
fn pages(count: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", page + 4)).collect();
    let content = "0.5 g 10 10 500 800 re f\n".repeat(20);
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 3 0 R >>";
    objects.extend((0..count).map(|_| page.to_owned()));
    let (mut file, mut table) = (String::from("%PDF-1.7\n"), String::from("0000000000 65535 f \n"));
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (size, at) = (objects.len() + 1, file.len());
    format!("{file}xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").into_bytes()
}

/// Longer than the flow waits for a card before it says that there is none.
const NOT_FOUND_AFTER: Duration = Duration::from_secs(16);
