//! From a scanned link to a document that may be shown.

use std::sync::Arc;

use wire::{Claim, ClaimToken, Claimed, Link, LinkProblem, SessionId, SigningRequest};

use super::calls::{Pending, Setback, content, failure_kind, message};
use super::case::{Case, Session};
use super::reading::Reading;
use super::{Context, State, Turn, over};
use crate::boundary::{Body, Effect, Event, Failure, FailureKind, Inspected, InspectionTask, RelayAnswer, TrySpent};
use crate::document::Expected;
use crate::relay::{Errand, Mailbox};

/// Waits for the relay to give the session to this device.
pub(super) struct Claiming {
    pending: Pending,
    since_ms: u64,
    pub(super) trouble: Option<Failure>,
}

/// Waits for the request, the document, and the look into it.
pub(super) struct Fetching {
    pub(super) session: Session,
    step: Step,
    pub(super) trouble: Option<Failure>,
}

enum Step {
    Request { pending: Pending },
    Document { request: SigningRequest, pending: Pending },
    Inspection { request: SigningRequest, id: u64 },
}

impl Claiming {
    pub(super) fn begin(text: &str, context: &mut Context) -> Turn {
        let link = match Link::parse(text) {
            Ok(link) => link,
            Err(problem) => return (scan(link_failure(problem)), vec![]),
        };
        let token = ClaimToken::from_bytes((context.random)());
        let app_version = context.settings.app_version.clone();
        let claim = Claim { version: wire::VERSION, ticket: link.ticket, token_hash: token.hash(), app_version };
        let mailbox = Arc::new(Mailbox { base: link.base, session: link.session, token, version: wire::VERSION });
        let (pending, effect) = context.call(&mailbox, Errand::Claim { body: Arc::new(wire::encode(&claim)) });
        (State::Claim(Self { since_ms: pending.asked_at_ms, pending, trouble: None }), vec![effect])
    }

    pub(super) fn session_id(&self) -> SessionId {
        self.pending.mailbox().session
    }

    pub(super) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match event {
            Event::RelayAnswered { id, answer } if self.pending.is(id) => self.answered(&answer, context),
            Event::Declined => self.decline(context),
            _ => (State::Claim(self), vec![]),
        }
    }

    /// The claim may have arrived, so the refusal is sent on its heels.
    fn decline(self, context: &mut Context) -> Turn {
        let mailbox = Arc::clone(self.pending.mailbox());
        let ends_at_ms = self.since_ms.saturating_add(CLAIM_PATIENCE_MS);
        let session = Session { origin: mailbox.base.clone(), mailbox, ends_at_ms, spent: TrySpent::No };
        over::decline(&session, context)
    }

    fn answered(self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        match message::<Claimed>(answer) {
            // Nothing vouches for an origin before the signed answers of version 1, so it may only be this machine.
            Ok(claimed) if !claimed.origin.is_loopback() => over::fail(FailureKind::OriginNotProven),
            Ok(claimed) => self.claimed(claimed, context),
            Err(Setback::Refused(code) | Setback::Unexplained(code)) => over::fail(failure_kind(code)),
            Err(Setback::Later(kind)) if context.has_passed(CLAIM_PATIENCE_MS, self.since_ms) => (scan(kind), vec![]),
            Err(Setback::Later(kind)) => {
                let (pending, effect) = self.pending.again(context);
                let trouble = Some(Failure::without_effect(kind));
                (State::Claim(Self { pending, trouble, ..self }), vec![effect])
            }
        }
    }

    fn claimed(self, claimed: Claimed, context: &mut Context) -> Turn {
        let ends_at_ms = ends_at_ms(&self.pending, claimed.seconds_left);
        let session =
            Session { mailbox: Arc::clone(self.pending.mailbox()), origin: claimed.origin, ends_at_ms, spent: TrySpent::No };
        let (pending, effect) = context.call(&session.mailbox, Errand::FetchRequest);
        (State::Fetch(Fetching { session, step: Step::Request { pending }, trouble: None }), vec![effect])
    }
}

/// Counts from the moment of asking: the answer's way back can only shorten the time.
pub(super) fn ends_at_ms(asked: &Pending, seconds_left: u64) -> u64 {
    let at_most = seconds_left.min(wire::SESSION_LIFETIME.as_secs());
    asked.asked_at_ms.saturating_add(at_most * 1000)
}

impl Fetching {
    pub(super) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match (self.step, event) {
            (Step::Request { pending }, Event::RelayAnswered { id, answer }) if pending.is(id) => {
                request_answered(self.session, &pending, &answer, context)
            }
            (Step::Document { request, pending }, Event::RelayAnswered { id, answer }) if pending.is(id) => {
                document_answered(self.session, request, &pending, &answer, context)
            }
            (Step::Inspection { request, id: own }, Event::DocumentInspected { id, inspected }) if own == id => {
                document_inspected(self.session, request, &inspected, context)
            }
            (_, Event::Declined) => over::decline(&self.session, context),
            (step, _) => (State::Fetch(Self { step, ..self }), vec![]),
        }
    }
}

fn request_answered(session: Session, asked: &Pending, answer: &RelayAnswer, context: &mut Context) -> Turn {
    match message::<SigningRequest>(answer) {
        Ok(request) => match signable(&request) {
            Ok(bytes) => {
                let (pending, effect) = context.call(&session.mailbox, Errand::FetchDocument { index: 0, bytes });
                fetching(session, Step::Document { request, pending }, None, effect)
            }
            Err(kind) => over::fail(kind),
        },
        Err(setback) => try_again(session, asked, setback, context, |pending| Step::Request { pending }),
    }
}

fn document_answered(
    session: Session,
    request: SigningRequest,
    asked: &Pending,
    answer: &RelayAnswer,
    context: &mut Context,
) -> Turn {
    match content(answer) {
        Ok(body) => inspect(session, request, body, context),
        Err(setback) => try_again(session, asked, setback, context, |pending| Step::Document { request, pending }),
    }
}

fn inspect(session: Session, request: SigningRequest, body: &Arc<Body>, context: &mut Context) -> Turn {
    let Some(offer) = request.documents.first() else { return over::fail(FailureKind::ServiceMisbehaved) };
    let origin = session.origin.as_str().to_owned();
    let expected = Expected { sha256: offer.sha256, origin, fonts: context.settings.fonts.clone() };
    let id = context.next_id();
    let task = InspectionTask::new(id, Arc::clone(body), expected);
    fetching(session, Step::Inspection { request, id }, None, Effect::Inspect { id, task })
}

fn document_inspected(session: Session, request: SigningRequest, inspected: &Inspected, context: &mut Context) -> Turn {
    match &inspected.0 {
        Ok(document) => {
            let document = Arc::clone(document);
            let case = Case::new(session, request, document);
            (State::Read(Reading::begin(case)), vec![])
        }
        Err(kind) => over::refuse_document(&session, kind.clone(), context),
    }
}

fn try_again(
    session: Session,
    asked: &Pending,
    setback: Setback,
    context: &mut Context,
    step: impl FnOnce(Pending) -> Step,
) -> Turn {
    match setback {
        Setback::Refused(code) | Setback::Unexplained(code) => over::fail(failure_kind(code)),
        Setback::Later(kind) => {
            let (pending, effect) = asked.again(context);
            fetching(session, step(pending), Some(Failure::without_effect(kind)), effect)
        }
    }
}

fn fetching(session: Session, step: Step, trouble: Option<Failure>, effect: Effect) -> Turn {
    (State::Fetch(Fetching { session, step, trouble }), vec![effect])
}

/// The length of the one document that a touch signs.
fn signable(request: &SigningRequest) -> Result<u64, FailureKind> {
    let [offer] = request.documents.as_slice() else { return Err(FailureKind::ServiceMisbehaved) };
    if !request.consents.iter().all(wire::Consent::has_its_own_hash) {
        return Err(FailureKind::ServiceMisbehaved);
    }
    if offer.bytes > MAX_DOCUMENT_BYTES {
        return Err(FailureKind::PdfTooLarge);
    }
    Ok(offer.bytes)
}

pub(super) fn scan(kind: FailureKind) -> State {
    State::Scan { problem: Some(Failure::without_effect(kind)) }
}

pub(super) fn link_failure(problem: LinkProblem) -> FailureKind {
    match problem {
        LinkProblem::NotOurQr => FailureKind::NotOurQr,
        LinkProblem::AppTooOld => FailureKind::AppTooOld,
    }
}

/// A relay that does not answer a claim has given no deadline.
pub(super) const CLAIM_PATIENCE_MS: u64 = 60_000;
/// Of one hand-off. protocol.md, section Keys, item 7.
const MAX_DOCUMENT_BYTES: u64 = 100 * 1024 * 1024;
