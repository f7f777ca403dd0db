use wire::{AnswerProblem, ClaimAnswer, Origin, OriginKeys, RelayVersions, ServiceAnswer, SessionId, VerifiedAnswer};

use super::{Approach, Revealing, disagreement};
use crate::boundary::{ClockLine, Event, Failure, FailureKind, RelayAnswer, Screen};
use crate::flow::calls::{Pending, Setback, content, failure_kind, is_nothing_yet, message};
use crate::flow::{Context, State, Turn, over};
use crate::relay::Errand;

/// Waits for the service's answer to this phone's commitment, and for the keys that its origin publishes.
///
/// The relay is asked for an answer until there is one, and never again: there is no second one that could count.
pub(in crate::flow) struct Proving {
    approach: Approach,
    ends_at_ms: u64,
    step: Step,
    trouble: Option<Failure>,
}

enum Step {
    Answer(Pending),
    Keys {
        answer: Box<ServiceAnswer>,
        pending: Pending,
        /// Another file was looked at before.
        is_second: bool,
    },
}

/// An origin's key file as it was fetched, for the next session with the same origin.
pub(in crate::flow) struct KeptKeys {
    origin: Origin,
    keys: OriginKeys,
    fetched_at_ms: u64,
}

impl Proving {
    pub(super) fn begin(approach: Approach, ends_at_ms: u64, context: &mut Context) -> Turn {
        let (pending, effect) = context.call(&approach.mailbox, Errand::AskAnswer);
        (State::Prove(Self { approach, ends_at_ms, step: Step::Answer(pending), trouble: None }), vec![effect])
    }

    pub(in crate::flow) fn session_id(&self) -> SessionId {
        self.approach.link.session
    }

    /// Without the origin: so far anybody may have named it.
    pub(in crate::flow) fn screen(&self) -> Screen {
        Screen::Fetching { origin: None, trouble: self.trouble.clone(), ends_at_ms: Some(self.ends_at_ms) }
    }

    pub(in crate::flow) fn handle(self, event: Event, context: &mut Context) -> Turn {
        if context.now.elapsed_ms >= self.ends_at_ms {
            return over::fail(FailureKind::QrExpired);
        }
        match (&self.step, event) {
            (Step::Answer(asked), Event::RelayAnswered { id, answer }) if asked.is(id) => self.answered(&answer, context),
            (Step::Keys { pending, .. }, Event::RelayAnswered { id, answer }) if pending.is(id) => {
                self.keys_fetched(&answer, context)
            }
            // There is no refusal before the reveal.
            (_, Event::Declined) => over::stop(),
            _ => (State::Prove(self), vec![]),
        }
    }

    fn answered(mut self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        let Step::Answer(asked) = &self.step else { return (State::Prove(self), vec![]) };
        self.approach.observed.note(asked, answer, context.now);
        if is_nothing_yet(answer) {
            let (pending, effect) = asked.again(context);
            return (State::Prove(Self { step: Step::Answer(pending), trouble: None, ..self }), vec![effect]);
        }
        match message::<ClaimAnswer>(answer) {
            Ok(told) => {
                if let Some(kind) = disagreement(&RelayVersions::of(&told.versions)) {
                    return over::fail(kind);
                }
                self.ends_at_ms = self.ends_at_ms.min(asked.ends_at_ms(told.seconds_left));
                self.check(told.answer, context)
            }
            Err(Setback::Refused(code) | Setback::Unexplained(code)) => over::fail(failure_kind(code)),
            Err(Setback::Later(kind)) => {
                let (pending, effect) = asked.again(context);
                let trouble = Some(Failure::without_effect(kind));
                (State::Prove(Self { step: Step::Answer(pending), trouble, ..self }), vec![effect])
            }
        }
    }

    /// By a kept key file if that proves it. One that does not may be too old, so a fetched one decides.
    fn check(self, answer: ServiceAnswer, context: &mut Context) -> Turn {
        // What is asked from this machine is asked on this machine, and nothing else is.
        if answer.origin.is_loopback() != self.approach.link.base.is_loopback() {
            return over::fail(FailureKind::OriginNotProven);
        }
        let kept = context.kept_keys(&answer.origin);
        let is_second = kept.is_some();
        match kept.map(|keys| self.verified(&answer, keys, context)) {
            Some(Ok(verified)) => Revealing::begin(self.approach, &verified, self.ends_at_ms, context),
            _ => self.fetch_keys(answer, is_second, context),
        }
    }

    fn fetch_keys(self, answer: ServiceAnswer, is_second: bool, context: &mut Context) -> Turn {
        let errand = Errand::FetchOriginKeys { origin: answer.origin.clone() };
        let (pending, effect) = context.call(&self.approach.mailbox, errand);
        let step = Step::Keys { answer: Box::new(answer), pending, is_second };
        (State::Prove(Self { step, trouble: None, ..self }), vec![effect])
    }

    fn keys_fetched(self, fetched: &RelayAnswer, context: &mut Context) -> Turn {
        let Step::Keys { answer, pending, is_second } = &self.step else { return (State::Prove(self), vec![]) };
        let (answer, is_second) = (answer.as_ref().clone(), *is_second);
        let keys = match content(fetched) {
            Ok(body) => OriginKeys::parse(body.as_bytes()).ok(),
            Err(Setback::Later(kind)) => {
                let (pending, effect) = pending.again(context);
                let step = Step::Keys { answer: Box::new(answer), pending, is_second };
                return (State::Prove(Self { step, trouble: Some(Failure::without_effect(kind)), ..self }), vec![effect]);
            }
            Err(_) => None,
        };
        let Some(keys) = keys else { return over::fail(FailureKind::OriginNotProven) };
        match self.verified(&answer, &keys, context) {
            Ok(verified) => {
                context.keep_keys(answer.origin, keys);
                Revealing::begin(self.approach, &verified, self.ends_at_ms, context)
            }
            Err(AnswerProblem::UnknownKey) if !is_second => self.fetch_keys(answer, true, context),
            Err(problem) => over::fail(self.not_proven(problem)),
        }
    }

    fn verified(&self, answer: &ServiceAnswer, keys: &OriginKeys, context: &Context) -> Result<VerifiedAnswer, AnswerProblem> {
        keys.verify(answer, &self.approach.link, &self.approach.phone, context.now.wall)
    }

    /// A key that seems too old by a clock that is wrong says more about the clock.
    fn not_proven(&self, problem: AnswerProblem) -> FailureKind {
        match (problem, self.approach.observed.clock()) {
            (AnswerProblem::KeyTooOld, ClockLine::Off) => FailureKind::ClockSkew,
            _ => FailureKind::OriginNotProven,
        }
    }
}

impl Context {
    fn kept_keys(&self, origin: &Origin) -> Option<&OriginKeys> {
        let kept = self.kept_keys.as_ref().filter(|kept| kept.origin == *origin)?;
        let kept_ms = self.now.elapsed_ms.saturating_sub(kept.fetched_at_ms);
        (u128::from(kept_ms) < OriginKeys::KEPT.as_millis()).then_some(&kept.keys)
    }

    fn keep_keys(&mut self, origin: Origin, keys: OriginKeys) {
        self.kept_keys = Some(KeptKeys { origin, keys, fetched_at_ms: self.now.elapsed_ms });
    }
}
