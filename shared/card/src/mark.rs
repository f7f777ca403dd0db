use sha2::{Digest, Sha256};

use crate::CardError;
use crate::der::sequence_length;
use crate::jpki::{AUTHENTICATION_CERTIFICATE, Jpki, TOKEN_INFO};
use crate::survey::{LABEL_BYTES, TokenKind};

/// By what a card is known again on the next touch, before a password goes to it: the SHA-256 of the first 256 bytes
/// of its free authentication certificate. Held in memory, never sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark([u8; 32]);

impl Mark {
    /// Of the first bytes of EF 000A, or of the whole certificate.
    pub(crate) fn of(start: &[u8]) -> Self {
        let length = sequence_length(start).unwrap_or(usize::MAX).min(usize::from(MARK_BYTES));
        Self(Sha256::digest(start.get(..length).unwrap_or(start)).into())
    }
}

impl Jpki {
    /// `None` where the card does not give that file. A phone does not either, and is told apart by its label:
    /// nothing is sent to it.
    pub(crate) async fn mark(&mut self) -> Result<Option<Mark>, CardError> {
        match self.read_start(AUTHENTICATION_CERTIFICATE, MARK_BYTES).await {
            Ok(start) => Ok(Some(Mark::of(&start))),
            Err(lost @ CardError::LostContact { .. }) => Err(lost),
            Err(CardError::NotVerified { .. }) => self.refuse_phone().await.map(|()| None),
            Err(_) => Ok(None),
        }
    }

    async fn refuse_phone(&mut self) -> Result<(), CardError> {
        match self.read_start(TOKEN_INFO, LABEL_BYTES).await {
            Ok(label) if TokenKind::of(&label).is_phone() => Err(CardError::HeldByPhone),
            Err(lost @ CardError::LostContact { .. }) => Err(lost),
            _ => Ok(()),
        }
    }
}

/// Enough of a certificate to hold its serial number and the names around it. card.md, section 4, rulings.
const MARK_BYTES: u16 = 256;
