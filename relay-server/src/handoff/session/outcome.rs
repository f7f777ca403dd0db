//! The end of a signing at the relay: its result is fetched, its outcome told.

use std::time::Duration;

use wire::{MAX_ENVELOPE_BYTES, ProblemCode, RejectReason, SessionId, SessionKind, Settlement};

use super::follow::gone_on;
use super::row::Session;
use super::{Delivered, SessionProblem, Sessions};
use crate::clock::Moment;
use crate::relay::door::{DoorProblem, RelayRow};
use crate::relay::mailbox::BoxName;
use crate::store::LONGEST_RESULT_BYTES;

impl Sessions {
    pub(super) async fn tell_outcome(&self, session: &Session) -> Result<(), SessionProblem> {
        let Some(outcome) = &session.signing.outcome else { return Ok(()) };
        match self.door.put_outcome(session.id, outcome.clone()).await {
            // The relay has another outcome: this database is older than what the relay was told.
            Err(DoorProblem::Refused(ProblemCode::DifferentAnswer)) => self.put(session, Ok(session.told())).await,
            told => gone_on(told),
        }
    }

    /// Stored here together with the turn: from then on its check needs no relay.
    pub(super) async fn take_result(&self, session: &Session, relay: Option<&RelayRow>) -> Result<(), SessionProblem> {
        // Before the body is fetched: "so many seconds ago" was said a moment ago, and a fetch can take long.
        let (now, time_of_day) = (self.clock.now(), Moment::from(self.clock.time_of_day()));
        let Some(sealed) = self.door.put_by_phone(session.id, BoxName::Result).await? else { return Ok(()) };
        let ago = Duration::from_secs(relay.and_then(|relay| relay.delivered_seconds_ago).unwrap_or(0));
        // No relay makes a result older than its session.
        let ago = ago.min(session.created.until(now));
        let longest = usize::try_from(LONGEST_RESULT_BYTES).unwrap_or(usize::MAX).saturating_mul(session.documents.len());
        let is_short = sealed.len() <= longest.min(MAX_ENVELOPE_BYTES);
        let delivered =
            Delivered { at: now.minus(ago), time_of_day: time_of_day.minus(ago), sealed: is_short.then(|| sealed.to_vec()) };
        tracing::info!(session = %session.id, "result delivered");
        self.put(session, session.delivered(delivered)).await
    }

    /// A signing that ends without a check: should its result have come all the same, its phone is told that it does not
    /// count. Sealed now, because the end of the session is the end of its keys.
    pub(super) fn concluded(&self, from: &Session, mut next: Session) -> Result<Session, SessionProblem> {
        let is_end = next.is_over() && !from.is_over();
        if is_end && from.kind == SessionKind::Signing && next.signing.outcome.is_none() {
            let withdrawn = Settlement::Rejected { reason: RejectReason::DocumentWithdrawn };
            next.signing.outcome = self.sealed_outcome(from, withdrawn)?;
        }
        Ok(next)
    }

    /// After work that nobody waits for.
    pub(in crate::handoff) async fn tell_relay(&self, id: SessionId) {
        if let Err(problem) = self.bring_up_to_date(id).await {
            tracing::warn!(session = %id, %problem, "the relay is told later");
        }
    }
}
