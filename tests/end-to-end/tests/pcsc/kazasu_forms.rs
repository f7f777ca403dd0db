//! `kazasu sign --form`, `--field` and `--certify`, and `kazasu verify --registry`.

use std::path::Path;
use std::process::Command;

use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::{path_of, repository};
use serde_json::Value;

use crate::kazasu::{READER, contract, json};

const NAME: &str = "練習　花子";

#[test]
fn a_registry_office_gets_the_older_form_with_name_and_time() {
    let reader = CardReader::with_card(&[]);
    let signed = sign(&reader, &contract(), "signed.pdf", &["--form", "registry", "--name", NAME]);
    assert_eq!(signed.code, Some(0), "{signed:?}");
    let pdfsig = Command::new("pdfsig").arg("-nocert").arg(reader.folder().join("signed.pdf")).output().unwrap();
    let pdfsig = String::from_utf8_lossy(&pdfsig.stdout).into_owned();
    for part in ["adbe.pkcs7.detached", "Signature is Valid", "Total document signed"] {
        assert!(pdfsig.contains(part), "{part} in {pdfsig}");
    }
    let (told, exit) = verified(&reader, "signed.pdf");
    assert_eq!((&told["registry"], exit), (&serde_json::json!({ "ok": true, "unmet": [] }), Some(2)), "{told}");
    assert_eq!(told["verdict"]["signatures"][0]["kind"], "pkcs7");
}

#[test]
fn what_a_registry_office_would_not_take_is_named_before_it_is_handed_in() {
    let reader = CardReader::with_card(&[]);
    assert_eq!(sign(&reader, &contract(), "contract.pdf", &[]).code, Some(0));
    let (told, exit) = verified(&reader, "contract.pdf");
    let unmet = told["registry"]["unmet"].as_array().unwrap();
    let what: Vec<&str> = unmet.iter().filter_map(|row| row["what"].as_str()).collect();
    assert_eq!((what, exit), (vec!["other_form", "no_name"], Some(1)), "{told}");
    let said = reader.run(path_of("kazasu"), &["--lang", "ja", "verify", "contract.pdf", "--registry"]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("署名1: adbe.pkcs7.detached の形ではありません"), "{said:?}");
    assert_eq!(sign(&reader, &contract(), "other.pdf", &["--form", "registry"]).code, Some(64), "without a name");
}

#[test]
fn a_field_that_the_sender_laid_out_is_signed_and_another_is_told_of() {
    let reader = CardReader::with_card(&[]);
    let form = repository().join("shared/pades/tests/vectors/form-with-empty-signature-fields.pdf");
    assert_eq!(sign(&reader, &form, "signed.pdf", &["--field", "seller"]).code, Some(0));
    let (told, _) = verified(&reader, "signed.pdf");
    assert_eq!(told["verdict"]["signatures"][0]["field_name"], "seller");
    let before = reader.status().counts.verifies;
    let refused = sign(&reader, &form, "other.pdf", &["--field", "nobody"]);
    assert_eq!((refused.code, code(&refused)), (Some(65), "E-ST-02".into()));
    assert_eq!(reader.status().counts.verifies, before);
}

#[test]
fn a_certified_document_takes_only_what_its_first_signer_allowed() {
    let reader = CardReader::with_card(&[]);
    assert_eq!(sign(&reader, &contract(), "forms.pdf", &["--certify", "forms"]).code, Some(0));
    assert_eq!(sign(&reader, &reader.folder().join("forms.pdf"), "again.pdf", &[]).code, Some(0));
    let (told, exit) = verified(&reader, "again.pdf");
    assert_eq!(told["verdict"]["signatures"].as_array().unwrap().len(), 2);
    assert_eq!((&told["verdict"]["state"], exit), (&"valid_in_part".into(), Some(1)), "no registry takes it, all is well else");

    assert_eq!(sign(&reader, &contract(), "nothing.pdf", &["--certify", "nothing"]).code, Some(0));
    let before = reader.status().counts.verifies;
    for (from, options) in [("nothing.pdf", &[][..]), ("again.pdf", &["--certify", "forms"])] {
        let refused = sign(&reader, &reader.folder().join(from), "other.pdf", options);
        assert_eq!((refused.code, code(&refused)), (Some(65), "E-PDF-07".into()), "{from}");
    }
    assert_eq!(reader.status().counts.verifies, before, "no password was sent");
}

fn sign(reader: &CardReader, from: &Path, to: &str, options: &[&str]) -> Ran {
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    let mut command = reader.client(path_of("kazasu"));
    command.args(["--json", "sign"]).arg(from).args(["-o", to, "--trust", "ca.pem", "--reader", READER, "--password-stdin"]);
    let mut kazasu = Running::start(command.args(options));
    kazasu.say("PRACTICE1\n");
    kazasu.finish()
}

fn verified(reader: &CardReader, file: &str) -> (Value, Option<i32>) {
    let ran = reader.run(path_of("kazasu"), &["--json", "verify", file, "--registry", "--trust", "ca.pem"]);
    (json(&ran), ran.code)
}

fn code(ran: &Ran) -> Value {
    json(ran)["failure"]["code"].clone()
}
