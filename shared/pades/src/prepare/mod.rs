//! Appending a revision that waits for a signature.

mod dictionary;
mod form;
mod section;
mod update;

use std::time::SystemTime;

use crate::byte_range::ByteRange;
use crate::digest::digest;
use crate::pdf::{Document, View};
use crate::problem::PdfProblem;
use crate::revision::{Permission, SignatureField, signatures};
use crate::source::{Joined, Source};
use dictionary::SignatureDictionary;
use form::add_field;
use update::Update;

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
    /// Random, for /ID: the same file prepared twice in one second gives two revisions, so
    /// that a signature over one never fits the other.
    pub unique: [u8; 16],
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

/// Appends an invisible signature field with an empty signature.
///
/// The original stays an untouched prefix. It is read twice: once to
/// understand it, once to hash it; neither holds it whole.
pub fn prepare(source: &dyn Source, options: &PrepareOptions) -> Result<Prepared, PdfProblem> {
    let document = Document::open(source)?;
    let view = document.latest();
    refuse_further_signature(&document, view)?;
    let mut update = Update::after(&document, options.unique)?;
    let signature = update.new_object()?;
    let field = update.new_object()?;
    add_field(view, &mut update, field, signature)?;
    let places = SignatureDictionary::new(options)?.write(&mut update, signature);
    let mut revision = update.finish()?;
    let byte_range = places.fill_in_byte_range(source.len(), &mut revision)?;
    let digest = digest(&Joined(source, revision.as_slice()), &byte_range)?;
    Ok(Prepared { revision, byte_range, digest })
}

fn refuse_further_signature(document: &Document<'_>, view: View<'_>) -> Result<(), PdfProblem> {
    if Permission::of(view)? == Permission::Nothing {
        return Err(PdfProblem::NoChangesAllowed);
    }
    let mut earlier = signatures(document)?;
    earlier.retain(SignatureField::waits_for_a_signature);
    match earlier.len() {
        0 => Ok(()),
        waiting => Err(PdfProblem::SeveralUnsignedSignatures { found: waiting + 1 }),
    }
}

/// Room for the largest certificate accepted (8,192 bytes), its chain, the
/// attributes, the signature and a time stamp.
pub const DEFAULT_CONTENTS_BYTES: u32 = 32_768;
