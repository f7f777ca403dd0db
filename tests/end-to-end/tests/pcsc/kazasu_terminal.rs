//! `kazasu sign` in a terminal, where a person can put a lost card back.

use end_to_end::pcsc::{CardReader, Running};
use end_to_end::programs::path_of;

use crate::kazasu::{READER, contract};

/// The end of the prompt for the password.
pub(crate) const PROMPT: &str = "not the 4-digit number):";

pub(crate) fn in_terminal(reader: &CardReader) -> Running {
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    let contract = contract();
    let input = contract.to_str().unwrap();
    let words = ["--lang", "en", "sign", input, "--output", "signed.pdf", "--trust", "ca.pem", "--reader", READER];
    Running::start(&mut reader.client_in_terminal(path_of("kazasu"), &words))
}

fn torn(options: &[&str]) -> (CardReader, Running) {
    let reader = CardReader::with_card(&[options, &["--back-after-ms", "500"]].concat());
    let kazasu = in_terminal(&reader);
    (reader, kazasu)
}

fn types(kazasu: &mut Running, password: &str) {
    kazasu.await_prompt(PROMPT);
    kazasu.say(&format!("{password}\n"));
}

fn is_signed(reader: &CardReader, kazasu: Running) {
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(reader.folder().join("signed.pdf").exists());
    assert_eq!((reader.status().counts.verifies_repeated, reader.status().counts.signatures), (0, 1));
}

#[test]
fn lost_before_the_password_the_card_is_put_back_and_the_same_one_serves() {
    for fault in ["command 1 tear-before", "command 2 tear-after"] {
        let (reader, mut kazasu) = torn(&["--fault", fault]);
        types(&mut kazasu, "PRACTICE1");
        kazasu.await_line("E-NFC-06");
        is_signed(&reader, kazasu);
        assert_eq!(reader.status().counts.verifies, 1);
    }
}

#[test]
fn lost_after_the_password_the_count_is_told_and_the_password_asked_again() {
    let (reader, mut kazasu) = torn(&["--fault", "signature 1 tear-before"]);
    types(&mut kazasu, "PRACTICE1");
    kazasu.await_line("E-NFC-06");
    kazasu.await_line("Tries left: 5");
    types(&mut kazasu, "PRACTICE1");
    is_signed(&reader, kazasu);
    assert_eq!(reader.status().counts.verifies, 2);
}

#[test]
fn a_wrong_password_whose_answer_was_lost_is_counted_and_never_sent_again() {
    let (reader, mut kazasu) = torn(&["--fault", "verify 1 tear-after"]);
    types(&mut kazasu, "WRONG123");
    kazasu.await_line("E-PIN-06");
    kazasu.await_line("Tries left: 4");
    types(&mut kazasu, "PRACTICE1");
    is_signed(&reader, kazasu);
    assert_eq!((reader.status().counts.verifies, reader.status().counts.attempts_spent), (2, 1));
}

#[test]
fn once_the_card_is_known_the_same_password_goes_on_by_itself() {
    let (reader, mut kazasu) = torn(&["--fault", "verify 1 tear-before", "--fault", "signature 1 tear-before"]);
    types(&mut kazasu, "PRACTICE1");
    kazasu.await_line("Tries left: 5");
    types(&mut kazasu, "PRACTICE1");
    kazasu.await_line("E-NFC-06");
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!((reader.status().counts.signatures, reader.status().counts.attempts_spent), (1, 0));
}

#[test]
fn the_last_try_left_by_a_torn_touch_wants_its_number_typed() {
    let (reader, mut kazasu) = torn(&["--tries", "2", "--fault", "verify 1 tear-after"]);
    types(&mut kazasu, "WRONG123");
    kazasu.await_line("Tries left: 1");
    kazasu.await_line("type how many tries are left");
    kazasu.say("no\n");
    let ran = kazasu.finish();
    assert!(ran.text().contains("E-PIN-04") && ran.text().contains("A try was spent (1 left)"), "{ran:?}");
    assert_eq!((ran.code, reader.status().counts.verifies), (Some(77), 1));
}
