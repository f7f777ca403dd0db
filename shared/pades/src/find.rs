//! Finding the one signature that waits to be made.

use std::fmt;
use std::time::SystemTime;

use crate::byte_range::ByteRange;
use crate::embed::refuse_taken_place;
use crate::pdf::{Document, Pages};
use crate::prepare::Target;
use crate::problem::PdfProblem;
use crate::revision::{SignatureField, signatures};
use crate::source::Source;

/// What a revision says of the signature it waits for.
///
/// Worked out from the file alone, so that whoever signs need not believe
/// whoever prepared.
#[derive(Clone, PartialEq, Eq)]
pub struct Unsigned {
    pub byte_range: ByteRange,
    /// PAdES, or the older form.
    pub target: Target,
    /// /Name: the signer's name as declared before the certificate was known.
    pub declared_name: Option<String>,
    /// /Location: where the request came from.
    pub location: Option<String>,
    /// /M: as claimed by whoever prepared.
    pub claimed_time: Option<SystemTime>,
    pub page_count: usize,
}

impl Unsigned {
    /// What [`signed_attributes`](crate::signed_attributes) is told.
    pub fn signing_time(&self) -> Option<SystemTime> {
        self.claimed_time.filter(|_| self.target.signs_the_time())
    }
}

impl fmt::Debug for Unsigned {
    /// Without the name and the place: they are about a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Unsigned")
            .field("byte_range", &self.byte_range)
            .field("target", &self.target)
            .field("page_count", &self.page_count)
            .finish_non_exhaustive()
    }
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
    let target = match field.sub_filter.as_deref().and_then(Target::of_sub_filter) {
        Some(target @ (Target::Pades | Target::Pkcs7)) => target,
        _ => return Err(malformed("its /SubFilter is neither ETSI.CAdES.detached nor adbe.pkcs7.detached")),
    };
    if target == Target::Pkcs7 && field.claimed_time.is_none() {
        return Err(malformed("its /M is missing, which the older form signs"));
    }
    Ok(Unsigned {
        byte_range,
        target,
        declared_name: field.name,
        location: field.location,
        claimed_time: field.claimed_time,
        page_count: Pages::of(document.latest())?.leaves.len(),
    })
}
