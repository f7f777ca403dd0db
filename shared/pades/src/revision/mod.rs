//! What each revision of a file signed, and what later revisions changed.

mod candidates;
mod changes;
mod comparer;
mod date;
mod defaults;
mod dictionary;
mod field_names;
mod form_rules;
mod frame;
mod layout;
mod locks;
mod metadata;
mod naming;
mod new_fields;
mod permission;
mod references;
mod roles;
mod rules;
mod signatures;
mod step;
mod store;
mod structure;
mod structure_parts;
mod xml;
mod xmp;

pub(crate) use candidates::{inherited, is_signature_field};
pub use changes::{Change, ChangeKind, History, Later, changes_after};
pub(crate) use dictionary::RECEIPT;
pub(crate) use locks::{is_locked, latest_permission};
pub use permission::Permission;
pub use signatures::{SignatureField, SignatureProblem, signatures};
