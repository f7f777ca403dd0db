//! Time stamps whose authority did not send its certificate along, as nobody asked for it.
#![allow(clippy::unwrap_used)]

mod common;
mod support;

use std::time::SystemTime;

use common::AwsLc;
use pades::{
    DigestAlgorithm, Patch, PrepareOptions, SignatureVerdict, Target, TimeStampRequest, Trust, VerdictState, cms, digest, embed,
    prepare, signed_attributes, verify,
};
use simulator::practice;
use simulator::timestamp::{TimeStampAuthority, TimeStampQuirk};
use support::{options, vector};

#[test]
fn a_time_stamp_is_believed_where_the_document_keeps_its_authoritys_certificate() {
    let authority = TimeStampAuthority::with(TimeStampQuirk::NoCertificate);
    let kept = judged(&stamped(&signed(&[authority.certificate().to_vec()]), &authority));
    assert_eq!(kept.iter().map(|verdict| verdict.state).collect::<Vec<_>>(), [VerdictState::ValidInPart; 2]);
    assert!(kept.iter().all(|verdict| verdict.proven_time.is_some()));
    assert!(kept[1].signer.is_some(), "the authority has a name");
}

#[test]
fn a_time_stamp_without_a_certificate_anywhere_proves_nothing() {
    let authority = TimeStampAuthority::with(TimeStampQuirk::NoCertificate);
    let alone = judged(&stamped(&signed(&[]), &authority));
    assert_eq!(alone[1].state, VerdictState::Invalid);
    assert!(alone.iter().all(|verdict| verdict.proven_time.is_none()));
}

#[test]
fn the_certificate_must_be_the_one_that_was_signed_for() {
    let authority = TimeStampAuthority::with(TimeStampQuirk::NoCertificate);
    let other = TimeStampAuthority::with(TimeStampQuirk::EndedCertificate);
    assert_eq!(judged(&stamped(&signed(&[other.certificate().to_vec()]), &authority))[1].state, VerdictState::Invalid);
}

/// With Hanako's practice card, and these certificates beside hers.
fn signed(more: &[Vec<u8>]) -> Vec<u8> {
    let original = vector("reads-table.pdf");
    let prepared = prepare(&original, &roomy(Target::Pades)).unwrap();
    let whole = [original, prepared.revision].concat();
    let hanako = &practice().hanako.signing;
    let covered = digest(&whole, &prepared.byte_range).unwrap();
    let attributes = signed_attributes(&covered, &hanako.certificate, None).unwrap();
    let contents = cms(&attributes, &hanako.sign(&attributes), &hanako.certificate, more).unwrap();
    applied(&whole, &embed(&whole, &prepared.byte_range, &contents).unwrap())
}

fn stamped(file: &[u8], authority: &TimeStampAuthority) -> Vec<u8> {
    let prepared = prepare(&file, &roomy(Target::DocumentTimeStamp)).unwrap();
    let whole = [file, &prepared.revision].concat();
    let request = TimeStampRequest::new(DigestAlgorithm::Sha256, prepared.digest.to_vec(), 12);
    let answer = authority.answer(&request.to_der(), jiff_now());
    // Behind the SEQUENCE around all of it, whose length takes two bytes, and a short status.
    let token = &answer[4 + 2 + usize::from(answer[5])..];
    applied(&whole, &embed(&whole, &prepared.byte_range, token).unwrap())
}

fn roomy(target: Target) -> PrepareOptions {
    PrepareOptions { target, contents_bytes: 16_384, ..options() }
}

fn applied(file: &[u8], patch: &Patch) -> Vec<u8> {
    let mut file = file.to_vec();
    let start = usize::try_from(patch.offset).unwrap();
    file[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    file
}

fn judged(file: &[u8]) -> Vec<SignatureVerdict> {
    let trust = Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap();
    verify(&file, &trust, &AwsLc, now()).unwrap().signatures
}

#[allow(clippy::disallowed_methods, reason = "the practice certificates are valid around today")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn jiff_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
