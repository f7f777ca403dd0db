use std::time::SystemTime;

use pades::{
    Certificate, PrepareOptions, Receipt, Statement, Target, Verdict, cms, digest_in, embed, prepare, prepare_receipt,
    signed_attributes, strip,
};
use simulator::{Credentials, practice};

/// Whoever signs: a certificate, those above it, and what makes signatures over messages.
pub struct Signatory<'a> {
    pub certificate: Vec<u8>,
    pub chain: Vec<Vec<u8>>,
    pub sign: &'a dyn Fn(&[u8]) -> Vec<u8>,
}

/// Signed with the practice card of 練習　花子.
///
/// # Panics
/// When `pades` refuses the file: the suite has nothing to judge then.
pub fn sign(file: &[u8]) -> Vec<u8> {
    sign_with_card(file, named("練習　花子"), &practice().hanako)
}

/// Signed after somebody else, with the practice card of 見本　太郎.
///
/// # Panics
/// As [`sign`].
pub fn sign_again(file: &[u8]) -> Vec<u8> {
    sign_with_card(file, named("見本　太郎"), &practice().taro)
}

/// Signed with a practice card in a way of one's own.
///
/// # Panics
/// As [`sign`].
pub fn sign_with_card(file: &[u8], options: PrepareOptions, card: &Credentials) -> Vec<u8> {
    let sign = |attributes: &[u8]| card.signing.sign(attributes);
    let certificate = card.signing.certificate.clone();
    let chain = vec![practice().authority.ca_der().to_vec()];
    sign_as(file, &options, &Signatory { certificate, chain, sign: &sign })
}

/// A copy without the signatures, with a receipt of the practice service. `verdict` is on the original.
///
/// # Panics
/// As [`sign`].
pub fn stripped_with_receipt(original: &Vec<u8>, verdict: &Verdict) -> Vec<u8> {
    let mut copy = Vec::new();
    let told = strip(original, &mut copy).expect("a file that can be stripped");
    let labels = ["買主（甲）".to_owned(), "the seller".to_owned()];
    let statement = Statement::new(original, verdict, &labels, SystemTime::now()).expect("the file is in memory");
    let receipt = Receipt::new(statement, &told, &[]);
    let prepared = prepare_receipt(&copy, &receipt).expect("a stripped copy");
    let service = &practice().service;
    let attributes = signed_attributes(&prepared.digest, &service.certificate, None).expect("a sound certificate");
    let contents = cms(&attributes, &service.sign(&attributes), &service.certificate, &[]).expect("a sound certificate");
    let mut whole = [copy, prepared.revision].concat();
    let patch = embed(&whole, &prepared.byte_range, &contents).expect("the place is large enough");
    let start = usize::try_from(patch.offset).expect("the file is in memory");
    whole[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    whole
}

/// Signed by anybody, in the hash that the certificate calls for.
///
/// # Panics
/// As [`sign`].
pub fn sign_as(file: &[u8], options: &PrepareOptions, signatory: &Signatory<'_>) -> Vec<u8> {
    let prepared = prepare(&file, options).expect("the file can be signed");
    let mut signed = [file, &prepared.revision].concat();
    let certificate = Certificate::parse(&signatory.certificate).expect("a sound certificate");
    let algorithm = certificate.signature_algorithm().expect("a key that cards have").digest_algorithm();
    let digest = digest_in(algorithm, &signed, &prepared.byte_range).expect("the file is in memory");
    let signing_time = Some(options.claimed_time).filter(|_| options.target == Target::Pkcs7);
    let attributes = signed_attributes(&digest, certificate.der(), signing_time).expect("a sound certificate");
    let value = (signatory.sign)(&attributes);
    let contents = cms(&attributes, &value, certificate.der(), &signatory.chain).expect("a sound certificate");
    let patch = embed(&signed, &prepared.byte_range, &contents).expect("the place is large enough");
    let start = usize::try_from(patch.offset).expect("the file is in memory");
    signed[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    signed
}

/// What the programs say of a signer, now.
pub fn named(name: &str) -> PrepareOptions {
    PrepareOptions {
        declared_name: Some(name.to_owned()),
        location: Some("http://127.0.0.1:8080".to_owned()),
        ..PrepareOptions::new(SystemTime::now(), [7; 16])
    }
}
