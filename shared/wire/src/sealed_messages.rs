//! The sealed messages of a hand-off: phone and service read them, the relay does not.

use serde::{Deserialize, Serialize};

use crate::document::content_key;
use crate::handoff_messages::is_app_version;
use crate::{
    Consent, ConsentGiven, ContentKey, Message, RefusalKind, RejectReason, SignatureFormat, SignedDocument, VersionOne, base64url,
};

/// Service → phone: what is to be signed. Has no `Debug` and no `Clone`: it holds the keys of the documents.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningRequest {
    pub version: VersionOne,
    pub documents: Vec<DocumentOffer>,
    pub consents: Vec<Consent>,
}

/// One document to sign. Byte range, size, pages and declared name are read from the revision itself.
///
/// Has no `Debug` and no `Clone`: it holds the document's key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentOffer {
    pub title: String,
    pub parties: Vec<String>,
    /// Of the whole revision.
    #[serde(with = "base64url::digest")]
    pub sha256: [u8; 32],
    pub format: SignatureFormat,
    #[serde(with = "content_key")]
    pub content_key: ContentKey,
}

/// Phone → service: the signatures of one touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningResult {
    pub version: VersionOne,
    /// In the order of the request.
    pub documents: Vec<SignedDocument>,
    pub consents: Vec<ConsentGiven>,
    pub touches: u32,
    /// As the card said before the password, if it gave a number.
    #[serde(deserialize_with = "Option::deserialize")]
    pub tries_left_before: Option<u8>,
    /// What a right password leaves, where the card gave a number before it. It follows from the signature; the card is
    /// not asked once more.
    #[serde(deserialize_with = "Option::deserialize")]
    pub tries_left_after: Option<u8>,
    pub app_version: String,
}

/// Service → phone: what became of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub version: VersionOne,
    pub settlement: Settlement,
}

/// How a delivered result was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Settlement {
    Completed,
    Rejected { reason: RejectReason },
}

/// Phone → service: the signing ends here, unsigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub version: VersionOne,
    pub kind: RefusalKind,
}

impl Message for SigningRequest {
    fn is_within_limits(&self) -> bool {
        (1..=MAX_DOCUMENTS).contains(&self.documents.len())
            && self.consents.len() <= MAX_CONSENTS
            && self.documents.iter().all(DocumentOffer::is_within_limits)
            && self.consents.iter().all(has_short_words)
    }
}

impl DocumentOffer {
    fn is_within_limits(&self) -> bool {
        (1..=MAX_TITLE_BYTES).contains(&self.title.len())
            && self.parties.len() <= MAX_PARTIES
            && self.parties.iter().all(|party| (1..=MAX_PARTY_BYTES).contains(&party.len()))
    }
}

impl Message for SigningResult {
    fn is_within_limits(&self) -> bool {
        (1..=MAX_DOCUMENTS).contains(&self.documents.len())
            && self.consents.len() <= MAX_CONSENTS
            && self.documents.iter().all(is_of_a_card)
            && self.consents.iter().all(|consent| is_short_id(&consent.id))
            && is_app_version(&self.app_version)
    }
}

impl Message for Outcome {}

impl Message for Refusal {}

fn has_short_words(consent: &Consent) -> bool {
    let is_short = |words: &String| (1..=MAX_CONSENT_BYTES).contains(&words.len());
    is_short_id(&consent.id) && is_short(&consent.text_ja) && is_short(&consent.text_en)
}

fn is_short_id(id: &str) -> bool {
    (1..=MAX_CONSENT_ID_BYTES).contains(&id.len())
}

fn is_of_a_card(document: &SignedDocument) -> bool {
    (1..=MAX_CERTIFICATE_BYTES).contains(&document.certificate.len())
        && (1..=MAX_ATTRIBUTES_BYTES).contains(&document.signed_attributes.len())
        && (1..=MAX_SIGNATURE_BYTES).contains(&document.signature.len())
}

/// Of one hand-off. Each is opened, or signed unopened, by the person who holds the card.
pub const MAX_DOCUMENTS: usize = 50;
pub const MAX_TITLE_BYTES: usize = 1_024;
pub const MAX_PARTIES: usize = 16;
pub const MAX_PARTY_BYTES: usize = 1_024;
pub const MAX_CONSENTS: usize = 16;
const MAX_CONSENT_BYTES: usize = 4_096;
const MAX_CONSENT_ID_BYTES: usize = 64;
/// Four times what a card issued today holds.
const MAX_CERTIFICATE_BYTES: usize = 8 * 1024;
/// Content type, digest, signing certificate and a claimed time: a few hundred bytes.
const MAX_ATTRIBUTES_BYTES: usize = 1_024;
/// RSA of 4,096 bits.
const MAX_SIGNATURE_BYTES: usize = 512;
