//! The chunks of one sealed document, in their order.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::document::{DocumentProblem, PREFIX_BYTES};
use crate::envelope::TAG_BYTES;
use crate::{HANDOFF_VERSION, SessionId};

/// The key, and the nonce that comes next. The expanded key is wiped by the library when it is dropped.
pub(crate) struct Chunks {
    key: LessSafeKey,
    associated: Vec<u8>,
    prefix: [u8; PREFIX_BYTES],
    counter: u32,
}

/// How much of a document has gone through so far.
pub(crate) struct Tally {
    bytes: u64,
    budget_bytes: u64,
}

impl Chunks {
    pub(crate) fn new(key: &[u8; 32], session: SessionId, index: u16, prefix: [u8; PREFIX_BYTES]) -> Self {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("32 bytes"));
        let associated = [session.as_bytes(), &index.to_be_bytes()[..], &[HANDOFF_VERSION]].concat();
        Self { key, associated, prefix, counter: 0 }
    }

    pub(crate) fn start_with(&mut self, prefix: [u8; PREFIX_BYTES]) {
        self.prefix = prefix;
    }

    /// Empties `plain` into `out`, sealed.
    pub(crate) fn seal(&mut self, plain: &mut Vec<u8>, is_last: bool, out: &mut Vec<u8>) {
        let nonce = self.nonce(is_last);
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::from(&self.associated), plain)
            .expect("a chunk is far below the limit of GCM");
        out.extend_from_slice(plain);
        out.extend_from_slice(tag.as_ref());
        plain.clear();
    }

    /// Opens `sealed` where it lies. A chunk of no bytes is none.
    pub(crate) fn open<'a>(&mut self, sealed: &'a mut [u8], is_last: bool) -> Result<&'a [u8], DocumentProblem> {
        let nonce = self.nonce(is_last);
        match self.key.open_in_place(nonce, Aad::from(&self.associated), sealed) {
            Ok(plain) if !plain.is_empty() => Ok(plain),
            _ => Err(DocumentProblem::DoesNotOpen),
        }
    }

    /// No counter comes twice: documents end long before 2^32 chunks.
    fn nonce(&mut self, is_last: bool) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        let parts = self.prefix.into_iter().chain(self.counter.to_be_bytes()).chain([u8::from(is_last)]);
        nonce.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        self.counter = self.counter.checked_add(1).expect("the budget of bytes ends before the counter");
        Nonce::assume_unique_for_key(nonce)
    }
}

impl Tally {
    pub(crate) fn new(budget_bytes: u64) -> Self {
        Self { bytes: 0, budget_bytes }
    }

    /// Once this has failed everything fails: a document with a piece left out is none.
    pub(crate) fn add(&mut self, plain: &[u8]) -> Result<(), DocumentProblem> {
        self.bytes = self.bytes.saturating_add(u64::try_from(plain.len()).unwrap_or(u64::MAX));
        if self.bytes > self.budget_bytes { Err(DocumentProblem::TooLarge) } else { Ok(()) }
    }

    /// The length of the document.
    pub(crate) fn finish(&self) -> Result<u64, DocumentProblem> {
        match self.bytes {
            0 => Err(DocumentProblem::Empty),
            bytes if bytes > self.budget_bytes => Err(DocumentProblem::TooLarge),
            bytes => Ok(bytes),
        }
    }
}

/// Moves bytes from `input` to `held` until it is `full`. What is left over says that `held` is not the last.
pub(crate) fn fill<'a>(held: &mut Vec<u8>, input: &'a [u8], full: usize) -> Option<&'a [u8]> {
    let (taken, rest) = input.split_at(input.len().min(full.saturating_sub(held.len())));
    held.extend_from_slice(taken);
    (!rest.is_empty()).then_some(rest)
}

/// protocol.md, section Keys, step 7.
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;
pub(crate) const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
