//! What the service holds of a session's keys, sealed and opened.

use rand::random;
use wire::{
    AnswerKey, EphemeralKey, FrameKey, HandoffKeys, KeyId, LinkHost, LinkSecret, Meeting, Origin, Reveal, ServiceAnswer,
    ServiceEnd, SessionId,
};
use zeroize::Zeroizing;

use super::row::{Answered, Session};
use crate::vault::{Place, Vault, VaultProblem};

/// What a page must have to draw a session's links and to hear of it. Has no `Debug` and no `Clone`.
pub struct LinkKeys {
    pub secret: LinkSecret,
    pub frame_key: FrameKey,
    pub page_token: Zeroizing<String>,
}

/// Who answers, and where its links lead.
#[derive(Debug, Clone)]
pub(in crate::handoff) struct Ends {
    pub origin: Origin,
    pub link_origin: Origin,
}

impl LinkKeys {
    #[must_use]
    pub fn seal(&self, vault: &Vault, id: SessionId) -> Vec<u8> {
        let parts = [&self.secret.as_bytes()[..], self.frame_key.as_bytes(), self.page_token.as_bytes()];
        let plain = Zeroizing::new(parts.concat());
        vault.seal(Place { column: LINK, row: &id.to_string() }, &plain)
    }

    pub fn open(vault: &Vault, id: SessionId, sealed: &[u8]) -> Result<Self, VaultProblem> {
        let plain = vault.open(Place { column: LINK, row: &id.to_string() }, sealed)?;
        Self::read(&plain).ok_or(VaultProblem::DoesNotOpen(LINK))
    }

    fn read(plain: &[u8]) -> Option<Self> {
        let (secret, rest) = plain.split_first_chunk()?;
        let (frame_key, page_token) = rest.split_first_chunk()?;
        Some(Self {
            secret: LinkSecret::from_bytes(*secret),
            frame_key: FrameKey::from_bytes(*frame_key),
            page_token: Zeroizing::new(std::str::from_utf8(page_token).ok()?.to_owned()),
        })
    }
}

impl Ends {
    fn link_host(&self) -> LinkHost {
        self.link_origin.host()
    }

    /// None before the claim.
    fn meeting(&self, session: &Session) -> Option<Meeting> {
        Some(Meeting {
            session: session.id,
            session_kind: session.kind,
            link_kind: session.claim?.link_kind,
            origin: self.origin.clone(),
            link_host: self.link_host(),
        })
    }

    /// A fresh ephemeral key and the signed answer with it; `None` before the claim is stored.
    #[must_use]
    pub(super) fn answer(&self, session: &Session, key: (KeyId, AnswerKey), vault: &Vault) -> Option<Answered> {
        let (id, key) = key;
        let meeting = self.meeting(session)?;
        let end = ServiceEnd::new(EphemeralKey::from_bytes(Zeroizing::new(random())));
        let answer = key.answer(id, &meeting, &session.claim?.commitment, end.service_key());
        let sealed = vault.seal(Place { column: EPHEMERAL, row: &session.id.to_string() }, &end.key().to_bytes()[..]);
        Some(Answered { sealed_ephemeral: Some(sealed), answer: to_json(&answer) })
    }

    /// All keys of the session, if the reveal fits. `Ok(None)` where it does not, or where there is nothing to fit it to.
    pub(in crate::handoff) fn keys(
        &self,
        session: &Session,
        reveal: &Reveal,
        vault: &Vault,
    ) -> Result<Option<HandoffKeys>, VaultProblem> {
        let sealed = session.answered.as_ref().and_then(|answered| answered.sealed_ephemeral.as_ref());
        let (Some(sealed), Some(link), Some(claim)) = (sealed, &session.sealed_link, session.claim) else { return Ok(None) };
        let Some(meeting) = self.meeting(session) else { return Ok(None) };
        let ephemeral = vault.open_array(Place { column: EPHEMERAL, row: &session.id.to_string() }, sealed)?;
        let secret = LinkKeys::open(vault, session.id, link)?.secret;
        let end = ServiceEnd::new(EphemeralKey::from_bytes(ephemeral));
        Ok(end.agree(&meeting, &claim.commitment, reveal, &secret).ok())
    }
}

fn to_json(answer: &ServiceAnswer) -> Vec<u8> {
    serde_json::to_vec(answer).expect("a structure with text keys has a JSON form")
}

const LINK: &str = "service_sessions.sealed_link";
const EPHEMERAL: &str = "service_sessions.sealed_ephemeral";
