//! What may differ from one generation of the card to the next: names, key and signature.

use super::SHA_256_DIGEST;
use crate::{CardError, Digest, Stage, der};

/// One generation of the card.
#[derive(Clone, Copy)]
pub(crate) struct Profile {
    /// AID, always sent in full, because a shorter one would select by prefix.
    pub(crate) application: &'static [u8],
    pub(crate) algorithm: Algorithm,
}

/// How the signing key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, key of 2,048 bits.
    RsaSha256,
    /// ECDSA on P-384 with SHA-384. The card gives r and s one after the other.
    EcdsaP384,
}

impl Algorithm {
    /// P1 of COMPUTE DIGITAL SIGNATURE, and the digest as the card takes it.
    pub(crate) fn input(self, digest: &Digest) -> Result<(u8, &[u8]), CardError> {
        match (self, digest) {
            (Self::RsaSha256, Digest::Sha256(bytes)) => Ok((SHA_256_DIGEST, bytes)),
            (Self::EcdsaP384, Digest::Sha384(bytes)) => Ok((BARE_DIGEST, bytes)),
            _ => Err(CardError::DigestUnfit),
        }
    }

    /// Bytes of a signature as the card gives it.
    pub(crate) fn answer_bytes(self) -> u16 {
        match self {
            Self::RsaSha256 => RSA_2048_BYTES,
            Self::EcdsaP384 => R_AND_S_BYTES,
        }
    }

    /// The signature as CMS carries it: of ECDSA, an `Ecdsa-Sig-Value`. RFC 5753, section 7.2.
    pub(crate) fn signature(self, answer: Vec<u8>) -> Result<Vec<u8>, CardError> {
        if answer.len() != usize::from(self.answer_bytes()) {
            return Err(CardError::Malformed { during: Stage::Sign });
        }
        match self {
            Self::RsaSha256 => Ok(answer),
            Self::EcdsaP384 => der::ecdsa_signature(&answer).ok_or(CardError::Malformed { during: Stage::Sign }),
        }
    }
}

/// Tried in this order. A card that knows none is not ours.
pub(crate) const PROFILES: [Profile; 2] = [MY_NUMBER_CARD, TRIAL_CARD];

/// The card since 2016. AID of the JPKI application (公的個人認証AP): all clients, and OpenSC `card-jpki.c`.
const MY_NUMBER_CARD: Profile =
    Profile { application: &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01], algorithm: Algorithm::RsaSha256 };

/// Stands in for the next card, planned with ECDSA on P-384 and SHA-384 (task force of the Digital Agency, 2024).
/// Its AID is not published: this one is ours, from the range of names that nobody registers (first digit F,
/// ISO 7816-4, section 12.2.3), and so are the parameters of its signature.
const TRIAL_CARD: Profile =
    Profile { application: &[0xF0, 0x4B, 0x41, 0x5A, 0x41, 0x53, 0x55, 0x03, 0x84, 0x01], algorithm: Algorithm::EcdsaP384 };

/// A signature by today's key.
const RSA_2048_BYTES: u16 = 256;
/// Two numbers of 384 bits.
const R_AND_S_BYTES: u16 = 96;
/// P1 of the trial card's signature: the digest is signed as it comes.
const BARE_DIGEST: u8 = 0x00;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_of_the_other_kind_is_not_signed() {
        assert!(matches!(Algorithm::RsaSha256.input(&Digest::Sha384([0; 48])), Err(CardError::DigestUnfit)));
        assert!(matches!(Algorithm::EcdsaP384.input(&Digest::Sha256([0; 32])), Err(CardError::DigestUnfit)));
    }

    #[test]
    fn a_signature_of_another_length_is_malformed() {
        for (algorithm, bytes) in [(Algorithm::RsaSha256, 255), (Algorithm::EcdsaP384, 95), (Algorithm::EcdsaP384, 256)] {
            let malformed = CardError::Malformed { during: Stage::Sign };
            assert_eq!(algorithm.signature(vec![1; bytes]), Err(malformed), "{bytes} bytes");
        }
    }
}
