//! From the match to documents that may be shown: the sealed request, and each document that it names.

use std::collections::VecDeque;
use std::sync::Arc;

use wire::{Consent, DocumentOffer, MAX_DOCUMENTS_BYTES, OpeningKey, PhoneSide, RefusalKind, SigningRequest};

use super::calls::{Pending, Setback, content, failure_kind, is_nothing_yet};
use super::case::{Case, Envelopes, Offered, Session};
use super::reading::Reading;
use super::{Context, State, Turn, over};
use crate::boundary::{Body, Effect, Event, Failure, FailureKind, Inspected, InspectionTask, RelayAnswer, Screen};
use crate::document::Expected;
use crate::relay::{Errand, SealedDocument};

/// Waits for the request, for each document, and for the look into it.
pub(super) struct Fetching {
    pub(super) session: Session,
    envelopes: Envelopes,
    step: Step,
    trouble: Option<Failure>,
}

enum Step {
    Request { key: OpeningKey<SigningRequest>, pending: Pending },
    Document { parcel: Parcel, awaited: Awaited, pending: Pending },
    Inspection { parcel: Parcel, awaited: Awaited, id: u64 },
}

/// What the request named: the documents still to come, and those that were found right.
struct Parcel {
    to_come: VecDeque<DocumentOffer>,
    came: Vec<Offered>,
    consents: Vec<Consent>,
    /// Of the limit that all documents share.
    bytes_left: u64,
}

/// The document that is fetched now.
struct Awaited {
    title: String,
    parties: Vec<String>,
    sha256: [u8; 32],
}

impl Fetching {
    pub(super) fn begin(session: Session, keys: PhoneSide, context: &mut Context) -> Turn {
        let (pending, effect) = context.call(&session.mailbox, Errand::FetchRequest);
        let envelopes = Envelopes { refusal: keys.refusal, result: keys.result, outcome: keys.outcome };
        let step = Step::Request { key: keys.request, pending };
        (State::Fetch(Self { session, envelopes, step, trouble: None }), vec![effect])
    }

    pub(super) fn screen(&self) -> Screen {
        let origin = Some(self.session.origin.to_string());
        Screen::Fetching { origin, trouble: self.trouble.clone(), ends_at_ms: Some(self.session.ends_at_ms) }
    }

    pub(super) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match (&self.step, event) {
            (Step::Request { pending, .. } | Step::Document { pending, .. }, Event::RelayAnswered { id, answer })
                if pending.is(id) =>
            {
                self.answered(&answer, context)
            }
            (Step::Inspection { id: own, .. }, Event::DocumentInspected { id, inspected }) if *own == id => {
                self.inspected(&inspected, context)
            }
            (_, Event::Declined) => over::decline(&self.session, self.envelopes.refusal, context),
            _ => (State::Fetch(self), vec![]),
        }
    }

    fn answered(self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        if is_nothing_yet(answer) {
            return self.ask_again(None, context);
        }
        match content(answer) {
            Ok(body) => self.received(body, context),
            Err(Setback::Refused(code) | Setback::Unexplained(code)) => over::fail(failure_kind(code)),
            Err(Setback::Later(kind)) => self.ask_again(Some(Failure::without_effect(kind)), context),
        }
    }

    fn ask_again(self, trouble: Option<Failure>, context: &mut Context) -> Turn {
        let (step, effect) = match self.step {
            Step::Request { key, pending } => {
                let (pending, effect) = pending.again(context);
                (Step::Request { key, pending }, Some(effect))
            }
            Step::Document { parcel, awaited, pending } => {
                let (pending, effect) = pending.again(context);
                (Step::Document { parcel, awaited, pending }, Some(effect))
            }
            inspection @ Step::Inspection { .. } => (inspection, None),
        };
        (State::Fetch(Self { step, trouble, ..self }), effect.into_iter().collect())
    }

    fn received(self, body: &Arc<Body>, context: &mut Context) -> Turn {
        match self.step {
            Step::Request { key, .. } => match key.open(body.as_bytes()).ok().and_then(Parcel::of) {
                Some(parcel) => parcel.fetch_next(self.session, self.envelopes, context),
                None => {
                    let (refusal, kind) = (RefusalKind::DocumentDiffers, FailureKind::ServiceMisbehaved);
                    over::refuse_for(&self.session, self.envelopes.refusal, refusal, kind, context)
                }
            },
            Step::Document { parcel, awaited, .. } => {
                let origin = self.session.origin.as_str().to_owned();
                let expected = Expected { sha256: awaited.sha256, origin, fonts: context.settings.fonts.clone() };
                let id = context.next_id();
                let task = InspectionTask::new(id, Arc::clone(body), expected);
                let step = Step::Inspection { parcel, awaited, id };
                (State::Fetch(Self { step, trouble: None, ..self }), vec![Effect::Inspect { id, task }])
            }
            Step::Inspection { .. } => (State::Fetch(self), vec![]),
        }
    }

    fn inspected(self, inspected: &Inspected, context: &mut Context) -> Turn {
        let Step::Inspection { mut parcel, awaited, .. } = self.step else { return (State::Fetch(self), vec![]) };
        match &inspected.0 {
            Ok(document) => {
                parcel.bytes_left = parcel.bytes_left.saturating_sub(document.bytes);
                let (title, parties) = (awaited.title, awaited.parties);
                parcel.came.push(Offered { title, parties, document: Arc::clone(document), is_opened: false });
                parcel.fetch_next(self.session, self.envelopes, context)
            }
            Err(kind) => over::refuse_document(&self.session, self.envelopes.refusal, kind.clone(), context),
        }
    }
}

impl Parcel {
    /// `None` where a sentence is not the one whose hash the person's answer would carry.
    fn of(request: SigningRequest) -> Option<Self> {
        let has_its_words = request.consents.iter().all(Consent::has_its_own_hash);
        let (to_come, came, consents) = (request.documents.into(), vec![], request.consents);
        has_its_words.then_some(Self { to_come, came, consents, bytes_left: MAX_DOCUMENTS_BYTES })
    }

    fn fetch_next(mut self, session: Session, envelopes: Envelopes, context: &mut Context) -> Turn {
        let Some(offer) = self.to_come.pop_front() else {
            let case = Case::new(session, envelopes, self.came, self.consents);
            return (State::Read(Reading::begin(case)), vec![]);
        };
        let DocumentOffer { title, parties, sha256, content_key, .. } = offer;
        // A request has at most fifty.
        let index = u16::try_from(self.came.len()).unwrap_or(u16::MAX);
        let sealed = SealedDocument { index, session: session.mailbox.session, key: content_key, budget_bytes: self.bytes_left };
        let errand = Errand::FetchDocument { sealed: Arc::new(sealed), sha256 };
        let (pending, effect) = context.call(&session.mailbox, errand);
        let step = Step::Document { parcel: self, awaited: Awaited { title, parties, sha256 }, pending };
        (State::Fetch(Fetching { session, envelopes, step, trouble: None }), vec![effect])
    }
}
