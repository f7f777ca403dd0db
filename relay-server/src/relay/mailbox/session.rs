//! The relay's row of one session, and what a decision makes of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use wire::{
    Action, Commitment, CredentialHash, FrameKey, LinkKind, Origin, ProblemCode, SESSION_LIFETIME, SessionId, SessionKind,
    SessionState, Stage,
};

use super::boxes::{BoxFacts, BoxName, Deposit};
use super::credentials::{PageToken, ServiceName};
use crate::clock::Moment;

/// The relay's row of one session, and what it knows of the boxes.
#[derive(Clone)]
pub struct Session {
    pub id: SessionId,
    /// Who opened it, and alone may act for it.
    pub service: ServiceName,
    pub kind: SessionKind,
    /// Whose pages may read the events.
    pub page_origin: Origin,
    pub page_token: CredentialHash,
    pub frame_key: Arc<FrameKey>,
    pub created: Moment,
    pub deadline: Moment,
    pub state: SessionState,
    pub ticket: Option<MintedTicket>,
    pub claim: Option<TakenClaim>,
    /// Whether another phone with a right proof came too late.
    pub second_device: bool,
    /// Where the person is, by the phone's own account.
    pub stage: Option<Stage>,
    /// Counts what a service acts on: states, and boxes that the phone has filled.
    pub sequence: i64,
    /// Counts every change of the row: an update is made on condition of it, and the page's events carry it.
    pub revision: i64,
    pub boxes: BTreeMap<BoxName, BoxFacts>,
}

/// Admits one phone by a launch link or a copied one, while it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MintedTicket {
    pub kind: LinkKind,
    pub hash: CredentialHash,
    pub until: Moment,
}

/// The claim that won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenClaim {
    pub link_kind: LinkKind,
    pub commitment: Commitment,
    pub token_hash: CredentialHash,
    /// Of its body: the same bytes again are the same claim.
    pub sha256: [u8; 32],
    pub app_version: String,
}

/// What a decision makes of a row.
pub enum Turn {
    /// Nothing to store: the call was a repetition.
    Same,
    Next(Box<Next>),
}

/// The row to store in place of the one decided on, and what is put into its mailbox.
pub struct Next {
    pub session: Session,
    pub deposit: Option<Deposit>,
    /// A box that is emptied, to be filled again.
    pub taken_back: Option<BoxName>,
}

/// What the relay makes when it opens a session: the row, and the token that it will never know again.
pub struct Opened {
    pub session: Session,
    pub page_token: PageToken,
}

impl Session {
    #[must_use]
    pub fn open(service: ServiceName, kind: SessionKind, page_origin: Origin, now: Moment) -> Opened {
        let page_token = PageToken::random();
        let session = Self {
            id: SessionId::from_bytes(rand::random()),
            service,
            kind,
            page_origin,
            page_token: page_token.hash(),
            frame_key: Arc::new(FrameKey::from_bytes(rand::random())),
            created: now,
            deadline: now.plus(SESSION_LIFETIME),
            state: SessionState::Waiting,
            ticket: None,
            claim: None,
            second_device: false,
            stage: None,
            sequence: 1,
            revision: 1,
            boxes: BTreeMap::new(),
        };
        Opened { session, page_token }
    }

    /// The state as it is at `now`, even where the expiry has not been stored yet. What a phone put in time for its service
    /// waits for it a little longer.
    #[must_use]
    pub fn state_at(&self, now: Moment) -> SessionState {
        let waits = [BoxName::Rehearsal, BoxName::Refusal].iter().any(|name| self.boxes.contains_key(name));
        self.expired_after(if waits { self.deadline.plus(SERVICES_GRACE) } else { self.deadline }, now)
    }

    fn expired_after(&self, deadline: Moment, now: Moment) -> SessionState {
        if now < deadline {
            return self.state;
        }
        self.state.apply(self.kind, Action::Expire).unwrap_or(self.state)
    }

    /// The sequence as it will be when an expiry that is due has been stored.
    #[must_use]
    pub fn sequence_at(&self, now: Moment) -> i64 {
        if self.state_at(now) == self.state { self.sequence } else { self.sequence + 1 }
    }

    #[must_use]
    pub fn time_left(&self, now: Moment) -> Duration {
        now.until(self.deadline)
    }

    /// Whether the deadline still counts for what is about to be stored.
    #[must_use]
    pub fn may_expire(&self) -> bool {
        self.state.apply(self.kind, Action::Expire).is_ok()
    }

    /// Whether the session still runs: what a phone or a service that acts is told otherwise.
    pub fn running(&self, now: Moment) -> Result<SessionState, ProblemCode> {
        let state = self.expired_after(self.deadline, now);
        state.over().map_or(Ok(state), Err)
    }

    /// Whether the shown token is the one that claimed this session.
    pub fn admit(&self, shown: CredentialHash) -> Result<(), ProblemCode> {
        let is_claimers = self.claim.as_ref().is_some_and(|claim| claim.token_hash == shown);
        if is_claimers { Ok(()) } else { Err(ProblemCode::NotAllowed) }
    }

    /// A change that the service acts on.
    #[must_use]
    pub(super) fn after(self, state: SessionState) -> Turn {
        let session = Self { state, sequence: self.sequence + 1, revision: self.revision + 1, ..self };
        Turn::Next(Box::new(Next { session, deposit: None, taken_back: None }))
    }

    /// The same with something put into the mailbox.
    #[must_use]
    pub(super) fn after_putting(self, state: SessionState, deposit: Deposit) -> Turn {
        let session = Self { state, sequence: self.sequence + 1, revision: self.revision + 1, ..self };
        Turn::Next(Box::new(Next { session, deposit: Some(deposit), taken_back: None }))
    }

    /// A change that only pages show.
    #[must_use]
    pub(super) fn decorated(self) -> Turn {
        let session = Self { revision: self.revision + 1, ..self };
        Turn::Next(Box::new(Next { session, deposit: None, taken_back: None }))
    }

    /// What the service itself puts it need not be told of: the sequence that it knows stays good.
    #[must_use]
    pub(super) fn furnished(self, deposit: Deposit) -> Turn {
        let session = Self { revision: self.revision + 1, ..self };
        Turn::Next(Box::new(Next { session, deposit: Some(deposit), taken_back: None }))
    }

    #[must_use]
    pub(super) fn without(mut self, name: BoxName) -> Turn {
        self.boxes.remove(&name);
        let session = Self { revision: self.revision + 1, ..self };
        Turn::Next(Box::new(Next { session, deposit: None, taken_back: Some(name) }))
    }

    /// Whether these bytes lie in the box already: `Err` where others do.
    pub(super) fn has_put(&self, deposit: &Deposit, otherwise: ProblemCode) -> Result<bool, ProblemCode> {
        match self.boxes.get(&deposit.name) {
            None => Ok(false),
            Some(facts) if facts.sha256 == deposit.sha256 => Ok(true),
            Some(_) => Err(otherwise),
        }
    }
}

/// As long as the service takes by its own clock what was put in time. protocol.md, section Session.
pub const SERVICES_GRACE: Duration = Duration::from_secs(30);
