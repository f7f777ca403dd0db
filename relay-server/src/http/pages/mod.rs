//! Everything the browser shows: pure functions from a view to HTML, the words in both languages, and the assets.
//!
//! No store, no clock and no request is reached from here. The caller fills a view, picks the status and the
//! headers, and answers with the text. What a view leaves out, its page cannot show.

mod assets;
mod document;
mod drop;
mod language;
mod problem;
mod session;
mod static_pages;
mod verdict;

pub(crate) use assets::{Asset, asset, asset_url};
pub(crate) use document::{
    Consenting, DocumentStep, DocumentSummary, DocumentView, PAGE_IMAGE_WIDTHS, PageSize, SigningStatus, document_page,
};
pub(crate) use drop::{DropLimits, DropView, EarlierDocument, drop_page};
pub(crate) use language::{Language, Visitor};
pub(crate) use problem::{PageProblem, problem_page};
pub(crate) use session::{Ending, SessionFace, SessionView, SignedView, session_page};
pub(crate) use static_pages::{help_page, link_page};
pub(crate) use verdict::{CheckLine, CheckMark, SignatureLine, VerdictSeal, VerdictView};
