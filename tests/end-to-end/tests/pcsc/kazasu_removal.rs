//! `kazasu` and a card that leaves: at any command, before or after the card has done its work.

use end_to_end::pcsc::{CardReader, Running};
use serde_json::Value;

use crate::kazasu::{json, sign, signing};

/// SELECT, query, VERIFY, one long read, signature.
const COMMANDS: u64 = 5;
/// The same with a long read that is declined, and seven short ones.
const COMMANDS_SHORT: u64 = 12;
const VERIFY: u64 = 3;

fn torn(fault: &str, password: &str) -> (CardReader, Value, Option<i32>) {
    torn_with(&[], fault, password)
}

fn torn_with(options: &[&str], fault: &str, password: &str) -> (CardReader, Value, Option<i32>) {
    let reader = CardReader::with_card(&[options, &["--fault", fault]].concat());
    let ran = sign(&reader, password, &[]);
    (reader, json(&ran)["failure"].clone(), ran.code)
}

#[test]
fn a_card_lost_at_any_command_loses_nothing_and_repeats_nothing() {
    let long = (1..=COMMANDS).map(|command| (&[][..], command));
    let short = (VERIFY + 1..=COMMANDS_SHORT).map(|command| (&["--no-extended-length"][..], command));
    for (options, command) in long.chain(short) {
        let (reader, failure, code) = torn_with(options, &format!("command {command} tear-before"), "PRACTICE1");
        let expected = if command == VERIFY { ("E-PIN-06", "unknown") } else { ("E-NFC-06", "no") };
        assert_eq!((&failure["code"], &failure["facts"]["try_spent"]), (&expected.0.into(), &expected.1.into()), "{command}");
        assert_eq!(code, Some(75), "{command}");
        let counts = reader.status().counts;
        assert_eq!((counts.commands, counts.verifies_repeated, counts.signatures), (command, 0, 0));
        assert!(!reader.folder().join("signed.pdf").exists());
    }
}

#[test]
fn a_verify_whose_answer_was_lost_is_in_doubt_whether_it_counted_or_not() {
    for (fault, spent) in [("verify 1 tear-before", 0), ("verify 1 tear-after", 1)] {
        let (reader, failure, _) = torn(fault, "WRONG123");
        assert_eq!((&failure["code"], &failure["facts"]["try_spent"]), (&"E-PIN-06".into(), &"unknown".into()), "{fault}");
        assert_eq!((reader.status().counts.verifies, reader.status().counts.attempts_spent), (1, spent));
    }
}

#[test]
fn a_lost_card_can_be_laid_down_again() {
    let (reader, _, _) = torn("signature 1 tear-after", "PRACTICE1");
    reader.await_no_card();
    reader.control("insert");
    reader.await_card();
    let signed = sign(&reader, "PRACTICE1", &[]);
    assert!(signed.success, "{signed:?}");
}

#[test]
fn an_interrupt_in_a_slow_verify_waits_for_the_answer_and_leaves_the_card_closed() {
    let reader = CardReader::with_card(&["--fault", "verify 1 delay 1500", "--log"]);
    let mut kazasu = Running::start(&mut signing(&reader));
    kazasu.say("PRACTICE1\n");
    reader.await_log("> 0020009B ********");
    kazasu.interrupt();
    assert_eq!(kazasu.finish().code, Some(130));
    let status = reader.status();
    assert_eq!((status.counts.verifies, status.counts.attempts_spent, status.counts.signatures), (1, 0, 0));
    assert_eq!(reader.send(&["00A4040C0AD392F000260100000001", "00B0810001"]), ["9000", "6982"]);
}
