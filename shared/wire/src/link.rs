use crate::base64url;
use crate::{LinkProblem, LinkSecret, Origin, SessionId, Ticket, VERSION};

/// What the QR carries: `<base>/s#` and a payload in base64url without padding.
///
/// The payload is version (1 byte), kind (1), session (16), secret (32), ticket (16). A web server never
/// sees it, because it stands behind the `#`. Has no `Debug`: it holds a secret.
pub struct Link {
    /// Where the relay is reached, and the host that is shown for it.
    pub base: Origin,
    pub session: SessionId,
    pub secret: LinkSecret,
    pub ticket: Ticket,
}

impl Link {
    /// Takes any text whatever. Surrounding white space is what a paste brings along, and is ignored.
    pub fn parse(text: &str) -> Result<Self, LinkProblem> {
        let (address, payload) = text.trim().split_once('#').ok_or(LinkProblem::NotOurQr)?;
        let base = address.strip_suffix(PATH).ok_or(LinkProblem::NotOurQr)?;
        let base = Origin::parse(base).map_err(|_| LinkProblem::NotOurQr)?;
        if base64url::first_byte(payload).is_some_and(|version| version > NEWEST_KNOWN_VERSION) {
            return Err(LinkProblem::AppTooOld);
        }
        if !base.is_loopback() {
            return Err(LinkProblem::NotOurQr);
        }
        let payload = base64url::to_array::<PAYLOAD_BYTES>(payload).ok_or(LinkProblem::NotOurQr)?;
        Self::from_payload(base, &payload).ok_or(LinkProblem::NotOurQr)
    }

    pub fn to_text(&self) -> String {
        let mut payload = vec![VERSION, KIND_COPIED];
        payload.extend_from_slice(self.session.as_bytes());
        payload.extend_from_slice(self.secret.as_bytes());
        payload.extend_from_slice(self.ticket.as_bytes());
        format!("{}{PATH}#{}", self.base, base64url::to_text(&payload))
    }

    fn from_payload(base: Origin, payload: &[u8; PAYLOAD_BYTES]) -> Option<Self> {
        let rest = payload.strip_prefix(&[VERSION, KIND_COPIED])?;
        let (session, rest) = rest.split_first_chunk::<{ SessionId::LENGTH }>()?;
        let (secret, ticket) = rest.split_first_chunk::<{ LinkSecret::LENGTH }>()?;
        Some(Self {
            base,
            session: SessionId::from_bytes(*session),
            secret: LinkSecret::from_bytes(*secret),
            ticket: Ticket::from_bytes(ticket.try_into().ok()?),
        })
    }
}

const PATH: &str = "/s";
/// The byte of the link's kind for a link that was copied. protocol.md, section Link.
const KIND_COPIED: u8 = 3;
const PAYLOAD_BYTES: usize = 2 + SessionId::LENGTH + LinkSecret::LENGTH + Ticket::LENGTH;
/// The version that protocol.md describes. Any later one may mean anything, so only the app's update helps.
const NEWEST_KNOWN_VERSION: u8 = 1;
