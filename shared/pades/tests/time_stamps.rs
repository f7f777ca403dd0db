//! What is asked of a time-stamping authority, which answers are believed, and what they change in a verdict.
#![allow(clippy::unwrap_used)]

mod common;
mod support;

use std::time::{Duration, SystemTime};

use common::AwsLc;
use pades::{
    CheckKind, CheckResult, DigestAlgorithm, Fact, Patch, PdfProblem, PrepareOptions, SignatureVerdict, StampPlace, Stamped,
    Target, TimeStamp, TimeStampProblem, TimeStampRequest, Trust, VerdictState, cms, digest, embed, prepare, signed_attributes,
    stampable, verify,
};
use sha2::{Digest, Sha256};
use simulator::practice;
use simulator::timestamp::{TimeStampAuthority, TimeStampQuirk};
use support::{options, vector};

#[test]
fn an_honest_answer_is_believed_and_says_when() {
    let stamp = asked(TimeStampAuthority::practice()).unwrap();
    assert!(stamp.time <= now() && now() < stamp.time + Duration::from_secs(60));
    assert_eq!(stamp.authority.as_deref(), Some("Practice Time Without Worth"));
}

#[test]
fn an_answer_in_ber_is_kept_in_der() {
    let stamp = asked(&TimeStampAuthority::with(TimeStampQuirk::Ber)).unwrap();
    assert_eq!(stamp.token[..2], [0x30, 0x82]);
}

#[test]
fn every_wrong_answer_is_refused_by_its_own_name() {
    for (quirk, problem) in [
        (TimeStampQuirk::Refuses, "Refused { status: 2 }"),
        (TimeStampQuirk::Babbles, "Malformed"),
        (TimeStampQuirk::OtherNonce, "OtherNonce"),
        (TimeStampQuirk::OtherRoot, "Path(NoKnownRoot)"),
        (TimeStampQuirk::OtherImprint, "OtherContent"),
        (TimeStampQuirk::WrongSignature, "WrongSignature"),
        (TimeStampQuirk::OtherCertificate, "WrongAttributes"),
        (TimeStampQuirk::NoCertificateNamed, "WrongAttributes"),
        (TimeStampQuirk::NoCertificate, "NoCertificate"),
        (TimeStampQuirk::PersonsCertificate, "NotForTimeStamps"),
        (TimeStampQuirk::EndedCertificate, "OutsideValidity"),
        (TimeStampQuirk::Tomorrow, "InTheFuture"),
        (TimeStampQuirk::Huge, "TooLarge"),
    ] {
        let answer = asked(&TimeStampAuthority::with(quirk)).err().map(|found| format!("{found:?}"));
        assert_eq!(answer.as_deref(), Some(problem), "{quirk:?}");
    }
}

#[test]
fn a_policy_that_was_asked_for_must_be_the_one_that_was_used() {
    let request = request().under_policy("1.3.6.1.4.1.32473.3161.9").unwrap();
    assert!(answered(&request, TimeStampAuthority::practice()).is_ok());
    let other = answered(&request, &TimeStampAuthority::with(TimeStampQuirk::OtherPolicy));
    assert_eq!(other.err(), Some(TimeStampProblem::OtherPolicy));
    assert!(request.under_policy("no policy").is_none());
}

#[test]
fn an_authority_below_another_root_is_not_believed() {
    let request = request();
    let answer = TimeStampAuthority::practice().answer(&request.to_der(), jiff_now());
    let problem = request.check(&answer, &Trust::default(), &AwsLc, now()).err();
    assert_eq!(problem.map(TimeStampProblem::code), Some("time_stamp_untrusted"));
}

#[test]
fn no_bit_of_an_answer_can_be_another() {
    let request = request();
    let answer = TimeStampAuthority::practice().answer(&request.to_der(), jiff_now());
    let honest = request.check(&answer, &trust(), &AwsLc, now()).unwrap();
    for place in 0..answer.len() {
        let mut altered = answer.clone();
        altered[place] ^= 0x04;
        if let Ok(stamp) = request.check(&altered, &trust(), &AwsLc, now()) {
            // Parts that nobody signs: the status, and how the parameters of algorithms are written.
            assert_eq!(stamp.time, honest.time, "byte {place}");
        }
    }
}

#[test]
fn a_stamped_signature_proves_its_time() {
    let (file, _) = signed(&vector("reads-table.pdf"), &roomy());
    let unstamped = only(&file, now());
    assert_eq!((unstamped.proven_time, result(&unstamped, CheckKind::Time).fact()), (None, Some(Fact::NoTimeStamp)));
    let stamped = only(&stamped_in_place(&file), now());
    assert_eq!(result(&stamped, CheckKind::Time), CheckResult::Passed);
    assert!(stamped.proven_time.is_some());
    assert_eq!(stamped.state, VerdictState::ValidInPart);
}

#[test]
fn a_certificate_need_only_be_valid_at_the_proven_time() {
    let (file, _) = signed(&vector("reads-table.pdf"), &roomy());
    let in_ten_years = now() + Duration::from_secs(10 * 365 * 24 * 60 * 60);
    assert_eq!(result(&only(&file, in_ten_years), CheckKind::Validity), CheckResult::Failed(Fact::Expired));
    assert_eq!(result(&only(&stamped_in_place(&file), in_ten_years), CheckKind::Validity), CheckResult::Passed);
    let by_document = with_document_time_stamp(&file);
    let [first, second] = &judged(&by_document, in_ten_years)[..] else { panic!("a signature and a time stamp") };
    assert_eq!(result(first, CheckKind::Validity), CheckResult::Passed);
    assert_eq!((first.state, second.state), (VerdictState::ValidInPart, VerdictState::ValidInPart));
    assert_eq!(first.proven_time, second.proven_time);
}

#[test]
fn a_time_stamp_over_another_signature_proves_nothing() {
    let (file, _) = signed(&vector("reads-table.pdf"), &roomy());
    let elsewhere = asked(TimeStampAuthority::practice()).unwrap();
    let moved = applied(&file, &stampable(&file).unwrap().stamp(&elsewhere).unwrap());
    let verdict = only(&moved, now());
    assert_eq!(verdict.proven_time, None);
    let fact = Fact::TimeStamp(TimeStampProblem::OtherContent);
    assert_eq!(result(&verdict, CheckKind::Time), CheckResult::NotChecked(fact));
}

#[test]
fn a_document_time_stamp_over_another_document_is_invalid() {
    let (file, _) = signed(&vector("reads-table.pdf"), &roomy());
    let mut stamped = with_document_time_stamp(&file);
    let place = file.len() / 2;
    stamped[place] ^= 1;
    let verdicts = judged(&stamped, now());
    assert!(verdicts.iter().all(|verdict| verdict.state == VerdictState::Invalid && verdict.proven_time.is_none()));
}

#[test]
fn a_signature_is_stamped_in_place_only_while_it_is_the_last_word() {
    let (file, _) = signed(&vector("reads-table.pdf"), &roomy());
    assert_eq!(stampable(&with_document_time_stamp(&file)).err(), Some(PdfProblem::NothingToStamp));
    assert_eq!(stampable(&vector("reads-table.pdf")).err(), Some(PdfProblem::NothingToStamp));
}

#[test]
fn a_stamp_goes_into_the_last_signature_once_and_then_over_the_document() {
    let (file, _) = signed(&vector("reads-table.pdf"), &roomy());
    let (first, was_in_place) = stamped_where_it_fits(&file);
    assert!(was_in_place && first.len() == file.len());
    let (second, was_in_place) = stamped_where_it_fits(&first);
    assert!(!was_in_place && second.starts_with(&first));
    let (unsigned, was_in_place) = stamped_where_it_fits(&vector("reads-table.pdf"));
    assert!(!was_in_place);
    for (file, signatures) in [(first, 1), (second, 2), (unsigned, 1)] {
        let verdicts = judged(&file, now());
        assert_eq!(verdicts.len(), signatures);
        assert!(verdicts.iter().all(|verdict| verdict.proven_time.is_some() && verdict.state == VerdictState::ValidInPart));
    }
}

#[test]
fn a_root_for_time_stamps_is_believed_about_time_and_about_no_signer() {
    let root = practice().authority.ca_der().to_vec();
    let about_time = Trust::default().and_for_time_stamps(&[root]).unwrap();
    let request = request();
    let answer = TimeStampAuthority::practice().answer(&request.to_der(), jiff_now());
    assert!(request.check(&answer, &about_time, &AwsLc, now()).is_ok());
    let (file, _) = signed(&vector("reads-table.pdf"), &roomy());
    let verdict = verify(&stamped_in_place(&file), &about_time, &AwsLc, now()).unwrap().signatures.remove(0);
    assert_eq!(result(&verdict, CheckKind::Time), CheckResult::Passed);
    assert!(matches!(result(&verdict, CheckKind::Path), CheckResult::Failed(_)));
}

#[test]
fn a_time_stamp_that_does_not_fit_changes_nothing() {
    let tight = PrepareOptions { contents_bytes: 2_600, ..options() };
    let (file, _) = signed(&vector("reads-table.pdf"), &tight);
    let stamp = asked(TimeStampAuthority::practice()).unwrap();
    let answer = stampable(&file).unwrap().stamp(&stamp);
    assert!(matches!(answer, Err(PdfProblem::SignatureTooLarge { room: 2_600, .. })));
}

#[test]
fn a_signature_in_ber_is_read_like_one_in_der() {
    let (file, contents) = signed(&vector("reads-table.pdf"), &roomy());
    let der = [0x30, 0x82];
    assert!(contents.starts_with(&der));
    let mut ber = [&[0x30, 0x80], &contents[4..], &[0, 0]].concat();
    ber.resize(contents.len() + 2, 0);
    let place = file.windows(8).position(|window| window == hexadecimal(&contents[..4])).unwrap();
    let mut rewritten = file.clone();
    rewritten[place..place + 2 * ber.len()].copy_from_slice(&hexadecimal(&ber));
    assert_eq!(only(&rewritten, now()).state, VerdictState::ValidInPart);
}

fn stamped_in_place(file: &[u8]) -> Vec<u8> {
    let place = stampable(&file).unwrap();
    let stamp = answered(&place.request(11).unwrap(), TimeStampAuthority::practice()).unwrap();
    applied(file, &place.stamp(&stamp).unwrap())
}

/// Also whether that was inside the signature.
fn stamped_where_it_fits(file: &[u8]) -> (Vec<u8>, bool) {
    let place = StampPlace::find(&file, &roomy()).unwrap();
    let stamp = answered(&place.request().unwrap(), TimeStampAuthority::practice());
    match place.stamp(&file, &stamp.unwrap()).unwrap() {
        Stamped::InPlace(patch) => (applied(file, &patch), true),
        Stamped::Appended(revision) => ([file, &revision].concat(), false),
    }
}

fn with_document_time_stamp(file: &[u8]) -> Vec<u8> {
    let prepared = prepare(&file, &PrepareOptions { target: Target::DocumentTimeStamp, ..roomy() }).unwrap();
    let whole = [file, &prepared.revision].concat();
    let request = TimeStampRequest::new(DigestAlgorithm::Sha256, prepared.digest.to_vec(), 12);
    let stamp = answered(&request, TimeStampAuthority::practice()).unwrap();
    let patch = embed(&whole, &prepared.byte_range, &stamp.token).unwrap();
    applied(&whole, &patch)
}

/// With Hanako's practice card; also the CMS.
fn signed(original: &[u8], options: &PrepareOptions) -> (Vec<u8>, Vec<u8>) {
    let prepared = prepare(&original, options).unwrap();
    let whole = [original, &prepared.revision].concat();
    let hanako = &practice().hanako.signing;
    let covered = digest(&whole, &prepared.byte_range).unwrap();
    let attributes = signed_attributes(&covered, &hanako.certificate, None).unwrap();
    let value = hanako.sign(&attributes);
    let contents = cms(&attributes, &value, &hanako.certificate, &[]).unwrap();
    (applied(&whole, &embed(&whole, &prepared.byte_range, &contents).unwrap()), contents)
}

fn applied(file: &[u8], patch: &Patch) -> Vec<u8> {
    let mut file = file.to_vec();
    let start = usize::try_from(patch.offset).unwrap();
    file[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    file
}

fn roomy() -> PrepareOptions {
    PrepareOptions { contents_bytes: 16_384, ..options() }
}

fn request() -> TimeStampRequest {
    TimeStampRequest::new(DigestAlgorithm::Sha256, Sha256::digest(b"a document").to_vec(), 0x1122_3344_5566_7788)
}

fn asked(authority: &TimeStampAuthority) -> Result<TimeStamp, TimeStampProblem> {
    answered(&request(), authority)
}

fn answered(request: &TimeStampRequest, authority: &TimeStampAuthority) -> Result<TimeStamp, TimeStampProblem> {
    request.check(&authority.answer(&request.to_der(), jiff_now()), &trust(), &AwsLc, now())
}

fn only(file: &[u8], at: SystemTime) -> SignatureVerdict {
    let mut all = judged(file, at);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn judged(file: &[u8], at: SystemTime) -> Vec<SignatureVerdict> {
    verify(&file, &trust(), &AwsLc, at).unwrap().signatures
}

fn result(verdict: &SignatureVerdict, what: CheckKind) -> CheckResult {
    verdict.checks.iter().find(|check| check.what == what).unwrap().result
}

fn trust() -> Trust {
    Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap()
}

fn hexadecimal(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

#[allow(clippy::disallowed_methods, reason = "the practice certificates are valid around today")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn jiff_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
