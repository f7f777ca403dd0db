use std::time::SystemTime;

use wire::{Consent, SessionId};

use super::Visitor;

/// Widths in pixels that a document page asks its images in: `/documents/{id}/pages/{1-based}.png?w={width}`.
pub(crate) const PAGE_IMAGE_WIDTHS: [u32; 2] = [720, 1440];

/// `GET /documents/{id}`.
#[derive(Debug, Clone)]
pub(crate) struct DocumentView {
    pub(crate) document: DocumentSummary,
    /// Length of the file that was dropped.
    pub(crate) bytes: u64,
    /// One for each page, in order.
    pub(crate) page_sizes: Vec<PageSize>,
    pub(crate) declared_name: Option<String>,
    pub(crate) deleted_at: SystemTime,
    pub(crate) status: SigningStatus,
    pub(crate) step: DocumentStep,
    pub(crate) consenting: Consenting,
}

#[derive(Debug, Clone)]
pub(crate) struct DocumentSummary {
    /// As it stands in URLs.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) page_count: u32,
    /// SHA-256 of the revision that the phone fetches, which the phone shows too.
    pub(crate) fingerprint: [u8; 32],
}

/// In points; only the proportion matters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Where a document stands between drop and signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SigningStatus {
    Unsigned,
    Underway { session: SessionId },
    Signed { session: SessionId },
}

/// The two screens of a document's page, told apart by `?step=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentStep {
    Read,
    Prepare,
}

/// Whether 「次へ」 was pressed without all consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consenting {
    Asked,
    SomeMissing,
}

impl DocumentStep {
    /// From the value of `?step=`.
    pub(crate) fn from_query(value: Option<&str>) -> Self {
        match value {
            Some("prepare") => Self::Prepare,
            _ => Self::Read,
        }
    }
}

impl Consenting {
    /// The three consents of 「次へ」, in order. Their ids are the names of the form's checkboxes, each sent
    /// with the value `yes`; their words are those that the phone shows again.
    pub(crate) fn consents() -> [Consent; 3] {
        ["contents", "certificate", "terms"].map(|id| Consent::new(id, "", ""))
    }
}

pub(crate) fn document_page(_view: &DocumentView, _visitor: &Visitor) -> String {
    String::new()
}
