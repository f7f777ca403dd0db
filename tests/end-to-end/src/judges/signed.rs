use std::time::SystemTime;

use pades::{DEFAULT_CONTENTS_BYTES, PrepareOptions, cms, embed, prepare, signed_attributes};
use simulator::{Credentials, practice};

/// Signed with the practice card of 練習　花子.
///
/// # Panics
/// When `pades` refuses the file: the suite has nothing to judge then.
pub fn sign(file: &[u8]) -> Vec<u8> {
    signed_by(file, "練習　花子", &practice().hanako)
}

/// Signed after somebody else, with the practice card of 見本　太郎.
///
/// # Panics
/// As [`sign`].
pub fn sign_again(file: &[u8]) -> Vec<u8> {
    signed_by(file, "見本　太郎", &practice().taro)
}

fn signed_by(file: &[u8], name: &str, card: &Credentials) -> Vec<u8> {
    let options = PrepareOptions {
        declared_name: Some(name.to_owned()),
        location: Some("http://127.0.0.1:8080".to_owned()),
        claimed_time: SystemTime::now(),
        contents_bytes: DEFAULT_CONTENTS_BYTES,
        unique: [7; 16],
    };
    let prepared = prepare(&file.to_vec(), &options).expect("the file can be signed");
    let certificate = &card.signing.certificate;
    let attributes = signed_attributes(&prepared.digest, certificate).expect("a practice card's certificate is sound");
    let signature = card.signing.sign(&attributes);
    let chain = [practice().authority.ca_der().to_vec()];
    let contents = cms(&attributes, &signature, certificate, &chain).expect("a practice card's certificate is sound");
    let mut signed = [file, &prepared.revision].concat();
    let patch = embed(&signed, &prepared.byte_range, &contents).expect("the place is large enough");
    let start = usize::try_from(patch.offset).expect("the file is in memory");
    signed[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    signed
}
