//! What other people's software says of the PDFs we sign, and of what is left of them after a change.
#![allow(clippy::unwrap_used)]

use std::time::SystemTime;

use arithmetic::AwsLc;
use end_to_end::judges::{Bench, Ruling, Sample, samples, sign, sign_again};
use pades::{CheckKind, CheckResult, Trust, Verdict, VerdictState, verify};
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
    let bench = Bench::believing(practice().authority.authentication_ca_der());
    for (judge, ruling) in bench.rulings(&sign(&samples()[0].file)) {
        assert!(matches!(ruling, Ruling::Refused(_)), "{judge} believes anybody");
    }
}

fn bench() -> Bench {
    Bench::believing(practice().authority.ca_der())
}

fn assert_all(bench: &Bench, name: &str, file: &[u8], expected: &Ruling) {
    for (judge, ruling) in bench.rulings(file) {
        assert_eq!(&ruling, expected, "{judge} on {name}");
    }
    assert_eq!(bench.structure(file), Ruling::Accepted { signatures: 0 }, "qpdf on {name}");
    assert_eq!(&our_ruling(file), expected, "our verifier on {name}");
}

fn assert_refused(bench: &Bench, what: &str, file: &[u8]) {
    for (judge, ruling) in bench.rulings(file) {
        assert!(matches!(ruling, Ruling::Refused(_)), "{judge} accepts another {what}");
    }
    assert!(matches!(our_ruling(file), Ruling::Refused(_)), "our verifier accepts another {what}");
}

fn our_ruling(file: &[u8]) -> Ruling {
    let trust = Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap();
    match verify(&file.to_vec(), &trust, &AwsLc, SystemTime::now()) {
        Ok(verdict) if is_accepted(&verdict) => Ruling::Accepted { signatures: verdict.signatures.len() },
        Ok(verdict) => Ruling::Refused(format!("{:?}", checks(&verdict).collect::<Vec<_>>())),
        Err(problem) => Ruling::Refused(problem.to_string()),
    }
}

/// Everything passed but the two checks that nobody is asked about yet.
fn is_accepted(verdict: &Verdict) -> bool {
    let open = |kind| matches!(kind, CheckKind::Time | CheckKind::Revocation);
    verdict.state == VerdictState::ValidInPart
        && verdict.signatures.last().is_some_and(|signature| signature.covers_whole_document)
        && checks(verdict).all(|(kind, result)| open(kind) != (result == CheckResult::Passed))
}

fn checks(verdict: &Verdict) -> impl Iterator<Item = (CheckKind, CheckResult)> {
    verdict.signatures.iter().flat_map(|signature| &signature.checks).map(|check| (check.what, check.result))
}

/// In the page of the original, in the revision before the signature, and behind the signature.
fn covered_places(signed: &[u8], original: usize) -> [usize; 3] {
    let hole = find(signed, b"<3", find(signed, b"/Contents", original));
    let behind = find(signed, b">", hole) + 1;
    [original / 2, (original + hole) / 2, (behind + signed.len()) / 2]
}

/// The first digit of the digest in the attribute message-digest.
fn attribute_digit(signed: &[u8]) -> usize {
    // The identifier 1.2.840.113549.1.9.4, a SET, and the head of an OCTET STRING of 32 bytes.
    let head = b"06092a864886f70d01090431220420";
    find(signed, head, 0) + head.len()
}

/// The last digit of the signature value: the zeros behind it start at an even place.
fn last_signature_digit(signed: &[u8]) -> usize {
    let head = b"04820100";
    find(signed, head, attribute_digit(signed)) + head.len() + 2 * SIGNATURE_BYTES - 1
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> usize {
    let place = haystack[from..].windows(needle.len()).position(|window| window == needle);
    from + place.unwrap_or_else(|| panic!("{} is in the file", String::from_utf8_lossy(needle)))
}

/// RSA with 2,048 bits.
const SIGNATURE_BYTES: usize = 256;
