//! The password: asked for, checked for its form, and announced to the relay before the card.

use std::sync::Arc;

use card::{PasswordProblem, SigningPassword};
use wire::{Begun, Stage};

use super::calls::{Pending, Setback, failure_kind, message};
use super::case::{Case, Typed};
use super::touch::Holding;
use super::{Context, State, Turn, over};
use crate::boundary::{Event, Failure, FailureKind, RelayAnswer};
use crate::relay::Errand;

/// Waits for the person to type.
pub(super) struct Asking {
    pub(super) case: Case,
    pub(super) problem: Option<Failure>,
    last_try: LastTry,
}

/// Whether the next wrong password would lock the card, and whether the person knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LastTry {
    NotKnown,
    MustConfirm,
    Confirmed,
}

/// Waits for the relay to agree that the card comes next.
pub(super) struct Beginning {
    pub(super) case: Case,
    typed: Typed,
    pending: Pending,
    pub(super) trouble: Option<Failure>,
}

impl Asking {
    pub(super) fn begin(case: Case, context: &mut Context) -> Turn {
        let effect = context.report(&case.session.mailbox, Stage::Password);
        (State::Password(Self::new(case, None)), vec![effect])
    }

    pub(super) fn again(case: Case, problem: Failure) -> State {
        State::Password(Self::new(case, Some(problem)))
    }

    fn new(case: Case, problem: Option<Failure>) -> Self {
        let last_try = if case.tries_left == Some(1) { LastTry::MustConfirm } else { LastTry::NotKnown };
        Self { case, problem, last_try }
    }

    pub(super) fn must_confirm_last_try(&self) -> bool {
        self.last_try == LastTry::MustConfirm
    }

    pub(super) fn handle(mut self, event: Event, context: &mut Context) -> Turn {
        match event {
            Event::LastTryConfirmed { typed } if self.must_confirm_last_try() && is_one(&typed) => {
                self.last_try = LastTry::Confirmed;
                (State::Password(self), vec![])
            }
            Event::Declined => over::decline(&self.case.session, self.case.envelopes.refusal, context),
            _ => (State::Password(self), vec![]),
        }
    }

    pub(super) fn take(mut self, typed: &[u8], context: &mut Context) -> Turn {
        if self.must_confirm_last_try() {
            return (State::Password(self), vec![]);
        }
        match SigningPassword::parse(typed) {
            Ok(password) => self.taken(password, context),
            Err(problem) => {
                self.problem = Some(self.case.failure(form_failure(problem)));
                (State::Password(self), vec![])
            }
        }
    }

    fn taken(self, password: SigningPassword, context: &mut Context) -> Turn {
        let consents = self.last_try == LastTry::Confirmed;
        let password = Arc::new(if consents { password.with_consent_to_last_try() } else { password });
        let typed = Typed { password, since_ms: context.now.elapsed_ms };
        let (pending, effect) = context.call(&self.case.session.mailbox, Errand::Begin);
        (State::Begin(Beginning { case: self.case, typed, pending, trouble: None }), vec![effect])
    }
}

impl Beginning {
    pub(super) fn handle(self, event: Event, context: &mut Context) -> Turn {
        if self.typed.is_too_old(context) {
            return (forgotten(self.case), vec![]);
        }
        match event {
            Event::RelayAnswered { id, answer } if self.pending.is(id) => self.answered(&answer, context),
            Event::WentToBackground => (forgotten(self.case), vec![]),
            Event::Declined => over::decline(&self.case.session, self.case.envelopes.refusal, context),
            _ => (State::Begin(self), vec![]),
        }
    }

    fn answered(mut self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        match message::<Begun>(answer) {
            Ok(begun) => {
                let told = self.pending.ends_at_ms(begun.seconds_left);
                self.case.session.ends_at_ms = self.case.session.ends_at_ms.min(told);
                let report = context.report(&self.case.session.mailbox, Stage::Card);
                let (state, mut effects) = Holding::for_signature(self.case, self.typed, None, context);
                effects.insert(0, report);
                (state, effects)
            }
            Err(Setback::Refused(code) | Setback::Unexplained(code)) => over::fail_with(self.case.failure(failure_kind(code))),
            Err(Setback::Later(kind)) => {
                let (pending, effect) = self.pending.again(context);
                let trouble = Some(self.case.failure(kind));
                (State::Begin(Self { pending, trouble, ..self }), vec![effect])
            }
        }
    }
}

/// Back to typing, because the password was wiped.
pub(super) fn forgotten(case: Case) -> State {
    let problem = case.failure(FailureKind::PasswordForgotten);
    Asking::again(case, problem)
}

fn form_failure(problem: PasswordProblem) -> FailureKind {
    match problem {
        PasswordProblem::FormatInvalid => FailureKind::PasswordFormat,
        PasswordProblem::LooksLike4Digit => FailureKind::PasswordLooksLikeFourDigits,
    }
}

/// A Japanese keyboard gives the wide digit.
fn is_one(typed: &str) -> bool {
    matches!(typed.trim(), "1" | "１")
}
