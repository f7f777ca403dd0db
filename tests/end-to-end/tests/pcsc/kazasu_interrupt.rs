//! Ctrl-C at any moment: what was begun is brought to an end that can be told.

use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;

use crate::kazasu::{READER, signing};
use crate::kazasu_failures::{failure, found};
use crate::kazasu_terminal::{PROMPT, in_terminal};

/// The application, and a file that wants the password.
const IS_CLOSED: [&str; 2] = ["00A4040C0AD392F000260100000001", "00B0810001"];

/// Signs on a card with these options, and is interrupted when the card's log has this.
fn interrupted_at(options: &[&str], said: &str) -> (CardReader, Ran) {
    let reader = CardReader::with_card(&[options, &["--log"]].concat());
    let mut kazasu = Running::start(signing(&reader).arg("--json"));
    kazasu.say("PRACTICE1\n");
    reader.await_log(said);
    kazasu.interrupt();
    let ran = kazasu.finish();
    (reader, ran)
}

#[test]
fn while_the_card_is_awaited_nothing_has_happened() {
    let reader = CardReader::with_card_away(&[]);
    let mut command = reader.client(path_of("kazasu"));
    let mut kazasu = Running::start(command.args(["--lang", "en", "card", "--reader", READER]));
    kazasu.await_message("Put the card on the reader");
    kazasu.interrupt();
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(130), "{ran:?}");
    assert!(ran.stderr.contains("E-PC-07"), "{ran:?}");
}

#[test]
fn while_the_password_is_awaited_no_card_has_been_touched() {
    let reader = CardReader::with_card(&[]);
    let mut kazasu = in_terminal(&reader);
    kazasu.await_prompt(PROMPT);
    kazasu.say(CTRL_C);
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(130), "{ran:?}");
    assert!(ran.text().contains("E-PC-07") && ran.text().contains("Nothing was signed. No try was spent."), "{ran:?}");
    assert_eq!(reader.status().counts.commands, 0);
}

#[test]
fn a_terminal_that_is_closed_in_the_middle_of_verify_leaves_no_open_card() {
    let reader = CardReader::with_card(&["--fault", "verify 1 delay 1500", "--log"]);
    let mut kazasu = Running::start(signing(&reader).arg("--json"));
    kazasu.say("PRACTICE1\n");
    reader.await_log("> 0020009B ********");
    kazasu.hang_up();
    assert_eq!(failure(&kazasu.finish()), found("E-PC-07", "no", 130));
    assert_eq!(reader.send(&IS_CLOSED), ["9000", "6982"]);
}

#[test]
fn before_the_password_it_is_not_sent() {
    let (reader, ran) = interrupted_at(&["--fault", "command 2 delay 1500"], "> 0020009B");
    assert_eq!(failure(&ran), found("E-PC-07", "no", 130));
    assert_eq!(reader.status().counts.verifies, 0);
}

#[test]
fn while_the_certificate_is_read_nothing_is_signed_and_the_card_is_closed() {
    let (reader, ran) = interrupted_at(&["--fault", "command 4 delay 1500"], "> 00B081");
    assert_eq!(failure(&ran), found("E-PC-07", "no", 130));
    assert_eq!(reader.status().counts.signatures, 0);
    assert_eq!(reader.send(&IS_CLOSED), ["9000", "6982"]);
}

#[test]
fn a_signature_under_way_is_taken_and_saved_however_its_answer_comes() {
    for long_answers in ["at-once", "by-get-response"] {
        let options = ["--long-answers", long_answers, "--fault", "signature 1 delay 1500"];
        let (reader, ran) = interrupted_at(&options, "> 802A");
        assert!(ran.success, "{long_answers}: {ran:?}");
        assert!(reader.folder().join("signed.pdf").exists());
        assert_eq!((reader.status().counts.verifies, reader.status().counts.signatures), (1, 1));
        assert_eq!(reader.send(&IS_CLOSED), ["9000", "6982"]);
    }
}

/// As a terminal gives it to the program in front.
const CTRL_C: &str = "\u{3}";
