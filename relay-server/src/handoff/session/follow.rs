//! Acts on what the relay says: one resumable stream of events for all sessions, and step after step for each.

use std::pin::pin;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use wire::{Action, HandoffKeys, ProblemCode, Purpose, Rehearsal, SealedMessage, ServiceAnswer, SessionId, SessionState};

use super::row::{GRACE, Session};
use super::step::{Step, next};
use super::{Claim, Seen, SessionProblem, Sessions};
use crate::relay::door::{DoorProblem, EventsSeen, RelayRow};
use crate::relay::mailbox::BoxName;
use crate::store::StoreError;

impl Sessions {
    /// Listens to the relay until `stop`. What was missed meanwhile, or while the process was down, is caught up with.
    pub async fn follow(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Some(Err(problem)) = stop.run_until_cancelled(self.listen()).await {
                tracing::info!(%problem, "the relay's events broke off and are taken up again");
            }
            let _ = timeout(BEFORE_LISTENING_AGAIN, stop.cancelled()).await;
        }
    }

    /// Ends what outlived its time, then tells the relay what it was not told: a relay that is away keeps no secret alive.
    pub async fn catch_up_with_neglected(&self) -> Result<(), SessionProblem> {
        let then = self.clock.now().minus(GRACE);
        for id in self.store.overdue_service_sessions(then).await? {
            self.heed(id).await?;
        }
        self.heed_all(self.store.untold_service_sessions().await?).await
    }

    /// Looks at every session that a phone has taken up: for one whose event never came, or that was stuck when it did.
    pub async fn catch_up_with_claimed(&self) -> Result<(), SessionProblem> {
        self.heed_all(self.store.claimed_service_sessions().await?).await
    }

    /// Looks at every session that is open: for what happened while nobody listened.
    pub async fn catch_up(&self) -> Result<(), SessionProblem> {
        self.heed_all(self.store.open_service_sessions().await?).await
    }

    /// Changes keys when it is time, and forgets what nobody needs any more.
    pub async fn keep_up(&self) -> Result<(), SessionProblem> {
        self.keyring.rotate(&self.vault).await?;
        Ok(self.store.forget_service_sessions(self.clock.now()).await?)
    }

    /// Takes step after step until nothing is left to do. `None` for a session that this service has not opened.
    pub(super) async fn bring_up_to_date(&self, id: SessionId) -> Result<Option<Seen>, SessionProblem> {
        for _ in 0..MOST_STEPS {
            let Some(session) = self.store.service_session(id).await? else { return Ok(None) };
            if session.is_past_grace(self.clock.now())
                && let Ok(expired) = session.after(Action::Expire)
            {
                self.put(&session, Ok(expired)).await?;
                continue;
            }
            let relay = self.relay_row(&session).await?;
            match next(&session, relay.as_ref(), self.clock.now()) {
                Step::Rest => return Ok(Some(Seen { session, relay })),
                Step::Furnish => {
                    self.furnish_soon(id);
                    return Ok(Some(Seen { session, relay }));
                }
                Step::Settle => {
                    self.settle_soon(id);
                    return Ok(Some(Seen { session, relay }));
                }
                step => self.take(step, &session, relay.as_ref()).await?,
            }
        }
        Ok(None)
    }

    async fn listen(&self) -> Result<(), SessionProblem> {
        let seen = self.store.relay_events_seen().await?;
        let (from, events) = self.door.events_since(&seen).await?;
        let mut events = pin!(events);
        self.catch_up().await?;
        while let Some(event) = events.next().await {
            let (number, event) = event?;
            self.heed(event.session).await?;
            self.store.note_relay_events(&EventsSeen { number, ..from.clone() }).await?;
        }
        Ok(())
    }

    /// Some at a time. What is overdue here is ended whatever the relay says, so the first that concerns all ends the rest.
    async fn heed_all(&self, ids: Vec<SessionId>) -> Result<(), SessionProblem> {
        stream::iter(ids).map(Ok).try_for_each_concurrent(AT_ONCE, |id| self.heed(id)).await
    }

    /// One session that cannot be helped does not keep the others waiting; a relay that is away does.
    async fn heed(&self, id: SessionId) -> Result<(), SessionProblem> {
        match self.bring_up_to_date(id).await {
            Ok(_) => Ok(()),
            Err(problem) if concerns_all(&problem) => Err(problem),
            Err(problem) => {
                tracing::error!(session = %id, %problem, "a session is stuck");
                Ok(())
            }
        }
    }

    /// Of what is over and told, nothing is asked; a result that is here is checked whether or not the relay is there.
    async fn relay_row(&self, session: &Session) -> Result<Option<RelayRow>, SessionProblem> {
        if session.is_over() && session.is_told || session.state == SessionState::Delivered {
            return Ok(None);
        }
        match self.door.session(session.id).await {
            Ok(row) => Ok(Some(row)),
            Err(DoorProblem::Refused(ProblemCode::UnknownSession)) => Ok(None),
            Err(problem) => Err(problem.into()),
        }
    }

    async fn take(&self, step: Step, session: &Session, relay: Option<&RelayRow>) -> Result<(), SessionProblem> {
        match step {
            Step::Rest | Step::Furnish | Step::Settle => Ok(()),
            Step::Take(claim) => self.take_claim(session, claim).await,
            Step::GiveUp => self.give_up(session).await,
            Step::Answer => self.answer(session).await,
            Step::TellAnswer => self.tell_answer(session).await,
            Step::CheckReveal => self.check_reveal(session).await,
            Step::Open(Purpose::Rehearsal) => self.open_report(session).await,
            Step::Open(_) => self.open_refusal(session).await,
            Step::EndOfNumbers => self.end_of_numbers_unless_comparing(session).await,
            Step::TakeResult => self.take_result(session, relay).await,
            Step::Follow(action) => self.put(session, session.after(action)).await,
            Step::TellState => self.tell_state(session, relay).await,
            Step::TellOutcome => self.tell_outcome(session).await,
            Step::NoteTold => self.put(session, Ok(session.told())).await,
        }
    }

    async fn take_claim(&self, session: &Session, claim: Claim) -> Result<(), SessionProblem> {
        tracing::info!(session = %session.id, kind = session.kind.code(), "claimed");
        self.put(session, session.claimed(claim)).await
    }

    /// Only here is a key made for a session, and the commitment is on the disk by then.
    async fn answer(&self, session: &Session) -> Result<(), SessionProblem> {
        let key = self.keyring.signing(&self.vault).await?;
        match self.ends.answer(session, key, &self.vault) {
            Some(answered) => self.put(session, Ok(session.answered(answered))).await,
            None => Ok(()),
        }
    }

    async fn tell_answer(&self, session: &Session) -> Result<(), SessionProblem> {
        let stored = session.answered.as_ref().map(|answered| answered.answer.as_slice()).unwrap_or_default();
        let Ok(answer) = serde_json::from_slice::<ServiceAnswer>(stored) else { return self.give_up(session).await };
        match self.door.answer(session.id, &answer).await {
            // The relay has another answer: this database is older than what the relay was told.
            Err(DoorProblem::Refused(ProblemCode::DifferentAnswer)) => self.give_up(session).await,
            told => gone_on(told),
        }
    }

    async fn check_reveal(&self, session: &Session) -> Result<(), SessionProblem> {
        let Some(reveal) = self.door.reveal(session.id).await? else { return Ok(()) };
        match self.ends.keys(session, &reveal, &self.vault)? {
            Some(_) => self.put(session, session.numbered(reveal)).await,
            None => {
                tracing::warn!(session = %session.id, "a reveal that does not fit its commitment");
                self.put(session, session.after(Action::BadReveal)).await
            }
        }
    }

    async fn open_report(&self, session: &Session) -> Result<(), SessionProblem> {
        let Some(sealed) = self.door.put_by_phone(session.id, BoxName::Rehearsal).await? else { return Ok(()) };
        let report = self.opened::<Rehearsal>(session, &sealed, |keys| keys.for_service().rehearsal)?;
        match report {
            Some(report) => self.put(session, session.reported(report)).await,
            None => self.give_up(session).await,
        }
    }

    async fn open_refusal(&self, session: &Session) -> Result<(), SessionProblem> {
        let Some(sealed) = self.door.put_by_phone(session.id, BoxName::Refusal).await? else { return Ok(()) };
        let refusal = self.opened::<wire::Refusal>(session, &sealed, |keys| keys.for_service().refusal)?;
        match refusal {
            Some(refusal) => self.put(session, session.after(Action::Refuse { refusal: refusal.kind })).await,
            None => self.give_up(session).await,
        }
    }

    /// `None` for what this session's phone has not sealed.
    pub(in crate::handoff) fn opened<M: SealedMessage>(
        &self,
        session: &Session,
        sealed: &[u8],
        key: impl FnOnce(HandoffKeys) -> wire::OpeningKey<M>,
    ) -> Result<Option<M>, SessionProblem> {
        let Some(reveal) = &session.reveal else { return Ok(None) };
        let keys = self.ends.keys(session, reveal, &self.vault)?;
        Ok(keys.and_then(|keys| key(keys).open(sealed).ok()))
    }

    pub(super) async fn give_up(&self, session: &Session) -> Result<(), SessionProblem> {
        tracing::warn!(session = %session.id, "given up: what came for it is not what a phone of its can have sent");
        self.put(session, session.given_up()).await
    }

    async fn tell_state(&self, session: &Session, relay: Option<&RelayRow>) -> Result<(), SessionProblem> {
        let Some(relay) = relay else { return Ok(()) };
        gone_on(self.door.settle(session.id, session.state_for_relay(relay.state), relay.sequence).await.map(drop))
    }

    /// Where another was faster, the rows are read anew and decided on again.
    pub(super) async fn put(&self, session: &Session, next: Result<Session, ProblemCode>) -> Result<(), SessionProblem> {
        let next = self.concluded(session, next?)?;
        if self.store.update_service_session(&next, self.clock.now()).await? && next.state != session.state {
            metrics::counter!("kazasu_handoff_turns_total", "phase" => next.state.phase().code()).increment(1);
        }
        Ok(())
    }
}

/// Whether another session would fare no better: then an event has not been acted on, and is asked for again.
fn concerns_all(problem: &SessionProblem) -> bool {
    match problem {
        SessionProblem::Store(StoreError::Unreadable(_)) => false,
        SessionProblem::Store(_) => true,
        SessionProblem::Door(problem) => is_away(problem),
        _ => false,
    }
}

/// Whether the relay as such does not answer, or not this service, rather than about one session.
fn is_away(problem: &DoorProblem) -> bool {
    match problem {
        DoorProblem::Unreachable(_) | DoorProblem::TimedOut | DoorProblem::Unexpected(_) | DoorProblem::OtherVersion => true,
        DoorProblem::Refused(code) => matches!(code.status(), 429 | 500..),
    }
}

/// A refusal says that the relay's row has gone on since it was read: it is read again.
pub(super) fn gone_on(told: Result<(), DoorProblem>) -> Result<(), SessionProblem> {
    match told {
        Err(problem) if is_away(&problem) => Err(problem.into()),
        Ok(()) | Err(DoorProblem::Refused(_)) => Ok(()),
        Err(problem) => Err(problem.into()),
    }
}

/// Sessions that the relay is asked about at a time.
const AT_ONCE: usize = 8;
/// More than any session takes from its opening to its end.
const MOST_STEPS: u32 = 16;
const BEFORE_LISTENING_AGAIN: Duration = Duration::from_secs(1);
