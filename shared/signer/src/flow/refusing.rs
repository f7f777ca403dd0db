//! Refusals on their way to the service. They outlive the screen that ended in them: while the net is away, the person
//! may leave it and begin another signing.

use wire::{ProblemCode, SessionId};

use super::Context;
use super::calls::{ACCEPTED, Pending, Setback, accepted};
use crate::boundary::{Effect, RelayAnswer};

/// Those that no relay has confirmed, each until its own session's deadline.
#[derive(Default)]
pub(super) struct Refusals(Vec<Refusing>);

/// Sealed once, and always sent as the same bytes.
pub(super) struct Refusing {
    pub(super) session: SessionId,
    pub(super) pending: Pending,
    pub(super) ends_at_ms: u64,
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
            Ok(()) => (Some(refusing.session), vec![]),
            Err(setback) if setback.may_pass_for_refusal() && self.now.elapsed_ms < refusing.ends_at_ms => {
                let (pending, effect) = refusing.pending.again(self);
                self.refusals.add(Refusing { pending, ..refusing });
                (None, vec![effect])
            }
            Err(_) => (None, vec![]),
        }
    }
}

impl Setback {
    /// A refusal cannot be opened before the reveal was checked: then the relay says that it is too early.
    fn may_pass_for_refusal(&self) -> bool {
        matches!(self, Self::Later(_) | Self::Unexplained(_) | Self::Refused(ProblemCode::WrongState))
    }
}
