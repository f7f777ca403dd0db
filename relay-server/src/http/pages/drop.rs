use std::time::{Duration, SystemTime};

use super::{PageProblem, SigningStatus, Visitor};

/// `GET /`, and the answer to a refused upload.
#[derive(Debug, Clone)]
pub(crate) struct DropView {
    pub(crate) limits: DropLimits,
    /// This browser's documents, newest first.
    pub(crate) earlier: Vec<EarlierDocument>,
    /// Why the upload that this page answers was refused.
    pub(crate) refused: Option<PageProblem>,
}

/// Stated before anybody drops a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropLimits {
    pub(crate) bytes: u64,
    pub(crate) pages: u32,
    /// From the drop to the deletion of document and result.
    pub(crate) lifetime: Duration,
}

#[derive(Debug, Clone)]
pub(crate) struct EarlierDocument {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) dropped_at: SystemTime,
    pub(crate) deleted_at: SystemTime,
    pub(crate) status: SigningStatus,
}

pub(crate) fn drop_page(_view: &DropView, _visitor: &Visitor) -> String {
    String::new()
}
