//! `kazasu` on a card that works.

use std::path::PathBuf;

use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::{path_of, repository};
use serde_json::Value;

/// vpcd has two slots; the card lies in the first.
pub(crate) const READER: &str = "00 00";

const SELECT: &str = "00A4040C0AD392F000260100000001";
const READ_SIGNING_CERTIFICATE: &str = "00B0810001";

pub(crate) fn contract() -> PathBuf {
    repository().join("tests/vectors/pdf/practice-contract.pdf")
}

/// Signs the contract into `signed.pdf`, and speaks JSON.
pub(crate) fn sign(reader: &CardReader, password: &str, options: &[&str]) -> Ran {
    let mut kazasu = Running::start(signing(reader).arg("--json").args(options));
    kazasu.say(&format!("{password}\n"));
    kazasu.finish()
}

pub(crate) fn signing(reader: &CardReader) -> std::process::Command {
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "sign"]).arg(contract()).args(["--output", "signed.pdf", "--trust", "ca.pem"]);
    command.args(["--reader", READER, "--password-stdin"]);
    command
}

pub(crate) fn survey(reader: &CardReader) -> Value {
    let surveyed = reader.run(path_of("kazasu"), &["--json", "card", "--reader", READER]);
    assert!(surveyed.success, "{surveyed:?}");
    json(&surveyed)
}

pub(crate) fn json(ran: &Ran) -> Value {
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("no JSON: {ran:?}"))
}

#[test]
fn the_card_tells_its_tries_and_is_asked_for_no_password() {
    let reader = CardReader::with_card(&["--tries", "3"]);
    let told = survey(&reader);
    assert_eq!((&told["attempts_left"], &told["token"]), (&3.into(), &"my_number_card".into()), "{told}");
    assert_eq!(told["signing_certificate"], true);
    assert_eq!(reader.status().counts.verifies, 0);
}

#[test]
fn one_touch_signs_with_five_commands_and_one_verify() {
    // A card that declines the long read is read with short ones: 11, and the one that was declined.
    for (options, commands) in [(&[][..], 5), (&["--no-extended-length"], 12)] {
        let reader = CardReader::with_card(options);
        reader.control("mark sign");
        let signed = sign(&reader, "PRACTICE1", &[]);
        assert!(signed.success, "{signed:?}");
        let counts = reader.status().since_mark;
        assert_eq!((counts.commands, counts.verifies, counts.verifies_repeated, counts.signatures), (commands, 1, 0, 1));
        assert_eq!(counts.attempts_spent, 0);
    }
}

#[test]
fn whoever_signs_need_not_name_a_root() {
    let reader = CardReader::with_card(&[]);
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--lang", "en", "sign"]).arg(contract()).args(["-o", "signed.pdf", "--reader", READER, "--password-stdin"]);
    let mut kazasu = Running::start(&mut command);
    kazasu.say("PRACTICE1\n");
    let signed = kazasu.finish();
    assert_eq!(signed.code, Some(0), "{signed:?}");
    let verified = reader.run(path_of("kazasu"), &["verify", "signed.pdf"]);
    assert_eq!(verified.code, Some(1), "who verifies does: {verified:?}");
}

#[test]
fn the_signature_is_valid_under_the_practice_authority_and_to_openssl() {
    let reader = CardReader::with_card(&[]);
    assert!(sign(&reader, "PRACTICE1", &[]).success);
    let verified = reader.run(path_of("kazasu"), &["--json", "verify", "signed.pdf", "--trust", "ca.pem"]);
    // Nobody can be asked about revocation or time, so it is valid in part.
    assert_eq!((verified.code, &json(&verified)["verdict"]["state"]), (Some(2), &"valid_in_part".into()), "{verified:?}");
    assert!(openssl_accepts(&reader), "OpenSSL refuses the CMS");
}

/// Cuts the CMS out of the PDF by its `/ByteRange` and lets OpenSSL check it over the bytes around it.
fn openssl_accepts(reader: &CardReader) -> bool {
    let pdf = std::fs::read(reader.folder().join("signed.pdf")).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    let range = text.rsplit("/ByteRange").next().unwrap().split(['[', ']']).nth(1).unwrap();
    let numbers: Vec<usize> = range.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let (before, gap, after) = (&pdf[..numbers[1]], &pdf[numbers[1]..numbers[2]], &pdf[numbers[2]..]);
    reader.file("covered", [before, after].concat());
    reader.file("cms.der", der_of(gap));
    let command = "cms -verify -binary -inform DER -in cms.der -content covered -CAfile ca.pem -purpose any -out out";
    reader.run("openssl", &command.split(' ').collect::<Vec<_>>()).success
}

/// The hex string of `/Contents`, without the zeros that fill it up.
fn der_of(gap: &[u8]) -> Vec<u8> {
    let digits: Vec<char> = String::from_utf8_lossy(gap).chars().filter(char::is_ascii_hexdigit).collect();
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| u8::from_str_radix(&String::from_iter(pair), 16).unwrap()).collect();
    let length = 4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
    bytes[..length].to_vec()
}

#[test]
fn letters_are_raised_before_the_card_sees_them() {
    let reader = CardReader::with_card(&[]);
    let signed = sign(&reader, "practice1", &[]);
    assert!(signed.success, "{signed:?}");
    assert_eq!(reader.status().counts.attempts_spent, 0);
}

#[test]
fn the_password_does_not_outlive_the_signature() {
    let reader = CardReader::with_card(&[]);
    assert!(sign(&reader, "PRACTICE1", &[]).success);
    assert_eq!(reader.send(&[SELECT, READ_SIGNING_CERTIFICATE]), ["9000", "6982"]);
}

#[test]
fn the_password_is_never_said() {
    let reader = CardReader::with_card(&[]);
    for password in ["PRACTICE1", "SECRET99"] {
        let ran = sign(&reader, password, &[]);
        assert!(!ran.text().contains(password) && !ran.stderr.contains(password), "{ran:?}");
    }
}

#[test]
fn odd_cards_are_signed_with_all_the_same() {
    for options in [
        &["--first-command-fails"][..],
        &["--no-short-file-ids"],
        &["--no-extended-length"],
        &["--long-answers", "by-get-response"],
        &["--long-answers", "with-exact-length", "--read-limit", "200"],
        &["--read-limit", "100"],
        &["--query-succeeds-when-verified"],
        &["--contact"],
        &["--certificate-bytes", "1792"],
        &["--certificate-bytes", "1793"],
    ] {
        let reader = CardReader::with_card(options);
        let signed = sign(&reader, "PRACTICE1", &[]);
        assert!(signed.success, "{options:?}: {signed:?}");
        assert_eq!(reader.status().counts.verifies, 1, "{options:?}");
    }
}

#[test]
fn a_card_laid_down_later_is_waited_for() {
    let reader = CardReader::with_card_away(&[]);
    let mut kazasu = Running::start(&mut signing(&reader));
    kazasu.say("PRACTICE1\n");
    kazasu.await_message("Put the card on the reader");
    reader.control("insert");
    let signed = kazasu.finish();
    assert!(signed.success, "{signed:?}");
}
