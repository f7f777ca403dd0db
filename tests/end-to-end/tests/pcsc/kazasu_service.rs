//! `kazasu` and what lies between it and the card: the service, the readers, and the programs beside it.

use std::process::Command;

use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;

use crate::kazasu::{READER, json, sign, signing};
use crate::kazasu_failures::{failure, found};

fn surveying(reader: &CardReader, options: &[&str]) -> Command {
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "card"]).args(options);
    command
}

fn survey(reader: &CardReader, options: &[&str]) -> Ran {
    Ran::of(surveying(reader, options).arg("--json"))
}

/// `kazasu` that has said that it waits for a card.
fn waiting(reader: &CardReader) -> Running {
    let mut kazasu = Running::start(&mut surveying(reader, &["--reader", READER]));
    kazasu.await_message("Put the card on the reader");
    kazasu
}

#[test]
fn among_several_readers_without_a_card_one_must_be_named() {
    let reader = CardReader::with_card_away(&[]);
    let surveyed = survey(&reader, &[]);
    assert_eq!(failure(&surveyed), found("E-PC-05", "no", 64));
    assert!(json(&surveyed)["failure"]["cause"].as_str().unwrap().contains("Virtual PCD 00 01"), "{surveyed:?}");
    assert_eq!(failure(&survey(&reader, &["--reader", "Some Other"])), found("E-PC-02", "no", 69));
}

#[test]
fn among_several_readers_the_only_one_with_a_card_is_meant() {
    let reader = CardReader::with_card(&[]);
    let surveyed = survey(&reader, &[]);
    assert!(json(&surveyed)["reader"].as_str().unwrap().ends_with(READER), "{surveyed:?}");
}

#[test]
fn a_card_that_another_program_shares_or_works_with_is_busy_in_good_time() {
    for how in ["share", "transact"] {
        let reader = CardReader::with_card(&[]);
        let other = reader.used_by_another_program(how);
        assert_eq!(failure(&sign(&reader, "PRACTICE1", &[])), found("E-PC-03", "no", 75), "{how}");
        assert_eq!(reader.status().counts.commands, 0, "{how}");
        other.finish();
        assert!(sign(&reader, "PRACTICE1", &[]).success, "{how}");
    }
}

#[test]
fn a_service_that_stops_or_freezes_while_the_card_is_awaited_is_named() {
    for order in [CardReader::stop_service, CardReader::freeze_service] {
        let mut reader = CardReader::with_card_away(&[]);
        let kazasu = waiting(&reader);
        order(&mut reader);
        let ran = kazasu.finish();
        assert_eq!(ran.code, Some(69), "{ran:?}");
        assert!(ran.stderr.contains("E-PC-01") && ran.stderr.contains("No try was spent"), "{ran:?}");
    }
}

#[test]
fn a_service_that_starts_again_is_found_again() {
    let mut reader = CardReader::with_card_away(&[]);
    let kazasu = waiting(&reader);
    reader.restart_service();
    reader.control("insert");
    let ran = kazasu.finish();
    assert!(ran.success, "{ran:?}");
}

#[test]
fn a_reader_that_is_pulled_out_while_the_card_is_awaited_is_named() {
    let mut reader = CardReader::with_card_away(&[]);
    let kazasu = waiting(&reader);
    reader.pull_the_reader_out();
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(69), "{ran:?}");
    assert!(ran.stderr.contains("E-PC-02"), "{ran:?}");
}

#[test]
fn a_service_that_goes_in_the_middle_of_verify_leaves_the_try_in_doubt() {
    for order in [CardReader::restart_service, CardReader::pull_the_reader_out, CardReader::stop_service] {
        let mut reader = CardReader::with_card(&["--fault", "verify 1 delay 1500", "--log"]);
        let mut kazasu = Running::start(signing(&reader).arg("--json"));
        kazasu.say("WRONG123\n");
        reader.await_log("> 0020009B ********");
        order(&mut reader);
        assert_eq!(failure(&kazasu.finish()), found("E-PIN-06", "unknown", 75));
        assert_eq!(reader.status().counts.verifies, 1);
    }
}

#[test]
fn a_service_that_goes_while_the_certificate_is_read_has_cost_no_try() {
    let mut reader = CardReader::with_card(&["--fault", "command 4 delay 1500", "--log"]);
    let mut kazasu = Running::start(signing(&reader).arg("--json"));
    kazasu.say("PRACTICE1\n");
    reader.await_log("> 00B081");
    reader.stop_service();
    let (code, spent, _) = failure(&kazasu.finish());
    assert!(["E-PC-01", "E-NFC-06", "E-PC-02"].contains(&code.as_str()), "{code}");
    assert_eq!((spent.as_str(), reader.status().counts.signatures), ("no", 0));
}
