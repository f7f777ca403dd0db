use std::ops::Range;
use std::time::SystemTime;

use thiserror::Error;

use crate::byte_range::ByteRange;
use crate::pdf::{Document, Reference};
use crate::problem::PdfProblem;

/// One signature dictionary of a file, whether or not it can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureField {
    /// The field's full name (parents joined with dots); None if no form field holds the dictionary.
    pub field_name: Option<String>,
    pub field: Option<Reference>,
    /// None if the dictionary stands directly in the field.
    pub dictionary: Option<Reference>,
    /// The revision (0 is the oldest) whose bytes hold the dictionary, and which the signature covers.
    pub revision_index: usize,
    /// Present only if it keeps every rule of pdf.md's ByteRange: starts at 0, leaves out exactly
    /// this /Contents with its brackets, ends at the end of its revision.
    pub byte_range: Option<ByteRange>,
    /// The decoded string of /Contents, padding included.
    pub contents: Vec<u8>,
    /// The string of /Contents with its brackets.
    pub contents_place: Option<Range<u64>>,
    pub sub_filter: Option<String>,
    /// /Type /DocTimeStamp or /SubFilter /ETSI.RFC3161.
    pub is_time_stamp: bool,
    /// /Name, as declared.
    pub name: Option<String>,
    pub location: Option<String>,
    pub reason: Option<String>,
    /// /M, as claimed.
    pub claimed_time: Option<SystemTime>,
    /// The first rule that the dictionary breaks: then the signature is invalid, whatever its CMS says.
    pub problem: Option<SignatureProblem>,
}

/// Which rule a signature dictionary breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum SignatureProblem {
    #[error("the field's value is not a signature dictionary")]
    NotADictionary,
    #[error("no form field holds the signature dictionary")]
    NoField,
    #[error("/ByteRange is missing or not four non-negative numbers")]
    ByteRangeMalformed,
    #[error("/ByteRange does not start at 0, or its pieces overlap")]
    ByteRangeOutOfOrder,
    #[error("/Contents is missing or not a hexadecimal string written in the dictionary")]
    ContentsMalformed,
    #[error("/ByteRange leaves out something other than /Contents")]
    HoleIsNotContents,
    #[error("/ByteRange does not end at the end of the signature's revision")]
    NotTheWholeRevision,
    #[error("/Filter, /SubFilter or another entry has the wrong type")]
    EntryMalformed,
    #[error("two fields share the signature dictionary")]
    SharedDictionary,
}

impl SignatureField {
    /// Whether /Contents is still all zeros.
    pub fn waits_for_a_signature(&self) -> bool {
        self.contents.iter().all(|byte| *byte == 0)
    }
}

/// Every signature of every revision, oldest revision first.
pub fn signatures(document: &Document<'_>) -> Result<Vec<SignatureField>, PdfProblem> {
    let _ = document;
    Ok(Vec::new())
}
