use wire::{DocumentOpener, MAX_ENVELOPE_BYTES, MAX_MESSAGE_BYTES, OriginKeys};

use super::Errand;

/// An answer's body on its way in, piece by piece. A sealed document is opened as it comes, so that one of the two is held.
pub(crate) enum Intake {
    Plain {
        body: Vec<u8>,
        limit: usize,
    },
    Document {
        opener: Box<DocumentOpener>,
        sha256: [u8; 32],
        body: Vec<u8>,
        /// A piece did not open: what follows is not looked at.
        is_broken: bool,
    },
}

impl Intake {
    pub(crate) fn of(errand: &Errand, status: u16) -> Self {
        let limit = match errand {
            Errand::FetchDocument { sealed, sha256 } if status == OK => {
                let opener = DocumentOpener::new(&sealed.key, sealed.session, sealed.index, sealed.budget_bytes);
                return Self::Document { opener: Box::new(opener), sha256: *sha256, body: vec![], is_broken: false };
            }
            Errand::FetchOriginKeys { .. } => OriginKeys::MAX_BYTES,
            Errand::FetchRequest | Errand::AskOutcome => MAX_ENVELOPE_BYTES,
            _ => MAX_MESSAGE_BYTES,
        };
        Self::Plain { body: vec![], limit }
    }

    /// Whether more is wanted. A body that goes over its limit ends there: the flow finds it too long.
    pub(crate) fn take(&mut self, piece: &[u8]) -> bool {
        match self {
            Self::Plain { body, limit } => {
                body.extend_from_slice(piece);
                body.len() <= *limit
            }
            Self::Document { opener, body, is_broken, .. } => {
                *is_broken = *is_broken || opener.push(piece, body).is_err();
                !*is_broken
            }
        }
    }

    /// The whole body. Of a document that is not the one that was named nothing is left, and no document is empty.
    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Self::Plain { body, .. } => body,
            Self::Document { opener, sha256, mut body, is_broken } => {
                let is_whole = !is_broken && opener.finish(&sha256, &mut body).is_ok();
                if is_whole { body } else { vec![] }
            }
        }
    }
}

const OK: u16 = 200;
