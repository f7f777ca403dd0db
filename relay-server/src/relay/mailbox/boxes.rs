//! What lies in a session's mailbox: bytes that the relay cannot tell, each put once and for ever.

use wire::{MAX_DOCUMENTS, MAX_DOCUMENTS_BYTES, MAX_ENVELOPE_BYTES};

use crate::clock::Moment;

/// One place of a session's mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoxName {
    Answer,
    Reveal,
    Request,
    Document(u16),
    Result,
    Refusal,
    Rehearsal,
    Outcome,
}

/// What is known of a full box, also after its content has gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxFacts {
    pub sha256: [u8; 32],
    pub bytes: u64,
    /// When the last byte of it was stored.
    pub completed: Moment,
}

/// What is put into a box.
pub struct Deposit {
    pub name: BoxName,
    pub sha256: [u8; 32],
    pub bytes: u64,
    pub content: Content,
}

/// Where the bytes are.
pub enum Content {
    InRow(Vec<u8>),
    /// In a file of this name on the relay's shelf.
    OnShelf(String),
}

impl BoxName {
    /// `None` for an index that no hand-off reaches.
    #[must_use]
    pub fn document(index: u16) -> Option<Self> {
        (usize::from(index) < MAX_DOCUMENTS).then_some(Self::Document(index))
    }

    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Answer => "answer".to_owned(),
            Self::Reveal => "reveal".to_owned(),
            Self::Request => "request".to_owned(),
            Self::Document(index) => format!("{DOCUMENT}{index}"),
            Self::Result => "result".to_owned(),
            Self::Refusal => "refusal".to_owned(),
            Self::Rehearsal => "rehearsal".to_owned(),
            Self::Outcome => "outcome".to_owned(),
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code.strip_prefix(DOCUMENT) {
            Some(index) => Self::document(index.parse().ok()?).filter(|name| name.code() == code),
            None => Self::PLAIN.into_iter().find(|name| name.code() == code),
        }
    }

    const PLAIN: [Self; 7] =
        [Self::Answer, Self::Reveal, Self::Request, Self::Result, Self::Refusal, Self::Rehearsal, Self::Outcome];
}

impl Deposit {
    #[must_use]
    pub fn in_row(name: BoxName, content: Vec<u8>) -> Self {
        let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
        Self { name, sha256: super::sha256(&content), bytes, content: Content::InRow(content) }
    }
}

/// Nobody opens an envelope that is longer, however many documents it is about.
pub const LONGEST_RESULT: usize = MAX_ENVELOPE_BYTES;

/// All sealed documents of a session together: 100 MiB, and what sealing adds to each chunk and each document.
/// protocol.md, section Keys, step 7.
pub const MAX_SEALED_DOCUMENTS_BYTES: u64 =
    MAX_DOCUMENTS_BYTES + (MAX_DOCUMENTS_BYTES / CHUNK_BYTES + MOST_DOCUMENTS) * TAG_BYTES + MOST_DOCUMENTS * PREFIX;

const DOCUMENT: &str = "document-";
/// protocol.md, section Keys, step 7.
const CHUNK_BYTES: u64 = 64 * 1024;
const TAG_BYTES: u64 = 16;
/// [`MAX_DOCUMENTS`] and [`PREFIX_BYTES`] in the type of a length; the tests hold them together.
const MOST_DOCUMENTS: u64 = 50;
const PREFIX: u64 = 7;

#[cfg(test)]
mod tests {
    use wire::PREFIX_BYTES;

    use super::*;

    #[test]
    fn every_box_reads_back_from_its_word() {
        let documents = [0, 49].map(BoxName::Document);
        for name in BoxName::PLAIN.into_iter().chain(documents) {
            assert_eq!(BoxName::from_code(&name.code()), Some(name));
        }
        for foreign in ["", "document-", "document-50", "document-+1", "documents"] {
            assert_eq!(BoxName::from_code(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn the_limit_of_a_session_is_what_its_documents_take_when_sealed() {
        assert_eq!(usize::try_from(MOST_DOCUMENTS).ok(), Some(MAX_DOCUMENTS));
        assert_eq!(usize::try_from(PREFIX).ok(), Some(PREFIX_BYTES));
        let one = wire::sealed_bytes(MAX_DOCUMENTS_BYTES).expect("within the limit");
        assert!(one <= MAX_SEALED_DOCUMENTS_BYTES);
        let part = MAX_DOCUMENTS_BYTES / MOST_DOCUMENTS;
        let many = wire::sealed_bytes(part).expect("within the limit") * MOST_DOCUMENTS;
        assert!(many <= MAX_SEALED_DOCUMENTS_BYTES);
    }
}
