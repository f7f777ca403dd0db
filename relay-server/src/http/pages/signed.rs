use std::time::SystemTime;

use askama::Template;

use super::VerdictSeal;
use super::VerdictView;
use super::reading::Reading;
use super::verdict::VerdictWords;
use super::words::Words;

/// What came of a document whose signature was checked and stored.
#[derive(Debug, Clone)]
pub(crate) struct SignedView {
    pub(crate) verdict: VerdictView,
    /// By the phone's own account: opened to its end, or signed unopened. `None` where that was not kept yet.
    pub(crate) was_opened: Option<bool>,
    /// No authority has given a time stamp yet, and they are asked again.
    pub(crate) awaits_time_stamp: bool,
    pub(crate) signed_at: SystemTime,
    pub(crate) deleted_at: SystemTime,
    /// Name that the download will have.
    pub(crate) file_name: String,
}

/// The worst of what was found, for the seal over all of them.
pub(super) fn seal_of(signed: &[SignedView]) -> VerdictSeal {
    let seals = || signed.iter().map(|signed| signed.verdict.seal);
    let worse = [VerdictSeal::Invalid, VerdictSeal::ValidInPart].into_iter().find(|seal| seals().any(|found| found == *seal));
    worse.unwrap_or(VerdictSeal::Valid)
}

#[derive(Template)]
#[template(path = "steps/done.html")]
pub(super) struct DoneStep<'a> {
    words: Words,
    /// Over all of them.
    verdict: VerdictWords,
    documents: Vec<SignedDocument<'a>>,
    deleted_at: String,
}

/// One document with what came of it.
struct SignedDocument<'a> {
    reading: &'a Reading<'a>,
    signed: &'a SignedView,
    verdict: VerdictWords,
    signed_at: String,
}

impl SignedDocument<'_> {
    fn was_unopened(&self) -> bool {
        self.signed.was_opened == Some(false)
    }
}

impl<'a> DoneStep<'a> {
    /// Readings and results in the same order.
    pub(super) fn of(readings: &'a [Reading<'a>], signed: &'a [SignedView], words: Words) -> Self {
        let document = |(reading, signed): (&'a Reading<'a>, &'a SignedView)| SignedDocument {
            reading,
            signed,
            verdict: signed.verdict.in_words(words),
            signed_at: words.moment(signed.signed_at),
        };
        let deleted_at = signed.iter().map(|signed| signed.deleted_at).min();
        Self {
            words,
            verdict: seal_of(signed).in_words(true, words),
            documents: readings.iter().zip(signed).map(document).collect(),
            deleted_at: deleted_at.map_or_else(String::new, |moment| words.moment(moment)),
        }
    }

    fn are_many(&self) -> bool {
        self.documents.len() > 1
    }

    /// That deletes all of them.
    fn id(&self) -> &str {
        self.documents.first().map_or("", |document| document.reading.id)
    }
}
