//! Signed documents of practice cards, and the verdict on them.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use crate::common::AwsLc;
use crate::support::{options, vector};
use jiff::{Timestamp, ToSpan};
use pades::{
    Attestation, CheckKind, CheckResult, Evidence, Origin, Patch, PrepareOptions, Question, RegisteredVerifier, Revocation,
    RevocationSource, SignatureVerdict, Trust, Verdict, cms, digest, embed, prepare, signed_attributes, stampable, verify_asking,
};
use simulator::practice;
use simulator::revocation::StatusAuthority;
use simulator::timestamp::TimeStampAuthority;

/// Files that somebody hands in.
pub(crate) struct Files(pub(crate) Vec<Evidence>);

impl RevocationSource for Files {
    fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
        self.0.clone()
    }
}

/// Asks the practice responder as a program would over HTTP.
pub(crate) struct Asking(pub(crate) StatusAuthority);

impl RevocationSource for Asking {
    fn evidence(&self, question: &Question<'_>) -> Vec<Evidence> {
        let request = question.request([9; 16]);
        vec![Evidence::of_request(&request, self.0.answer(&request.to_der(), Timestamp::now()))]
    }
}

/// A stub of a registered verifier, which counts how often it is asked.
pub(crate) struct Verifier {
    pub(crate) says: Option<Attestation>,
    pub(crate) asked: Cell<u32>,
}

impl RegisteredVerifier for Verifier {
    fn attest(&self, _: &Question<'_>) -> Option<Attestation> {
        self.asked.set(self.asked.get() + 1);
        self.says.clone()
    }
}

pub(crate) fn hanako() -> &'static [u8] {
    &practice().hanako.signing.certificate
}

pub(crate) fn list(authority: &StatusAuthority, from: Timestamp) -> Files {
    Files(vec![Evidence::list(authority.list(from), Origin::File)])
}

pub(crate) fn list_now(authority: &StatusAuthority) -> Files {
    list(authority, Timestamp::now())
}

/// An answer in a file, as others keep them.
pub(crate) fn answer(authority: &StatusAuthority, at: Timestamp) -> Files {
    Files(vec![Evidence::response(authority.answer_about(hanako(), at), Origin::File)])
}

/// With Hanako's practice card.
pub(crate) fn signed() -> Vec<u8> {
    let original = vector("reads-table.pdf");
    let roomy = PrepareOptions { contents_bytes: 16_384, ..options() };
    let prepared = prepare(&original, &roomy).unwrap();
    let whole = [original, prepared.revision].concat();
    let hanako = &practice().hanako.signing;
    let covered = digest(&whole, &prepared.byte_range).unwrap();
    let attributes = signed_attributes(&covered, &hanako.certificate, None).unwrap();
    let contents = cms(&attributes, &hanako.sign(&attributes), &hanako.certificate, &[]).unwrap();
    applied(&whole, &embed(&whole, &prepared.byte_range, &contents).unwrap())
}

/// The same with a time stamp of now.
pub(crate) fn stamped() -> Vec<u8> {
    let file = signed();
    let place = stampable(&file).unwrap();
    let request = place.request(11).unwrap();
    let answer = TimeStampAuthority::practice().answer(&request.to_der(), Timestamp::now());
    let stamp = request.check(&answer, &trust(), &AwsLc, now()).unwrap();
    applied(&file, &place.stamp(&stamp).unwrap())
}

pub(crate) fn judged(file: &[u8], revocation: &Revocation<'_>, at: SystemTime) -> Verdict {
    verify_asking(&file, &trust(), &AwsLc, revocation, at).unwrap()
}

/// The first signature, now, when this source is asked.
pub(crate) fn with(file: &[u8], source: &dyn RevocationSource) -> SignatureVerdict {
    at(file, source, now())
}

pub(crate) fn at(file: &[u8], source: &dyn RevocationSource, time: SystemTime) -> SignatureVerdict {
    judged(file, &Revocation::default().with_source(source), time).signatures.remove(0)
}

/// `passed`, or the reason.
pub(crate) fn outcome(verdict: &SignatureVerdict) -> &'static str {
    match verdict.checks.iter().find(|check| check.what == CheckKind::Revocation).unwrap().result {
        CheckResult::Passed => "passed",
        other => other.fact().unwrap().code(),
    }
}

pub(crate) fn trust() -> Trust {
    Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap()
}

pub(crate) fn hours(count: i64) -> Timestamp {
    Timestamp::now() + count.hours()
}

#[allow(clippy::disallowed_methods, reason = "the practice certificates are valid around today")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

pub(crate) fn in_days(days: u64) -> SystemTime {
    now() + Duration::from_secs(days * 24 * 60 * 60)
}

pub(crate) fn applied(file: &[u8], patch: &Patch) -> Vec<u8> {
    let mut file = file.to_vec();
    let start = usize::try_from(patch.offset).unwrap();
    file[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    file
}
