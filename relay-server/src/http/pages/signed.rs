use std::time::SystemTime;

use askama::Template;

use super::VerdictSeal;
use super::VerdictView;
use super::reading::Reading;
use super::verdict::VerdictWords;
use super::words::Words;

/// What came of a session whose signature was checked and stored.
#[derive(Debug, Clone)]
pub(crate) struct SignedView {
    pub(crate) verdict: VerdictView,
    /// No authority has given a time stamp yet, and they are asked again.
    pub(crate) awaits_time_stamp: bool,
    pub(crate) signed_at: SystemTime,
    pub(crate) deleted_at: SystemTime,
    /// Name that the download will have.
    pub(crate) file_name: String,
}

#[derive(Template)]
#[template(path = "steps/done.html")]
pub(super) struct DoneStep<'a> {
    pub(super) words: Words,
    pub(super) readings: &'a [Reading<'a>],
    pub(super) signed: &'a SignedView,
}

impl DoneStep<'_> {
    fn signed_at(&self) -> String {
        self.words.moment(self.signed.signed_at)
    }

    fn deleted_at(&self) -> String {
        self.words.moment(self.signed.deleted_at)
    }

    fn verdict(&self) -> VerdictWords {
        self.signed.verdict.in_words(self.words)
    }
}
