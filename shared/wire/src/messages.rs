use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{CredentialHash, Message, Origin, Ticket, base64url, credential};

/// Phone → relay: takes up the session. The first claim wins. Has no `Debug`: it holds the ticket.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub version: u8,
    #[serde(with = "credential::ticket")]
    pub ticket: Ticket,
    /// Of the token that the phone will show with every later call.
    pub token_hash: CredentialHash,
    pub app_version: String,
}

/// Relay → phone: the session is this phone's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claimed {
    pub version: u8,
    /// Who asks. The revision to sign must name the same origin in its /Location.
    pub origin: Origin,
    /// Until the deadline, at the moment of the answer; the phone counts from the moment it asked.
    pub seconds_left: u64,
}

/// Service → phone: what is to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningRequest {
    pub version: u8,
    pub documents: Vec<DocumentOffer>,
    pub consents: Vec<Consent>,
}

/// One document to sign. Byte range, pages and declared name are read from the revision itself.
///
/// `Debug` shows neither title nor parties.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentOffer {
    pub title: String,
    pub parties: Vec<String>,
    /// Of the whole revision as it is served.
    #[serde(with = "base64url::digest")]
    pub sha256: [u8; 32],
    /// Length of the whole revision as it is served.
    pub bytes: u64,
    pub format: SignatureFormat,
}

impl fmt::Debug for DocumentOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentOffer").field("bytes", &self.bytes).field("format", &self.format).finish_non_exhaustive()
    }
}

/// Form of the signature that the service will embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureFormat {
    /// PAdES baseline B. ETSI EN 319 142-1, section 6.
    PadesBB,
}

/// A sentence that the person agrees to, given on the page and confirmed on the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub id: String,
    pub text_ja: String,
    pub text_en: String,
    #[serde(with = "base64url::digest")]
    pub text_sha256: [u8; 32],
}

impl Consent {
    /// Computes the hash that binds the person's answer to these words.
    pub fn new(id: &str, text_ja: &str, text_en: &str) -> Self {
        let text_sha256 = text_hash(text_ja, text_en);
        Self { id: id.to_owned(), text_ja: text_ja.to_owned(), text_en: text_en.to_owned(), text_sha256 }
    }

    pub fn has_its_own_hash(&self) -> bool {
        self.text_sha256 == text_hash(&self.text_ja, &self.text_en)
    }
}

/// Phone → page, through the relay: where the person is. Decoration; nothing is decided by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    pub version: u8,
    pub stage: Stage,
}

/// The steps of a signing that the page shows while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Claimed,
    Matched,
    Password,
    Card,
    Sending,
}

impl Stage {
    pub const ALL: [Self; 5] = [Self::Claimed, Self::Matched, Self::Password, Self::Card, Self::Sending];

    /// The word of it in messages, for stores and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Matched => "matched",
            Self::Password => "password",
            Self::Card => "card",
            Self::Sending => "sending",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

/// Relay → phone: the session waits for the card; from here on the page asks before cancelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    pub version: u8,
    pub seconds_left: u64,
}

impl Message for Claim {}
impl Message for Claimed {}
impl Message for SigningRequest {}
impl Message for Progress {}
impl Message for Begun {}

/// Both languages are hashed, with a line feed between, so neither can be changed behind the person's back.
fn text_hash(text_ja: &str, text_en: &str) -> [u8; 32] {
    Sha256::new().chain_update(text_ja).chain_update("\n").chain_update(text_en).finalize().into()
}
