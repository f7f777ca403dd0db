//! Finding the one signature that waits to be made.

use crate::byte_range::ByteRange;
use crate::embed::refuse_taken_place;
use crate::pdf::{Document, Pages};
use crate::problem::PdfProblem;
use crate::revision::{SignatureField, signatures};
use crate::source::Source;

/// What a revision says of the signature it waits for.
///
/// Worked out from the file alone, so that whoever signs need not believe
/// whoever prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    pub byte_range: ByteRange,
    /// /Name: the signer's name as declared before the certificate was known.
    pub declared_name: Option<String>,
    /// /Location: where the request came from.
    pub location: Option<String>,
    pub page_count: usize,
}

/// Finds the signature dictionary whose /Contents is all zeros.
///
/// There must be exactly one in the file; it must stand in the last revision
/// and cover everything else up to the last byte.
pub fn find_unsigned(source: &dyn Source) -> Result<Unsigned, PdfProblem> {
    let document = Document::open(source)?;
    let mut waiting = signatures(&document)?;
    waiting.retain(SignatureField::waits_for_a_signature);
    let found = waiting.len();
    match (waiting.pop(), found) {
        (None, _) => Err(PdfProblem::NoUnsignedSignature),
        (Some(field), 1) => unsigned(&document, field),
        (Some(_), found) => Err(PdfProblem::SeveralUnsignedSignatures { found }),
    }
}

fn unsigned(document: &Document<'_>, field: SignatureField) -> Result<Unsigned, PdfProblem> {
    let malformed = |what| PdfProblem::UnsignedSignatureMalformed { what };
    let byte_range = match (field.problem, field.byte_range) {
        (None, Some(byte_range)) => byte_range,
        _ => return Err(malformed("its dictionary breaks a rule")),
    };
    if byte_range.end() != document.source().len() {
        return Err(malformed("it does not cover the file to its last byte"));
    }
    refuse_taken_place(document.source(), &byte_range)?;
    if field.sub_filter.as_deref() != Some(SUB_FILTER) {
        return Err(malformed("its /SubFilter is not ETSI.CAdES.detached"));
    }
    Ok(Unsigned {
        byte_range,
        declared_name: field.name,
        location: field.location,
        page_count: Pages::of(document.latest())?.leaves.len(),
    })
}

/// EN 319 142-1, section 5.2.
const SUB_FILTER: &str = "ETSI.CAdES.detached";
