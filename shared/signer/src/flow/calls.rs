use std::sync::Arc;

use wire::{Message, Problem, ProblemCode, Progress, Stage, VersionOne};

use super::Context;
use crate::boundary::{Body, Effect, FailureKind, RelayAnswer, RelayCall};
use crate::relay::{Errand, Mailbox};

/// A call whose answer is awaited.
pub(super) struct Pending {
    id: u64,
    call: Arc<RelayCall>,
    /// Of the round that is under way: seconds in the answer count from here.
    pub(super) asked_at_ms: u64,
}

/// An answer that is not the one hoped for.
pub(super) enum Setback {
    /// The relay will not, in its own words, and asking again does not help.
    Refused(ProblemCode),
    /// No answer, or one that may be another in a while.
    Later(FailureKind),
    /// No relay of ours answers so: something on the way there does, such as the page of a hotel's network. With what
    /// it means to whoever will not ask again.
    Unexplained(ProblemCode),
}

impl Pending {
    pub(super) fn is(&self, id: u64) -> bool {
        self.id == id
    }

    /// What is asked, for whoever has to ask it in another's place.
    pub(super) fn errand(&self) -> &Errand {
        &self.call.errand
    }

    /// How often the same was asked, this time included.
    pub(super) fn rounds(&self) -> u32 {
        self.call.round.saturating_add(1)
    }

    /// Whether the answer is held back until there is news.
    pub(super) fn waits(&self) -> bool {
        self.call.errand.waits()
    }

    /// Counts from the moment of asking: the answer's way back can only shorten the time.
    pub(super) fn ends_at_ms(&self, seconds_left: u64) -> u64 {
        let at_most = seconds_left.min(wire::SESSION_LIFETIME.as_secs());
        self.asked_at_ms.saturating_add(at_most * 1000)
    }

    /// The same call once more, with the same bytes.
    pub(super) fn again(&self, context: &mut Context) -> (Self, Effect) {
        self.again_as(self.call.errand.clone(), context)
    }

    /// The next question in a row of them.
    pub(super) fn again_as(&self, errand: Errand, context: &mut Context) -> (Self, Effect) {
        let mailbox = Arc::clone(&self.call.mailbox);
        context.start(RelayCall { mailbox, errand, round: self.call.round.saturating_add(1) })
    }
}

impl Context {
    pub(super) fn call(&mut self, mailbox: &Arc<Mailbox>, errand: Errand) -> (Pending, Effect) {
        self.start(RelayCall { mailbox: Arc::clone(mailbox), errand, round: 0 })
    }

    /// For the other side's sake alone: nobody waits for the answer.
    pub(super) fn send(&mut self, mailbox: &Arc<Mailbox>, errand: Errand) -> Effect {
        self.call(mailbox, errand).1
    }

    /// Tells the page where the person is. Nobody waits for the answer.
    pub(super) fn report(&mut self, mailbox: &Arc<Mailbox>, stage: Stage) -> Effect {
        let body = Arc::new(wire::encode(&Progress { version: VersionOne, stage }));
        self.send(mailbox, Errand::ReportProgress { body })
    }

    fn start(&mut self, call: RelayCall) -> (Pending, Effect) {
        let (id, call) = (self.next_id(), Arc::new(call));
        let pending = Pending { id, call: Arc::clone(&call), asked_at_ms: self.now.elapsed_ms };
        (pending, Effect::Call { id, call })
    }
}

/// The message in an answer.
pub(super) fn message<M: Message>(answer: &RelayAnswer) -> Result<M, Setback> {
    wire::decode(content(answer)?.as_bytes()).map_err(Setback::Unexplained)
}

/// The bytes of a successful answer.
pub(super) fn content(answer: &RelayAnswer) -> Result<&Arc<Body>, Setback> {
    match answer {
        RelayAnswer::Unreachable => Err(Setback::Later(FailureKind::RelayUnreachable)),
        RelayAnswer::Answered { status: 200..300, body } => Ok(body),
        RelayAnswer::Answered { status, body } => Err(match wire::decode_problem(body.as_bytes()) {
            Some(Problem { code: ProblemCode::RateLimited }) => Setback::Later(FailureKind::RateLimited),
            Some(Problem { code }) if code.may_pass() => Setback::Later(FailureKind::RelayUnreachable),
            Some(Problem { code }) => Setback::Refused(code),
            None => unexplained(*status),
        }),
    }
}

/// An answer without a message, by the one status that says it: another success is somebody else's.
pub(super) fn accepted(answer: &RelayAnswer, by: u16) -> Result<(), Setback> {
    match answer {
        RelayAnswer::Answered { status, .. } if *status == by => Ok(()),
        _ => content(answer).and(Err(Setback::Unexplained(ProblemCode::BadMessage))),
    }
}

/// The relay was asked to wait for something, and has waited long enough.
pub(super) fn is_nothing_yet(answer: &RelayAnswer) -> bool {
    matches!(answer, RelayAnswer::Answered { status: 204, .. })
}

impl RelayAnswer {
    /// What names the state that the answer tells.
    pub(super) fn tag(&self) -> Option<String> {
        match self {
            Self::Answered { body, .. } => body.head().tag.clone(),
            Self::Unreachable => None,
        }
    }
}

/// A status without a problem in the relay's own words. Servers recover.
fn unexplained(status: u16) -> Setback {
    match status {
        429 => Setback::Later(FailureKind::RateLimited),
        500..600 => Setback::Later(FailureKind::RelayUnreachable),
        _ => Setback::Unexplained(ProblemCode::BadMessage),
    }
}

/// What a person is told of a refusal by the relay.
pub(super) fn failure_kind(code: ProblemCode) -> FailureKind {
    match code {
        ProblemCode::UnknownSession | ProblemCode::BadTicket | ProblemCode::Expired => FailureKind::QrExpired,
        ProblemCode::StaleFrame | ProblemCode::FutureFrame | ProblemCode::ForgedFrame => FailureKind::QrStaleFrame,
        ProblemCode::Cancelled | ProblemCode::Replaced => FailureKind::SessionCancelled,
        ProblemCode::TooManyNumbers => FailureKind::NumberMismatch,
        ProblemCode::BadReveal => FailureKind::PhoneNotProven,
        ProblemCode::AlreadyClaimed | ProblemCode::DifferentCommitment | ProblemCode::Ended => FailureKind::QrAlreadyUsed,
        ProblemCode::UnsupportedVersion => FailureKind::RelayTooOld,
        ProblemCode::RateLimited | ProblemCode::TooManySessions => FailureKind::RateLimited,
        ProblemCode::StorageFull | ProblemCode::Unavailable => FailureKind::RelayUnreachable,
        ProblemCode::NotAllowed
        | ProblemCode::DifferentResult
        | ProblemCode::WrongState
        | ProblemCode::BadMessage
        | ProblemCode::TooLarge
        | ProblemCode::DifferentAnswer
        | ProblemCode::DifferentReveal
        | ProblemCode::BadAnswer
        | ProblemCode::WrongNumber { .. }
        | ProblemCode::BadReturn
        | ProblemCode::BadEnvelope => FailureKind::ServiceMisbehaved,
    }
}

/// Of sealed bytes that were taken. RFC 9110, section 15.3.3.
pub(super) const ACCEPTED: u16 = 202;

/// After this the person decides whether to try on.
pub(super) const PATIENCE_PAST_DEADLINE_MS: u64 = 60_000;
