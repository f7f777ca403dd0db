//! What other people's software says of the rarer ways of signing: another kind of key, a field that was there, a
//! certification, and the older form.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair};
use end_to_end::judges::{Bench, Ruling, Sample, Signatory, named, samples, sign_again, sign_as, sign_with_card};
use pades::revision::Permission;
use pades::{PrepareOptions, Target};
use simulator::practice;

#[test]
fn every_judge_accepts_a_signature_with_p384_and_sha384() {
    let bench = Bench::believing(&p384("authority.der"));
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, &p384("WORTHLESS-signer.p8")).unwrap();
    let sign = |message: &[u8]| key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec();
    let signatory = Signatory { certificate: p384("signer.der"), chain: vec![p384("authority.der")], sign: &sign };
    for Sample { name, file } in samples() {
        let signed = sign_as(&file, &named("練習　花子"), &signatory);
        assert_all(&bench, name, &signed, 1);
        let mut altered = signed;
        altered[file.len() / 2] ^= 1;
        assert_refused(&bench, name, &altered);
    }
}

#[test]
fn every_judge_accepts_the_older_form() {
    for Sample { name, file } in samples() {
        let options = PrepareOptions { target: Target::Pkcs7, ..named("練習　花子") };
        assert_all(&bench(), name, &sign_with_card(&file, options, &practice().hanako), 1);
    }
}

#[test]
fn every_judge_accepts_a_certified_document_and_the_signature_after_it() {
    for Sample { name, file } in samples() {
        let certification = Some(Permission::FormFillingAndSigning);
        let options = PrepareOptions { certification, ..named("練習　花子") };
        let certified = sign_with_card(&file, options, &practice().hanako);
        assert_all(&bench(), name, &certified, 1);
        assert_all(&bench(), name, &sign_again(&certified), 2);
    }
}

#[test]
fn every_judge_accepts_a_signature_in_a_field_that_was_there() {
    let file = vector("form-with-empty-signature-fields.pdf");
    let in_field = |field: &str| PrepareOptions { field: Some(field.to_owned()), ..named("練習　花子") };
    let first = sign_with_card(&file, in_field("parties.buyer"), &practice().hanako);
    assert_all(&bench(), "the buyer's field", &first, 1);
    let second = sign_with_card(&first, in_field("seller"), &practice().taro);
    assert_all(&bench(), "the seller's field after the buyer's", &second, 2);
}

fn bench() -> Bench {
    Bench::believing(practice().authority.ca_der())
}

fn assert_all(bench: &Bench, name: &str, file: &[u8], signatures: usize) {
    for (judge, ruling) in bench.rulings(file) {
        assert_eq!(ruling, Ruling::Accepted { signatures }, "{judge} on {name}");
    }
    assert_eq!(bench.structure(file), Ruling::Accepted { signatures: 0 }, "qpdf on {name}");
}

fn assert_refused(bench: &Bench, name: &str, file: &[u8]) {
    for (judge, ruling) in bench.rulings(file) {
        assert!(matches!(ruling, Ruling::Refused(_)), "{judge} accepts an altered {name}");
    }
}

fn p384(name: &str) -> Vec<u8> {
    read(&format!("shared/pades/tests/vectors/p384/{name}"))
}

fn vector(name: &str) -> Vec<u8> {
    read(&format!("shared/pades/tests/vectors/{name}"))
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
}
