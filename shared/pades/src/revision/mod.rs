//! What each revision of a file signed, and what later revisions changed.

mod changes;
mod signatures;

pub use changes::{Change, ChangeKind, changes_after};
pub use signatures::{SignatureField, SignatureProblem, signatures};
