//! Unmodified OpenSC takes the virtual card for a My Number card.

use std::path::PathBuf;

use end_to_end::pcsc::{CardReader, Ran, pkcs11_module};

const MESSAGE: &[u8] = "契約書".as_bytes();
const SIGNING_TOKEN: &str = "JPKI (Digital Signature PIN)";

fn certificate_pem(reader: &CardReader) -> PathBuf {
    let read = reader.run("pkcs15-tool", &["--verify-pin", "--auth-id", "02", "--pin", "PRACTICE1", "--read-certificate", "02"]);
    assert!(read.success, "{read:?}");
    reader.file("certificate.pem", read.stdout)
}

fn openssl(reader: &CardReader, arguments: &str) -> Ran {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    reader.run("openssl", &arguments)
}

fn assert_signature_verifies(reader: &CardReader) {
    certificate_pem(reader);
    let key = openssl(reader, "x509 -in certificate.pem -noout -pubkey");
    reader.file("key.pem", key.stdout);
    let verified = openssl(reader, "dgst -sha256 -verify key.pem -signature signature message");
    assert!(verified.success, "{verified:?}");
}

fn pkcs11_sign(reader: &CardReader, password: &str) -> Ran {
    reader.file("message", MESSAGE);
    let arguments = "--login --sign --id 02 --mechanism SHA256-RSA-PKCS --input-file message --output-file signature";
    let mut arguments: Vec<&str> = arguments.split(' ').collect();
    arguments.extend(["--module", pkcs11_module(), "--token-label", SIGNING_TOKEN, "--pin", password]);
    reader.run("pkcs11-tool", &arguments)
}

#[test]
fn opensc_names_the_card_after_29_probes_for_other_cards() {
    let reader = CardReader::with_card(&[]);
    reader.control("mark name");
    let named = reader.run("opensc-tool", &["--name"]);
    assert_eq!(named.text(), "jpki\n", "{named:?}");
    assert!(reader.status().since_mark.commands > 29);
}

#[test]
fn pkcs15_tool_sees_both_keys_and_the_tries_left() {
    let reader = CardReader::with_card(&["--tries", "4"]);
    let dumped = reader.run("pkcs15-tool", &["--dump"]).text();
    for expected in ["User Authentication Key", "Digital Signature Key", "Tries left     : 3", "Tries left     : 4"] {
        assert!(dumped.contains(expected), "{expected} is missing in:\n{dumped}");
    }
    assert_eq!(reader.status().counts.verifies, 0);
}

#[test]
fn the_certificate_read_by_pkcs15_tool_chains_to_the_authority_for_openssl() {
    let reader = CardReader::with_card(&[]);
    certificate_pem(&reader);
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    let verified = openssl(&reader, "verify -CAfile ca.pem certificate.pem");
    assert!(verified.success, "{verified:?}");
    let text = openssl(&reader, "x509 -in certificate.pem -noout -text -nameopt utf8").text();
    assert!(text.contains("Digital Signature, Non Repudiation"), "{text}");
}

#[test]
fn pkcs15_crypt_signs_with_one_verify() {
    let reader = CardReader::with_card(&[]);
    reader.file("message", MESSAGE);
    assert!(openssl(&reader, "dgst -sha256 -binary -out hash message").success);
    reader.control("mark sign");
    let arguments = "--sign --key 02 --pin PRACTICE1 --pkcs1 --sha-256 --input hash --output signature";
    let signed = reader.run("pkcs15-crypt", &arguments.split(' ').collect::<Vec<_>>());
    assert!(signed.success, "{signed:?}");
    let counts = reader.status().since_mark;
    assert_eq!((counts.verifies, counts.signatures, counts.attempts_spent), (1, 1, 0));
    assert_signature_verifies(&reader);
}

#[test]
fn pkcs11_tool_signs_and_its_policy_of_two_verifies_shows() {
    let reader = CardReader::with_card(&[]);
    reader.control("mark sign");
    let signed = pkcs11_sign(&reader, "PRACTICE1");
    assert!(signed.success, "{signed:?}");
    let counts = reader.status().since_mark;
    assert_eq!((counts.verifies, counts.signatures), (2, 1));
    assert_signature_verifies(&reader);
}

#[test]
fn opensc_signs_without_probing_when_told_that_cards_are_jpki() {
    let reader = CardReader::with_card(&[]);
    let configuration = reader.file("opensc.conf", "app default { card_drivers = jpki; }");
    reader.control("mark name");
    let named = Ran::of(reader.client("opensc-tool").arg("--name").env("OPENSC_CONF", configuration));
    assert_eq!(named.text(), "jpki\n");
    assert_eq!(reader.status().since_mark.commands, 1);
}

#[test]
fn a_wrong_password_through_pkcs11_costs_one_try() {
    let reader = CardReader::with_card(&[]);
    let refused = pkcs11_sign(&reader, "WRONG1");
    assert!(refused.stderr.contains("CKR_PIN_INCORRECT"), "{refused:?}");
    let status = reader.status();
    assert_eq!((status.signing_attempts_left, status.counts.attempts_spent, status.counts.verifies), (4, 1, 1));
}

#[test]
fn a_locked_card_shows_no_tries_and_refuses_to_sign() {
    let reader = CardReader::with_card(&["--card", "locked"]);
    let dumped = reader.run("pkcs15-tool", &["--dump"]).text();
    assert!(dumped.contains("Tries left     : 0"), "{dumped}");
    // OpenSC knows no name for 6984, so it speaks of a general error.
    let refused = pkcs11_sign(&reader, "PRACTICE1");
    assert!(refused.stderr.contains("C_Login failed"), "{refused:?}");
    assert_eq!(reader.status().counts.signatures, 0);
}

#[test]
fn a_query_answered_6983_makes_opensc_reject_the_whole_card() {
    let reader = CardReader::with_card(&["--card", "locked", "--blocked-query", "authentication-blocked"]);
    let dumped = reader.run("pkcs15-tool", &["--dump"]);
    assert!(!dumped.text().contains("Digital Signature Key"), "{dumped:?}");
}

#[test]
fn a_card_without_the_application_is_no_jpki_card() {
    let reader = CardReader::with_card(&["--card", "not-a-my-number-card"]);
    let named = reader.run("opensc-tool", &["--name"]);
    assert_ne!(named.text(), "jpki\n", "{named:?}");
}
