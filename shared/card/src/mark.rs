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
    /// Of the first bytes of EF 000A. `None` where they begin no certificate: filler is the same on every card.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let length = sequence_length(start)?.min(usize::from(MARK_BYTES));
        let start = start.get(..length)?;
        Some(Self(Sha256::digest(start).into()))
    }
}

impl Jpki {
    /// `None` where the card does not give that file. A phone does not either, and is told apart by its label:
    /// nothing is sent to it.
    pub(crate) async fn mark(&mut self) -> Result<Option<Mark>, CardError> {
        match self.read_start(AUTHENTICATION_CERTIFICATE, MARK_BYTES).await {
            Ok(start) => Ok(Mark::of(&start)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filler_and_fragments_are_no_mark() {
        let certificate = [&[0x30, 0x82, 0x06, 0x00][..], &[7; 252]].concat();
        assert!(Mark::of(&certificate).is_some());
        for start in [&[][..], &[0xFF; 256], &certificate[..100], &[0x30]] {
            assert!(Mark::of(start).is_none(), "{} bytes", start.len());
        }
    }

    #[test]
    fn what_follows_a_short_certificate_is_not_part_of_its_mark() {
        let with_filler = |filler: u8| Mark::of(&[&[0x30, 0x02, 1, 2][..], &[filler; 252]].concat());
        assert!(with_filler(0) == with_filler(0xFF) && with_filler(0).is_some());
    }
}
