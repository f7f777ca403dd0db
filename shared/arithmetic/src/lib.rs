//! The arithmetic that `pades` is handed: whether a signature value is a key's over a message. Whose key it is, and what it
//! may sign, is judged there.

#![forbid(unsafe_code)]

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use pades::{DigestAlgorithm, SignatureAlgorithm, SignatureVerifier};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::{Pss, RsaPublicKey};

/// AWS-LC's: a fifth of the time of the portable one of `rsa`, which is left for salts of unusual length.
///
/// RSA keys of more than 8,192 bits verify nothing; short ones are named by `pades`.
#[derive(Debug, Clone, Copy)]
pub struct AwsLc;

impl SignatureVerifier for AwsLc {
    fn verify(&self, key: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match implementation(algorithm) {
            Ok(implementation) => UnparsedPublicKey::new(implementation, key).verify(message, signature).is_ok(),
            Err((digest, salt_bytes)) => is_salted(key, digest, salt_bytes, message, signature),
        }
    }
}

/// Of aws-lc, which knows one length of salt for each hash; of another, hash and length.
fn implementation(algorithm: SignatureAlgorithm) -> Result<&'static dyn VerificationAlgorithm, (DigestAlgorithm, usize)> {
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

/// RSASSA-PSS with a salt of this length and no other. RFC 8017, section 8.1.2. `rsa` adds to the length before it compares.
fn is_salted(key: &[u8], digest: DigestAlgorithm, salt_bytes: usize, message: &[u8], signature: &[u8]) -> bool {
    let Some(key) = RsaPublicKey::from_public_key_der(key).ok().filter(|_| salt_bytes < signature.len()) else {
        return false;
    };
    let hashed = digest.hash(message);
    let verified = match digest {
        DigestAlgorithm::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt_bytes), &hashed, signature),
        DigestAlgorithm::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt_bytes), &hashed, signature),
        DigestAlgorithm::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt_bytes), &hashed, signature),
    };
    verified.is_ok()
}
