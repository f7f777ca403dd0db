//! Commit, answer, reveal: how phone and service come to the same keys although a relay carries their words.

use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, Zeroizing};

use crate::public::{Commitment, Nonce, PhoneKey, ServiceKey, Transcript};
use crate::{
    HandoffKeys, LinkHost, LinkKind, LinkSecret, Origin, ProblemCode, Reveal, SessionId, SessionKind, VerifiedAnswer, VersionOne,
};

/// The private half of an X25519 key pair that serves one session.
///
/// Wiped from memory when dropped. Has no `Debug`, no `Clone` and no `Serialize`.
pub struct EphemeralKey(StaticSecret);

/// The phone's end, from before the claim until the reveal. Has no `Debug` and no `Clone`.
pub struct PhoneEnd {
    key: EphemeralKey,
    nonce: Nonce,
}

/// The service's end. Its key is made after the commitment was stored. Has no `Debug` and no `Clone`.
pub struct ServiceEnd {
    key: EphemeralKey,
}

/// What is settled about a session before any key is: part of every transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    pub session: SessionId,
    pub session_kind: SessionKind,
    pub link_kind: LinkKind,
    pub origin: Origin,
    pub link_host: LinkHost,
}

/// Why there are no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeProblem {
    #[error("a reveal that does not fit its commitment")]
    RevealDoesNotFit,
    /// The other end's key is a point of small order. RFC 7748, section 6.1.
    #[error("an all-zero shared value")]
    AllZero,
}

impl EphemeralKey {
    /// From 32 random bytes.
    pub fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(StaticSecret::from(*bytes))
    }

    /// For the service's store, where the key waits for the reveal and is deleted with the session.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    fn public_bytes(&self) -> [u8; 32] {
        PublicKey::from(&self.0).to_bytes()
    }

    /// `HKDF-Extract(salt = secret, X25519(own, peer))`. RFC 5869, section 2.2.
    fn extract(&self, peer: [u8; 32], secret: &LinkSecret) -> Result<Zeroizing<[u8; 32]>, ExchangeProblem> {
        let shared = self.0.diffie_hellman(&PublicKey::from(peer));
        if !shared.was_contributory() {
            return Err(ExchangeProblem::AllZero);
        }
        let (mut extracted, _) = Hkdf::<Sha256>::extract(Some(secret.as_bytes()), shared.as_bytes());
        let prk = Zeroizing::new(extracted.into());
        extracted.as_mut_slice().zeroize();
        Ok(prk)
    }
}

impl PhoneEnd {
    pub fn new(key: EphemeralKey, nonce: Nonce) -> Self {
        Self { key, nonce }
    }

    pub fn commitment(&self, session: SessionId) -> Commitment {
        commitment(session, &self.phone_key(), &self.nonce)
    }

    /// Ends the commitment: what is sent to the service now, and the keys that follow from it.
    pub fn reveal(self, answer: &VerifiedAnswer, secret: &LinkSecret) -> Result<(Reveal, HandoffKeys), ExchangeProblem> {
        let meeting = answer.meeting();
        let prk = self.key.extract(*answer.service_key().as_bytes(), secret)?;
        let reveal = Reveal { version: VersionOne, phone_key: self.phone_key(), nonce: self.nonce };
        let transcript = meeting.transcript(&self.commitment(meeting.session), &answer.service_key(), &reveal);
        Ok((reveal, HandoffKeys::new(prk, meeting.session, transcript)))
    }

    fn phone_key(&self) -> PhoneKey {
        PhoneKey::from_bytes(self.key.public_bytes())
    }
}

impl ServiceEnd {
    pub fn new(key: EphemeralKey) -> Self {
        Self { key }
    }

    pub fn service_key(&self) -> ServiceKey {
        ServiceKey::from_bytes(self.key.public_bytes())
    }

    /// For the store. [`EphemeralKey::to_bytes`].
    pub fn key(&self) -> &EphemeralKey {
        &self.key
    }

    /// The keys, if the reveal fits the commitment that was stored. Either problem ends the session.
    pub fn agree(
        &self,
        meeting: &Meeting,
        stored: &Commitment,
        reveal: &Reveal,
        secret: &LinkSecret,
    ) -> Result<HandoffKeys, ExchangeProblem> {
        let fitting = commitment(meeting.session, &reveal.phone_key, &reveal.nonce);
        if !bool::from(fitting.as_bytes().ct_eq(stored.as_bytes())) {
            return Err(ExchangeProblem::RevealDoesNotFit);
        }
        let prk = self.key.extract(*reveal.phone_key.as_bytes(), secret)?;
        let transcript = meeting.transcript(stored, &self.service_key(), reveal);
        Ok(HandoffKeys::new(prk, meeting.session, transcript))
    }
}

impl Meeting {
    /// protocol.md, section Keys, step 4.
    fn transcript(&self, commitment: &Commitment, service_key: &ServiceKey, reveal: &Reveal) -> Transcript {
        let hash = Sha256::new_with_prefix("kazasu/1 transcript")
            .chain_update([self.session_kind.to_byte(), self.link_kind.to_byte()])
            .chain_update(self.session.as_bytes())
            .chain_update(commitment.as_bytes())
            .chain_update(service_key.as_bytes())
            .chain_update(reveal.phone_key.as_bytes())
            .chain_update(reveal.nonce.as_bytes())
            .chain_update(self.origin.sha256())
            .chain_update(self.link_host.sha256());
        Transcript::from_bytes(hash.finalize().into())
    }
}

impl From<ExchangeProblem> for ProblemCode {
    fn from(_: ExchangeProblem) -> Self {
        Self::BadReveal
    }
}

/// protocol.md, section Keys, step 1.
fn commitment(session: SessionId, phone_key: &PhoneKey, nonce: &Nonce) -> Commitment {
    let hash = Sha256::new_with_prefix("kazasu/1 commit")
        .chain_update(session.as_bytes())
        .chain_update(phone_key.as_bytes())
        .chain_update(nonce.as_bytes());
    Commitment::from_bytes(hash.finalize().into())
}
