use serde::Serialize;
use signer::{AskingPage, BatchProgress, CardStage, CardStep, ConsentText, PersonalItem, Review, ReviewedDocument, Screen};

use super::failure::{FactsView, FailureView};
use super::rehearsal::{PageView, RehearsalView};

/// [`Screen`], case by case, under the names that the page knows.
#[derive(Serialize)]
#[serde(tag = "screen", rename_all = "kebab-case")]
pub(super) enum ScreenView {
    Scan { problem: Option<FailureView> },
    Claiming { trouble: Option<FailureView> },
    Rehearsing { problem: Option<FailureView>, page: Option<PageView> },
    RehearsalTalking,
    Rehearsed(RehearsalView),
    Number { number: String, page: PageView, trouble: Option<FailureView> },
    Return { page: PageView, trouble: Option<FailureView> },
    Fetching { origin: Option<String>, trouble: Option<FailureView> },
    Review(ReviewView),
    FlowExplained,
    Consents { consents: Vec<ConsentView> },
    Disclosure { items: Vec<&'static str> },
    EnterPassword { problem: Option<FailureView>, tries_left: Option<u8>, must_confirm_last_try: bool },
    Beginning { trouble: Option<FailureView> },
    HoldCard { problem: Option<FailureView>, progress: ProgressView },
    Talking { step: &'static str, progress: ProgressView },
    Sending { trouble: Option<FailureView> },
    Checking { trouble: Option<FailureView> },
    Done { titles: Vec<String>, touches: u32 },
    Declined { facts: FactsView },
    Failed { failure: FailureView, can_send_again: bool },
}

#[derive(Serialize)]
pub(super) struct ReviewView {
    page: PageView,
    documents: Vec<DocumentView>,
    may_accept_unopened: bool,
    accepts_unopened: bool,
    can_proceed: bool,
}

/// How many of the documents are signed.
#[derive(Serialize)]
pub(super) struct ProgressView {
    signed: u32,
    documents: u32,
}

#[derive(Serialize)]
struct DocumentView {
    title: String,
    parties: Vec<String>,
    page_count: u32,
    fingerprint: String,
    declared_name: Option<String>,
    pages_seen: bool,
}

#[derive(Serialize)]
pub(super) struct ConsentView {
    id: String,
    ja: String,
    en: String,
}

impl ScreenView {
    fn rehearsing(stage: CardStage, page: Option<AskingPage>) -> Self {
        match stage {
            CardStage::Waiting { problem } => {
                Self::Rehearsing { problem: problem.map(FailureView::from), page: page.map(PageView::from) }
            }
            CardStage::Talking { .. } => Self::RehearsalTalking,
        }
    }

    fn holding(stage: CardStage, progress: ProgressView) -> Self {
        let step = match stage {
            CardStage::Waiting { problem } => return Self::HoldCard { problem: problem.map(FailureView::from), progress },
            CardStage::Talking { step: CardStep::Detected } => "detected",
            CardStage::Talking { step: CardStep::CheckingPassword } => "checking-password",
            CardStage::Talking { step: CardStep::Signing } => "signing",
        };
        Self::Talking { step, progress }
    }

    /// The screen, and its deadline on the phone's clock.
    pub(super) fn of(screen: Screen) -> (Self, Option<u64>) {
        let ends_at_ms = deadline(&screen);
        (Self::from(screen), ends_at_ms)
    }
}

fn deadline(screen: &Screen) -> Option<u64> {
    match screen {
        Screen::Fetching { ends_at_ms, .. } => *ends_at_ms,
        Screen::Rehearsing { page, .. } => page.as_ref().map(|page| page.ends_at_ms),
        Screen::Number { page, .. } | Screen::Return { page, .. } => Some(page.ends_at_ms),
        Screen::Review { ends_at_ms, .. }
        | Screen::FlowExplained { ends_at_ms }
        | Screen::Consents { ends_at_ms, .. }
        | Screen::Disclosure { ends_at_ms, .. }
        | Screen::EnterPassword { ends_at_ms, .. }
        | Screen::Beginning { ends_at_ms, .. }
        | Screen::HoldCard { ends_at_ms, .. }
        | Screen::Sending { ends_at_ms, .. } => Some(*ends_at_ms),
        Screen::Scan { .. }
        | Screen::Claiming { .. }
        | Screen::Rehearsed { .. }
        | Screen::Checking { .. }
        | Screen::Done { .. }
        | Screen::Declined { .. }
        | Screen::Failed { .. } => None,
    }
}

impl From<Screen> for ScreenView {
    fn from(screen: Screen) -> Self {
        let view = |failure: Option<signer::Failure>| failure.map(FailureView::from);
        match screen {
            Screen::Claiming { trouble } => Self::Claiming { trouble: view(trouble) },
            Screen::Rehearsing { stage, page } => Self::rehearsing(stage, page),
            Screen::Rehearsed { rehearsal, report } => Self::Rehearsed(RehearsalView::of(&rehearsal, report)),
            Screen::Scan { problem } => Self::Scan { problem: view(problem) },
            Screen::Number { number, page, trouble } => Self::Number { number, page: page.into(), trouble: view(trouble) },
            Screen::Return { page, trouble } => Self::Return { page: page.into(), trouble: view(trouble) },
            Screen::Fetching { origin, trouble, .. } => Self::Fetching { origin, trouble: view(trouble) },
            Screen::Review { review, .. } => Self::Review(review.into()),
            Screen::FlowExplained { .. } => Self::FlowExplained,
            Screen::Consents { consents, .. } => {
                Self::Consents { consents: consents.into_iter().map(ConsentView::from).collect() }
            }
            Screen::Disclosure { items, .. } => Self::Disclosure { items: items.into_iter().map(name_of).collect() },
            Screen::EnterPassword { problem, tries_left, must_confirm_last_try, .. } => {
                Self::EnterPassword { problem: view(problem), tries_left, must_confirm_last_try }
            }
            Screen::Beginning { trouble, .. } => Self::Beginning { trouble: view(trouble) },
            Screen::HoldCard { stage, progress, .. } => Self::holding(stage, progress.into()),
            Screen::Sending { trouble, .. } => Self::Sending { trouble: view(trouble) },
            Screen::Checking { trouble } => Self::Checking { trouble: view(trouble) },
            Screen::Done { titles, touches } => Self::Done { titles, touches },
            Screen::Declined { facts } => Self::Declined { facts: facts.into() },
            Screen::Failed { failure, can_send_again } => Self::Failed { failure: failure.into(), can_send_again },
        }
    }
}

impl From<BatchProgress> for ProgressView {
    fn from(progress: BatchProgress) -> Self {
        Self { signed: progress.signed, documents: progress.documents }
    }
}

impl From<Review> for ReviewView {
    fn from(review: Review) -> Self {
        Self {
            page: review.page.into(),
            documents: review.documents.into_iter().map(DocumentView::from).collect(),
            may_accept_unopened: review.may_accept_unopened,
            accepts_unopened: review.accepts_unopened,
            can_proceed: review.can_proceed,
        }
    }
}

impl From<ReviewedDocument> for DocumentView {
    fn from(document: ReviewedDocument) -> Self {
        Self {
            title: document.title,
            parties: document.parties,
            page_count: document.page_count,
            fingerprint: document.fingerprint,
            declared_name: document.declared_name,
            pages_seen: document.pages_seen,
        }
    }
}

impl From<ConsentText> for ConsentView {
    fn from(consent: ConsentText) -> Self {
        Self { id: consent.id, ja: consent.text_ja, en: consent.text_en }
    }
}

fn name_of(item: PersonalItem) -> &'static str {
    match item {
        PersonalItem::Name => "name",
        PersonalItem::Address => "address",
        PersonalItem::BirthDate => "birth-date",
        PersonalItem::Sex => "sex",
    }
}
