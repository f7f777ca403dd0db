//! The document without its signatures, for readers who are no party to it.

mod addition;
mod emptied;
mod index;
pub(crate) mod receipt;
mod removal;
mod rewrite;
mod survey;

use std::io::{self, BufWriter, Write};

use crate::pdf::Document;
use crate::prepare::Appearance;
use crate::problem::PdfProblem;
use crate::revision::signatures;
use crate::source::Source;

use addition::Addition;
use rewrite::Rewrite;
use survey::Survey;

/// What came of stripping a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    /// Signatures and document time stamps, of every revision, that the copy no longer holds.
    pub signatures: usize,
    /// How long the copy is.
    pub bytes: u64,
    /// Of the copy.
    pub sha256: [u8; 32],
}

/// Why there is no stripped copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StripProblem {
    #[error("{0}")]
    Pdf(#[from] PdfProblem),
    #[error("the copy could not be written: {0}")]
    Unwritable(io::ErrorKind),
}

/// Writes the document as it is shown, without anything that was signed with: signature dictionaries, their fields and
/// visible stamps, certificates, time stamps, validation data and permissions. A field that was signed in an earlier revision
/// goes too, and so do what the structure said of such fields, groups of nothing else, thumbnails of pages, programs' private
/// notes, and the fonts of a form that had no other fields.
///
/// The copy is written anew from the objects that the newest revision reaches, as one revision: of earlier ones no byte
/// survives. Streams go through unopened, a piece at a time. Empty signature fields stay, without what they demand of a
/// signer. Attached files stay as they are: a signed PDF inside another is a document of its own.
///
/// ```
/// # fn main() -> Result<(), pades::StripProblem> {
/// # let signed = std::fs::read("../../tests/vectors/pdf/practice-contract.pdf").expect("a committed vector");
/// let mut copy = Vec::new();
/// let stripped = pades::strip(&signed, &mut copy)?;
/// assert_eq!(stripped.bytes, copy.len() as u64);
/// # Ok(())
/// # }
/// ```
pub fn strip(source: &dyn Source, copy: &mut dyn Write) -> Result<Stripped, StripProblem> {
    stripped(source, None, copy)
}

/// The same, with a page behind the last one: in it stands for people what a receipt says.
pub fn strip_with_page(source: &dyn Source, page: &Appearance, copy: &mut dyn Write) -> Result<Stripped, StripProblem> {
    stripped(source, Some(page), copy)
}

fn stripped(source: &dyn Source, page: Option<&Appearance>, copy: &mut dyn Write) -> Result<Stripped, StripProblem> {
    let document = Document::open(source)?;
    let found = signatures(&document)?;
    let survey = Survey::of(document.latest(), &found)?;
    let addition = page.map(|page| Addition::to(&survey, page)).transpose()?;
    let (bytes, sha256) =
        Rewrite::into(&mut BufWriter::with_capacity(BUFFER_BYTES, copy)).document(&survey, addition.as_ref())?;
    Ok(Stripped { signatures: found.len(), bytes, sha256 })
}

impl From<io::Error> for StripProblem {
    fn from(error: io::Error) -> Self {
        Self::Unwritable(error.kind())
    }
}

impl From<crate::source::SourceError> for StripProblem {
    fn from(error: crate::source::SourceError) -> Self {
        Self::Pdf(error.into())
    }
}

const BUFFER_BYTES: usize = 64 * 1024;
