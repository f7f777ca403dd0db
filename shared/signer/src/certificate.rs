//! What the phone checks in the signer's certificate, in the middle of the touch and after it.

use std::time::SystemTime;

use pades::{Certificate, SignatureAlgorithm, SignatureVerifier};
use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;

use crate::boundary::FailureKind;

/// Checks RSA signatures with the crate `rsa`. Verifying only: no private key comes near it.
pub struct RsaVerifier;

impl SignatureVerifier for RsaVerifier {
    /// Knows PKCS #1 v1.5 with SHA-256, which is what the card makes. RFC 8017, section 8.2.
    fn verify(&self, key: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if algorithm != SignatureAlgorithm::RsaPkcs1Sha256 {
            return false;
        }
        let (Ok(key), Ok(signature)) = (RsaPublicKey::from_public_key_der(key), Signature::try_from(signature)) else {
            return false;
        };
        VerifyingKey::<Sha256>::new(key).verify(message, &signature).is_ok()
    }
}

/// Before the signature: the signed attributes, if this certificate may sign this document today.
/// E-NFC-11, E-NFC-14, E-CRT-01, E-CRT-04, E-CRT-07.
pub fn attributes(digest: &[u8; 32], der: &[u8], declared_name: Option<&str>, now: SystemTime) -> Result<Vec<u8>, FailureKind> {
    check(der, declared_name, now)?;
    pades::signed_attributes(digest, der).map_err(|_| FailureKind::NoSigningCertificate)
}

/// How the card's conversation is told that nothing will be signed; the reason stays with whoever refused.
pub fn refusal(reason: &FailureKind) -> card::Refused {
    match reason {
        FailureKind::CertificateExpired => card::Refused::ExpiredCertificate,
        FailureKind::OtherSigner => card::Refused::OtherSigner,
        FailureKind::CertificateNotForSigning | FailureKind::PhoneHeldOrOldCard => card::Refused::NotForSigning,
        _ => card::Refused::Unreadable,
    }
}

fn check(der: &[u8], declared_name: Option<&str>, now: SystemTime) -> Result<(), FailureKind> {
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
    if is_declared { Ok(()) } else { Err(FailureKind::OtherSigner) }
}

/// After the signature, before it is sent. E-SIG-02.
pub(crate) fn signature_fits(der: &[u8], attributes: &[u8], signature: &[u8]) -> bool {
    Certificate::parse(der).is_ok_and(|certificate| {
        let key = certificate.subject_public_key_info();
        RsaVerifier.verify(key, SignatureAlgorithm::RsaPkcs1Sha256, attributes, signature)
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
        assert_eq!(check(held, None, SystemTime::now()), Err(FailureKind::PhoneHeldOrOldCard));
    }
}
