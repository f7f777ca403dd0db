//! GnuTLS's p11tool on the virtual card, through OpenSC's PKCS#11 module.

use end_to_end::pcsc::{CardReader, Ran, pkcs11_module};

const SIGNING_TOKEN: &str = "pkcs11:token=JPKI%20%28Digital%20Signature%20PIN%29";

fn p11tool(reader: &CardReader, arguments: &[&str]) -> Ran {
    reader.run("p11tool", &[&["--provider", pkcs11_module()], arguments].concat())
}

#[test]
fn p11tool_finds_two_tokens_on_one_card() {
    let reader = CardReader::with_card(&[]);
    let tokens = p11tool(&reader, &["--list-token-urls"]).text();
    assert!(tokens.contains("User%20Authentication%20PIN"), "{tokens}");
    assert!(tokens.contains("Digital%20Signature%20PIN"), "{tokens}");
}

#[test]
fn p11tool_signs_and_verifies_with_the_signing_key() {
    let reader = CardReader::with_card(&[]);
    let key = format!("{SIGNING_TOKEN};id=%02;type=private");
    let signed = p11tool(&reader, &["--login", "--set-pin", "PRACTICE1", "--test-sign", &key]);
    assert!(signed.success, "{signed:?}");
    assert!(reader.status().counts.signatures > 0);
}

#[test]
fn p11tool_exports_the_certificate_that_the_card_holds() {
    let reader = CardReader::with_card(&[]);
    let certificate = format!("{SIGNING_TOKEN};id=%02;type=cert");
    let exported = p11tool(&reader, &["--login", "--set-pin", "PRACTICE1", "--export", &certificate]);
    reader.file("certificate.pem", &exported.stdout);
    let der = reader.run("openssl", &["x509", "-in", "certificate.pem", "-outform", "DER"]);
    assert_eq!(der.stdout, simulator::practice().hanako.signing.certificate, "{exported:?}");
}

#[test]
fn a_wrong_password_through_p11tool_costs_tries_that_the_counter_shows() {
    let reader = CardReader::with_card(&[]);
    let refused = p11tool(&reader, &["--login", "--set-pin", "WRONG1", "--list-all", SIGNING_TOKEN]);
    let status = reader.status();
    assert!(status.counts.attempts_spent >= 1, "{refused:?}");
    assert_eq!(u64::from(status.signing_attempts_left), 5 - status.counts.attempts_spent);
}
