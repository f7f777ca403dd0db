//! `kazasu sign --stamp`: what a signature shows.

use std::process::Command;

use end_to_end::pcsc::{CardReader, Ran, Running};
use end_to_end::programs::path_of;

use crate::kazasu::{READER, contract, json, sign};

const NAME: &str = "練習　花子";

#[test]
fn a_stamp_names_the_signer_and_the_time() {
    let reader = CardReader::with_card(&[]);
    let options = ["--name", NAME, "--stamp", "last:bottom-right,20,30,60", "--stamp-reason", "業務委託契約の締結"];
    let signed = sign(&reader, "PRACTICE1", &options);
    assert_eq!(signed.code, Some(0), "{signed:?}");
    let text = Command::new("pdftotext").arg(reader.folder().join("signed.pdf")).arg("-").output().unwrap();
    let without_gaps = |text: &str| text.split_whitespace().collect::<String>();
    let text = without_gaps(&String::from_utf8_lossy(&text.stdout));
    for part in ["Signed by", NAME, "Reason: 業務委託契約の締結", "Claimed time: 20"] {
        assert!(text.contains(&without_gaps(part)), "{part} in {text}");
    }
    let verified = reader.run(path_of("kazasu"), &["verify", "signed.pdf", "--trust", "ca.pem"]);
    assert_eq!(verified.code, Some(2), "{verified:?}");
}

#[test]
fn several_documents_share_a_stamp_and_a_second_stamp_leaves_the_first_signature_as_it_is() {
    let reader = CardReader::with_card(&[]);
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    let contract = std::fs::read(contract()).unwrap();
    for name in ["a.pdf", "b.pdf"] {
        reader.file(name, &contract);
    }
    let stamped = |from: [&str; 2], into: &str, corner: &str| {
        std::fs::create_dir(reader.folder().join(into)).unwrap();
        let mut command = reader.client(path_of("kazasu"));
        command.args(["--json", "sign"]).args(from).args(["--output-dir", into, "--trust", "ca.pem", "--name", NAME]);
        let mut kazasu = Running::start(command.args(["--stamp", corner, "--reader", READER, "--password-stdin"]));
        kazasu.say("PRACTICE1\n");
        assert_eq!(kazasu.finish().code, Some(0), "{into}");
    };
    stamped(["a.pdf", "b.pdf"], "once", "last:bottom-right");
    stamped(["once/a.pdf", "once/b.pdf"], "twice", "1:bottom-left");
    for name in ["twice/a.pdf", "twice/b.pdf"] {
        let told = json(&reader.run(path_of("kazasu"), &["--json", "verify", name, "--trust", "ca.pem"]));
        let states: Vec<_> =
            told["verdict"]["signatures"].as_array().unwrap().iter().map(|signature| &signature["state"]).collect();
        assert_eq!(states, ["valid_in_part", "valid_in_part"], "{told}");
    }
}

#[test]
fn a_stamp_that_cannot_be_made_or_placed_costs_no_try() {
    let reader = CardReader::with_card(&[]);
    let refused = |name: &str, place: &str| json(&failed(&reader, name, place))["failure"]["code"].clone();
    assert_eq!(refused("花子😀", "last:bottom-right"), "E-ST-01");
    assert_eq!(refused("花子\u{202E}", "last:bottom-right"), "E-ST-01");
    assert_eq!(refused(&"花".repeat(10_000), "last:bottom-right"), "E-ST-01");
    assert_eq!(refused(NAME, "99:bottom-right"), "E-ST-02");
    assert_eq!(refused(NAME, "1:bottom-right,190,5"), "E-ST-02");
    assert_eq!(refused(NAME, "field:buyer"), "E-ST-02");
    assert_eq!(reader.status().counts.verifies, 0);
    assert!(!reader.folder().join("signed.pdf").exists());
}

#[test]
fn a_stamp_wants_a_name_and_a_place_of_its_form() {
    let reader = CardReader::with_card(&[]);
    assert_eq!(sign(&reader, "PRACTICE1", &["--stamp", "last:bottom-right"]).code, Some(64));
    assert_eq!(sign(&reader, "PRACTICE1", &["--name", NAME, "--stamp", "somewhere"]).code, Some(64));
    assert_eq!(sign(&reader, "PRACTICE1", &["--name", NAME, "--stamp-reason", "x"]).code, Some(64));
}

fn failed(reader: &CardReader, name: &str, place: &str) -> Ran {
    let refused = sign(reader, "PRACTICE1", &["--name", name, "--stamp", place]);
    assert_eq!(refused.code, Some(65), "{name:.20} {place}: {refused:?}");
    refused
}
