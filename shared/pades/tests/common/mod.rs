//! What several suites of this crate need.
#![allow(dead_code, unused_imports, reason = "each suite is a program of its own and uses some of it")]

use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair};

pub(crate) use arithmetic::AwsLc;

/// 2027-01-01T00:00:00Z, when every certificate of the vectors is valid that is meant to be.
pub(crate) fn new_year_2027() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}

/// A certificate of the next card's kind, or the root above it.
pub(crate) fn p384(name: &str) -> Vec<u8> {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/p384");
    std::fs::read(folder.join(name)).expect("a committed vector")
}

/// As the next card would, with the key of `signer.der`.
pub(crate) fn sign_with_p384(message: &[u8]) -> Vec<u8> {
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, &p384("WORTHLESS-signer.p8")).expect("a key");
    key.sign(&SystemRandom::new(), message).expect("a signature").as_ref().to_vec()
}
