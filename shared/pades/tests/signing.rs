//! What a card is asked to sign, and the CMS around its answer.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::{Duration, SystemTime};

use common::{AwsLc, p384, sign_with_p384};
use pades::{Certificate, CertificateProblem, CmsProblem, SignatureMismatch, check_signature, cms, signed_attributes};
use proptest::prelude::*;
use sha2::{Digest, Sha256, Sha384};
use simulator::practice;

const DIGEST: [u8; 32] = [0x5A; 32];

#[test]
fn attributes_are_three_and_in_the_order_of_der() {
    let attributes = signed_attributes(&DIGEST, &certificate(), None).unwrap();
    let content_type = hex("301806092a864886f70d010903310b06092a864886f70d010701");
    let message_digest = [hex("302f06092a864886f70d01090431220420"), DIGEST.to_vec()].concat();
    let certificate_hash = Sha256::digest(certificate());
    let signing_certificate = [hex("3037060b2a864886f70d010910022f312830263024302204 20"), certificate_hash.to_vec()].concat();
    let members = [content_type, message_digest, signing_certificate].concat();
    assert_eq!(attributes, [vec![0x31, 0x81, 0x84], members].concat());
}

#[test]
fn a_cards_signature_fits_its_document_and_no_other() {
    let attributes = signed_attributes(&DIGEST, &certificate(), None).unwrap();
    let signature = sign(&attributes);
    let check = |digest: &[u8], attributes: &[u8], signature: &[u8]| {
        let certificate = Certificate::parse(&certificate()).unwrap();
        check_signature(digest, &certificate, None, attributes, signature, &AwsLc)
    };
    assert_eq!(check(&DIGEST, &attributes, &signature), Ok(()));
    assert_eq!(check(&[0; 32], &attributes, &signature), Err(SignatureMismatch::Attributes));
    assert_eq!(check(&DIGEST, &attributes, &signature[1..]), Err(SignatureMismatch::Value));
    let longer = [attributes.as_slice(), &[0]].concat();
    assert_eq!(check(&DIGEST, &longer, &signature), Err(SignatureMismatch::Attributes));
}

#[test]
fn a_key_on_p384_signs_with_sha384_and_says_so() {
    let certificate = p384("signer.der");
    let digest = Sha384::digest(b"a document");
    let attributes = signed_attributes(&digest, &certificate, None).unwrap();
    let sha384 = hex("300b0609608648016503040202");
    let named = [sha384.clone(), vec![0x04, 48], Sha384::digest(&certificate).to_vec()].concat();
    assert_eq!(count(&attributes, &named), 1);
    let signature = sign_with_p384(&attributes);
    let parsed = Certificate::parse(&certificate).unwrap();
    assert_eq!(check_signature(&digest, &parsed, None, &attributes, &signature, &AwsLc), Ok(()));
    let built = cms(&attributes, &signature, &certificate, &[]).unwrap();
    let ecdsa_with_sha384 = hex("300a06082a8648ce3d040303");
    assert_eq!((count(&built, &sha384), count(&built, &ecdsa_with_sha384)), (3, 3));
}

#[test]
fn a_digest_of_another_hash_than_the_keys_is_refused() {
    assert_eq!(signed_attributes(&[0; 48], &certificate(), None), Err(CmsProblem::OtherHash));
    assert_eq!(signed_attributes(&DIGEST, &p384("signer.der"), None), Err(CmsProblem::OtherHash));
}

#[test]
fn the_older_form_says_when_it_was_signed() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_309_872);
    let attributes = signed_attributes(&DIGEST, &certificate(), Some(time)).unwrap();
    let signing_time = [hex("301c06092a864886f70d010905310f170d"), b"261122011112Z".to_vec()].concat();
    assert_eq!(count(&attributes, &signing_time), 1);
    let parsed = Certificate::parse(&certificate()).unwrap();
    let signature = sign(&attributes);
    let check = |time| check_signature(&DIGEST, &parsed, time, &attributes, &signature, &AwsLc);
    assert_eq!((check(Some(time)), check(None)), (Ok(()), Err(SignatureMismatch::Attributes)));
}

#[test]
fn another_persons_certificate_does_not_fit() {
    let attributes = signed_attributes(&DIGEST, &certificate(), None).unwrap();
    let taro = Certificate::parse(&practice().taro.signing.certificate).unwrap();
    let answer = check_signature(&DIGEST, &taro, None, &attributes, &sign(&attributes), &AwsLc);
    assert_eq!(answer, Err(SignatureMismatch::Attributes));
}

#[test]
fn the_cms_carries_every_certificate_once() {
    let attributes = signed_attributes(&DIGEST, &certificate(), None).unwrap();
    let root = practice().authority.ca_der().to_vec();
    let chain = [root.clone(), certificate(), root.clone()];
    let built = cms(&attributes, &sign(&attributes), &certificate(), &chain).unwrap();
    assert_eq!(count(&built, &certificate()), 1);
    assert_eq!(count(&built, &root), 1);
}

#[test]
fn bytes_that_are_no_certificate_are_refused() {
    let problem = CmsProblem::Certificate(CertificateProblem::NotDer);
    assert_eq!(signed_attributes(&DIGEST, b"not a certificate", None), Err(problem));
    assert_eq!(cms(&[0x31, 0], &[], &[0x30, 0], &[]), Err(problem));
}

#[test]
fn a_my_number_certificate_tells_who_holds_it() {
    let certificate = Certificate::parse(&certificate()).unwrap();
    let person = certificate.person().unwrap();
    let holder = simulator::CardHolder::hanako();
    assert!(person.name == holder.name && person.address == holder.address);
    assert!(certificate.can_sign_contracts());
    assert!(certificate.not_before() < certificate.not_after());
    assert!(certificate.common_name().is_some_and(|name| name != holder.name));
}

#[test]
fn the_certificate_for_logging_in_cannot_sign_contracts() {
    let authentication = &practice().hanako.authentication.certificate;
    let certificate = Certificate::parse(authentication).unwrap();
    assert!(!certificate.can_sign_contracts());
    assert!(certificate.person().is_none());
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_never_a_certificate(bytes: Vec<u8>) {
        prop_assert!(Certificate::parse(&bytes).is_err());
    }

    #[test]
    fn an_altered_certificate_never_panics(place in 0..1_600_usize, value: u8) {
        let mut der = certificate();
        if let Some(byte) = der.get_mut(place) {
            *byte = value;
        }
        if let Ok(certificate) = Certificate::parse(&der) {
            let _ = (certificate.person(), certificate.common_name(), certificate.issuer_name());
        }
    }
}

fn certificate() -> Vec<u8> {
    practice().hanako.signing.certificate.clone()
}

fn sign(attributes: &[u8]) -> Vec<u8> {
    practice().hanako.signing.sign(attributes)
}

fn count(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).filter(|window| *window == needle).count()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}
