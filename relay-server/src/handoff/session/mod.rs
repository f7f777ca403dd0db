//! The service's end of version 1: one row a session, which this service alone decides on where the turn is its own, and
//! which follows the relay where it is not.

mod confirm;
mod document_turns;
mod follow;
mod furnish;
mod opening;
mod outcome;
mod request;
mod row;
mod secrets;
mod signing;
mod step;
mod ticket;
mod upload_key;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::timeout;
use wire::{Origin, ProblemCode, SessionId, SessionKind};

pub use confirm::Typed;
pub use opening::Opened;
pub use row::{Answered, Claim, Session};
pub use secrets::LinkKeys;
pub use signing::{Checked, Delivered, SealedTicket, ShownTicket, Signing};

use super::origin_keys::{Keyring, KeyringProblem};
use super::{Background, Service};
use crate::clock::Clock;
use crate::document::{ArchiveError, Document, Documents, DropProblem};
use crate::identifier::BrowserKey;
use crate::relay::door::{DoorProblem, RelayRow, ServiceDoor};
use crate::store::{Store, StoreError};
use crate::vault::{Vault, VaultProblem};
use document_turns::DocumentTurns;
use secrets::Ends;
use ticket::TicketTurns;

/// All sessions of one service. Clones share them.
#[derive(Clone)]
pub struct Sessions {
    pub(super) store: Store,
    pub(super) documents: Documents,
    door: ServiceDoor,
    pub(super) clock: Clock,
    pub(super) vault: Arc<Vault>,
    keyring: Arc<Keyring>,
    pub(super) ends: Arc<Ends>,
    pub(super) service: Arc<Service>,
    opening: DocumentTurns,
    /// One at a time: from seeing that there is room for a session to storing it.
    adding: Arc<Mutex<()>>,
    /// One at a time: from counting a number to what came of comparing it.
    numbers: Arc<Mutex<()>>,
    tickets: TicketTurns,
    /// Checks of results.
    pub(super) background: Background,
    /// What phones fetch, on its way to the relay.
    pub(super) uploads: Background,
    /// Of the rows at both ends, for what is to be done next.
    pub(super) looks: Background,
}

/// What the sessions of a service share with it.
pub struct Surroundings {
    pub store: Store,
    pub documents: Documents,
    pub door: ServiceDoor,
    pub clock: Clock,
    pub vault: Vault,
    pub keyring: Keyring,
    pub service: Service,
}

/// A session as both ends know it.
pub struct Seen {
    pub session: Session,
    /// None where the relay was not reached, or has forgotten the session.
    pub relay: Option<RelayRow>,
}

impl Seen {
    /// Whether a phone may have brought its signature to the relay without this service's knowing: then nothing is ended.
    fn is_unsure(&self) -> bool {
        self.relay.is_none() && self.session.may_be_delivered_unheard()
    }
}

/// Whether the page asked "the phone is signing: cancel anyway?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    WasNotAsked,
    IsSure,
}

/// Why the service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SessionProblem {
    /// The session has gone on, and what was asked does not fit any more.
    #[error("refused: {0:?}")]
    Refused(ProblemCode),
    /// A result of the document is being checked, or it is signed already, or a phone is at it and nobody was asked.
    #[error("session {0} is not to be ended")]
    Stays(SessionId),
    /// The relay was not reached, and a phone may have brought its signature there: nothing was ended.
    #[error("whether a result was delivered is not known")]
    Unsure,
    /// So many sessions of the kind are kept that no other is opened.
    #[error("too many sessions")]
    Crowded,
    /// Deleted, or its lifetime has ended, since it was looked up.
    #[error("the document is gone")]
    Gone,
    #[error("what was stored for the session cannot be read")]
    Unreadable,
    #[error(transparent)]
    Door(#[from] DoorProblem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultProblem),
    #[error(transparent)]
    Keyring(#[from] KeyringProblem),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Document(#[from] DropProblem),
    #[error("the stored document cannot be read: {0}")]
    Pdf(#[from] pades::PdfProblem),
}

impl Sessions {
    #[must_use]
    pub fn new(around: Surroundings) -> Self {
        let (origin, link_origin) = (around.service.origin.clone(), around.service.link_origin.clone());
        Self {
            store: around.store,
            documents: around.documents,
            door: around.door,
            clock: around.clock,
            vault: Arc::new(around.vault),
            keyring: Arc::new(around.keyring),
            ends: Arc::new(Ends { origin, link_origin }),
            service: Arc::new(around.service),
            opening: DocumentTurns::default(),
            adding: Arc::default(),
            numbers: Arc::default(),
            tickets: TicketTurns::default(),
            background: Background::of(CHECKS_AT_A_TIME),
            uploads: Background::of(UPLOADS_AT_A_TIME).with_places_for_tries(UPLOADS_AT_A_TIME),
            looks: looks(),
        }
    }

    /// The row, whoever asks.
    pub async fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.store.service_session(id).await
    }

    /// The row, if the key is its owner's.
    pub async fn owned(&self, id: SessionId, key: &BrowserKey) -> Result<Option<Session>, StoreError> {
        Ok(self.session(id).await?.filter(|session| session.owner_hash == key.hash()))
    }

    /// The newest signing of a document.
    pub async fn newest(&self, document: &Document) -> Result<Option<Session>, StoreError> {
        self.store.newest_session_of(document.id, SessionKind::Signing).await
    }

    /// What a session is about, in its order; `None` if any of it is gone.
    pub async fn living(&self, session: &Session) -> Result<Option<Vec<Document>>, StoreError> {
        let mut living = Vec::new();
        for id in &session.documents {
            living.extend(self.documents.living(*id).await?);
        }
        Ok((!living.is_empty() && living.len() == session.documents.len()).then_some(living))
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
        let session = self.session(session.id).await?.unwrap_or(session);
        Ok(Seen { session, relay: None })
    }

    /// What the session's page draws its links from; `None` when the session is over.
    pub fn link_keys(&self, session: &Session) -> Result<Option<LinkKeys>, VaultProblem> {
        session.sealed_link.as_ref().map(|sealed| LinkKeys::open(&self.vault, session.id, sealed)).transpose()
    }

    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.service.origin
    }

    /// Where links lead, and where pages hear of their sessions.
    #[must_use]
    pub fn link_origin(&self) -> &Origin {
        &self.service.link_origin
    }

    /// The body of `/.well-known/kazasu.json`.
    pub async fn key_file(&self) -> Result<Vec<u8>, StoreError> {
        self.keyring.file().await
    }
}

impl From<ProblemCode> for SessionProblem {
    fn from(code: ProblemCode) -> Self {
        Self::Refused(code)
    }
}

fn looks() -> Background {
    Background::of(LOOKS_AT_A_TIME).with_places_for_tries(LOOKS_AT_A_TIME).with_longest_pause(LONGEST_PAUSE_OF_LOOKS)
}

/// They wait for the relay, and for nothing else that takes time.
const LOOKS_AT_A_TIME: usize = 64;
/// A third of the time in which a result is taken that came in the last second.
const LONGEST_PAUSE_OF_LOOKS: Duration = Duration::from_secs(10);
/// Each reads a whole document and computes; more would only wait for the same disk and cores.
const CHECKS_AT_A_TIME: usize = 4;
/// They wait for the network more than for anything here.
const UPLOADS_AT_A_TIME: usize = 16;
/// Of a browser that waits for its page.
const PATIENCE_WITH_RELAY: Duration = Duration::from_secs(2);
