use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base64url;

/// Form of the signature that the service will embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureFormat {
    /// PAdES baseline B. ETSI EN 319 142-1, section 6.
    PadesBB,
}

/// A sentence that the person agrees to, given on the page and confirmed on the phone. `Debug` shows none of its words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub id: String,
    pub text_ja: String,
    pub text_en: String,
    #[serde(with = "base64url::digest")]
    pub text_sha256: [u8; 32],
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent").field("id", &self.id).finish_non_exhaustive()
    }
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

/// Both languages are hashed, with a line feed between, so neither can be changed behind the person's back.
fn text_hash(text_ja: &str, text_en: &str) -> [u8; 32] {
    Sha256::new().chain_update(text_ja).chain_update("\n").chain_update(text_en).finalize().into()
}
