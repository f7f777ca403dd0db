use std::fmt;
use std::ops::Range;
use std::time::SystemTime;

use thiserror::Error;

use super::candidates::{Candidate, candidates};
use super::dictionary::signature_field;
use crate::byte_range::ByteRange;
use crate::pdf::{Document, Reference};
use crate::problem::{Counted, PdfProblem};
use crate::source::wide;

/// Every signature of every revision, in the order in which they were made.
///
/// A dictionary that breaks a rule is listed with its problem, never left out.
pub fn signatures(document: &Document<'_>) -> Result<Vec<SignatureField>, PdfProblem> {
    let found = candidates(document)?;
    if found.len() > MOST_SIGNATURES {
        return Err(PdfProblem::TooMany { of: Counted::Signatures, limit: wide(MOST_SIGNATURES) });
    }
    let mut fields =
        found.into_iter().map(|candidate: Candidate| signature_field(document, candidate)).collect::<Result<Vec<_>, _>>()?;
    fields.sort_by_key(|field| {
        let place = field.contents_place.as_ref().map(|place| place.start);
        (field.revision_index, place)
    });
    refuse_company(&mut fields);
    Ok(fields)
}

/// Each of two signatures in one revision covers the place of the other: the first was broken when the second was
/// filled in. Whatever they say, it is not worth hashing the file for each.
fn refuse_company(fields: &mut [SignatureField]) {
    for group in fields.chunk_by_mut(|one, next| one.revision_index == next.revision_index) {
        if group.iter().filter(|field| field.byte_range.is_some()).count() > 1 {
            for field in group.iter_mut() {
                field.byte_range = None;
                field.problem = field.problem.or(Some(SignatureProblem::NotAlone));
            }
        }
    }
}

/// One signature dictionary of a file, whether or not it can be used.
///
/// Its `Debug` leaves out the claims and the contents: they are about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureField {
    /// The field's full name (parents joined with dots); None if no form field holds the dictionary.
    pub field_name: Option<String>,
    pub field: Option<Reference>,
    /// None if the dictionary stands directly in the field.
    pub dictionary: Option<Reference>,
    /// The revision (0 is the oldest) whose bytes hold the dictionary, and which the signature covers.
    pub revision_index: usize,
    /// Present only if it starts at 0, leaves out exactly this /Contents with
    /// its brackets, and ends at the end of its revision.
    pub byte_range: Option<ByteRange>,
    /// The decoded string of /Contents, padding included.
    pub contents: Vec<u8>,
    /// The string of /Contents with its brackets.
    pub contents_place: Option<Range<u64>>,
    pub sub_filter: Option<String>,
    /// A document time stamp: /SubFilter /ETSI.RFC3161. EN 319 142-1, section 5.4.3.
    pub is_time_stamp: bool,
    /// /Name, as declared.
    pub name: Option<String>,
    pub location: Option<String>,
    pub reason: Option<String>,
    /// /M, as claimed.
    pub claimed_time: Option<SystemTime>,
    /// Whether it states what a stripped copy is a copy of.
    pub(crate) carries_receipt: bool,
    /// The first rule that the dictionary breaks: then the signature is invalid, whatever its CMS says.
    pub problem: Option<SignatureProblem>,
}

impl SignatureField {
    /// Whether /Contents is still all zeros.
    pub fn waits_for_a_signature(&self) -> bool {
        self.contents_place.is_some() && self.contents.iter().all(|byte| *byte == 0)
    }
}

impl fmt::Debug for SignatureField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignatureField")
            .field("field", &self.field)
            .field("dictionary", &self.dictionary)
            .field("revision_index", &self.revision_index)
            .field("byte_range", &self.byte_range)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// Which rule a signature dictionary breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum SignatureProblem {
    #[error("the field's value is not a signature dictionary")]
    NotADictionary,
    #[error("no form field holds the signature dictionary")]
    NoField,
    #[error("two fields share the signature dictionary")]
    SharedDictionary,
    #[error("/Contents is missing or not a hexadecimal string written in the dictionary")]
    ContentsMalformed,
    #[error("/ByteRange is missing or not four non-negative numbers")]
    ByteRangeMalformed,
    #[error("/ByteRange does not start at 0, or its pieces overlap")]
    ByteRangeOutOfOrder,
    #[error("/ByteRange leaves out something other than /Contents")]
    HoleIsNotContents,
    /// Something stands beside /Contents where no signature covers it.
    #[error("/ByteRange leaves out more than /Contents: a signature wrapped around other bytes")]
    Wrapped,
    #[error("/ByteRange does not end at the end of the signature's revision")]
    NotTheWholeRevision,
    #[error("another signature stands in the same revision")]
    NotAlone,
    #[error("an entry of the dictionary has the wrong type")]
    EntryMalformed,
}

impl SignatureProblem {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotADictionary => "not_a_dictionary",
            Self::NoField => "no_field",
            Self::SharedDictionary => "shared_dictionary",
            Self::ContentsMalformed => "contents_malformed",
            Self::ByteRangeMalformed => "byte_range_malformed",
            Self::ByteRangeOutOfOrder => "byte_range_out_of_order",
            Self::HoleIsNotContents => "hole_is_not_contents",
            Self::Wrapped => "signature_wrapped",
            Self::NotTheWholeRevision => "not_the_whole_revision",
            Self::NotAlone => "not_alone",
            Self::EntryMalformed => "entry_malformed",
        }
    }
}

/// Several times what people gather on one document.
pub(super) const MOST_SIGNATURES: usize = 500;
