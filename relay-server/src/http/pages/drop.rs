use std::time::{Duration, SystemTime};

use askama::Template;

use super::shell::{RailStep, Shell, rendered};
use super::words::Words;
use super::{PageProblem, SigningStatus, Visitor};

/// `GET /`, and the answer to a refused upload.
#[derive(Debug, Clone)]
pub(crate) struct DropView {
    pub(crate) limits: DropLimits,
    /// This browser's documents, newest first.
    pub(crate) earlier: Vec<EarlierDocument>,
    /// Whether the visitor comes from deleting a document.
    pub(crate) just_deleted: bool,
    /// Why the upload that this page answers was refused.
    pub(crate) refused: Option<PageProblem>,
}

/// Stated before anybody drops a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropLimits {
    /// So many may be dropped at once, to be signed at once.
    pub(crate) files: usize,
    /// Of all that are dropped at once.
    pub(crate) together_bytes: u64,
    /// Of each.
    pub(crate) bytes: u64,
    pub(crate) pages: u32,
    /// From the drop to the deletion of document and result.
    pub(crate) lifetime: Duration,
}

#[derive(Debug, Clone)]
pub(crate) struct EarlierDocument {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Dropped together with it.
    pub(crate) further: usize,
    pub(crate) dropped_at: SystemTime,
    pub(crate) deleted_at: SystemTime,
    pub(crate) status: SigningStatus,
}

pub(crate) fn drop_page(view: &DropView, visitor: &Visitor) -> String {
    let words = Words::of(visitor.language);
    let problem = |problem: &PageProblem| ProblemBox::of(problem, words);
    rendered(&DropPage {
        shell: Shell::new(visitor, &words.say("drop-title"), Some(RailStep::Document)),
        words,
        rehearsed_document: None,
        limits: view.limits.in_words(words),
        lifetime: words.fill("drop-lifetime", "span", words.span(view.limits.lifetime)),
        refused: view.refused.as_ref().map(problem),
        too_large: problem(&PageProblem::TooLarge { limit_bytes: view.limits.bytes }),
        empty: problem(&PageProblem::EmptyFile),
        too_many: problem(&PageProblem::TooManyFiles { limit: view.limits.files, together_bytes: view.limits.together_bytes }),
        earlier: view.earlier.iter().map(|document| EarlierLine::of(document, words)).collect(),
        view,
    })
}

#[derive(Template)]
#[template(path = "drop.html")]
struct DropPage<'a> {
    shell: Shell,
    words: Words,
    /// None: a check that leads back to no document.
    rehearsed_document: Option<&'a str>,
    limits: String,
    lifetime: String,
    refused: Option<ProblemBox>,
    /// Shown by the script before anything is sent.
    too_large: ProblemBox,
    /// Shown by the script before anything is sent.
    empty: ProblemBox,
    /// Shown by the script before anything is sent.
    too_many: ProblemBox,
    earlier: Vec<EarlierLine<'a>>,
    view: &'a DropView,
}

impl DropLimits {
    fn in_words(self, words: Words) -> String {
        let size = ("size", words.size(self.bytes).into());
        let pages = ("pages", self.pages.into());
        if self.files == 1 {
            return words.fill_all("drop-limits", [size, pages]);
        }
        let together = ("together", words.size(self.together_bytes).into());
        words.fill_all("drop-limits-many", [("files", self.files.into()), size, pages, together])
    }
}

/// Why a file was refused, beside the place where another can be chosen.
pub(super) struct ProblemBox {
    pub(super) title: String,
    pub(super) cause: String,
    pub(super) code: Option<&'static str>,
}

impl ProblemBox {
    pub(super) fn of(problem: &PageProblem, words: Words) -> Self {
        Self { title: problem.title(words), cause: problem.cause(words), code: problem.code() }
    }
}

struct EarlierLine<'a> {
    title: &'a str,
    further: Option<String>,
    href: String,
    status: String,
    is_signed: bool,
    dropped_at: String,
    deleted_at: String,
}

impl<'a> EarlierLine<'a> {
    fn of(document: &'a EarlierDocument, words: Words) -> Self {
        let (href, status) = match document.status {
            SigningStatus::Unsigned => (format!("/documents/{}", document.id), "earlier-unsigned"),
            SigningStatus::Underway { session } | SigningStatus::Signing { session } => {
                (format!("/sessions/{session}"), "earlier-underway")
            }
            SigningStatus::Signed { session } => (format!("/sessions/{session}"), "earlier-signed"),
        };
        Self {
            title: &document.title,
            further: (document.further > 0).then(|| words.fill("documents-further", "n", document.further)),
            href,
            status: words.say(status),
            is_signed: matches!(document.status, SigningStatus::Signed { .. }),
            dropped_at: words.moment(document.dropped_at),
            deleted_at: words.moment(document.deleted_at),
        }
    }
}
