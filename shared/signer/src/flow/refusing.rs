//! Refusals on their way to the service. They outlive the screen that ended in them: while the net is away, the person
//! may leave it and begin another signing.

use std::sync::Arc;

use wire::{ProblemCode, SessionId};

use super::Context;
use super::calls::{ACCEPTED, Pending, Setback, accepted};
use crate::boundary::{Effect, RelayAnswer};
use crate::relay::{Errand, Mailbox};

/// Those that no relay has confirmed, each until its own session's deadline.
#[derive(Default)]
pub(super) struct Refusals(Vec<Refusing>);

/// Sealed once, and always sent as the same bytes.
pub(super) struct Refusing {
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) pending: Pending,
    pub(super) ends_at_ms: u64,
    /// The reveal, where nobody has said that it arrived: without it the refusal opens to nobody.
    pub(super) reveal: Option<Errand>,
}

impl Refusals {
    pub(super) fn add(&mut self, refusing: Refusing) {
        self.0.push(refusing);
    }

    pub(super) fn await_answer(&self, id: u64) -> bool {
        self.0.iter().any(|refusing| refusing.pending.is(id))
    }

    fn take(&mut self, id: u64) -> Option<Refusing> {
        let at = self.0.iter().position(|refusing| refusing.pending.is(id))?;
        Some(self.0.swap_remove(at))
    }
}

impl Context {
    /// The session whose refusal has arrived, and the next try where it has not.
    pub(super) fn refusal_answered(&mut self, id: u64, answer: &RelayAnswer) -> (Option<SessionId>, Vec<Effect>) {
        let Some(refusing) = self.refusals.take(id) else { return (None, vec![]) };
        match accepted(answer, ACCEPTED) {
            Ok(()) => (Some(refusing.mailbox.session), vec![]),
            Err(setback) if setback.may_pass_for_refusal() && self.now.elapsed_ms < refusing.ends_at_ms => {
                let reveal = refusing.reveal.clone().filter(|_| setback.is_too_early());
                let reveal = reveal.map(|reveal| self.send(&refusing.mailbox, reveal));
                let (pending, effect) = refusing.pending.again(self);
                self.refusals.add(Refusing { pending, ..refusing });
                (None, reveal.into_iter().chain([effect]).collect())
            }
            Err(_) => (None, vec![]),
        }
    }
}

impl Setback {
    fn may_pass_for_refusal(&self) -> bool {
        self.is_too_early() || matches!(self, Self::Later(_) | Self::Unexplained(_))
    }

    /// A refusal cannot be opened before the reveal was checked.
    fn is_too_early(&self) -> bool {
        matches!(self, Self::Refused(ProblemCode::WrongState))
    }
}
