//! Reading PDF as it is written: lazily, strictly, never repairing.
//!
//! A file that two readers can read differently is refused, because a
//! signature under it would say two things.

mod balance;
mod bits;
mod document;
mod explained;
mod filter;
mod generations;
mod header;
mod inline_image;
mod linear;
mod marker;
mod notes;
mod number;
mod object;
mod operators;
mod order;
mod packed;
mod pages;
mod pairs;
mod parser;
mod predictor;
mod rebuilt;
mod revisions;
mod scanner;
mod string;
mod text;
mod unpacked;
mod view;
mod window;
mod work;
mod write;
mod xref;

pub use document::Document;
pub use object::{Dictionary, Object, Reference, Stream, Text};
pub use revisions::Revision;
pub use view::View;
pub use xref::SectionKind;

pub(crate) use balance::keeps_saved_states;
pub(crate) use filter::{unpacked, unpacked_within};
pub(crate) use notes::is_signature;
pub(crate) use pages::Pages;
pub(crate) use pairs::Pairs;
pub(crate) use scanner::Scanner;
pub(crate) use write::{text_string, write_decimal, write_object};
pub(crate) use xref::Entry;
