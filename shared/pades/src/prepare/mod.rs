//! Appending a revision that waits for a signature.

mod catalog;
mod dictionary;
mod existing;
mod field;
mod form;
mod options;
mod references;
mod section;
mod update;
mod validation;
mod visible;

use crate::byte_range::ByteRange;
use crate::digest::digest;
use crate::pdf::{Document, Object};
use crate::problem::PdfProblem;
use crate::revision::{Permission, SignatureField, latest_permission, signatures};
use crate::source::{Joined, Source};
use catalog::Catalog;
use dictionary::SignatureDictionary;
use existing::EmptyField;
use update::Update;

pub use options::{PrepareOptions, Target};
pub use validation::keep_validation_data;
pub(crate) use visible::NewObject;
pub use visible::{Appearance, Corner, PageChoice, PagePlace, Visible};

/// A revision to append, and what a signature over both covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The bytes to append, with a /Contents of zeros.
    pub revision: Vec<u8>,
    pub byte_range: ByteRange,
    /// SHA-256 of the covered bytes.
    pub digest: [u8; 32],
}

/// Appends a revision with an empty signature, in a new field or in one that waits for it.
///
/// The original stays an untouched prefix. It is read twice: once to
/// understand it, once to hash it; neither holds it whole.
pub fn prepare(source: &dyn Source, options: &PrepareOptions) -> Result<Prepared, PdfProblem> {
    prepare_with(source, options, &[])
}

/// The same, with further entries in the signature dictionary.
pub(crate) fn prepare_with(
    source: &dyn Source,
    options: &PrepareOptions,
    further: &[(&[u8], Object)],
) -> Result<Prepared, PdfProblem> {
    let document = Document::open(source)?;
    let view = document.latest();
    let earlier = signatures(&document)?;
    refuse_further_signature(&document, &earlier, options)?;
    let empty = options.field.as_deref().map(|name| EmptyField::find(&document, &earlier, name)).transpose()?;
    let references = references::of(view, empty.as_ref(), options)?;
    let mut update = Update::after(&document, options.unique)?;
    let signature = update.new_object()?;
    let mut catalog = Catalog::of(view)?;
    let visible = options.visible.as_ref();
    match empty {
        Some(field) => field.sign(view, &mut update, &mut catalog, signature, visible)?,
        None => field::add(view, &mut update, &mut catalog, signature, visible)?,
    }
    if options.certification.is_some() {
        catalog.certify(view, signature)?;
    }
    catalog.put(&mut update)?;
    let places = SignatureDictionary::new(options, references)?.with(further).write(&mut update, signature);
    finish(source, update, places)
}

fn finish(source: &dyn Source, update: Update<'_>, places: dictionary::OpenPlaces) -> Result<Prepared, PdfProblem> {
    let mut revision = update.finish()?;
    let byte_range = places.fill_in_byte_range(source.len(), &mut revision)?;
    let digest = digest(&Joined(source, revision.as_slice()), &byte_range)?;
    Ok(Prepared { revision, byte_range, digest })
}

/// A time stamp is no change of the document: it may follow where nothing else may. ISO 32000-2, section 12.8.2.2.
fn refuse_further_signature(
    document: &Document<'_>,
    earlier: &[SignatureField],
    options: &PrepareOptions,
) -> Result<(), PdfProblem> {
    let may_sign = latest_permission(document, earlier)? > Permission::Nothing;
    if options.target != Target::DocumentTimeStamp && !may_sign {
        return Err(PdfProblem::NoChangesAllowed);
    }
    if options.target == Target::DocumentTimeStamp && options.visible.is_some() {
        return Err(PdfProblem::AppearanceUnfit { what: "a time stamp shows nothing" });
    }
    let shows_in_new_place = options.visible.is_some() && options.field.is_none();
    if shows_in_new_place && Permission::is_stated(document.latest())? {
        return Err(PdfProblem::NoNewPlaceAllowed);
    }
    let is_first = earlier.iter().all(|signature| signature.is_time_stamp);
    if options.certification.is_some() && !(is_first && options.target != Target::DocumentTimeStamp) {
        return Err(PdfProblem::CertificationNotFirst);
    }
    match earlier.iter().filter(|signature| signature.waits_for_a_signature()).count() {
        0 => Ok(()),
        waiting => Err(PdfProblem::SeveralUnsignedSignatures { found: waiting + 1 }),
    }
}

/// Room for the largest certificate accepted (8,192 bytes), its chain, the
/// attributes, the signature and a time stamp.
pub const DEFAULT_CONTENTS_BYTES: u32 = 32_768;
