//! `kazasu verify` and `kazasu strip` from outside: exit codes, what is said, and what is not.

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::SystemTime;

use common::{code, in_folder, kazasu, object, said, signed_by};
use jiff::ToSpan;
use pades::PrepareOptions;
use serde_json::Value;
use simulator::revocation::StatusAuthority;
use simulator::{CardHolder, practice};

#[test]
fn the_person_is_hidden_until_asked_for() {
    in_folder(|folder| {
        signed_contract(folder);
        let verify = ["verify", "signed.pdf", "--trust", "ca.pem"];
        for language in ["ja", "en"] {
            for form in [&[][..], &["--json"]] {
                let hidden = kazasu(folder, &[&verify[..], form, &["--lang", language]].concat());
                assert_eq!((code(&hidden), traces(&hidden)), (2, vec![]), "{}", said(&hidden));
                let shown = kazasu(folder, &[&verify[..], form, &["--lang", language, "--show-person"]].concat());
                assert_eq!((code(&shown), traces(&shown)), (2, vec!["name", "address", "birth"]), "{}", said(&shown));
            }
        }
    });
}

#[test]
fn a_masked_report_says_that_it_is_masked() {
    in_folder(|folder| {
        signed_contract(folder);
        let masked = object(&kazasu(folder, &["verify", "signed.pdf", "--trust", "ca.pem", "--json"]));
        let signer = &masked["verdict"]["signatures"][0]["signer"];
        assert_eq!((&signer["person"]["masked"], &signer["person"]["name"]), (&true.into(), &Value::Null));
        assert_eq!((&signer["common_name"], &signer["not_after"]), (&Value::Null, &Value::Null));
        let shown = object(&kazasu(folder, &["verify", "signed.pdf", "--trust", "ca.pem", "--json", "--show-person"]));
        assert_eq!(shown["verdict"]["signatures"][0]["signer"]["person"]["masked"], Value::Bool(false));
        assert_eq!(shown["verdict"]["version"], 2);
    });
}

#[test]
fn every_field_of_the_report_is_documented() {
    in_folder(|folder| {
        signed_contract(folder);
        strip_with_receipt(folder);
        let page = include_str!("../../../docs/verdict.md");
        let mut names = Vec::new();
        fs::write(folder.join("good.crl"), StatusAuthority::practice().list(jiff::Timestamp::now())).unwrap();
        for file in ["signed.pdf", "copy.pdf"] {
            let verify = ["verify", file, "--trust", "ca.pem", "--crl", "good.crl", "--json", "--show-person"];
            let report = object(&kazasu(folder, &verify));
            collect_names(&report, &mut names);
        }
        let missing: Vec<_> = names.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    });
}

#[test]
fn revocation_is_never_passed_over() {
    in_folder(|folder| {
        signed_contract(folder);
        let said = said(&kazasu(folder, &["verify", "signed.pdf", "--trust", "ca.pem"]));
        assert!(said.contains("? Revocation: not checked") && said.starts_with("Valid in part"), "{said}");
    });
}

#[test]
fn lists_and_answers_in_files_settle_revocation() {
    in_folder(|folder| {
        signed_contract(folder);
        let now = jiff::Timestamp::now();
        let (good, hanako) = (StatusAuthority::practice(), &practice().hanako.signing.certificate);
        let revoked = StatusAuthority::practice().revoking(hanako, now - 1.hours(), Some(3));
        fs::write(folder.join("good.crl"), good.list(now)).unwrap();
        fs::write(folder.join("revoked.crl"), revoked.list(now)).unwrap();
        fs::write(folder.join("good.ocsp"), good.answer_about(hanako, now)).unwrap();
        fs::write(folder.join("revoked.ocsp"), revoked.answer_about(hanako, now)).unwrap();
        for (option, file, exit, line) in [
            // The contract has no time stamp: something stays open.
            ("--crl", "good.crl", 2, "✓ Revocation"),
            ("--ocsp", "good.ocsp", 2, "✓ Revocation"),
            ("--crl", "revoked.crl", 1, "✗ Revocation: the certificate was revoked"),
            ("--ocsp", "revoked.ocsp", 1, "✗ Revocation: the certificate was revoked"),
            ("--crl", "good.ocsp", 2, "? Revocation: what was said about revocation cannot be read"),
            ("--crl", "missing.crl", 66, ""),
        ] {
            let output = kazasu(folder, &["verify", "signed.pdf", "--trust", "ca.pem", option, file]);
            assert!(code(&output) == exit && said(&output).contains(line), "{option} {file}: {}", said(&output));
        }
    });
}

#[test]
fn a_report_says_who_answered_and_when() {
    in_folder(|folder| {
        signed_contract(folder);
        let now = jiff::Timestamp::now();
        fs::write(folder.join("good.crl"), StatusAuthority::practice().list(now)).unwrap();
        let verify = ["verify", "signed.pdf", "--trust", "ca.pem", "--crl", "good.crl"];
        let answer = &object(&kazasu(folder, &[&verify[..], &["--json"]].concat()))["verdict"]["signatures"][0]["revocation"][0];
        assert_eq!((&answer["about"], &answer["by"], &answer["status"]), (&"signer".into(), &"crl".into(), &"good".into()));
        let text = said(&kazasu(folder, &verify));
        assert!(text.contains("Revocation (signer): not revoked as of") && text.contains("says the list of"), "{text}");
    });
}

#[test]
fn a_certificate_is_judged_at_the_time_asked_for() {
    in_folder(|folder| {
        signed_contract(folder);
        let at = |time| code(&kazasu(folder, &["verify", "signed.pdf", "--trust", "ca.pem", "--at", time]));
        assert_eq!(at("2001-01-01"), 1, "not yet valid");
        assert_eq!(at("2048-01-01T00:00:00Z"), 1, "expired");
        assert_eq!(at("tomorrow"), 64);
    });
}

#[test]
fn a_changed_document_is_invalid_and_an_unsigned_one_has_no_verdict() {
    in_folder(|folder| {
        let signed = signed_contract(folder);
        let mut changed = signed.clone();
        changed[200] ^= 1;
        fs::write(folder.join("changed.pdf"), changed).unwrap();
        fs::write(folder.join("longer.pdf"), [signed.as_slice(), b"and more"].concat()).unwrap();
        for file in ["changed.pdf", "longer.pdf"] {
            let output = kazasu(folder, &["verify", file, "--trust", "ca.pem"]);
            assert_eq!(code(&output), 1, "{file}: {}", said(&output));
        }
        assert_eq!(code(&kazasu(folder, &["verify", "contract.pdf"])), 3);
    });
}

#[test]
fn a_verdict_says_about_what_readers_disagree_and_what_was_added() {
    in_folder(|folder| {
        let signed = signed_contract(folder);
        fs::write(folder.join("longer.pdf"), [signed.as_slice(), b"and more"].concat()).unwrap();
        let longer = ["verify", "longer.pdf", "--trust", "ca.pem"];
        assert!(said(&kazasu(folder, &longer)).contains("different documents: bytes after the last end marker"));
        let report = object(&kazasu(folder, &[&longer[..], &["--json"]].concat()));
        assert_eq!(report["verdict"]["file"]["detail"], "bytes_after_end");
        let again = signed_by(&signed, &PrepareOptions::new(SystemTime::now(), [2; 16]), &practice().hanako.signing);
        fs::write(folder.join("twice.pdf"), again).unwrap();
        let twice = ["verify", "twice.pdf", "--trust", "ca.pem"];
        assert_eq!(said(&kazasu(folder, &twice)).matches("Added since, as permitted: a signature").count(), 1);
        let japanese = said(&kazasu(folder, &[&twice[..], &["--lang", "ja"]].concat()));
        assert!(japanese.contains("署名後に加わったもの（許されている変更）: 署名"), "{japanese}");
        let report = object(&kazasu(folder, &[&twice[..], &["--json"]].concat()));
        assert_eq!(report["verdict"]["signatures"][0]["permitted_changes"][0]["what"], "signature");
    });
}

#[test]
fn a_stripped_copy_has_no_signature_and_names_nobody() {
    in_folder(|folder| {
        signed_contract(folder);
        let stripped = kazasu(folder, &["strip", "signed.pdf", "-o", "copy.pdf", "--json"]);
        assert_eq!(code(&stripped), 0, "{}", said(&stripped));
        assert_eq!((&object(&stripped)["removed"], &object(&stripped)["receipt"]), (&1.into(), &false.into()));
        assert_eq!(code(&kazasu(folder, &["verify", "copy.pdf", "--trust", "ca.pem"])), 3);
        let again = kazasu(folder, &["strip", "signed.pdf", "-o", "copy.pdf"]);
        assert_eq!(code(&again), 73, "an existing file is replaced only when asked");
    });
}

#[test]
fn nothing_is_written_where_there_is_nothing_to_strip() {
    in_folder(|folder| {
        signed_contract(folder);
        assert_eq!(code(&kazasu(folder, &["strip", "contract.pdf", "-o", "copy.pdf"])), 3);
        assert!(!folder.join("copy.pdf").exists());
        assert_eq!(code(&kazasu(folder, &["strip", "signed.pdf", "-o", "copy.pdf", "--label", "without a key"])), 64);
    });
}

#[test]
fn a_receipt_is_checked_offline_and_breaks_with_any_change() {
    in_folder(|folder| {
        signed_contract(folder);
        strip_with_receipt(folder);
        let verified = kazasu(folder, &["verify", "copy.pdf", "--trust", "ca.pem"]);
        assert_eq!(code(&verified), 2, "{}", said(&verified));
        for word in ["receipt of Practice Service", "Signer 1: the buyer", "Revocation", "SHA-256"] {
            assert!(said(&verified).contains(word), "{word}: {}", said(&verified));
        }
        let copy = fs::read(folder.join("copy.pdf")).unwrap();
        for place in (0..copy.len()).step_by(copy.len() / 40) {
            let mut altered = copy.clone();
            altered[place] ^= 1;
            fs::write(folder.join("altered.pdf"), altered).unwrap();
            let code = code(&kazasu(folder, &["verify", "altered.pdf", "--trust", "ca.pem"]));
            assert!(matches!(code, 1 | 3), "byte {place}: {code}");
        }
    });
}

#[test]
fn a_key_that_is_not_the_certificates_writes_no_receipt() {
    in_folder(|folder| {
        signed_contract(folder);
        fs::write(folder.join("service.pem"), practice().hanako.signing.certificate_pem()).unwrap();
        let refused = kazasu(folder, &[STRIP, &["--receipt-key", "key.pem", "--receipt-certificate", "service.pem"]].concat());
        assert_eq!(code(&refused), 66, "{}", said(&refused));
        assert!(!folder.join("copy.pdf").exists());
    });
}

const STRIP: &[&str] = &["strip", "signed.pdf", "-o", "copy.pdf", "--trust", "ca.pem", "--label", "the buyer"];

fn strip_with_receipt(folder: &Path) {
    let stripped = kazasu(folder, &[STRIP, &["--receipt-key", "key.pem", "--receipt-certificate", "service.pem"]].concat());
    assert_eq!(code(&stripped), 0, "{}", said(&stripped));
}

/// Signed by the practice card of 練習　花子, beside everything that the commands want.
fn signed_contract(folder: &Path) -> Vec<u8> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let contract = fs::read(repository.join("tests/vectors/pdf/practice-contract.pdf")).unwrap();
    let holder = CardHolder::hanako();
    let options = PrepareOptions { declared_name: Some(holder.name), ..PrepareOptions::new(SystemTime::now(), [1; 16]) };
    let signed = signed_by(&contract, &options, &practice().hanako.signing);
    fs::write(folder.join("contract.pdf"), &contract).unwrap();
    fs::write(folder.join("signed.pdf"), &signed).unwrap();
    fs::write(folder.join("ca.pem"), practice().authority.ca_pem()).unwrap();
    fs::write(folder.join("service.pem"), practice().service.certificate_pem()).unwrap();
    fs::copy(repository.join("tests/simulator/keys/WORTHLESS-service.pem"), folder.join("key.pem")).unwrap();
    signed
}

/// What an output tells of the signer.
fn traces(output: &Output) -> Vec<&'static str> {
    let holder = CardHolder::hanako();
    let birth = &holder.birth[1..];
    let birth = format!("{}-{}-{}", &birth[..4], &birth[4..6], &birth[6..]);
    let said = said(output);
    let items = [("name", holder.name), ("address", holder.address), ("birth", birth)];
    items.into_iter().filter(|(_, item)| said.contains(item.as_str())).map(|(what, _)| what).collect()
}

fn collect_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            names.push(name.clone());
            collect_names(value, names);
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        _ => {}
    }
}
