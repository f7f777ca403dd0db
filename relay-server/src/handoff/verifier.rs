use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ECDSA_P384_SHA512_ASN1, ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ED25519,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};
use pades::{DigestAlgorithm, SignatureAlgorithm, SignatureVerifier};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::{Pss, RsaPublicKey};

/// AWS-LC's arithmetic: a fifth of the time of the portable one, which is left for salts of unusual length.
pub struct AwsLc;

impl SignatureVerifier for AwsLc {
    fn verify(&self, subject_public_key_info: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &'static dyn VerificationAlgorithm = match algorithm {
            SignatureAlgorithm::RsaPkcs1Sha256 => &RSA_PKCS1_2048_8192_SHA256,
            SignatureAlgorithm::RsaPkcs1Sha384 => &RSA_PKCS1_2048_8192_SHA384,
            SignatureAlgorithm::RsaPkcs1Sha512 => &RSA_PKCS1_2048_8192_SHA512,
            SignatureAlgorithm::RsaPssOtherSalt { digest, salt_bytes } => {
                return is_salted(subject_public_key_info, digest, salt_bytes, message, signature);
            }
            SignatureAlgorithm::RsaPssSha256 => &RSA_PSS_2048_8192_SHA256,
            SignatureAlgorithm::RsaPssSha384 => &RSA_PSS_2048_8192_SHA384,
            SignatureAlgorithm::RsaPssSha512 => &RSA_PSS_2048_8192_SHA512,
            SignatureAlgorithm::EcdsaP256Sha256 => &ECDSA_P256_SHA256_ASN1,
            SignatureAlgorithm::EcdsaP256Sha384 => &ECDSA_P256_SHA384_ASN1,
            SignatureAlgorithm::EcdsaP256Sha512 => &ECDSA_P256_SHA512_ASN1,
            SignatureAlgorithm::EcdsaP384Sha256 => &ECDSA_P384_SHA256_ASN1,
            SignatureAlgorithm::EcdsaP384Sha384 => &ECDSA_P384_SHA384_ASN1,
            SignatureAlgorithm::EcdsaP384Sha512 => &ECDSA_P384_SHA512_ASN1,
            SignatureAlgorithm::EcdsaP521Sha256 => &ECDSA_P521_SHA256_ASN1,
            SignatureAlgorithm::EcdsaP521Sha384 => &ECDSA_P521_SHA384_ASN1,
            SignatureAlgorithm::EcdsaP521Sha512 => &ECDSA_P521_SHA512_ASN1,
            SignatureAlgorithm::Ed25519 => &ED25519,
        };
        UnparsedPublicKey::new(algorithm, subject_public_key_info).verify(message, signature).is_ok()
    }
}

/// aws-lc knows one length of salt for each hash.
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
