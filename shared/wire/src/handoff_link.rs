use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::frame::{Frame, Step};
use crate::{HANDOFF_VERSION, LinkHost, LinkSecret, Origin, SessionId, Ticket, base64url, credential};

/// What a QR, a tap or a pasted text brings: `<base>/s#` and a payload in base64url without padding.
///
/// The payload is version (1 byte), kind (1), session (16), secret (32) and proof (12 or 16). A web server never
/// sees it, because it stands behind the `#`. Has no `Debug`: it holds a secret.
pub struct Link {
    /// Where the relay is reached.
    pub base: Origin,
    pub session: SessionId,
    pub secret: LinkSecret,
    pub proof: Proof,
}

/// By what the bearer of a link is admitted. Has no `Debug`: a ticket admits whoever holds it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// From the moving QR, through the scanner inside the app.
    Moving(Frame),
    /// From 「アプリを起動する」, in the browser of the same device.
    Launch(#[serde(with = "credential::ticket")] Ticket),
    /// From 「リンクをコピー」.
    Copied(#[serde(with = "credential::ticket")] Ticket),
}

/// How a link came to the phone. Kinds do not stand in for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    Moving,
    Launch,
    Copied,
}

/// Whose links an app takes up.
#[derive(Debug, Clone)]
pub struct AcceptedHosts {
    names: Vec<LinkHost>,
    has_loopback: bool,
}

/// Why a scanned or pasted text is no link for this app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkProblem {
    /// E-QR-01
    #[error("not a link to a signing")]
    NotOurQr,
    /// E-QR-07
    #[error("a link of a later version than this app knows")]
    AppTooOld,
}

impl Link {
    /// Takes any text whatever. Surrounding white space is what a paste brings along, and is ignored.
    pub fn parse(text: &str, accepted: &AcceptedHosts) -> Result<Self, LinkProblem> {
        let (address, payload) = text.trim().split_once('#').ok_or(LinkProblem::NotOurQr)?;
        let base = address.strip_suffix(PATH).ok_or(LinkProblem::NotOurQr)?;
        let base = Origin::parse(base).map_err(|_| LinkProblem::NotOurQr)?;
        if base64url::first_byte(payload).is_some_and(|version| version > HANDOFF_VERSION) {
            return Err(LinkProblem::AppTooOld);
        }
        if !accepted.has(&base) || payload.len() > MAX_PAYLOAD_TEXT {
            return Err(LinkProblem::NotOurQr);
        }
        let payload = Zeroizing::new(base64url::to_bytes(payload).ok_or(LinkProblem::NotOurQr)?);
        Self::from_payload(base, &payload).ok_or(LinkProblem::NotOurQr)
    }

    pub fn to_text(&self) -> Zeroizing<String> {
        let mut payload = Zeroizing::new(Vec::with_capacity(MAX_PAYLOAD_TEXT));
        payload.extend_from_slice(&[HANDOFF_VERSION, self.kind().to_byte()]);
        payload.extend_from_slice(self.session.as_bytes());
        payload.extend_from_slice(self.secret.as_bytes());
        match &self.proof {
            Proof::Moving(frame) => {
                payload.extend_from_slice(&frame.step.to_be_bytes());
                payload.extend_from_slice(&frame.mac);
            }
            Proof::Launch(ticket) | Proof::Copied(ticket) => payload.extend_from_slice(ticket.as_bytes()),
        }
        let payload = Zeroizing::new(base64url::to_text(&payload));
        Zeroizing::new(format!("{}{PATH}#{}", self.base, *payload))
    }

    pub fn kind(&self) -> LinkKind {
        self.proof.kind()
    }

    pub fn host(&self) -> LinkHost {
        self.base.host()
    }

    fn from_payload(base: Origin, payload: &[u8]) -> Option<Self> {
        let ([version, kind], rest) = payload.split_first_chunk()?;
        let (session, rest) = rest.split_first_chunk::<{ SessionId::LENGTH }>()?;
        let (secret, proof) = rest.split_first_chunk::<{ LinkSecret::LENGTH }>()?;
        let proof = Proof::from_bytes(LinkKind::from_byte(*kind)?, proof)?;
        let (session, secret) = (SessionId::from_bytes(*session), LinkSecret::from_bytes(*secret));
        (*version == HANDOFF_VERSION).then_some(Self { base, session, secret, proof })
    }
}

impl Proof {
    pub fn kind(&self) -> LinkKind {
        match self {
            Self::Moving(_) => LinkKind::Moving,
            Self::Launch(_) => LinkKind::Launch,
            Self::Copied(_) => LinkKind::Copied,
        }
    }

    fn from_bytes(kind: LinkKind, bytes: &[u8]) -> Option<Self> {
        let ticket = || Some(Ticket::from_bytes(bytes.try_into().ok()?));
        match kind {
            LinkKind::Moving => {
                let (step, mac) = bytes.split_first_chunk()?;
                let step = Step::from_number(u32::from_be_bytes(*step));
                Some(Self::Moving(Frame { step, mac: mac.try_into().ok()? }))
            }
            LinkKind::Launch => ticket().map(Self::Launch),
            LinkKind::Copied => ticket().map(Self::Copied),
        }
    }
}

impl LinkKind {
    pub const ALL: [Self; 3] = [Self::Moving, Self::Launch, Self::Copied];

    /// The byte of it in links and transcripts.
    pub fn to_byte(self) -> u8 {
        match self {
            Self::Moving => 1,
            Self::Launch => 2,
            Self::Copied => 3,
        }
    }

    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.to_byte() == byte)
    }

    /// The word of it in messages, for stores and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Moving => "moving",
            Self::Launch => "launch",
            Self::Copied => "copied",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// A launch is confirmed by the cookie of the browser that asked for it; the others by digits.
    pub fn needs_number(self) -> bool {
        self != Self::Launch
    }
}

impl AcceptedHosts {
    /// For the apps: what `link-hosts.txt` lists.
    pub fn of_apps() -> Self {
        Self::listed(LINK_HOSTS)
    }

    /// For `kazasu` and the practice phone: the same, and loopback.
    pub fn of_desktop() -> Self {
        Self::of_apps().and_loopback()
    }

    /// From a text in the form of `link-hosts.txt`. Lines that are no host, and comments, accept nothing.
    pub fn listed(text: &str) -> Self {
        Self { names: text.lines().filter_map(|line| LinkHost::parse(line.trim()).ok()).collect(), has_loopback: false }
    }

    /// Adds loopback to the list.
    pub fn and_loopback(self) -> Self {
        Self { has_loopback: true, ..self }
    }

    pub fn has_loopback(&self) -> bool {
        self.has_loopback
    }

    /// `base` is an origin, so what is not on loopback is https and a DNS name.
    pub fn has(&self, base: &Origin) -> bool {
        if base.is_loopback() { self.has_loopback } else { self.names.contains(&base.host()) }
    }
}

const PATH: &str = "/s";
const LINK_HOSTS: &str = include_str!("../link-hosts.txt");
/// Version, kind, session, secret and ticket are 66 bytes: 88 signs.
const MAX_PAYLOAD_TEXT: usize = (2 + SessionId::LENGTH + LinkSecret::LENGTH + Ticket::LENGTH).div_ceil(3) * 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_shipped_list_is_a_host_or_a_comment() {
        let lines: Vec<&str> = LINK_HOSTS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(!lines.is_empty());
        assert!(lines.iter().all(|line| LinkHost::parse(line).is_ok_and(|host| host.as_str() == *line)));
        assert_eq!(AcceptedHosts::of_apps().names.len(), lines.len());
    }

    #[test]
    fn loopback_in_the_list_is_still_refused_by_apps() {
        let base = Origin::parse("http://127.0.0.1:8080").expect("loopback");
        assert!(!AcceptedHosts::listed("127.0.0.1:8080").has(&base));
        assert!(AcceptedHosts::listed("").and_loopback().has(&base));
    }
}
