//! The signature's way to the service. It is kept, and always sent as the same bytes.

mod kept;

use std::sync::Arc;

use card::AttemptsLeft;
use wire::{OpeningKey, Outcome, Purpose, RejectReason, SessionId, Settlement, SignedDocument, SigningResult, Stage, VersionOne};

use super::calls::{ACCEPTED, PATIENCE_PAST_DEADLINE_MS, Pending, Setback, accepted, content, is_nothing_yet};
use super::case::{Case, Session};
use super::over::{self, Ending};
use super::{Context, State, Turn};
use crate::boundary::{Effect, Event, Facts, Failure, FailureKind, RelayAnswer, Sent};
use crate::relay::Errand;

/// Waits until the service has the signature and has checked it.
pub(super) struct Delivering {
    pub(super) session: Session,
    titles: Vec<String>,
    touches: u32,
    outcome: OpeningKey<Outcome>,
    /// Sealed once.
    result: Arc<Vec<u8>>,
    pending: Pending,
    pub(super) leg: Leg,
    /// The relay or the service has said that it was given the signature.
    has_arrived: bool,
    pub(super) trouble: Option<Failure>,
    /// From then on the person decides whether to try on.
    patient_until_ms: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leg {
    Sending,
    Checking,
}

impl Delivering {
    pub(super) fn begin(
        case: Case,
        documents: Vec<SignedDocument>,
        attempts_before: AttemptsLeft,
        context: &mut Context,
    ) -> Turn {
        let message = result(&case, documents, attempts_before, context);
        let (titles, touches) = (case.titles(), case.touches);
        let (session, outcome) = (case.session, case.envelopes.outcome);
        let result = Arc::new(case.envelopes.result.seal(context.envelope_nonce(), &message));
        let (pending, effect) = context.call(&session.mailbox, delivery_of(&result));
        let report = context.report(&session.mailbox, Stage::Sending);
        let delivering = Self {
            patient_until_ms: session.ends_at_ms.saturating_add(PATIENCE_PAST_DEADLINE_MS),
            session,
            titles,
            touches,
            outcome,
            result,
            pending,
            leg: Leg::Sending,
            has_arrived: false,
            trouble: None,
        };
        let keep = Effect::KeepResult { kept: delivering.to_bytes(context.now).to_vec() };
        (State::Deliver(delivering), vec![keep, effect, report])
    }

    /// From the screen of failure, where the result was kept.
    pub(super) fn send_again(mut self, context: &mut Context) -> Turn {
        let (pending, effect) = context.call(&self.session.mailbox, delivery_of(&self.result));
        (self.leg, self.trouble) = (Leg::Sending, None);
        self.patient_until_ms = self.patient_until_ms.max(context.now.elapsed_ms.saturating_add(PATIENCE_PAST_DEADLINE_MS));
        (State::Deliver(Self { pending, ..self }), vec![effect])
    }

    pub(super) fn session_id(&self) -> SessionId {
        self.session.mailbox.session
    }

    pub(super) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match event {
            Event::RelayAnswered { id, answer } if self.pending.is(id) => self.answered(&answer, context),
            _ => (State::Deliver(self), vec![]),
        }
    }

    fn answered(self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        match self.leg {
            Leg::Sending => match accepted(answer, ACCEPTED) {
                Ok(()) => Self { has_arrived: true, ..self }.ask(context),
                // In the relay's own words, whatever they are: it may have handed the signature on all the same.
                Err(Setback::Refused(_)) => self.ask(context),
                Err(setback) => self.set_back(setback, context),
            },
            Leg::Checking if is_nothing_yet(answer) => self.wait_on(context),
            Leg::Checking => match content(answer).map(|body| self.outcome.open(body.as_bytes())) {
                Ok(Ok(Outcome { settlement: Settlement::Completed, .. })) => {
                    (over::end(Ending::Done { titles: self.titles, touches: self.touches }), vec![Effect::ForgetResult])
                }
                Ok(Ok(Outcome { settlement: Settlement::Rejected { reason }, .. })) => self.judged(rejection(reason)),
                // Nobody but the service can say how it ended: these are somebody else's words.
                Ok(Err(_)) => self.later(FailureKind::RelayUnreachable, context),
                Err(setback) => self.set_back(setback, context),
            },
        }
    }

    fn set_back(self, setback: Setback, context: &mut Context) -> Turn {
        match setback {
            Setback::Refused(_) => self.keep(FailureKind::OutcomePending),
            Setback::Later(kind) => self.later(kind, context),
            Setback::Unexplained(_) => self.later(FailureKind::RelayUnreachable, context),
        }
    }

    fn ask(self, context: &mut Context) -> Turn {
        let (pending, effect) = context.call(&self.session.mailbox, Errand::AskOutcome);
        (State::Deliver(Self { pending, leg: Leg::Checking, trouble: None, ..self }), vec![effect])
    }

    /// The service has not judged yet. Where the relay says that it did not take the signature, there may be nothing to judge.
    fn wait_on(self, context: &mut Context) -> Turn {
        let was_refused = !self.has_arrived;
        if was_refused && self.pending.rounds() >= QUESTIONS_AFTER_A_REFUSAL || self.has_lost_patience(context) {
            return self.keep(FailureKind::OutcomePending);
        }
        let (pending, effect) = self.pending.again(context);
        (State::Deliver(Self { pending, trouble: None, ..self }), vec![effect])
    }

    /// Goes on trying past the deadline: the relay may have taken the result, and only its answer was lost.
    fn later(mut self, kind: FailureKind, context: &mut Context) -> Turn {
        let kind = if self.has_arrived { kind } else { FailureKind::ResultNotDelivered };
        if self.has_lost_patience(context) {
            return self.keep(kind);
        }
        let (pending, effect) = self.pending.again(context);
        self.trouble = Some(Failure::new(kind, self.facts()));
        (State::Deliver(Self { pending, ..self }), vec![effect])
    }

    fn has_lost_patience(&self, context: &Context) -> bool {
        context.now.elapsed_ms >= self.patient_until_ms
    }

    /// Signed by then; whether the relay has it is known from its own answer only.
    pub(super) fn facts(&self) -> Facts {
        let sent = if self.has_arrived { Sent::Signature } else { Sent::Unknown };
        Facts { signed: true, try_spent: self.session.spent, sent }
    }

    /// Ends with the signature in hand: the person may send the same bytes once more.
    fn keep(self, kind: FailureKind) -> Turn {
        let failure = Failure::new(kind, self.facts());
        (over::end(Ending::Failed { failure, kept: Some(Box::new(self)) }), vec![])
    }

    /// The service has the signature and says no, for good.
    fn judged(self, kind: FailureKind) -> Turn {
        let facts = Facts { sent: Sent::Signature, ..self.facts() };
        let (state, _) = over::fail_with(Failure::new(kind, facts));
        (state, vec![Effect::ForgetResult])
    }
}

fn delivery_of(result: &Arc<Vec<u8>>) -> Errand {
    Errand::SendSealed { purpose: Purpose::Result, body: Arc::clone(result) }
}

fn result(case: &Case, documents: Vec<SignedDocument>, attempts_before: AttemptsLeft, context: &Context) -> SigningResult {
    SigningResult {
        version: VersionOne,
        documents,
        consents: case.consents_given(),
        touches: case.touches,
        tries_left_before: attempts_before.count(),
        tries_left_after: attempts_before.after_right_password(),
        app_version: context.settings.app_version.clone(),
    }
}

fn rejection(reason: RejectReason) -> FailureKind {
    match reason {
        RejectReason::SignatureInvalid => FailureKind::SignatureUnfit,
        RejectReason::AttributesInvalid => FailureKind::DocumentDiffers,
        RejectReason::CertificateUntrusted => FailureKind::CertificateUntrusted,
        RejectReason::CertificateExpired => FailureKind::CertificateExpired,
        RejectReason::CertificateRevoked => FailureKind::CertificateRevoked,
        RejectReason::CertificateNotForSigning => FailureKind::CertificateNotForSigning,
        RejectReason::OtherSigner => FailureKind::OtherSigner,
        RejectReason::ConsentMissing => FailureKind::ConsentMissing,
        RejectReason::DocumentWithdrawn => FailureKind::DocumentWithdrawn,
        RejectReason::DocumentTooIntricate => FailureKind::PdfTooLarge,
    }
}

/// A relay holds each for 25 s: longer than a service needs to judge.
const QUESTIONS_AFTER_A_REFUSAL: u32 = 3;
