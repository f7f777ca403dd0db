//! The signature's way to the service. It is kept, and always sent as the same bytes.

use std::sync::Arc;

use card::Signed;
use wire::{EndReason, Outcome, OutcomeState, ProblemCode, RejectReason, SessionId, SignedDocument, SigningResult, Stage};

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
    /// The service has said in some way that it was given the signature.
    has_arrived: bool,
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
        let (session, leg) = (case.session, Leg::Sending);
        let delivering = Self { session, titles, touches, result, pending, leg, has_arrived: false, trouble: None };
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
            Ok(Outcome { state: OutcomeState::Rejected { reason }, .. }) => self.judged(rejection(reason)),
            Ok(Outcome { state: OutcomeState::Ended { reason }, .. }) => self.judged(end(reason)),
            Err(Setback::Refused(code)) => self.refused(code),
            Err(Setback::Later(kind)) => self.later(kind, context),
            Err(Setback::Unexplained(_)) => self.later(FailureKind::RelayUnreachable, context),
        }
    }

    /// The relay does not take the signature, in its own words; one that was sent before may count all the same.
    fn refused(self, code: ProblemCode) -> Turn {
        match code {
            ProblemCode::Expired => Self { has_arrived: true, ..self }.keep(FailureKind::DeadlinePassed),
            ProblemCode::UnknownSession | ProblemCode::BadTicket => self.keep(FailureKind::OutcomePending),
            _ => self.keep(failure_kind(code)),
        }
    }

    fn check(self, context: &mut Context) -> Turn {
        let (pending, effect) = match self.leg {
            Leg::Checking if self.has_lost_patience(context) => return self.keep(FailureKind::OutcomePending),
            Leg::Checking => self.pending.again(context),
            Leg::Sending => context.call(&self.session.mailbox, Errand::AskOutcome),
        };
        (State::Deliver(Self { pending, leg: Leg::Checking, has_arrived: true, trouble: None, ..self }), vec![effect])
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
        context.now.elapsed_ms >= self.session.ends_at_ms.saturating_add(PATIENCE_PAST_DEADLINE_MS)
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
        over::fail_with(Failure::new(kind, facts))
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
        RejectReason::CertificateRevoked => FailureKind::CertificateRevoked,
        RejectReason::CertificateNotForSigning => FailureKind::CertificateNotForSigning,
        RejectReason::OtherSigner => FailureKind::OtherSigner,
        RejectReason::ConsentMissing => FailureKind::ConsentMissing,
        RejectReason::DocumentWithdrawn => FailureKind::DocumentWithdrawn,
        RejectReason::DocumentTooIntricate => FailureKind::PdfTooLarge,
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
