use super::place::{Stampable, stampable, unstamped};
use super::{TimeStamp, TimeStampRequest};
use crate::byte_range::ByteRange;
use crate::certificate::DigestAlgorithm;
use crate::cms::CmsProblem;
use crate::embed::{Patch, embed};
use crate::prepare::{PrepareOptions, Prepared, Target, prepare};
use crate::problem::PdfProblem;
use crate::source::{Joined, Source};

/// Where the time stamp of a document goes.
pub enum StampPlace {
    /// Into the signature with which the document ends.
    Signature(Stampable),
    /// Over the whole document, in a revision of its own. EN 319 142-1, section 5.4.3.
    Document(Box<Prepared>),
}

/// What a time stamp does to a file.
pub enum Stamped {
    /// Bytes to write over the file.
    InPlace(Patch),
    /// Bytes to append to it.
    Appended(Vec<u8>),
}

impl StampPlace {
    /// In the signature with which the document ends, if that is the only one without a time stamp; else over the whole
    /// document, which proves the time of all. `options` are for that case.
    pub fn find(source: &dyn Source, options: &PrepareOptions) -> Result<Self, PdfProblem> {
        match unstamped(source)?.as_slice() {
            [only] => Self::of_signature(source, only, options),
            _ => Self::whole_document(source, options),
        }
    }

    /// In the signature with this range as long as nothing came after it, it has no time stamp, and its hash is one to be
    /// stamped; else over the whole document.
    pub fn of_signature(source: &dyn Source, own: &ByteRange, options: &PrepareOptions) -> Result<Self, PdfProblem> {
        match stampable(source) {
            Ok(signature) if signature.is_unstamped(own) && signature.request(0).is_ok() => Ok(Self::Signature(signature)),
            Ok(_) | Err(PdfProblem::NothingToStamp) => Self::whole_document(source, options),
            Err(problem) => Err(problem),
        }
    }

    /// Over the whole document, whatever it ends with: also for a token that does not fit into its signature.
    pub fn whole_document(source: &dyn Source, options: &PrepareOptions) -> Result<Self, PdfProblem> {
        let options = PrepareOptions { target: Target::DocumentTimeStamp, ..options.clone() };
        Ok(Self::Document(Box::new(prepare(source, &options)?)))
    }

    /// What is asked; an inquiry gives it its nonce.
    pub fn request(&self) -> Result<TimeStampRequest, CmsProblem> {
        match self {
            Self::Signature(signature) => signature.request(0),
            Self::Document(prepared) => Ok(TimeStampRequest::new(DigestAlgorithm::Sha256, prepared.digest.to_vec(), 0)),
        }
    }

    /// The change that brings the time stamp into the file that the place was found in.
    pub fn stamp(&self, source: &dyn Source, time_stamp: &TimeStamp) -> Result<Stamped, PdfProblem> {
        match self {
            Self::Signature(signature) => signature.stamp(time_stamp).map(Stamped::InPlace),
            Self::Document(prepared) => appended(source, prepared, time_stamp).map(Stamped::Appended),
        }
    }
}

fn appended(source: &dyn Source, prepared: &Prepared, time_stamp: &TimeStamp) -> Result<Vec<u8>, PdfProblem> {
    let mut revision = prepared.revision.clone();
    let patch = embed(&Joined(source, revision.as_slice()), &prepared.byte_range, &time_stamp.token)?;
    let moved = PdfProblem::SignaturePlaceTaken { at: patch.offset };
    let start = patch.offset.checked_sub(source.len()).and_then(|start| usize::try_from(start).ok());
    let place = start.and_then(|start| revision.get_mut(start..start.checked_add(patch.bytes.len())?));
    place.ok_or(moved)?.copy_from_slice(&patch.bytes);
    Ok(revision)
}
