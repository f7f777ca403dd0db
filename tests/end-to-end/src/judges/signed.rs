use std::time::SystemTime;

use pades::{Certificate, PrepareOptions, Target, cms, digest_in, embed, prepare, signed_attributes};
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
