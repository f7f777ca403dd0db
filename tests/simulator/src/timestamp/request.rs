//! TimeStampReq, read with no library: RFC 3161, section 2.4.1.

use crate::part::{BOOLEAN, IDENTIFIER, INTEGER, Part, SEQUENCE};

/// What is asked; each part as it was written.
pub(super) struct Request {
    /// MessageImprint, whole.
    pub(super) imprint: Vec<u8>,
    /// The policy's identifier, whole.
    pub(super) policy: Option<Vec<u8>>,
    /// INTEGER, whole.
    pub(super) nonce: Option<Vec<u8>>,
    pub(super) wants_certificate: bool,
}

impl Request {
    /// `None` for what is no request.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (outer, []) = Part::first(bytes)? else { return None };
        let mut parts = outer.expect(SEQUENCE)?.parts()?.into_iter().peekable();
        let version = parts.next()?;
        let imprint = parts.next()?.expect(SEQUENCE)?;
        let policy = parts.next_if(|part| part.tag == IDENTIFIER);
        let nonce = parts.next_if(|part| part.tag == INTEGER);
        let wants_certificate = parts.next_if(|part| part.tag == BOOLEAN).is_some_and(|flag| flag.content == [0xFF]);
        (version.whole == VERSION_1 && parts.next().is_none()).then(|| Self {
            imprint: imprint.whole.to_vec(),
            policy: policy.map(|policy| policy.whole.to_vec()),
            nonce: nonce.map(|nonce| nonce.whole.to_vec()),
            wants_certificate,
        })
    }
}

const VERSION_1: [u8; 3] = [INTEGER, 1, 1];
