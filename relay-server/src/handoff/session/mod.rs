//! The service's end of version 1: one row a session, which this service alone decides on where the turn is its own, and
//! which follows the relay where it is not.

mod follow;
mod row;
mod secrets;
mod step;

use std::sync::Arc;
use std::time::Duration;

use rand::random;
use tokio::sync::Mutex;
use tokio::time::timeout;
use wire::one::Action;
use wire::{FrameKey, LinkSecret, Origin, ProblemCode, SESSION_LIFETIME, SessionId, SessionKind};
use zeroize::Zeroizing;

pub use row::{Answered, Claim, Session};
pub use secrets::LinkKeys;

use super::origin_keys::{Keyring, KeyringProblem};
use super::vault::{Vault, VaultProblem};
use crate::clock::Clock;
use crate::document::Document;
use crate::identifier::{BrowserKey, DocumentId};
use crate::relay::door::{DoorProblem, OpenedSession, RelayRow, ServiceDoor};
use crate::store::{Store, StoreError};
use secrets::Ends;

/// All sessions of one service. Clones share them.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    door: ServiceDoor,
    clock: Clock,
    vault: Arc<Vault>,
    keyring: Arc<Keyring>,
    ends: Arc<Ends>,
    /// One at a time, so that a document never has two sessions of a kind that run.
    opening: Arc<Mutex<()>>,
}

/// What the sessions of a service share with it.
pub struct Surroundings {
    pub store: Store,
    pub door: ServiceDoor,
    pub clock: Clock,
    pub vault: Vault,
    pub keyring: Keyring,
    pub origin: Origin,
    pub link_origin: Origin,
}

/// A session that was just opened.
pub struct Opened {
    pub id: SessionId,
    /// For the browser that asked; there is no other.
    pub key: BrowserKey,
    /// How long the session can be shown.
    pub lifetime: Duration,
    /// The sessions whose place it took.
    pub formers: Vec<SessionId>,
}

/// A session as both ends know it.
pub struct Seen {
    pub session: Session,
    /// None where the relay was not reached, or has forgotten the session.
    pub relay: Option<RelayRow>,
}

/// Why the service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SessionProblem {
    /// The session has gone on, and what was asked does not fit any more.
    #[error("refused: {0:?}")]
    Refused(ProblemCode),
    /// So many sessions of the kind are kept that no other is opened.
    #[error("too many sessions")]
    Crowded,
    #[error(transparent)]
    Door(#[from] DoorProblem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultProblem),
    #[error(transparent)]
    Keyring(#[from] KeyringProblem),
}

impl Sessions {
    #[must_use]
    pub fn new(around: Surroundings) -> Self {
        Self {
            store: around.store,
            door: around.door,
            clock: around.clock,
            vault: Arc::new(around.vault),
            keyring: Arc::new(around.keyring),
            ends: Arc::new(Ends { origin: around.origin, link_origin: around.link_origin }),
            opening: Arc::default(),
        }
    }

    /// Opens a session, whose time runs from here. One of the same kind that still runs for the document is replaced.
    pub async fn open(&self, kind: SessionKind, document: Option<&Document>) -> Result<Opened, SessionProblem> {
        self.open_in_place_of(None, kind, document).await
    }

    /// Opens another session in place of this one, which ends if it still runs.
    pub async fn reopen(&self, former: &Session, document: Option<&Document>) -> Result<Opened, SessionProblem> {
        self.open_in_place_of(Some(former.id), former.kind, document).await
    }

    async fn open_in_place_of(
        &self,
        former: Option<SessionId>,
        kind: SessionKind,
        document: Option<&Document>,
    ) -> Result<Opened, SessionProblem> {
        let _opening = match document {
            Some(_) => Some(self.opening.lock().await),
            None => None,
        };
        if self.store.count_service_sessions(kind).await? >= MOST_KEPT {
            return Err(SessionProblem::Crowded);
        }
        let of_document = match document {
            Some(document) => self.store.running_session_of(document.id, kind).await?,
            None => None,
        };
        let mut formers: Vec<_> = former.into_iter().chain(of_document).collect();
        formers.dedup();
        let opened = self.door.open_session(kind, self.ends.origin.clone()).await?;
        let key = BrowserKey::random();
        let session = self.session(&opened, kind, document, &key)?;
        self.add(&session, &formers).await?;
        metrics::counter!("kazasu_handoffs_opened_total", "kind" => kind.code()).increment(1);
        let lifetime = self.clock.now().until(session.keep_until);
        Ok(Opened { id: session.id, key, lifetime, formers })
    }

    /// Both are stored or neither; then the relay is told of those that ended, now or when it can be reached.
    async fn add(&self, session: &Session, formers: &[SessionId]) -> Result<(), SessionProblem> {
        let replaced = loop {
            let mut replaced = Vec::new();
            for id in formers {
                let former = self.store.service_session(*id).await?;
                replaced.extend(former.and_then(|former| former.replaced_by(session.id).ok()));
            }
            if self.store.add_service_session(session, &replaced).await? {
                break replaced;
            }
        };
        for former in replaced {
            self.seen(former).await?;
        }
        Ok(())
    }

    /// The row, if the key is its owner's.
    pub async fn owned(&self, id: SessionId, key: &BrowserKey) -> Result<Option<Session>, StoreError> {
        let session = self.store.service_session(id).await?;
        Ok(session.filter(|session| session.owner_hash == key.hash()))
    }

    /// The session as it stands now. The relay is asked first, but not waited for: what it would have said comes as an event.
    pub async fn seen(&self, session: Session) -> Result<Seen, SessionProblem> {
        match timeout(PATIENCE_WITH_RELAY, self.bring_up_to_date(session.id)).await {
            Ok(Ok(Some(seen))) => return Ok(seen),
            Ok(Err(SessionProblem::Door(error))) => {
                tracing::warn!(session = %session.id, %error, "shown without the relay's word");
            }
            Ok(Err(problem)) => return Err(problem),
            Ok(Ok(None)) | Err(_) => {}
        }
        let session = self.store.service_session(session.id).await?.unwrap_or(session);
        Ok(Seen { session, relay: None })
    }

    /// Ends a session at its owner's wish. One that is over stays as it is.
    pub async fn cancel(&self, id: SessionId) -> Result<(), SessionProblem> {
        self.end(id, |session| session.after(Action::Cancel)).await
    }

    /// What the session's page draws its links from; `None` when the session is over.
    pub fn link_keys(&self, session: &Session) -> Result<Option<LinkKeys>, VaultProblem> {
        session.sealed_link.as_ref().map(|sealed| LinkKeys::open(&self.vault, session.id, sealed)).transpose()
    }

    /// Where links lead, and where pages hear of their sessions.
    #[must_use]
    pub fn link_origin(&self) -> &Origin {
        &self.ends.link_origin
    }

    /// The body of `/.well-known/kazasu.json`.
    pub async fn key_file(&self) -> Result<Vec<u8>, StoreError> {
        self.keyring.file().await
    }

    fn session(
        &self,
        opened: &OpenedSession,
        kind: SessionKind,
        document: Option<&Document>,
        key: &BrowserKey,
    ) -> Result<Session, SessionProblem> {
        let created = self.clock.now();
        let lifetime = Duration::from_secs(opened.seconds_left);
        if lifetime > SESSION_LIFETIME {
            return Err(NOT_A_RELAY);
        }
        let deadline = created.plus(lifetime);
        let frame_key = FrameKey::parse(&opened.frame_key).ok_or(NOT_A_RELAY)?;
        let page_token = Zeroizing::new(opened.page_token.clone());
        let link = LinkKeys { secret: LinkSecret::from_bytes(random()), frame_key, page_token };
        let shown_until = deadline.plus(TIME_TO_READ);
        Ok(Session {
            document: document.map(|document| document.id),
            deadline,
            keep_until: document.map_or(shown_until, |document| document.expires.max(shown_until)),
            sealed_link: Some(link.seal(&self.vault, opened.id)),
            ..Session::waiting(opened.id, kind, key.hash(), created)
        })
    }

    /// The decision is stored; then the relay is told, now or when it can be reached.
    async fn end<F>(&self, id: SessionId, decide: F) -> Result<(), SessionProblem>
    where
        F: Fn(&Session) -> Result<Session, ProblemCode>,
    {
        loop {
            let Some(session) = self.store.service_session(id).await? else { return Ok(()) };
            if session.is_over() {
                return Ok(());
            }
            let next = decide(&session).map_err(SessionProblem::Refused)?;
            if self.store.update_service_session(&next).await? {
                tracing::info!(session = %id, state = next.state.phase().code(), "ended");
                self.seen(next).await?;
                return Ok(());
            }
        }
    }
}

impl Seen {
    /// The document that a session leads back to.
    #[must_use]
    pub fn document(&self) -> Option<DocumentId> {
        self.session.document
    }
}

/// A row takes a kilobyte or two: more than this is no people at work.
const MOST_KEPT: u64 = 100_000;
/// From the end of a session without a document, for reading what came of it.
const TIME_TO_READ: Duration = Duration::from_secs(60 * 60);
/// Of a browser that waits for its page.
const PATIENCE_WITH_RELAY: Duration = Duration::from_secs(2);
const NOT_A_RELAY: SessionProblem = SessionProblem::Door(DoorProblem::Unexpected(http::StatusCode::CREATED));
