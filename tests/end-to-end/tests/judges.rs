//! What other people's software says of the PDFs we sign, and of what is left of them after a change.
#![allow(clippy::unwrap_used)]

use std::ops::Range;
use std::time::SystemTime;

use end_to_end::judges::{Bench, Ruling, Sample, samples, sign, sign_again};
use pades::{CheckKind, CheckResult, SignatureAlgorithm, SignatureVerifier, Trust, VerdictState, verify};
use simulator::practice;

#[test]
fn every_judge_accepts_what_a_card_signed() {
    let bench = bench();
    for Sample { name, file } in samples() {
        let signed = sign(&file);
        assert!(signed.starts_with(&file), "{name}: the original is a prefix");
        assert_all(&bench, name, &signed, &Ruling::Accepted { signatures: 1 });
    }
}

#[test]
fn every_judge_accepts_a_second_signature_after_the_first() {
    let bench = bench();
    for Sample { name, file } in samples() {
        let first = sign(&file);
        let signed = sign_again(&first);
        assert!(signed.starts_with(&first), "{name}: the first signature is untouched");
        assert_all(&bench, name, &signed, &Ruling::Accepted { signatures: 2 });
    }
}

#[test]
fn no_judge_accepts_another_byte_in_what_was_signed() {
    let bench = bench();
    for Sample { name, file } in samples() {
        let signed = sign(&file);
        for place in covered_places(&signed, file.len()) {
            let mut altered = signed.clone();
            altered[place] ^= 1;
            assert_refused(&bench, &format!("{name}, byte {place}"), &altered);
        }
    }
}

#[test]
fn no_judge_accepts_other_attributes_or_another_signature_value() {
    let bench = bench();
    let signed = sign(&samples()[0].file);
    for place in [attribute_digit(&signed), last_signature_digit(&signed)] {
        let mut altered = signed.clone();
        altered[place] = if altered[place] == b'0' { b'1' } else { b'0' };
        assert_refused(&bench, &format!("digit {place}"), &altered);
    }
}

#[test]
fn no_judge_accepts_a_signature_below_another_authority() {
    let stranger = std::str::from_utf8(OTHER_AUTHORITY).unwrap();
    let bench = Bench::believing(stranger);
    for (judge, ruling) in bench.rulings(&sign(&samples()[0].file)) {
        assert!(matches!(ruling, Ruling::Refused(_)), "{judge} believes anybody");
    }
}
