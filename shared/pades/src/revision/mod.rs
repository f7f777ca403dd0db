//! What each revision of a file signed, and what later revisions changed.

mod candidates;
mod changes;
mod date;
mod dictionary;
mod form_rules;
mod permission;
mod references;
mod roles;
mod rules;
mod signatures;
mod step;

pub use changes::{Change, ChangeKind, History, changes_after};
pub(crate) use permission::Permission;
pub use signatures::{SignatureField, SignatureProblem, signatures};
