//! What a stripped copy still proves, and that no byte of it can be another.
#![allow(clippy::unwrap_used)]

mod common;
mod support;

use std::time::SystemTime;

use common::AwsLc;
use pades::{
    Patch, PdfProblem, PrepareOptions, Receipt, ReceiptProblem, ReceiptVerdict, Statement, Trust, VerdictState, cms, embed,
    prepare, prepare_receipt, receipt_of, signed_attributes, stampable, strip, verify,
};
use proptest::prelude::*;
use simulator::timestamp::TimeStampAuthority;
use simulator::{KeyAndCertificate, practice};
use support::vector;

#[test]
fn a_receipt_says_what_was_stripped_and_what_it_was_worth() {
    let original = contract();
    let judged = judged(&with_receipt(&original, &practice().service)).unwrap();
    assert_eq!((judged.problem, judged.state), (None, VerdictState::ValidInPart));
    assert_eq!(judged.service.as_deref(), Some("Practice Service Without Worth"));
    let receipt = judged.statement.unwrap();
    assert_eq!(receipt.original.bytes, u64::try_from(original.len()).unwrap());
    assert_eq!(receipt.original.sha256, pades::digest_of_everything(&original).unwrap());
    assert_eq!(receipt.state, VerdictState::ValidInPart);
    let [buyer, seller] = receipt.signers.as_slice() else { panic!("two signed") };
    assert_eq!((buyer.label.as_deref(), seller.label.as_deref()), (Some("買主（甲）"), None));
    assert_eq!(buyer.not_checked, ["time", "revocation"]);
    assert!(buyer.failed.is_empty());
}

#[test]
fn a_receipt_is_right_whatever_the_sender_calls_a_signer() {
    let original = contract();
    for (called, label) in [
        ("\u{1B}[31mred", Some("[31mred")),
        ("買主\n（甲）\r\n", Some("買主 （甲）")),
        ("a\u{0}b\u{7F}c\u{85}d\u{2028}e", Some("a b c d e")),
        ("(\\) 練習　花子", Some("(\\) 練習　花子")),
        (" \u{3000} ", None),
        ("", None),
    ] {
        let copy = stripped(&original);
        let receipt = receipt_calling(called, &original, &copy);
        let prepared = prepare_receipt(&copy, &receipt).unwrap();
        let whole = filled([copy, prepared.revision].concat(), &prepared.byte_range, &prepared.digest, &practice().service);
        let judged = judged(&whole).unwrap();
        assert_eq!(judged.problem, None, "{called:?}");
        assert_eq!(judged.statement.unwrap().signers[0].label.as_deref(), label, "{called:?}");
    }
}

#[test]
fn a_receipt_names_nobody_by_a_certificate() {
    let copy = with_receipt(&contract(), &practice().service);
    for holder in [simulator::CardHolder::hanako(), simulator::CardHolder::taro()] {
        let name: String = holder.name.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        assert!(!String::from_utf8_lossy(&copy).contains(&name));
    }
}

#[test]
fn a_time_stamp_proves_when_the_receipt_was_written() {
    let stamped = stamped(&with_receipt(&contract(), &practice().service));
    let verdict = verify(&stamped, &trust(), &AwsLc, SystemTime::now()).unwrap();
    assert!(verdict.signatures[0].proven_time.is_some());
    assert_eq!(judged(&stamped).unwrap().problem, None);
}

#[test]
fn a_file_without_a_receipt_has_none() {
    assert!(judged(&contract()).is_none());
    assert!(judged(&vector("reads-table.pdf")).is_none());
}

#[test]
fn a_person_cannot_write_a_receipt() {
    let forged = with_receipt(&contract(), &practice().hanako.signing);
    assert_eq!(judged(&forged).unwrap().problem, Some(ReceiptProblem::SignedByAPerson));
}

#[test]
fn a_receipt_below_a_root_that_nobody_believes_proves_nothing() {
    let copy = with_receipt(&contract(), &practice().service);
    let verdict = verify(&copy, &Trust::default(), &AwsLc, SystemTime::now()).unwrap();
    let judged = receipt_of(&copy, &verdict).unwrap().unwrap();
    assert_eq!((judged.problem, judged.state), (Some(ReceiptProblem::Signature), VerdictState::Invalid));
}

#[test]
fn nothing_may_follow_a_receipt() {
    let copy = with_receipt(&contract(), &practice().service);
    let signed_later = signed(&copy, &practice().service);
    assert_eq!(judged(&signed_later).unwrap().problem, Some(ReceiptProblem::NotAlone));
}

#[test]
fn a_receipt_is_for_stripped_copies_only() {
    let original = contract();
    let receipt = receipt(&original, &stripped(&original));
    let refused = prepare_receipt(&original, &receipt);
    assert!(matches!(refused, Err(PdfProblem::Unsupported { .. })), "{refused:?}");
}

#[test]
fn a_receipt_about_another_copy_is_found_out() {
    let original = contract();
    let other = stripped(&signed(&vector("reads-cairo.pdf"), &practice().taro.signing));
    let prepared = prepare_receipt(&other, &receipt(&original, &stripped(&original))).unwrap();
    let forged = filled([other, prepared.revision].concat(), &prepared.byte_range, &prepared.digest, &practice().service);
    assert_eq!(judged(&forged).unwrap().problem, Some(ReceiptProblem::OtherCopy));
}

#[test]
fn a_time_stamp_of_a_stranger_spoils_the_receipt() {
    let stamped = stamped(&with_receipt(&contract(), &practice().service));
    let token_start = stamped.windows(22).rposition(|window| window == b"2a864886f70d0109100104").unwrap();
    let mut altered = stamped.clone();
    // Inside what the authority signed.
    altered[token_start + 60] = if altered[token_start + 60] == b'0' { b'1' } else { b'0' };
    let judged = judged(&altered).unwrap();
    assert_eq!(judged.state, VerdictState::Invalid, "{:?}", judged.problem);
}

#[test]
fn no_byte_that_is_not_padding_can_be_another() {
    for copy in [with_receipt(&contract(), &practice().service), stamped(&with_receipt(&contract(), &practice().service))] {
        let padding = longest_run_of_zeros(&copy);
        for place in (0..copy.len()).filter(|place| !padding.contains(place)).step_by(STEP) {
            assert_broken(&copy, place, 1 << (place % 8));
        }
    }
}

proptest! {
    #[test]
    fn no_byte_at_all_can_be_another(place: prop::sample::Index, bit in 0_u8..8) {
        let copy = with_receipt(&contract(), &practice().service);
        assert_broken(&copy, place.index(copy.len()), 1 << bit);
    }
}

fn assert_broken(copy: &[u8], place: usize, bits: u8) {
    let mut altered = copy.to_vec();
    altered[place] ^= bits;
    let Ok(verdict) = verify(&altered, &trust(), &AwsLc, SystemTime::now()) else { return };
    if verdict.state == VerdictState::Invalid {
        return;
    }
    // Without its statement it is a copy with somebody's signature, which is then broken as well.
    let judged = receipt_of(&altered, &verdict).unwrap().map(|judged| judged.state);
    assert_eq!(judged, Some(VerdictState::Invalid), "byte {place} of {} was changed by {bits:#x} unseen", copy.len());
}

fn longest_run_of_zeros(file: &[u8]) -> std::ops::Range<usize> {
    let end = file.windows(3).rposition(|window| window == b"00>").unwrap() + 2;
    let start = file[..end].iter().rposition(|byte| *byte != b'0').unwrap() + 1;
    start + 8..end - 8
}

/// Signed by both.
fn contract() -> Vec<u8> {
    signed(&signed(&vector("reads-table.pdf"), &practice().hanako.signing), &practice().taro.signing)
}

fn stripped(file: &[u8]) -> Vec<u8> {
    let mut copy = Vec::new();
    strip(&file, &mut copy).unwrap();
    copy
}

fn receipt(original: &Vec<u8>, copy: &Vec<u8>) -> Receipt {
    receipt_calling("買主（甲）", original, copy)
}

fn receipt_calling(label: &str, original: &Vec<u8>, copy: &Vec<u8>) -> Receipt {
    let verdict = verify(original, &trust(), &AwsLc, SystemTime::now()).unwrap();
    let told = strip(copy, &mut std::io::sink()).unwrap();
    let statement = Statement::new(original, &verdict, &[label.to_owned()], SystemTime::now()).unwrap();
    Receipt::new(statement, &told, &[])
}

fn with_receipt(original: &Vec<u8>, service: &KeyAndCertificate) -> Vec<u8> {
    let copy = stripped(original);
    let prepared = prepare_receipt(&copy, &receipt(original, &copy)).unwrap();
    filled([copy, prepared.revision].concat(), &prepared.byte_range, &prepared.digest, service)
}

fn signed(file: &Vec<u8>, by: &KeyAndCertificate) -> Vec<u8> {
    let options = PrepareOptions { contents_bytes: 4096, ..PrepareOptions::new(SystemTime::now(), [3; 16]) };
    let prepared = prepare(file, &options).unwrap();
    filled([file.as_slice(), &prepared.revision].concat(), &prepared.byte_range, &prepared.digest, by)
}

fn filled(file: Vec<u8>, range: &pades::ByteRange, digest: &[u8], by: &KeyAndCertificate) -> Vec<u8> {
    let attributes = signed_attributes(digest, &by.certificate, None).unwrap();
    let cms = cms(&attributes, &by.sign(&attributes), &by.certificate, &[]).unwrap();
    let patch = embed(&file, range, &cms).unwrap();
    applied(file, &patch)
}

fn stamped(file: &Vec<u8>) -> Vec<u8> {
    let place = stampable(file).unwrap();
    let request = place.request(1).unwrap();
    let now = SystemTime::now();
    let answer = TimeStampAuthority::practice().answer(&request.to_der(), jiff::Timestamp::try_from(now).unwrap());
    let patch = place.stamp(&request.check(&answer, &trust(), &AwsLc, now).unwrap()).unwrap();
    applied(file.clone(), &patch)
}

fn applied(mut file: Vec<u8>, patch: &Patch) -> Vec<u8> {
    let start = usize::try_from(patch.offset).unwrap();
    file[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    file
}

fn judged(file: &Vec<u8>) -> Option<ReceiptVerdict> {
    let verdict = verify(file, &trust(), &AwsLc, SystemTime::now()).unwrap();
    receipt_of(file, &verdict).unwrap()
}

fn trust() -> Trust {
    Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap()
}

/// All were tried when this was written, which takes minutes.
const STEP: usize = 13;
