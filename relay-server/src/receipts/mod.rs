//! Copies without signatures, for readers who are no party to a document, and the receipts by which they still prove
//! something.

mod certificate;
mod copy;
mod draft;
mod font;
mod keys;
mod page;

pub use copy::{Copies, CopyProblem, StrippedCopy, Surroundings};
pub use keys::{ReceiptKeys, ReceiptKeysProblem, StoredReceiptKey};
