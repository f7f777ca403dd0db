//! `kazasu sign` with several documents: one password, one touch.

use std::path::PathBuf;

use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;
use serde_json::Value;

use crate::kazasu::{READER, contract, json};
use crate::kazasu_terminal::PROMPT;

/// The contract under other names, so that each signed document has a name of its own.
fn documents(reader: &CardReader, names: &[&str]) -> Vec<PathBuf> {
    let contract = std::fs::read(contract()).unwrap();
    std::fs::create_dir(reader.folder().join("signed")).unwrap();
    names.iter().map(|name| reader.file(name, &contract)).collect()
}

fn signing(reader: &CardReader, names: &[&str]) -> Ran {
    begun(reader, names, &[]).finish()
}

fn begun(reader: &CardReader, names: &[&str], options: &[&str]) -> Running {
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "--json", "sign"]).args(names).args(["--output-dir", "signed", "--trust", "ca.pem"]);
    let mut kazasu = Running::start(command.args(["--reader", READER, "--password-stdin"]).args(options));
    kazasu.say("PRACTICE1\n");
    kazasu
}

fn is_valid_in_part(reader: &CardReader, name: &str) -> bool {
    let path = format!("signed/{name}");
    reader.run(path_of("kazasu"), &["verify", &path, "--trust", "ca.pem"]).code == Some(2)
}

const NAMES: [&str; 3] = ["a.pdf", "b.pdf", "c.pdf"];

#[test]
fn a_batch_is_signed_with_one_verify_and_one_command_more_for_each_document() {
    let reader = CardReader::with_card(&[]);
    documents(&reader, &NAMES);
    reader.control("mark batch");
    let signed = signing(&reader, &NAMES);
    assert_eq!(signed.code, Some(0), "{signed:?}");
    let counts = reader.status().since_mark;
    // One read of EF 000A for the batch.
    assert_eq!((counts.commands, counts.verifies, counts.signatures), (5 + 1 + 2, 1, 3));
    assert!(NAMES.iter().all(|name| is_valid_in_part(&reader, name)));
    let told = json(&signed);
    assert_eq!((&told["ok"], told["documents"].as_array().map(Vec::len)), (&true.into(), Some(3)), "{told}");
}

#[test]
fn a_batch_that_is_torn_keeps_what_is_signed_and_names_what_is_not() {
    let reader = CardReader::with_card(&["--fault", "signature 3 tear-before"]);
    documents(&reader, &NAMES);
    let torn = signing(&reader, &NAMES);
    assert_eq!(torn.code, Some(75), "{torn:?}");
    let told = json(&torn);
    assert_eq!(told["ok"], false);
    let outcomes: Vec<&Value> = told["documents"].as_array().unwrap().iter().map(|document| &document["ok"]).collect();
    assert_eq!(outcomes, [&Value::Bool(true), &Value::Bool(true), &Value::Bool(false)], "{told}");
    assert_eq!((&told["failure"]["code"], &told["failure"]["facts"]["signed"]), (&"E-NFC-06".into(), &true.into()), "{told}");
    assert!(is_valid_in_part(&reader, "a.pdf") && is_valid_in_part(&reader, "b.pdf"));
    assert!(!reader.folder().join("signed/c.pdf").exists());
    assert_eq!(reader.status().counts.signatures, 2);
}

#[test]
fn an_interrupt_takes_the_signature_under_way_and_begins_no_other() {
    let reader = CardReader::with_card(&["--signature-ms", "1000", "--log"]);
    documents(&reader, &NAMES);
    let kazasu = begun(&reader, &NAMES, &[]);
    reader.await_log("> 802A029A");
    kazasu.interrupt();
    let stopped = kazasu.finish();
    assert_eq!(stopped.code, Some(130), "{stopped:?}");
    assert_eq!(reader.status().counts.signatures, 1);
    assert!(is_valid_in_part(&reader, "a.pdf") && !reader.folder().join("signed/b.pdf").exists());
}

#[test]
fn every_document_is_in_its_place_before_an_authority_is_asked_and_a_silent_one_is_asked_once() {
    let reader = CardReader::with_card(&[]);
    documents(&reader, &NAMES);
    // Nobody listens there.
    let signed = begun(&reader, &NAMES, &["--timestamp", "http://127.0.0.1:1/"]).finish();
    assert_eq!(signed.code, Some(2), "{signed:?}");
    assert!(NAMES.iter().all(|name| is_valid_in_part(&reader, name)));
    let told = json(&signed);
    let failures = told["documents"].as_array().unwrap().iter().map(|document| &document["time_stamp"]["failure"]["code"]);
    assert!(failures.clone().count() == 3 && failures.clone().all(|code| code == "E-TS-01"), "{told}");
}

#[test]
fn in_a_terminal_a_torn_batch_goes_on_where_it_stopped() {
    let reader = CardReader::with_card(&["--fault", "signature 2 tear-before", "--back-after-ms", "500"]);
    documents(&reader, &NAMES);
    let words = ["--lang", "en", "sign", "a.pdf", "b.pdf", "c.pdf", "--output-dir", "signed", "--reader", READER];
    let mut kazasu = Running::start(&mut reader.client_in_terminal(path_of("kazasu"), &words));
    kazasu.await_prompt(PROMPT);
    kazasu.say("PRACTICE1\n");
    kazasu.await_line("E-NFC-06");
    let ran = kazasu.finish();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.text().contains("3 of 3 documents are signed"), "{ran:?}");
    assert_eq!((reader.status().counts.signatures, reader.status().counts.attempts_spent), (3, 0));
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    assert!(NAMES.iter().all(|name| is_valid_in_part(&reader, name)));
}

#[test]
fn a_document_that_cannot_be_signed_is_named_before_the_card_is_touched() {
    let reader = CardReader::with_card(&[]);
    documents(&reader, &["a.pdf"]);
    reader.file("odd.pdf", "no PDF at all");
    let refused = signing(&reader, &["a.pdf", "odd.pdf"]);
    let told = json(&refused);
    assert_eq!((refused.code, &told["failure"]["file"]), (Some(65), &"odd.pdf".into()), "{told}");
    assert_eq!(reader.status().counts.verifies, 0);
    assert_eq!(std::fs::read_dir(reader.folder().join("signed")).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn two_documents_of_one_name_are_refused_before_either_is_signed() {
    let reader = CardReader::with_card(&[]);
    documents(&reader, &["a.pdf"]);
    let refused = signing(&reader, &["a.pdf", "a.pdf"]);
    assert_eq!(json(&refused)["failure"]["code"], "E-IO-03", "{refused:?}");
    assert_eq!(reader.status().counts.verifies, 0);
}
