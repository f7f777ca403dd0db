//! Documents on their way to the phone: AES-256-GCM in chunks, by the STREAM construction of Hoang, Reyhanitabar,
//! Rogaway and Vizár ("Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", section 6).
//! The nonce of a chunk is prefix (7 bytes) ‖ counter (4) ‖ 1 for the last chunk, else 0.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::chunks::{CHUNK_BYTES, Chunks, SEALED_CHUNK_BYTES, Tally, fill};
use crate::{SessionId, base64url};

/// The key of one document of one session and upload: random, and spent by sealing.
///
/// Wiped from memory when dropped. Has no `Debug`, no `Clone` and no `Serialize`.
pub struct FreshContentKey(ContentKey);

/// The key under which a document was sealed; it travels inside the sealed request.
///
/// Wiped from memory when dropped. Has no `Debug`, no `Clone` and no `Serialize`.
pub struct ContentKey(Zeroizing<[u8; 32]>);

/// Seals a document piece by piece, holding one chunk of it.
pub struct DocumentSealer {
    key: ContentKey,
    chunks: Chunks,
    held: Vec<u8>,
    tally: Tally,
}

/// Opens a document piece by piece, holding one chunk of it.
///
/// What it writes is neither shown nor signed before [`Self::finish`] has said that it is the document.
pub struct DocumentOpener {
    chunks: Chunks,
    awaits_prefix: bool,
    held: Vec<u8>,
    tally: Tally,
    hash: Sha256,
}

/// Why a stream is not the document, or no document can be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentProblem {
    #[error("a document of no bytes")]
    Empty,
    /// Of the hand-off: 100 MiB together.
    #[error("documents of more than 100 MiB")]
    TooLarge,
    /// Altered, cut off, continued, or of another place, session or key.
    #[error("a chunk that does not open")]
    DoesNotOpen,
    #[error("another document than the request names")]
    OtherDocument,
}

impl FreshContentKey {
    /// From 32 random bytes.
    pub fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(ContentKey(bytes))
    }
}

impl ContentKey {
    /// From the service's store.
    pub fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl DocumentSealer {
    /// `index` counts from 0 in the order of the request; `prefix` is random, and goes out to `out` before all else.
    pub fn new(key: FreshContentKey, session: SessionId, index: u16, prefix: [u8; PREFIX_BYTES], out: &mut Vec<u8>) -> Self {
        out.extend_from_slice(&prefix);
        let FreshContentKey(key) = key;
        let chunks = Chunks::new(&key.0, session, index, prefix);
        Self { key, chunks, held: Vec::with_capacity(CHUNK_BYTES), tally: Tally::new(MAX_DOCUMENTS_BYTES) }
    }

    /// Appends to `out` what is ready to go: no more than `plain`, one chunk, and their tags.
    pub fn push(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), DocumentProblem> {
        self.tally.add(plain)?;
        while let Some(rest) = fill(&mut self.held, plain, CHUNK_BYTES) {
            self.chunks.seal(&mut self.held, false, out);
            plain = rest;
        }
        Ok(())
    }

    /// Seals the last chunk. The key comes back for the request, with the length of the document.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(ContentKey, u64), DocumentProblem> {
        let plain_bytes = self.tally.finish()?;
        self.chunks.seal(&mut self.held, true, out);
        Ok((self.key, plain_bytes))
    }
}

impl DocumentOpener {
    /// `budget_bytes` is what the documents before have left of [`MAX_DOCUMENTS_BYTES`].
    pub fn new(key: &ContentKey, session: SessionId, index: u16, budget_bytes: u64) -> Self {
        Self {
            chunks: Chunks::new(&key.0, session, index, [0; PREFIX_BYTES]),
            awaits_prefix: true,
            held: Vec::with_capacity(SEALED_CHUNK_BYTES),
            tally: Tally::new(budget_bytes.min(MAX_DOCUMENTS_BYTES)),
            hash: Sha256::new(),
        }
    }

    /// Appends to `out` what was opened: no more than `sealed` and one chunk.
    pub fn push(&mut self, mut sealed: &[u8], out: &mut Vec<u8>) -> Result<(), DocumentProblem> {
        loop {
            let full = if self.awaits_prefix { PREFIX_BYTES } else { SEALED_CHUNK_BYTES };
            let Some(rest) = fill(&mut self.held, sealed, full) else {
                return Ok(());
            };
            self.take(out)?;
            sealed = rest;
        }
    }

    /// Opens the last chunk. Only this says that nothing is missing, nothing follows, and the document is `sha256`;
    /// and how long it is.
    pub fn finish(mut self, sha256: &[u8; 32], out: &mut Vec<u8>) -> Result<u64, DocumentProblem> {
        if self.awaits_prefix {
            return Err(DocumentProblem::DoesNotOpen);
        }
        self.open(true, out)?;
        let plain_bytes = self.tally.finish()?;
        let is_named = self.hash.finalize().as_slice() == sha256;
        if is_named { Ok(plain_bytes) } else { Err(DocumentProblem::OtherDocument) }
    }

    /// What is held is whole, and is not the last.
    fn take(&mut self, out: &mut Vec<u8>) -> Result<(), DocumentProblem> {
        match self.held.first_chunk() {
            Some(prefix) if self.awaits_prefix => {
                self.chunks.start_with(*prefix);
                self.awaits_prefix = false;
                self.held.clear();
                Ok(())
            }
            _ => self.open(false, out),
        }
    }

    fn open(&mut self, is_last: bool, out: &mut Vec<u8>) -> Result<(), DocumentProblem> {
        let plain = self.chunks.open(&mut self.held, is_last)?;
        self.tally.add(plain)?;
        self.hash.update(plain);
        out.extend_from_slice(plain);
        self.held.clear();
        Ok(())
    }
}

/// Length on the wire of a document of `plain_bytes`; `None` for a length that no document has.
pub fn sealed_bytes(plain_bytes: u64) -> Option<u64> {
    let chunks = plain_bytes.div_ceil(CHUNK);
    (1..=MAX_DOCUMENTS_BYTES).contains(&plain_bytes).then(|| PREFIX + plain_bytes + chunks * TAG)
}

/// What of `sealed_bytes` is the document; `None` for a length that no sealed document has.
pub fn plain_bytes(sealed_bytes: u64) -> Option<u64> {
    let chunks = sealed_bytes.checked_sub(PREFIX)?;
    let plain_bytes = chunks.checked_sub(chunks.div_ceil(CHUNK + TAG) * TAG)?;
    (crate::sealed_bytes(plain_bytes) == Some(sealed_bytes)).then_some(plain_bytes)
}

/// The key as a field of a request. The type itself has no `Serialize`, so it enters no other message.
pub(crate) mod content_key {
    use super::{ContentKey, Deserialize, Deserializer, Error, Serializer, Zeroizing, base64url};

    pub(crate) fn serialize<S: Serializer>(key: &ContentKey, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(base64url::to_text(key.as_bytes())))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ContentKey, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = base64url::to_array(&text).ok_or_else(|| D::Error::custom("not a content key"))?;
        Ok(ContentKey::from_bytes(Zeroizing::new(bytes)))
    }
}

/// All documents of a hand-off together. protocol.md, section Keys, step 7.
pub const MAX_DOCUMENTS_BYTES: u64 = 100 * 1024 * 1024;
/// Of the random part of every nonce.
pub const PREFIX_BYTES: usize = 7;
const PREFIX: u64 = 7;
const CHUNK: u64 = 64 * 1024;
const TAG: u64 = 16;
