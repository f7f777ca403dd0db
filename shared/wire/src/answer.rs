//! The service's signed answer to one phone's commitment on one relay.

use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::public::{AnswerSignature, Commitment, OriginKey, ServiceKey};
use crate::{KeyId, Meeting, Origin, ProblemCode, SessionKind};

/// Service → phone, through the relay. One session takes one, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAnswer {
    pub kind: SessionKind,
    /// Who asks. The revision to sign must name the same origin in its /Location.
    pub origin: Origin,
    pub signing_key: KeyId,
    pub service_key: ServiceKey,
    pub signature: AnswerSignature,
}

/// An answer that fits the phone's own commitment, under a key that the origin publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedAnswer {
    meeting: Meeting,
    service_key: ServiceKey,
    name: Option<String>,
}

/// Why an answer is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerProblem {
    /// The key file is fetched again, once.
    #[error("an answer under a key that the origin does not publish")]
    UnknownKey,
    #[error("an answer under a key that is no longer used")]
    KeyTooOld,
    #[error("an answer through a relay that the origin does not list")]
    RelayNotListed,
    #[error("an answer that its key has not signed, or that was given to another phone")]
    SignatureDoesNotFit,
}

/// Signs the answers of an origin. RFC 8032.
///
/// Wiped from memory when dropped. Has no `Debug`, no `Clone` and no `Serialize`.
pub struct AnswerKey(SigningKey);

impl AnswerKey {
    /// From the 32 secret bytes of RFC 8032, section 5.1.5.
    pub fn from_bytes(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// What the origin publishes.
    pub fn origin_key(&self) -> OriginKey {
        OriginKey::from_bytes(self.0.verifying_key().to_bytes())
    }

    pub fn answer(&self, id: KeyId, meeting: &Meeting, commitment: &Commitment, service_key: ServiceKey) -> ServiceAnswer {
        let bytes = signed_bytes(meeting, &id, commitment, &service_key);
        let signature = AnswerSignature::from_bytes(self.0.sign(&bytes).to_bytes());
        let (kind, origin) = (meeting.session_kind, meeting.origin.clone());
        ServiceAnswer { kind, origin, signing_key: id, service_key, signature }
    }
}

impl VerifiedAnswer {
    /// Only a key file makes one; see [`crate::OriginKeys::verify`].
    pub(crate) fn new(answer: &ServiceAnswer, meeting: Meeting, name: Option<String>) -> Self {
        Self { meeting, service_key: answer.service_key, name }
    }

    /// An answer from this very machine, where nobody stands between: there is no key file to ask.
    /// `None` unless both the origin and the link are on loopback.
    pub fn on_loopback(answer: &ServiceAnswer, link: &crate::Link) -> Option<Self> {
        let is_here = answer.origin.is_loopback() && link.base.is_loopback();
        is_here.then(|| Self::new(answer, link.meeting(answer), None))
    }

    pub fn meeting(&self) -> &Meeting {
        &self.meeting
    }

    pub fn service_key(&self) -> ServiceKey {
        self.service_key
    }

    /// What the origin calls itself. Its address was checked, its name was not; never shown larger than the origin.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl crate::Link {
    /// What phone and service are to agree on, as this link and the answer to it say.
    pub(crate) fn meeting(&self, answer: &ServiceAnswer) -> Meeting {
        Meeting {
            session: self.session,
            session_kind: answer.kind,
            link_kind: self.kind(),
            origin: answer.origin.clone(),
            link_host: self.host(),
        }
    }
}

impl From<AnswerProblem> for ProblemCode {
    fn from(_: AnswerProblem) -> Self {
        Self::BadAnswer
    }
}

/// protocol.md, section Keys, step 2, and the two that a relay could else exchange: the session's kind and the key's name.
pub(crate) fn signed_bytes(meeting: &Meeting, key: &KeyId, commitment: &Commitment, service_key: &ServiceKey) -> Vec<u8> {
    [
        b"kazasu/1 answer",
        &[meeting.session_kind.to_byte()][..],
        &key.sha256(),
        &meeting.origin.sha256(),
        &meeting.link_host.sha256(),
        meeting.session.as_bytes(),
        commitment.as_bytes(),
        service_key.as_bytes(),
    ]
    .concat()
}
