use std::time::SystemTime;

use askama::Template;
use wire::{Consent, SessionId};

use super::reading::Reading;
use super::shell::{RailStep, Shell};
use super::words::Words;
use super::workplace::Workplace;
use super::{Language, Platform, Visitor};

/// `GET /documents/{id}`, and the answer to a 「次へ」 without all consents.
#[derive(Debug, Clone)]
pub(crate) struct DocumentView {
    /// As it stands in this page's address.
    pub(crate) id: String,
    /// At least one; all are signed at once.
    pub(crate) documents: Vec<DroppedDocument>,
    pub(crate) declared_name: Option<String>,
    pub(crate) deleted_at: SystemTime,
    pub(crate) status: SigningStatus,
    /// It is signed, and its time stamp is still to come.
    pub(crate) awaits_time_stamp: bool,
    pub(crate) step: DocumentStep,
    pub(crate) consenting: Consenting,
}

#[derive(Debug, Clone)]
pub(crate) struct DroppedDocument {
    pub(crate) summary: DocumentSummary,
    /// Length of the file.
    pub(crate) bytes: u64,
}

/// What stays in view from the first look to the last: the document.
#[derive(Debug, Clone)]
pub(crate) struct DocumentSummary {
    /// As it stands in URLs.
    pub(crate) id: String,
    pub(crate) title: String,
    /// One for each page, in order.
    pub(crate) page_sizes: Vec<PageSize>,
    /// SHA-256 of the revision that the phone fetches, which the phone shows too.
    pub(crate) fingerprint: [u8; 32],
}

/// In any unit: only the proportion matters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Where a document stands between drop and signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SigningStatus {
    Unsigned,
    Underway {
        session: SessionId,
    },
    /// A phone has begun: the card may be at it.
    Signing {
        session: SessionId,
    },
    Signed {
        session: SessionId,
    },
}

/// The two screens of a document's page, told apart by `?step=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentStep {
    Read,
    Prepare,
}

/// Whether 「次へ」 was pressed without all consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consenting {
    Asked,
    SomeMissing,
}

pub(crate) fn document_page(view: &DocumentView, visitor: &Visitor) -> String {
    let words = Words::of(visitor.language);
    let readings: Vec<Reading<'_>> = view.documents.iter().map(|document| Reading::of(&document.summary, words)).collect();
    let readings = readings.as_slice();
    match view.step {
        DocumentStep::Read => {
            let shell = Shell::new(visitor, &words.say("read-title"), Some(RailStep::Document));
            Workplace::still(shell, readings, &ReadStep { words, readings, view }).page()
        }
        DocumentStep::Prepare => {
            let shell = Shell::new(visitor, &words.say("prepare-title"), Some(RailStep::Prepare));
            let (id, platform) = (view.id.as_str(), visitor.platform);
            let step = PrepareStep { words, id, platform, consents: spoken_consents(words), view };
            Workplace::still(shell, readings, &step).page()
        }
    }
}

/// The three consents of 「次へ」 (M12), in order. Their ids are the names of the form's checkboxes, each sent with
/// the value `yes`; their words are those that the phone shows again.
pub(crate) fn consents() -> [Consent; 3] {
    let japanese = Words::of(Language::Japanese);
    let english = Words::of(Language::English);
    CONSENTS.map(|(id, key)| Consent::new(id, &japanese.say(key), &english.say(key)))
}

impl DocumentStep {
    /// From the value of `?step=`.
    pub(crate) fn from_query(value: Option<&str>) -> Self {
        match value {
            Some("prepare") => Self::Prepare,
            _ => Self::Read,
        }
    }
}

#[derive(Template)]
#[template(path = "steps/read.html")]
struct ReadStep<'a> {
    words: Words,
    readings: &'a [Reading<'a>],
    view: &'a DocumentView,
}

impl ReadStep<'_> {
    fn is_signing(&self) -> bool {
        matches!(self.view.status, SigningStatus::Signing { .. })
    }

    /// Each with the length of its file.
    fn documents(&self) -> impl Iterator<Item = (&Reading<'_>, String)> {
        let sizes = self.view.documents.iter().map(|document| self.words.size(document.bytes));
        self.readings.iter().zip(sizes)
    }

    fn title_key(&self) -> &'static str {
        if self.readings.len() > 1 { "read-many-title" } else { "read-title" }
    }

    fn lead_key(&self) -> &'static str {
        if self.readings.len() > 1 { "read-many-lead" } else { "read-lead" }
    }

    fn deleted_at(&self) -> String {
        self.words.moment(self.view.deleted_at)
    }
}

#[derive(Template)]
#[template(path = "steps/prepare.html")]
struct PrepareStep<'a> {
    words: Words,
    /// Of the page.
    id: &'a str,
    platform: Platform,
    consents: [SpokenConsent; 3],
    view: &'a DocumentView,
}

impl PrepareStep<'_> {
    fn some_missing(&self) -> bool {
        self.view.consenting == Consenting::SomeMissing
    }
}

/// A consent in the visitor's language.
struct SpokenConsent {
    id: &'static str,
    text: String,
}

fn spoken_consents(words: Words) -> [SpokenConsent; 3] {
    CONSENTS.map(|(id, key)| SpokenConsent { id, text: words.say(key) })
}

const CONSENTS: [(&str, &str); 3] =
    [("contents", "consent-contents"), ("certificate", "consent-certificate"), ("terms", "consent-terms")];
