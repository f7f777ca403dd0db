use super::{TimeStamp, TimeStampRequest};
use crate::asn1::ber::in_der;
use crate::byte_range::ByteRange;
use crate::cms::{CmsProblem, SignedData, with_time_stamp};
use crate::embed::{Patch, hexadecimal};
use crate::pdf::Document;
use crate::problem::PdfProblem;
use crate::revision::signatures;
use crate::source::{Source, wide};

/// The signature with which a document ends, ready to be stamped where it stands.
pub struct Stampable {
    byte_range: ByteRange,
    cms: Vec<u8>,
}

/// The last signature of a document, if nothing came after it.
///
/// Later revisions cover the place where the time stamp would go: after one of them, a document time stamp
/// ([`Target::DocumentTimeStamp`](crate::Target)) proves the time instead.
pub fn stampable(source: &dyn Source) -> Result<Stampable, PdfProblem> {
    let document = Document::open(source)?;
    let last = signatures(&document)?.pop().filter(|last| last.problem.is_none() && !last.is_time_stamp);
    let signed = last.and_then(|last| Some((last.byte_range?, last.contents)));
    match signed {
        Some((byte_range, contents)) if byte_range.end() == source.len() => {
            Ok(Stampable { byte_range, cms: in_der(&contents).into_owned() })
        }
        _ => Err(PdfProblem::NothingToStamp),
    }
}

/// The signatures that neither carry a time stamp nor lie under a later one over the whole document.
pub(super) fn unstamped(source: &dyn Source) -> Result<Vec<ByteRange>, PdfProblem> {
    let mut unstamped = Vec::new();
    for found in signatures(&Document::open(source)?)? {
        match found.byte_range {
            _ if found.is_time_stamp => unstamped.clear(),
            Some(byte_range) if !has_time_stamp(&in_der(&found.contents)) => unstamped.push(byte_range),
            _ => {}
        }
    }
    Ok(unstamped)
}

fn has_time_stamp(cms: &[u8]) -> bool {
    SignedData::read(cms).is_ok_and(|signed| !signed.time_stamps.is_empty())
}

impl Stampable {
    /// Whether this is the signature with that range, and has no time stamp yet, believed or not.
    pub(super) fn is_unstamped(&self, own: &ByteRange) -> bool {
        self.byte_range == *own && !has_time_stamp(&self.cms)
    }

    /// What an authority is asked; `nonce` is random, and new for every request.
    pub fn request(&self, nonce: u64) -> Result<TimeStampRequest, CmsProblem> {
        TimeStampRequest::for_signature(&self.cms, nonce)
    }

    /// The same signature with the time stamp, over its old bytes.
    ///
    /// Refused if both do not fit, and then nothing changes: a document time stamp does.
    pub fn stamp(&self, time_stamp: &TimeStamp) -> Result<Patch, PdfProblem> {
        let stamped = with_time_stamp(&self.cms, &time_stamp.token).map_err(|_| PdfProblem::NothingToStamp)?;
        if wide(stamped.len()) > self.byte_range.room() {
            return Err(PdfProblem::SignatureTooLarge { needed: wide(stamped.len()), room: self.byte_range.room() });
        }
        Ok(Patch { offset: self.byte_range.hole().start + 1, bytes: hexadecimal(&stamped) })
    }
}
