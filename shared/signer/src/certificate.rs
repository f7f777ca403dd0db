//! What the phone checks in the signer's certificate, in the middle of the touch and after it.

use std::time::SystemTime;

use pades::{ByteRange, Certificate, DigestAlgorithm, PdfProblem, SignatureAlgorithm, SignatureVerifier, Source};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::{Digest, Sha256, Sha384};
use rsa::signature::Verifier;
use rsa::{RsaPublicKey, pkcs1v15};

use crate::boundary::FailureKind;

/// Checks the signatures that cards make, with the crates `rsa` and `p384`. No private key comes near it.
pub struct CardVerifier;

impl SignatureVerifier for CardVerifier {
    fn verify(&self, key: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match algorithm {
            SignatureAlgorithm::RsaPkcs1Sha256 => is_rsa_signature(key, message, signature),
            SignatureAlgorithm::EcdsaP384Sha384 => is_p384_signature(key, message, signature),
            _ => false,
        }
    }
}

/// RSASSA-PKCS1-v1_5. RFC 8017, section 8.2.
fn is_rsa_signature(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (RsaPublicKey::from_public_key_der(key), pkcs1v15::Signature::try_from(signature)) else {
        return false;
    };
    pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &signature).is_ok()
}

/// An `Ecdsa-Sig-Value`. RFC 5753, section 7.2.
fn is_p384_signature(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use p384::ecdsa::{DerSignature, VerifyingKey};

    let (Ok(key), Ok(signature)) = (VerifyingKey::from_public_key_der(key), DerSignature::try_from(signature)) else {
        return false;
    };
    key.verify(message, &signature).is_ok()
}

/// The digests of what a signature will cover, in each hash that a card's key can call for: which one, the card says
/// only while it is held, and nothing long is computed then.
#[derive(Clone)]
pub struct DocumentDigests {
    sha256: Vec<u8>,
    sha384: Vec<u8>,
}

impl DocumentDigests {
    pub fn of(source: &dyn Source, range: &ByteRange) -> Result<Self, PdfProblem> {
        let sha256 = pades::digest_in(DigestAlgorithm::Sha256, source, range)?;
        Ok(Self { sha256, sha384: pades::digest_in(DigestAlgorithm::Sha384, source, range)? })
    }

    /// For a certificate with this kind of key.
    pub fn for_key(&self, algorithm: SignatureAlgorithm) -> Option<&[u8]> {
        match algorithm.digest_algorithm() {
            DigestAlgorithm::Sha256 => Some(&self.sha256),
            DigestAlgorithm::Sha384 => Some(&self.sha384),
            DigestAlgorithm::Sha512 => None,
        }
    }
}

/// What a card signs, and what the signature is then about.
pub struct ToSign {
    pub attributes: Vec<u8>,
    pub digest: card::Digest,
}

/// Before the signature: what is signed, if this certificate may sign this document today.
/// E-NFC-11, E-NFC-14, E-CRT-01, E-CRT-04, E-CRT-07.
pub fn to_sign(
    digests: &DocumentDigests,
    signing_time: Option<SystemTime>,
    der: &[u8],
    declared_name: Option<&str>,
    now: SystemTime,
) -> Result<ToSign, FailureKind> {
    let unfit = FailureKind::NoSigningCertificate;
    let certificate = check(der, declared_name, now)?;
    let algorithm = certificate.signature_algorithm().map_err(|_| unfit.clone())?;
    let attributes = attributes(digests, signing_time, der).ok_or(unfit)?;
    let digest = match algorithm.digest_algorithm() {
        DigestAlgorithm::Sha384 => card::Digest::Sha384(Sha384::digest(&attributes).into()),
        _ => card::Digest::Sha256(Sha256::digest(&attributes).into()),
    };
    Ok(ToSign { attributes, digest })
}

/// What a signature with this certificate is made over: always the same for the same document.
pub(crate) fn attributes(digests: &DocumentDigests, signing_time: Option<SystemTime>, der: &[u8]) -> Option<Vec<u8>> {
    let algorithm = Certificate::parse(der).ok()?.signature_algorithm().ok()?;
    pades::signed_attributes(digests.for_key(algorithm)?, der, signing_time).ok()
}

/// How the card's conversation is told that nothing will be signed; the reason stays with whoever refused.
pub fn refusal(reason: &FailureKind) -> card::Refused {
    match reason {
        FailureKind::CertificateExpired => card::Refused::ExpiredCertificate,
        FailureKind::OtherSigner => card::Refused::OtherSigner,
        FailureKind::CertificateNotForSigning => card::Refused::NotForSigning,
        FailureKind::PhoneHeldOrOldCard => card::Refused::HeldByPhone,
        _ => card::Refused::Unreadable,
    }
}

fn check(der: &[u8], declared_name: Option<&str>, now: SystemTime) -> Result<Certificate, FailureKind> {
    let certificate = Certificate::parse(der).map_err(|_| FailureKind::NoSigningCertificate)?;
    if certificate.is_held_by_phone() {
        return Err(FailureKind::PhoneHeldOrOldCard);
    }
    if !certificate.can_sign_contracts() {
        return Err(FailureKind::CertificateNotForSigning);
    }
    if !certificate.is_valid_at(now) {
        return Err(FailureKind::CertificateExpired);
    }
    let is_declared = match (declared_name, certificate.person()) {
        (Some(declared), Some(person)) => is_same_name(declared, &person.name),
        (Some(_), None) => false,
        (None, _) => true,
    };
    if is_declared { Ok(certificate) } else { Err(FailureKind::OtherSigner) }
}

/// After the signature, before it is sent. E-SIG-02.
pub(crate) fn signature_fits(der: &[u8], attributes: &[u8], signature: &[u8]) -> bool {
    Certificate::parse(der).is_ok_and(|certificate| {
        let key = certificate.subject_public_key_info();
        certificate.signature_algorithm().is_ok_and(|algorithm| CardVerifier.verify(key, algorithm, attributes, signature))
    })
}

/// Names are compared without their spaces: forms and certificates put them, narrow or wide, in different places.
fn is_same_name(declared: &str, certified: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    letters(declared) == letters(certified)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use simulator::{CardSetup, PolicyIdentifier, practice};

    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_spaces() {
        assert!(is_same_name("甲野 太郎", "甲野　太郎"));
        assert!(is_same_name("甲野太郎", "甲野　太郎"));
        assert!(!is_same_name("甲野 次郎", "甲野　太郎"));
    }

    #[test]
    fn bytes_that_are_no_certificate_sign_nothing() {
        assert!(matches!(check(b"", None, SystemTime::UNIX_EPOCH), Err(FailureKind::NoSigningCertificate)));
        assert!(!signature_fits(b"", b"", b""));
    }

    #[test]
    fn a_certificate_outside_its_validity_signs_nothing() {
        let expired = &CardSetup::expired().credentials.signing.certificate;
        assert!(matches!(check(expired, None, SystemTime::now()), Err(FailureKind::CertificateExpired)));
        let hanako = &practice().hanako.signing.certificate;
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        assert!(matches!(check(hanako, None, long_ago), Err(FailureKind::CertificateExpired)));
    }

    #[test]
    fn the_certificate_for_logging_in_signs_nothing() {
        let login = &practice().hanako.authentication.certificate;
        assert!(matches!(check(login, None, SystemTime::now()), Err(FailureKind::CertificateNotForSigning)));
    }

    #[test]
    fn the_certificate_of_a_phone_signs_nothing() {
        let order = CardSetup::good().reordered(|order| order.policy = PolicyIdentifier::PhoneHeld).expect("a card");
        let held = &order.credentials.signing.certificate;
        assert!(matches!(check(held, None, SystemTime::now()), Err(FailureKind::PhoneHeldOrOldCard)));
    }
}
