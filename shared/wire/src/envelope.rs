//! One message under one key: filled up, then AES-256-GCM, sent as nonce ‖ ciphertext ‖ tag. NIST SP 800-38D; RFC 5116,
//! section 5.2.

use std::marker::PhantomData;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::padding::{LONGEST_BLOCK_BYTES, fill_up, message_in};
use crate::public::Transcript;
use crate::{MAX_MESSAGE_BYTES, Message, ProblemCode, Rehearsal, decode, encode};
use crate::{Outcome, Refusal, SigningRequest, SigningResult};

/// A message that crosses the relay sealed, under a key of its own.
pub trait SealedMessage: Message {
    const PURPOSE: Purpose;
}

/// What an envelope is for. Each purpose has its own key, and each key its one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    Request,
    Refusal,
    Rehearsal,
    Result,
    Outcome,
}

/// Seals one message and is gone. Wiped from memory; has no `Debug`, no `Clone` and no `Serialize`.
///
/// ```compile_fail,E0382
/// fn seal_twice(key: wire::SealingKey<wire::Refusal>, refusal: &wire::Refusal) {
///     key.seal([0; 12], refusal);
///     key.seal([1; 12], refusal);
/// }
/// ```
pub struct SealingKey<M> {
    key: Key,
    message: PhantomData<fn(M)>,
}

/// Opens the one message of its purpose. Wiped from memory; has no `Debug`, no `Clone` and no `Serialize`.
pub struct OpeningKey<M> {
    key: Key,
    message: PhantomData<fn() -> M>,
}

/// Why an envelope is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeProblem {
    #[error("an envelope of an impossible length")]
    Length,
    /// Another key, another transcript, or altered bytes: they cannot be told apart.
    #[error("an envelope that does not open")]
    DoesNotOpen,
    /// It opened, so it is the other end that let its length tell something.
    #[error("an envelope that was not filled up as agreed")]
    Filling,
    /// It opened, so it is the other end that said something unheard of.
    #[error("an envelope with a message inside that is none")]
    BadMessage(ProblemCode),
}

impl<M: SealedMessage> SealingKey<M> {
    pub(crate) fn new(key: Zeroizing<[u8; 32]>, transcript: Transcript) -> Self {
        Self { key: Key { key, transcript }, message: PhantomData }
    }

    /// `nonce` is random. The bytes are kept and sent again where a delivery fails; nothing is sealed twice.
    pub fn seal(self, nonce: [u8; ENVELOPE_NONCE_BYTES], message: &M) -> Vec<u8> {
        let plain = Zeroizing::new(encode(message));
        self.key.seal(nonce, &fill_up(M::PURPOSE, &plain))
    }
}

impl<M: SealedMessage> OpeningKey<M> {
    pub(crate) fn new(key: Zeroizing<[u8; 32]>, transcript: Transcript) -> Self {
        Self { key: Key { key, transcript }, message: PhantomData }
    }

    /// For the store of an app that may end before its message comes.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 64]> {
        let mut bytes = Zeroizing::new([0; 64]);
        let parts = self.key.key.iter().chain(self.key.transcript.as_bytes());
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        bytes
    }

    /// From that store.
    pub fn from_bytes(bytes: &Zeroizing<[u8; 64]>) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        key.iter_mut().zip(bytes.iter()).for_each(|(to, from)| *to = *from);
        let mut transcript = [0; 32];
        transcript.iter_mut().zip(bytes.iter().skip(32)).for_each(|(to, from)| *to = *from);
        Self::new(key, Transcript::from_bytes(transcript))
    }

    pub fn open(&self, sealed: &[u8]) -> Result<M, EnvelopeProblem> {
        if sealed.len() > MAX_ENVELOPE_BYTES {
            return Err(EnvelopeProblem::Length);
        }
        let filled = self.key.open(sealed)?;
        let plain = message_in(M::PURPOSE, &filled).ok_or(EnvelopeProblem::Filling)?;
        decode(plain).map_err(EnvelopeProblem::BadMessage)
    }
}

impl Purpose {
    pub const ALL: [Self; 5] = [Self::Request, Self::Refusal, Self::Rehearsal, Self::Result, Self::Outcome];

    /// The word of it in key labels, for stores and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Refusal => "refusal",
            Self::Rehearsal => "rehearsal",
            Self::Result => "result",
            Self::Outcome => "outcome",
        }
    }
}

impl SealedMessage for SigningRequest {
    const PURPOSE: Purpose = Purpose::Request;
}

impl SealedMessage for Refusal {
    const PURPOSE: Purpose = Purpose::Refusal;
}

impl SealedMessage for Rehearsal {
    const PURPOSE: Purpose = Purpose::Rehearsal;
}

impl SealedMessage for SigningResult {
    const PURPOSE: Purpose = Purpose::Result;
}

impl SealedMessage for Outcome {
    const PURPOSE: Purpose = Purpose::Outcome;
}

struct Key {
    key: Zeroizing<[u8; 32]>,
    transcript: Transcript,
}

impl Key {
    fn seal(&self, nonce: [u8; NONCE_LEN], plain: &[u8]) -> Vec<u8> {
        let mut text = plain.to_vec();
        let tag = self
            .aes()
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), self.associated(), &mut text)
            .expect("a message is far below the limit of GCM");
        [&nonce, &text[..], tag.as_ref()].concat()
    }

    fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeProblem> {
        let (nonce, text) = sealed.split_first_chunk().ok_or(EnvelopeProblem::Length)?;
        let plain_bytes = text.len().checked_sub(TAG_BYTES).ok_or(EnvelopeProblem::Length)?;
        let mut text = Zeroizing::new(text.to_vec());
        self.aes()
            .open_in_place(Nonce::assume_unique_for_key(*nonce), self.associated(), &mut text)
            .map_err(|_| EnvelopeProblem::DoesNotOpen)?;
        text.truncate(plain_bytes);
        Ok(text)
    }

    fn associated(&self) -> Aad<&[u8]> {
        Aad::from(&self.transcript.as_bytes()[..])
    }

    /// The expanded key is wiped by the library when it is dropped.
    fn aes(&self) -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.key[..]).expect("32 bytes"))
    }
}

/// RFC 5116, section 5.1: 96 bits.
pub const ENVELOPE_NONCE_BYTES: usize = NONCE_LEN;
/// RFC 5116, section 5.1: 128 bits.
pub(crate) const TAG_BYTES: usize = 16;
/// No sealed message is longer: the longest message is filled up by one whole block.
pub const MAX_ENVELOPE_BYTES: usize = MAX_MESSAGE_BYTES + LONGEST_BLOCK_BYTES + ENVELOPE_NONCE_BYTES + TAG_BYTES;
