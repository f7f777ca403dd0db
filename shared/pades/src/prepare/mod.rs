//! Appending a revision that waits for a signature.

use std::time::SystemTime;

use crate::byte_range::ByteRange;
use crate::problem::PdfProblem;
use crate::source::Source;

/// What the signature dictionary says, fixed before the card is touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrepareOptions {
    /// /Name: left out if not declared; compared with the certificate before signing.
    pub declared_name: Option<String>,
    /// /Location: the requester's origin of a hand-off.
    pub location: Option<String>,
    /// /M: shown, never trusted.
    pub claimed_time: SystemTime,
    /// How many bytes of CMS the hole holds.
    pub contents_bytes: u32,
}

/// A revision to append, and what a signature over both covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The bytes to append, with a /Contents of zeros.
    pub revision: Vec<u8>,
    pub byte_range: ByteRange,
    /// SHA-256 of the covered bytes.
    pub digest: [u8; 32],
}

/// Room for the largest certificate accepted (8,192 bytes), its chain, the
/// attributes, the signature and a time stamp.
pub const DEFAULT_CONTENTS_BYTES: u32 = 32_768;

pub fn prepare(source: &dyn Source, options: &PrepareOptions) -> Result<Prepared, PdfProblem> {
    let _ = (source, options);
    Err(PdfProblem::NotAPdf)
}
