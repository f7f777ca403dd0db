//! The signature's way to the service. It is kept, and always sent as the same bytes.

use std::sync::Arc;

use card::Signed;
use wire::{EndReason, Outcome, OutcomeState, RejectReason, SessionId, SignedDocument, SigningResult, Stage};

use super::calls::{Pending, Setback, failure_kind, message};
use super::case::{Case, Session};
use super::over::{self, Ending};
use super::{Context, State, Turn};
use crate::boundary::{Event, Facts, Failure, FailureKind, RelayAnswer, Sent};
use crate::relay::Errand;

/// Waits until the service has the signature and has checked it.
pub(super) struct Delivering {
    pub(super) session: Session,
    titles: Vec<String>,
    touches: u32,
    result: Arc<Vec<u8>>,
    pending: Pending,
    pub(super) leg: Leg,
    pub(super) trouble: Option<Failure>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leg {
    Sending,
    Checking,
}

impl Delivering {
    pub(super) fn begin(case: Case, signed: &Signed, attributes: Vec<u8>, context: &mut Context) -> Turn {
        let result = Arc::new(wire::encode(&result(&case, signed, attributes, context)));
        let mailbox = &case.session.mailbox;
        let (pending, effect) = context.call(mailbox, Errand::SendResult { body: Arc::clone(&result) });
        let report = context.report(mailbox, Stage::Sending);
        let (titles, touches) = (case.titles(), case.touches);
        let delivering = Self { session: case.session, titles, touches, result, pending, leg: Leg::Sending, trouble: None };
        (State::Deliver(delivering), vec![effect, report])
    }

    /// From the screen of failure, where the result was kept.
    pub(super) fn send_again(mut self, context: &mut Context) -> Turn {
        let body = Arc::clone(&self.result);
        let (pending, effect) = context.call(&self.session.mailbox, Errand::SendResult { body });
        (self.leg, self.trouble) = (Leg::Sending, None);
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
        match message::<Outcome>(answer) {
            Ok(Outcome { state: OutcomeState::Pending, .. }) => self.check(context),
            Ok(Outcome { state: OutcomeState::Completed, .. }) => {
                (over::end(Ending::Done { titles: self.titles, touches: self.touches }), vec![])
            }
            Ok(Outcome { state: OutcomeState::Rejected { reason }, .. }) => self.fail(rejection(reason)),
            Ok(Outcome { state: OutcomeState::Ended { reason }, .. }) => self.fail(end(reason)),
            Err(Setback::Refused(code)) => match failure_kind(code) {
                FailureKind::QrExpired => self.fail(FailureKind::DeadlinePassed),
                kind => self.fail(kind),
            },
            Err(Setback::Later(kind)) => self.later(kind, context),
        }
    }

    fn check(self, context: &mut Context) -> Turn {
        let (pending, effect) = match self.leg {
            Leg::Sending => context.call(&self.session.mailbox, Errand::AskOutcome),
            Leg::Checking => self.pending.again(context),
        };
        (State::Deliver(Self { pending, leg: Leg::Checking, trouble: None, ..self }), vec![effect])
    }

    /// Goes on trying past the deadline: the relay may have taken the result, and only its answer was lost.
    fn later(mut self, kind: FailureKind, context: &mut Context) -> Turn {
        let sent = if self.leg == Leg::Sending { Sent::Unknown } else { Sent::Signature };
        let kind = if self.leg == Leg::Sending { FailureKind::ResultNotDelivered } else { kind };
        let failure = Failure::new(kind, Facts { signed: true, try_spent: self.session.spent, sent });
        if context.now.elapsed_ms >= self.session.ends_at_ms.saturating_add(PATIENCE_PAST_DEADLINE_MS) {
            return (over::end(Ending::Failed { failure, kept: Some(Box::new(self)) }), vec![]);
        }
        let (pending, effect) = self.pending.again(context);
        self.trouble = Some(failure);
        (State::Deliver(Self { pending, ..self }), vec![effect])
    }

    fn fail(self, kind: FailureKind) -> Turn {
        let facts = Facts { signed: true, try_spent: self.session.spent, sent: Sent::Signature };
        (over::end(Ending::Failed { failure: Failure::new(kind, facts), kept: None }), vec![])
    }
}

fn result(case: &Case, signed: &Signed, attributes: Vec<u8>, context: &Context) -> SigningResult {
    let document = SignedDocument {
        certificate: signed.certificate.clone(),
        signed_attributes: attributes,
        signature: signed.signatures.concat(),
        opened: case.pages_seen,
    };
    SigningResult {
        version: wire::VERSION,
        documents: vec![document],
        consents: case.consents_given(),
        touches: case.touches,
        tries_left_before: signed.attempts_before.count(),
        tries_left_after: None,
        app_version: context.settings.app_version.clone(),
    }
}

fn rejection(reason: RejectReason) -> FailureKind {
    match reason {
        RejectReason::SignatureInvalid => FailureKind::SignatureUnfit,
        RejectReason::AttributesInvalid => FailureKind::DocumentDiffers,
        RejectReason::CertificateUntrusted => FailureKind::CertificateUntrusted,
        RejectReason::CertificateExpired => FailureKind::CertificateExpired,
        RejectReason::CertificateNotForSigning => FailureKind::CertificateNotForSigning,
        RejectReason::OtherSigner => FailureKind::OtherSigner,
        RejectReason::ConsentMissing => FailureKind::ConsentMissing,
        RejectReason::DocumentWithdrawn => FailureKind::DocumentWithdrawn,
    }
}

fn end(reason: EndReason) -> FailureKind {
    match reason {
        EndReason::Expired => FailureKind::DeadlinePassed,
        EndReason::Cancelled | EndReason::Replaced | EndReason::Refused { .. } => FailureKind::SessionCancelled,
    }
}

/// After this the person decides whether to try on.
const PATIENCE_PAST_DEADLINE_MS: u64 = 60_000;
