//! Acts on what the relay says: one resumable stream of events for all sessions, and step after step for each.

use std::pin::pin;
use std::time::Duration;

use futures::{FutureExt, StreamExt, stream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use wire::{Action, HandoffKeys, ProblemCode, Purpose, Rehearsal, SealedMessage, ServiceAnswer, SessionId, SessionState};

use super::row::{GRACE, Session};
use super::step::{Step, next};
use super::{Claim, LOOKS_AT_A_TIME, Seen, SessionProblem, Sessions};
use crate::handoff::background::Finish;
use crate::relay::door::{DoorProblem, EventsSeen, RelayRow};
use crate::relay::mailbox::BoxName;

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

    /// Ends what outlived its time, whatever the relay does: one that is away keeps no secret alive. Then it is told what it was
    /// not told, and asked again where it could not be asked.
    pub async fn catch_up_with_neglected(&self) -> Result<(), SessionProblem> {
        let then = self.clock.now().minus(GRACE);
        for id in self.store.overdue_service_sessions(then).await? {
            if let Some(session) = self.store.service_session(id).await? {
                self.put(&session, session.after(Action::Expire)).await?;
            }
        }
        for id in self.store.untold_service_sessions().await?.into_iter().chain(self.looks.due()) {
            let sessions = self.clone();
            self.looks.start(id, async move { sessions.look(id).await });
        }
        Ok(())
    }

    /// Looks at every session that a phone has taken up: for one whose event never came, or that was stuck when it did.
    pub async fn catch_up_with_claimed(&self) -> Result<(), SessionProblem> {
        self.store.claimed_service_sessions().await?.into_iter().for_each(|id| self.look_soon(id));
        Ok(())
    }

    /// Looks at every session that is open: for what happened while nobody listened.
    pub async fn catch_up(&self) -> Result<(), SessionProblem> {
        let open = self.store.open_service_sessions().await?;
        stream::iter(open).for_each_concurrent(LOOKS_AT_A_TIME, |id| self.look(id).map(drop)).await;
        Ok(())
    }

    /// Changes keys when it is time, and forgets what nobody needs any more.
    pub async fn keep_up(&self) -> Result<(), SessionProblem> {
        self.keyring.rotate(&self.vault).await?;
        Ok(self.store.forget_service_sessions(self.clock.now()).await?)
    }

    /// Takes step after step until nothing is left to do. `None` for a session that this service has not opened.
    pub(super) async fn bring_up_to_date(&self, id: SessionId) -> Result<Option<Seen>, SessionProblem> {
        let mut known: Option<Known> = None;
        for _ in 0..MOST_STEPS {
            let Some(session) = self.store.service_session(id).await? else { return Ok(None) };
            if session.is_past_grace(self.clock.now())
                && let Ok(expired) = session.after(Action::Expire)
            {
                self.put(&session, Ok(expired)).await?;
                continue;
            }
            // Asked again only when the own row has not gone on: then the step was about the relay's.
            let relay = match known.take().filter(|known| known.sequence < session.sequence) {
                Some(known) => known.relay,
                None => self.relay_row(&session).await?,
            };
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
            known = Some(Known { sequence: session.sequence, relay });
        }
        Ok(None)
    }

    /// What is told while it is looked at what was missed is looked at beside it.
    async fn listen(&self) -> Result<(), SessionProblem> {
        let seen = self.store.relay_events_seen().await?;
        let (from, events) = self.door.events_since(&seen).await?;
        let heeded = async {
            let mut events = pin!(events);
            while let Some(event) = events.next().await {
                let (number, event) = event?;
                self.look_soon(event.session);
                // Whoever is killed before it is looked at looks at every open session when it starts again.
                self.store.note_relay_events(&EventsSeen { number, ..from.clone() }).await?;
            }
            Ok(())
        };
        tokio::try_join!(self.catch_up(), heeded).map(drop)
    }

    /// No session waits for another of which the relay says nothing, or no.
    fn look_soon(&self, id: SessionId) {
        let sessions = self.clone();
        self.looks.start_anew(id, move || {
            let sessions = sessions.clone();
            async move { sessions.look(id).await }
        });
    }

    async fn look(&self, id: SessionId) -> Finish {
        match self.bring_up_to_date(id).await {
            Ok(_) => Finish::Done,
            Err(problem) => {
                tracing::warn!(session = %id, %problem, "a session is looked at again later");
                Finish::TryAgain
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

/// The relay's row, as it was asked for when the own had this sequence.
struct Known {
    sequence: i64,
    relay: Option<RelayRow>,
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

/// More than any session takes from its opening to its end.
const MOST_STEPS: u32 = 16;
const BEFORE_LISTENING_AGAIN: Duration = Duration::from_secs(1);
