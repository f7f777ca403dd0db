//! The relay's end of a hand-off: a mailbox with a clock. It admits one phone to a session and takes one result from it.
//! What the mailbox holds it cannot tell, and no key of the service is reachable from here.

pub mod door;
mod live;
pub mod mailbox;
mod session;

use std::time::Duration;

use sha2::{Digest, Sha256};
use wire::{
    Action, Claim, CredentialHash, OutcomeState, ProblemCode, RefusalKind, SESSION_LIFETIME, SessionId, SessionState, Stage,
};

pub use live::{Listener, Live};
pub use session::{ClaimAttempt, Owner, Session, Turn};

use crate::clock::Clock;
use crate::store::{Delivery, Store, StoreError};

/// Clones share sessions and listeners.
#[derive(Clone)]
pub struct Relay {
    store: Store,
    clock: Clock,
    live: Live,
}

/// Why the relay did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RelayRefusal {
    /// What the caller is told.
    #[error("refused: {0:?}")]
    Problem(ProblemCode),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Relay {
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, live: Live::default() }
    }

    /// A session for one phone with the ticket, to be stored with its request. The lifetime runs from here.
    #[must_use]
    pub fn waiting(&self, id: SessionId, ticket_hash: CredentialHash) -> Session {
        Session::waiting(id, ticket_hash, self.clock.now().plus(SESSION_LIFETIME))
    }

    /// Returns what is left of the session's lifetime.
    pub async fn claim(&self, id: SessionId, claim: &Claim, shown: Option<CredentialHash>) -> Result<Duration, RelayRefusal> {
        let attempt = ClaimAttempt { ticket_hash: claim.ticket.hash(), token_hash: claim.token_hash, shown_hash: shown };
        let claimed = self.turn(id, |session| session.claim(&attempt, self.clock.now())).await;
        if let Err(RelayRefusal::Problem(ProblemCode::AlreadyClaimed)) = &claimed {
            self.turn(id, |session| Ok(session.note_second_device())).await?;
        }
        Ok(self.time_left(&claimed?))
    }

    /// The request, for the phone that claimed.
    pub async fn request(&self, id: SessionId, shown: CredentialHash) -> Result<Vec<u8>, RelayRefusal> {
        self.admitted(id, shown).await?.open(self.clock.now())?;
        self.store.request_of(id).await?.ok_or_else(|| ProblemCode::UnknownSession.into())
    }

    /// Whether the phone that claimed may read the session's documents now.
    pub async fn may_read(&self, id: SessionId, shown: CredentialHash) -> Result<(), RelayRefusal> {
        Ok(self.admitted(id, shown).await?.open(self.clock.now())?)
    }

    pub async fn progress(&self, id: SessionId, shown: CredentialHash, stage: Stage) -> Result<(), RelayRefusal> {
        self.turn(id, |session| {
            session.admit(shown)?;
            Ok(session.progress(stage, self.clock.now()))
        })
        .await?;
        Ok(())
    }

    /// Returns what is left of the session's lifetime.
    pub async fn begin(&self, id: SessionId, shown: CredentialHash) -> Result<Duration, RelayRefusal> {
        let session = self
            .turn(id, |session| {
                session.admit(shown)?;
                session.begin(self.clock.now())
            })
            .await?;
        Ok(self.time_left(&session))
    }

    /// Takes the result: it counts from the commit on, which comes before the deadline or not at all.
    pub async fn deliver(&self, id: SessionId, shown: CredentialHash, result: &[u8]) -> Result<OutcomeState, RelayRefusal> {
        let result_sha256: [u8; 32] = Sha256::digest(result).into();
        loop {
            let session = self.admitted(id, shown).await?;
            let next = match session.deliver(result_sha256, self.clock.now())? {
                Turn::Same => return Ok(outcome_of(session.state)),
                Turn::Next(next) => next,
            };
            match self.store.deliver(&next, result, &self.clock).await? {
                Delivery::Stored => {
                    self.live.announce(id);
                    return Ok(OutcomeState::Pending);
                }
                Delivery::Late => return Err(ProblemCode::Expired.into()),
                Delivery::Overtaken => {}
            }
        }
    }

    pub async fn refuse(&self, id: SessionId, shown: CredentialHash, refusal: RefusalKind) -> Result<(), RelayRefusal> {
        self.admitted(id, shown).await?;
        self.settle(id, Action::Refuse { refusal }).await
    }

    /// The outcome as soon as there is one, at the latest after `patience`.
    pub async fn outcome(&self, id: SessionId, shown: CredentialHash, patience: Duration) -> Result<OutcomeState, RelayRefusal> {
        self.admitted(id, shown).await?;
        let mut listener = self.live.listen(id);
        let until = tokio::time::Instant::now() + patience;
        loop {
            let outcome = outcome_of(self.admitted(id, shown).await?.state_at(self.clock.now()));
            let is_over = outcome != OutcomeState::Pending || self.live.is_closed();
            if is_over || tokio::time::timeout_at(until, listener.changed()).await.is_err() {
                return Ok(outcome);
            }
        }
    }

    /// The owner's ways to end a session.
    pub async fn end(&self, id: SessionId, action: Action, owner: Owner) -> Result<(), RelayRefusal> {
        self.turn(id, |session| session.end(action, owner, self.clock.now())).await?;
        Ok(())
    }

    /// The service's and the clock's ways to end a session.
    pub async fn settle(&self, id: SessionId, action: Action) -> Result<(), RelayRefusal> {
        self.turn(id, |session| session.settle(action, self.clock.now())).await?;
        Ok(())
    }

    pub async fn session(&self, id: SessionId) -> Result<Session, RelayRefusal> {
        self.store.session(id).await?.ok_or_else(|| ProblemCode::UnknownSession.into())
    }

    /// Stores the expiry of every session whose deadline has passed, and tells who waits for it.
    pub async fn expire_overdue(&self) -> Result<(), StoreError> {
        for id in self.store.overdue_sessions(self.clock.now()).await? {
            match self.settle(id, Action::Expire).await {
                Err(RelayRefusal::Store(error)) => return Err(error),
                // A result that came meanwhile has won.
                Ok(()) | Err(RelayRefusal::Problem(_)) => {}
            }
        }
        Ok(())
    }

    #[must_use]
    pub fn live(&self) -> &Live {
        &self.live
    }

    #[must_use]
    pub fn time_left(&self, session: &Session) -> Duration {
        self.clock.now().until(session.deadline)
    }

    async fn admitted(&self, id: SessionId, shown: CredentialHash) -> Result<Session, RelayRefusal> {
        let session = self.session(id).await?;
        session.admit(shown)?;
        Ok(session)
    }

    /// Decides on the row as it is and stores the decision if the row still is so; else decides anew.
    async fn turn<F>(&self, id: SessionId, decide: F) -> Result<Session, RelayRefusal>
    where
        F: Fn(&Session) -> Result<Turn, ProblemCode>,
    {
        loop {
            let session = self.session(id).await?;
            let Turn::Next(next) = decide(&session)? else { return Ok(session) };
            if self.store.update_session(&next, self.clock.now()).await? {
                self.live.announce(id);
                return Ok(next);
            }
        }
    }
}

impl From<ProblemCode> for RelayRefusal {
    fn from(code: ProblemCode) -> Self {
        Self::Problem(code)
    }
}

fn outcome_of(state: SessionState) -> OutcomeState {
    match state {
        SessionState::Completed => OutcomeState::Completed,
        SessionState::Rejected { reason } => OutcomeState::Rejected { reason },
        SessionState::Ended { reason } => OutcomeState::Ended { reason },
        SessionState::Waiting | SessionState::Claimed | SessionState::Signing | SessionState::Delivered => OutcomeState::Pending,
    }
}
