//! Page images of a PDF, and the list of what could not be drawn.
//!
//! The same picture is shown by the server (in a child process under limits),
//! the phone and the reader. [`Document::inspect`] decides what may be signed:
//! its walk knows the constructs that are drawn completely, and names every
//! other one with its page. A document with an empty list shows the same
//! content here as in other readers.
//!
//! [`stamp`] makes the other kind of page: the small one that a visible signature
//! shows. [`receipt_page`] makes the last page of a copy without signatures.
//!
//! Nothing here reads a file, a clock or the environment, and no input makes a
//! call panic.

#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod characters;
mod document;
mod draw;
mod error;
mod fonts;
mod guard;
mod ink;
mod limits;
mod link_border;
mod scan;
mod sheet;
mod stamp;
mod undrawable;

pub use document::{Document, Inspection, PageSize};
pub use draw::PageImage;
pub use error::PagesError;
pub use fonts::Fonts;
pub use limits::Limits;
pub use sheet::{ReceiptPage, ReceiptPageSigner, receipt_page};
pub use stamp::{StampProblem, StampText, stamp};
pub use undrawable::{Construct, Undrawable};

use std::sync::Arc;

/// Opens the document and lists what cannot be drawn, on one stack for both.
///
/// For several calls on one document, keep a [`Document`].
pub fn inspect(bytes: impl Into<Arc<Vec<u8>>>, limits: &Limits, fonts: &Fonts) -> Result<Inspection, PagesError> {
    let bytes = bytes.into();
    guard::guarded(|| Document::read(bytes, limits)?.look_through(fonts))
}

/// Opens the document and draws one page, counted from 0.
///
/// For several calls on one document, keep a [`Document`].
pub fn draw(bytes: &[u8], page: usize, width_px: u32, limits: &Limits, fonts: &Fonts) -> Result<PageImage, PagesError> {
    Document::open(bytes.to_vec(), limits)?.draw(page, width_px, fonts)
}
