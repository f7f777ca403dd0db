//! What the phone checks in the signer's certificate, in the middle of the touch and after it.

use std::time::SystemTime;

use pades::{Certificate, SignatureAlgorithm, SignatureVerifier};
use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;

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

/// Before the signature: may this certificate sign this document today? E-CRT-01, E-CRT-04.
pub fn check(der: &[u8], declared_name: Option<&str>, now: SystemTime) -> Result<Certificate, card::Refused> {
    let certificate = Certificate::parse(der).map_err(|_| card::Refused::Unreadable)?;
    if !certificate.can_sign_contracts() {
        return Err(card::Refused::NotForSigning);
    }
    if !certificate.is_valid_at(now) {
        return Err(card::Refused::ExpiredCertificate);
    }
    let is_declared = match (declared_name, certificate.person()) {
        (Some(declared), Some(person)) => is_same_name(declared, &person.name),
        (Some(_), None) => false,
        (None, _) => true,
    };
    if is_declared { Ok(certificate) } else { Err(card::Refused::OtherSigner) }
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

    use simulator::{CardSetup, practice};

    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_spaces() {
        assert!(is_same_name("甲野 太郎", "甲野　太郎"));
        assert!(is_same_name("甲野太郎", "甲野　太郎"));
        assert!(!is_same_name("甲野 次郎", "甲野　太郎"));
    }

    #[test]
    fn bytes_that_are_no_certificate_sign_nothing() {
        assert!(matches!(check(b"", None, SystemTime::UNIX_EPOCH), Err(card::Refused::Unreadable)));
        assert!(!signature_fits(b"", b"", b""));
    }

    #[test]
    fn a_certificate_outside_its_validity_signs_nothing() {
        let expired = &CardSetup::expired().credentials.signing.certificate;
        assert!(matches!(check(expired, None, SystemTime::now()), Err(card::Refused::ExpiredCertificate)));
        let hanako = &practice().hanako.signing.certificate;
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        assert!(matches!(check(hanako, None, long_ago), Err(card::Refused::ExpiredCertificate)));
    }

    #[test]
    fn the_certificate_for_logging_in_signs_nothing() {
        let login = &practice().hanako.authentication.certificate;
        assert!(matches!(check(login, None, SystemTime::now()), Err(card::Refused::NotForSigning)));
    }
}
