//! Each algorithm takes its own signatures, and no other algorithm takes them.

use arithmetic::AwsLc;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaEncoding, RsaKeyPair};
use pades::{DigestAlgorithm, SignatureAlgorithm as Algorithm, SignatureVerifier};
use rsa::pkcs8::DecodePrivateKey;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::{Pss, RsaPrivateKey};

#[test]
fn a_signature_is_taken_by_its_own_algorithm_and_by_no_other() {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    only_its_own(&of_rsa(&key), key.public_key());
    for (algorithm, signing) in OF_CURVES {
        let key = EcdsaKeyPair::generate(signing).expect("a key");
        let signature = key.sign(&SystemRandom::new(), MESSAGE).expect("a signature");
        only_its_own(&[(algorithm, signature.as_ref().to_vec())], key.public_key());
    }
    let key = Ed25519KeyPair::generate().expect("a key");
    only_its_own(&[(Algorithm::Ed25519, key.sign(MESSAGE).as_ref().to_vec())], key.public_key());
}

#[test]
fn a_salt_of_another_length_is_not_taken() {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let public = spki(key.public_key());
    for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        let signature = salted(&key, digest, 20);
        for (salt_bytes, is_taken) in [(19, false), (20, true), (21, false), (usize::MAX, false)] {
            let algorithm = Algorithm::RsaPssOtherSalt { digest, salt_bytes };
            assert_eq!(AwsLc.verify(&public, algorithm, MESSAGE, &signature), is_taken, "{algorithm:?}");
        }
    }
}

#[test]
fn bytes_that_are_no_key_verify_nothing() {
    for algorithm in every_algorithm() {
        assert!(!AwsLc.verify(b"", algorithm, MESSAGE, b""), "{algorithm:?}");
        assert!(!AwsLc.verify(&[0x30; 300], algorithm, MESSAGE, &[0; 256]), "{algorithm:?}");
    }
}

fn only_its_own(signed: &[(Algorithm, Vec<u8>)], key: &impl AsDer<PublicKeyX509Der<'static>>) {
    let key = spki(key);
    for (own, signature) in signed {
        for algorithm in every_algorithm() {
            assert_eq!(AwsLc.verify(&key, algorithm, MESSAGE, signature), algorithm == *own, "{own:?} as {algorithm:?}");
        }
        assert!(!AwsLc.verify(&key, *own, b"another message", signature), "{own:?}");
    }
}

fn spki(key: &impl AsDer<PublicKeyX509Der<'static>>) -> Vec<u8> {
    key.as_der().expect("a public key").as_ref().to_vec()
}

fn of_rsa(key: &RsaKeyPair) -> Vec<(Algorithm, Vec<u8>)> {
    let encodings: [(Algorithm, &'static dyn RsaEncoding); 6] = [
        (Algorithm::RsaPkcs1Sha256, &signature::RSA_PKCS1_SHA256),
        (Algorithm::RsaPkcs1Sha384, &signature::RSA_PKCS1_SHA384),
        (Algorithm::RsaPkcs1Sha512, &signature::RSA_PKCS1_SHA512),
        (Algorithm::RsaPssSha256, &signature::RSA_PSS_SHA256),
        (Algorithm::RsaPssSha384, &signature::RSA_PSS_SHA384),
        (Algorithm::RsaPssSha512, &signature::RSA_PSS_SHA512),
    ];
    let mut signed: Vec<_> = encodings
        .into_iter()
        .map(|(algorithm, encoding)| {
            let mut signature = vec![0; key.public_modulus_len()];
            key.sign(encoding, &SystemRandom::new(), MESSAGE, &mut signature).expect("a signature");
            (algorithm, signature)
        })
        .collect();
    signed.extend(OTHER_SALTS.map(|(algorithm, digest)| (algorithm, salted(key, digest, 20))));
    signed
}

/// aws-lc signs with no other length than the hash's.
fn salted(key: &RsaKeyPair, digest: DigestAlgorithm, salt_bytes: usize) -> Vec<u8> {
    let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(key).expect("a key that may leave");
    let key = RsaPrivateKey::from_pkcs8_der(pkcs8.as_ref()).expect("a key");
    let hashed = digest.hash(MESSAGE);
    let signature = match digest {
        DigestAlgorithm::Sha256 => key.sign_with_rng(&mut rand::rng(), Pss::<Sha256>::new_with_salt(salt_bytes), &hashed),
        DigestAlgorithm::Sha384 => key.sign_with_rng(&mut rand::rng(), Pss::<Sha384>::new_with_salt(salt_bytes), &hashed),
        DigestAlgorithm::Sha512 => key.sign_with_rng(&mut rand::rng(), Pss::<Sha512>::new_with_salt(salt_bytes), &hashed),
    };
    signature.expect("a signature")
}

fn every_algorithm() -> impl Iterator<Item = Algorithm> {
    let of_one_length = [
        Algorithm::RsaPkcs1Sha256,
        Algorithm::RsaPkcs1Sha384,
        Algorithm::RsaPkcs1Sha512,
        Algorithm::RsaPssSha256,
        Algorithm::RsaPssSha384,
        Algorithm::RsaPssSha512,
        Algorithm::EcdsaP256Sha256,
        Algorithm::EcdsaP256Sha384,
        Algorithm::EcdsaP256Sha512,
        Algorithm::EcdsaP384Sha256,
        Algorithm::EcdsaP384Sha384,
        Algorithm::EcdsaP384Sha512,
        Algorithm::EcdsaP521Sha256,
        Algorithm::EcdsaP521Sha384,
        Algorithm::EcdsaP521Sha512,
        Algorithm::Ed25519,
    ];
    of_one_length.into_iter().chain(OTHER_SALTS.map(|(algorithm, _)| algorithm))
}

/// What aws-lc signs with; the other pairs of curve and hash are only verified.
const OF_CURVES: [(Algorithm, &EcdsaSigningAlgorithm); 5] = [
    (Algorithm::EcdsaP256Sha256, &signature::ECDSA_P256_SHA256_ASN1_SIGNING),
    (Algorithm::EcdsaP384Sha384, &signature::ECDSA_P384_SHA384_ASN1_SIGNING),
    (Algorithm::EcdsaP521Sha256, &signature::ECDSA_P521_SHA256_ASN1_SIGNING),
    (Algorithm::EcdsaP521Sha384, &signature::ECDSA_P521_SHA384_ASN1_SIGNING),
    (Algorithm::EcdsaP521Sha512, &signature::ECDSA_P521_SHA512_ASN1_SIGNING),
];

const OTHER_SALTS: [(Algorithm, DigestAlgorithm); 3] = [
    (Algorithm::RsaPssOtherSalt { digest: DigestAlgorithm::Sha256, salt_bytes: 20 }, DigestAlgorithm::Sha256),
    (Algorithm::RsaPssOtherSalt { digest: DigestAlgorithm::Sha384, salt_bytes: 20 }, DigestAlgorithm::Sha384),
    (Algorithm::RsaPssOtherSalt { digest: DigestAlgorithm::Sha512, salt_bytes: 20 }, DigestAlgorithm::Sha512),
];

const MESSAGE: &[u8] = b"the signed attributes";
