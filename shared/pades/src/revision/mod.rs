//! What each revision of a file signed, and what later revisions changed.

mod candidates;
mod changes;
mod date;
mod dictionary;
mod permission;
mod signatures;

pub use changes::{Change, ChangeKind, changes_after};
pub(crate) use permission::Permission;
pub use signatures::{SignatureField, SignatureProblem, signatures};
