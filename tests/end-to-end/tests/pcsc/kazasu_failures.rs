//! `kazasu` on cards and machines that cannot sign: what it says, and what it leaves alone.

use std::process::Command;

use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;

use crate::kazasu::{json, sign, signing, survey};

/// The code of the failure, what it says of tries, and the exit code.
pub(crate) fn failure(ran: &Ran) -> (String, String, i32) {
    let failure = &json(ran)["failure"];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&failure["code"]), text(&failure["facts"]["try_spent"]), ran.code.unwrap())
}

pub(crate) fn found(code: &str, try_spent: &str, exit: i32) -> (String, String, i32) {
    (code.into(), try_spent.into(), exit)
}

fn nothing_was_written(reader: &CardReader) -> bool {
    !reader.folder().join("signed.pdf").exists()
}

#[test]
fn a_wrong_password_costs_one_try_and_says_how_many_are_left() {
    let reader = CardReader::with_card(&[]);
    let refused = sign(&reader, "WRONG123", &[]);
    assert_eq!(failure(&refused), found("E-PIN-03", "yes", 77));
    assert_eq!(json(&refused)["failure"]["facts"]["tries_left"], 4);
    let counts = reader.status().counts;
    assert_eq!((counts.verifies, counts.attempts_spent, counts.signatures), (1, 1, 0));
    assert!(nothing_was_written(&reader));
    assert_eq!(survey(&reader)["attempts_left"], 4);
}

#[test]
fn what_cannot_be_a_password_never_reaches_the_card() {
    let reader = CardReader::with_card(&[]);
    reader.control("mark passwords");
    for (typed, code) in [("1234", "E-PIN-02"), ("ABC12", "E-PIN-01"), ("ＡＢＣ１２３", "E-PIN-01"), ("ABC 123", "E-PIN-01")]
    {
        assert_eq!(failure(&sign(&reader, typed, &[])), found(code, "no", 77), "{typed}");
    }
    assert_eq!(reader.status().since_mark.commands, 0);
}

#[test]
fn a_locked_card_is_recognised_without_a_password() {
    for blocked in ["no-tries-left", "authentication-blocked", "file-locked"] {
        let reader = CardReader::with_card(&["--card", "locked", "--blocked-query", blocked]);
        assert_eq!(failure(&sign(&reader, "PRACTICE1", &[])), found("E-PIN-05", "no", 77), "{blocked}");
        assert_eq!(reader.status().counts.verifies, 0);
        assert_eq!(survey(&reader)["attempts_left"], 0);
    }
}

#[test]
fn the_last_try_is_spent_only_when_asked() {
    let reader = CardReader::with_card(&["--card", "last-try"]);
    assert_eq!(failure(&sign(&reader, "PRACTICE1", &[])), found("E-PIN-04", "no", 77));
    assert_eq!(reader.status().counts.verifies, 0);

    let signed = sign(&reader, "PRACTICE1", &["--use-last-try"]);
    assert!(signed.success, "{signed:?}");
    assert_eq!(reader.status().signing_attempts_left, 5);
}

#[test]
fn the_wrong_password_on_the_last_try_says_that_the_card_is_locked() {
    let reader = CardReader::with_card(&["--card", "last-try"]);
    let locked = sign(&reader, "WRONG123", &["--use-last-try"]);
    assert_eq!(failure(&locked), found("E-PIN-05", "yes", 77));
    assert_eq!(json(&locked)["failure"]["facts"]["tries_left"], 0);
}

#[test]
fn another_kind_of_card_is_told_from_a_my_number_card() {
    let reader = CardReader::with_card(&["--card", "not-a-my-number-card"]);
    assert_eq!(failure(&sign(&reader, "PRACTICE1", &[])), found("E-NFC-04", "no", 77));
    assert_eq!(reader.status().counts.verifies, 0);
}

#[test]
fn a_card_without_a_signing_certificate_signs_nothing() {
    let reader = CardReader::with_card(&["--card", "no-signing-certificate"]);
    assert_eq!(survey(&reader)["signing_certificate"], false);
    assert_eq!(failure(&sign(&reader, "PRACTICE1", &[])).0, "E-NFC-11");
    assert_eq!(reader.status().counts.signatures, 0);
    assert!(nothing_was_written(&reader));
}

#[test]
fn an_expired_certificate_is_refused_before_it_signs() {
    let reader = CardReader::with_card(&["--card", "expired"]);
    let refused = sign(&reader, "PRACTICE1", &[]);
    assert!(!refused.success, "{refused:?}");
    let counts = reader.status().counts;
    assert_eq!((counts.signatures, counts.attempts_spent), (0, 0));
}

#[test]
fn somebody_elses_card_is_refused_before_it_signs() {
    let reader = CardReader::with_card(&["--card", "other-person"]);
    let refused = sign(&reader, "PRACTICE1", &["--name", "練習 花子"]);
    assert!(!refused.success, "{refused:?}");
    assert_eq!(reader.status().counts.signatures, 0);
}

#[test]
fn a_password_that_grew_old_on_a_slow_card_is_not_sent() {
    let reader = CardReader::with_card(&["--fault", "command 2 delay 61000"]);
    assert_eq!(failure(&sign(&reader, "PRACTICE1", &[])), found("E-PIN-07", "no", 77));
    assert_eq!(reader.status().counts.verifies, 0);
}

#[test]
fn a_signature_that_does_not_fit_the_certificate_is_none() {
    let reader = CardReader::with_card(&["--fault", "signature 1 garble"]);
    let garbled = sign(&reader, "PRACTICE1", &[]);
    assert_eq!(failure(&garbled), found("E-SIG-02", "no", 70));
    assert_eq!(json(&garbled)["failure"]["facts"]["signed"], false);
    assert!(nothing_was_written(&reader));
}

#[test]
fn a_card_that_takes_longer_than_half_a_minute_is_waited_for() {
    let reader = CardReader::with_card(&["--fault", "verify 1 delay 31000"]);
    let signed = sign(&reader, "PRACTICE1", &[]);
    assert!(signed.success, "{signed:?}");
}

#[test]
fn no_card_in_time_is_no_error_of_the_person() {
    let reader = CardReader::with_card_away(&[]);
    assert_eq!(failure(&sign(&reader, "PRACTICE1", &["--wait", "1"])), found("E-PC-02", "no", 75));
}

#[test]
fn no_password_is_asked_for_before_a_card_is_there_to_take_it() {
    let reader = CardReader::with_card_away(&[]);
    let nobody_types = Running::start(signing(&reader).args(["--json", "--wait", "1"])).finish();
    assert_eq!(failure(&nobody_types), found("E-PC-02", "no", 75));
}

#[test]
fn a_card_that_another_program_holds_is_said_to_be_busy() {
    let reader = CardReader::with_card(&[]);
    let _other = reader.held_by_another_program();
    assert_eq!(failure(&sign(&reader, "PRACTICE1", &[])), found("E-PC-03", "no", 75));
    assert_eq!(reader.status().counts.verifies, 0);
}

#[test]
fn a_machine_without_a_reader_says_so() {
    let reader = CardReader::without_reader();
    let surveyed = reader.run(path_of("kazasu"), &["--json", "card"]);
    assert_eq!(failure(&surveyed), found("E-PC-02", "no", 69));
}

#[test]
fn a_machine_without_pcscd_says_so() {
    let nowhere = tempfile::tempdir().unwrap();
    let mut kazasu = Command::new(path_of("kazasu"));
    let surveyed = Ran::of(kazasu.args(["--json", "card"]).env("PCSCLITE_CSOCK_NAME", nowhere.path().join("pcscd.comm")));
    assert_eq!(failure(&surveyed), found("E-PC-01", "no", 69));
}
