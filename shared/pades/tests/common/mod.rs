//! What several suites of this crate need.
#![allow(dead_code, reason = "each suite is a program of its own and uses some of it")]

use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, UnparsedPublicKey, VerificationAlgorithm};
use pades::{DigestAlgorithm, SignatureAlgorithm, SignatureVerifier};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::{Pss, RsaPublicKey};

/// aws-lc-rs and `rsa` behind the trait, as the server has them.
pub(crate) struct AwsLc;

impl SignatureVerifier for AwsLc {
    fn verify(&self, subject_public_key_info: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let key = subject_public_key_info;
        match of(algorithm) {
            Ok(implementation) => UnparsedPublicKey::new(implementation, key).verify(message, signature).is_ok(),
            Err((digest, salt_bytes)) => is_salted(key, digest, salt_bytes, message, signature),
        }
    }
}

fn is_salted(key: &[u8], digest: DigestAlgorithm, salt_bytes: usize, message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = RsaPublicKey::from_public_key_der(key) else { return false };
    let hashed = digest.hash(message);
    let verified = match digest {
        DigestAlgorithm::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt_bytes), &hashed, signature),
        DigestAlgorithm::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt_bytes), &hashed, signature),
        DigestAlgorithm::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt_bytes), &hashed, signature),
    };
    verified.is_ok()
}

fn of(algorithm: SignatureAlgorithm) -> Result<&'static dyn VerificationAlgorithm, (DigestAlgorithm, usize)> {
    Ok(match algorithm {
        SignatureAlgorithm::RsaPssOtherSalt { digest, salt_bytes } => return Err((digest, salt_bytes)),
        SignatureAlgorithm::RsaPkcs1Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        SignatureAlgorithm::RsaPkcs1Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        SignatureAlgorithm::RsaPkcs1Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        SignatureAlgorithm::RsaPssSha256 => &signature::RSA_PSS_2048_8192_SHA256,
        SignatureAlgorithm::RsaPssSha384 => &signature::RSA_PSS_2048_8192_SHA384,
        SignatureAlgorithm::RsaPssSha512 => &signature::RSA_PSS_2048_8192_SHA512,
        SignatureAlgorithm::EcdsaP256Sha256 => &signature::ECDSA_P256_SHA256_ASN1,
        SignatureAlgorithm::EcdsaP256Sha384 => &signature::ECDSA_P256_SHA384_ASN1,
        SignatureAlgorithm::EcdsaP256Sha512 => &signature::ECDSA_P256_SHA512_ASN1,
        SignatureAlgorithm::EcdsaP384Sha256 => &signature::ECDSA_P384_SHA256_ASN1,
        SignatureAlgorithm::EcdsaP384Sha384 => &signature::ECDSA_P384_SHA384_ASN1,
        SignatureAlgorithm::EcdsaP384Sha512 => &signature::ECDSA_P384_SHA512_ASN1,
        SignatureAlgorithm::EcdsaP521Sha256 => &signature::ECDSA_P521_SHA256_ASN1,
        SignatureAlgorithm::EcdsaP521Sha384 => &signature::ECDSA_P521_SHA384_ASN1,
        SignatureAlgorithm::EcdsaP521Sha512 => &signature::ECDSA_P521_SHA512_ASN1,
        SignatureAlgorithm::Ed25519 => &signature::ED25519,
    })
}

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
