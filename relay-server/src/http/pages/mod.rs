//! Everything the browser shows: pure functions from a view to HTML, the words in both languages, and the assets.
//!
//! No store, no clock and no request is reached from here. The caller fills a view, picks the status and the
//! headers, and answers with the text. What a view leaves out, its page cannot show.

mod answers;
mod assets;
mod document;
mod drop;
mod failure;
mod handoff;
mod help;
mod language;
mod link;
mod moment;
mod phone;
mod platform;
mod problem;
mod qr;
mod reading;
mod rehearsal;
mod report;
mod returning;
mod shell;
mod signed;
mod signing;
mod signing_steps;
#[cfg(test)]
mod tests;
mod verdict;
mod verdict_codes;
mod verify;
mod ways;
mod words;
mod workplace;

pub(crate) use answers::AnswerLine;
pub(crate) use assets::asset;
pub(crate) use document::{
    Consenting, DocumentStep, DocumentSummary, DocumentView, DroppedDocument, PageSize, SigningStatus, consents, document_page,
};
pub(crate) use drop::{DropLimits, DropView, EarlierDocument, drop_page};
pub(crate) use handoff::{AtWork, MovingLink, PageEvents};
pub(crate) use help::help_page;
pub(crate) use language::{Language, Visitor};
pub(crate) use link::link_page;
pub(crate) use platform::Platform;
pub(crate) use problem::{PageProblem, problem_page};
pub(crate) use reading::PAGE_IMAGE_WIDTHS;
pub(crate) use rehearsal::{RehearsalEnding, RehearsalFace, RehearsalView, rehearsal_page};
pub(crate) use returning::{ReturnView, return_confirm_page, return_page};
pub(crate) use signed::SignedView;
pub(crate) use signing::{SigningEnding, SigningFace, SigningView, signing_page};
pub(crate) use verdict::{CheckLine, CheckMark, SignatureLine, VerdictSeal, VerdictView};
pub(crate) use verify::{
    Asked, JudgedSignature, JudgedView, PersonView, ReceiptSignerView, ReceiptView, VerifyOutcome, VerifyView, verify_page,
};
