//! The service's end of a hand-off: it asks for the signature of a document, and decides what a result is worth.

mod check;
mod checks;
mod giving_up;
mod origin_keys;
mod request;
mod revocation;
pub mod session;
mod settlement;
mod stamping;
mod vault;
mod verdict;
mod verifier;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use wire::{Action, Consent, Link, LinkSecret, Origin, ProblemCode, SessionId, SessionState, Ticket};

use crate::authorities::Authorities;
use crate::clock::{Clock, Moment};
use crate::document::{ArchiveError, Document, Documents, DropProblem};
use crate::identifier::BrowserKey;
use crate::relay::{Owner, Relay, RelayRefusal, Session};
use crate::revocation::Revocations;
use crate::store::{Handoff, Opening, Store, StoreError};

use checks::Checks;
pub use origin_keys::{FILE_KEPT_ON_THE_WAY, Keyring, KeyringProblem, StoredKey};
pub use vault::{Place, Vault, VaultProblem};
pub(crate) use verdict::{answer_line, check_line, seal};
pub use verifier::AwsLc;

/// All hand-offs of one service. Clones share them.
#[derive(Clone)]
pub struct Handoffs {
    store: Store,
    relay: Relay,
    documents: Documents,
    clock: Clock,
    service: Arc<Service>,
    /// One at a time, so that a document never has two sessions that run.
    opening: Arc<Mutex<()>>,
    checks: Checks,
}

/// Who asks, and whom it believes.
pub struct Service {
    pub origin: Origin,
    pub name: String,
    pub trust: pades::Trust,
    pub authorities: Authorities,
    pub revocations: Revocations,
}

/// A session that was just opened.
pub struct Opened {
    pub id: SessionId,
    /// For the browser that asked; there is no other.
    pub key: BrowserKey,
    /// Until then its document stays.
    pub document_until: Moment,
    /// The session whose place it took.
    pub former: Option<SessionId>,
}

/// What a browser shows for a session.
#[derive(Clone)]
pub enum OwnersKey {
    /// Of the browser that pressed 「次へ」: the link is made from it.
    Session(BrowserKey),
    /// Of the browser that dropped the document, where the answer to 「次へ」 was lost. Makes no link.
    Document(BrowserKey),
}

/// Why the service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum HandoffProblem {
    /// A result of the document is being checked, or it is signed already, or a phone is at it and nobody was asked.
    #[error("session {0} is not to be ended")]
    Stays(SessionId),
    #[error(transparent)]
    Relay(#[from] RelayRefusal),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Document(#[from] DropProblem),
    #[error("the stored document cannot be read: {0}")]
    Pdf(#[from] pades::PdfProblem),
    /// Deleted, or its lifetime has ended, since it was looked up.
    #[error("the document is gone")]
    Gone,
    #[error("what was stored for the session cannot be read")]
    Unreadable,
}

impl Handoffs {
    #[must_use]
    pub fn new(store: Store, relay: Relay, documents: Documents, clock: Clock, service: Service) -> Self {
        Self { store, relay, documents, clock, service: Arc::new(service), opening: Arc::default(), checks: Checks::default() }
    }

    /// 「次へ」: opens a session for the document. One that still runs for it is replaced, unless a phone is signing.
    pub async fn open(&self, document: &Document, consents: &[Consent]) -> Result<Opened, HandoffProblem> {
        let _opening = self.opening.lock().await;
        if !self.documents.takes_a_session().await? {
            return Err(DropProblem::StorageFull.into());
        }
        let former = self.store.newest_handoff(document.id).await?.map(|handoff| handoff.session);
        if let Some(former) = former {
            self.make_way(former).await?;
        }
        let (id, key) = (SessionId::from_bytes(rand::random()), BrowserKey::random());
        let session = self.relay.waiting(id, ticket(&key).hash());
        let handoff = Handoff {
            session: id,
            document: document.id,
            owner_hash: key.hash(),
            created: self.clock.now(),
            newer_session: None,
            checked: None,
        };
        let request = wire::encode(&request::of(document, &self.service.name, consents));
        let keep_until = session.deadline.plus(TIME_TO_FETCH);
        let opening = Opening { handoff: &handoff, session: &session, request: &request, keep_until, former };
        let document_until = self.store.open_session(&opening).await?.ok_or(HandoffProblem::Gone)?;
        metrics::counter!("kazasu_sessions_created_total").increment(1);
        if let Some(former) = former {
            self.relay.live().announce(former);
        }
        Ok(Opened { id, key, document_until, former })
    }

    /// 「QRコードを更新する」: a fresh ten minutes for the same document with the consents already given.
    pub async fn replace(&self, handoff: &Handoff) -> Result<Opened, HandoffProblem> {
        let document = self.documents.living(handoff.document).await?.ok_or(HandoffProblem::Gone)?;
        // The consents went on to the newest.
        let newest = self.store.newest_handoff(document.id).await?.map_or(handoff.session, |newest| newest.session);
        let request = self.request(newest).await?;
        self.open(&document, &request.consents).await
    }

    /// Deletes a document at its owner's wish. A session that still runs for it is cancelled first, so that the phone is
    /// told; one whose result is being checked keeps its document until that is over. Returns the newest of its sessions.
    pub async fn delete(&self, document: &Document, owner: Owner) -> Result<Option<SessionId>, HandoffProblem> {
        let _opening = self.opening.lock().await;
        let running = self.store.newest_handoff(document.id).await?.map(|handoff| handoff.session);
        if let Some(running) = running {
            match self.relay.end(running, Action::Cancel, owner).await {
                Err(RelayRefusal::Problem(ProblemCode::WrongState)) => return Err(self.why_it_stays(running).await?),
                // Its time was over before anybody had stored that.
                Err(RelayRefusal::Problem(ProblemCode::Expired)) => self.relay.expire_overdue().await?,
                Ok(()) | Err(RelayRefusal::Problem(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.documents.delete(document.id).await?;
        if let Some(running) = running {
            self.relay.live().announce(running);
        }
        Ok(running)
    }

    pub async fn cancel(&self, id: SessionId, owner: Owner) -> Result<(), HandoffProblem> {
        Ok(self.relay.end(id, Action::Cancel, owner).await?)
    }

    /// The hand-off, if the key is its owner's and its document still lives.
    pub async fn owned(&self, id: SessionId, key: &OwnersKey) -> Result<Option<(Handoff, Document)>, StoreError> {
        let Some(handoff) = self.store.handoff(id).await? else { return Ok(None) };
        let document = self.documents.living(handoff.document).await?;
        let fits = |document: &Document| match key {
            OwnersKey::Session(key) => handoff.owner_hash == key.hash(),
            OwnersKey::Document(key) => document.owner_hash == key.hash(),
        };
        Ok(document.filter(fits).map(|document| (handoff, document)))
    }

    /// The document that a session is about. Whether the caller may read it is the relay's decision.
    pub async fn document(&self, id: SessionId) -> Result<Option<Document>, StoreError> {
        match self.store.handoff(id).await? {
            Some(handoff) => self.documents.living(handoff.document).await,
            None => Ok(None),
        }
    }

    /// The newest hand-off of a document, with the relay's row of it.
    pub async fn newest(&self, document: &Document) -> Result<Option<(Handoff, Session)>, HandoffProblem> {
        let Some(handoff) = self.store.newest_handoff(document.id).await? else { return Ok(None) };
        let session = self.relay.session(handoff.session).await?;
        Ok(Some((handoff, session)))
    }

    /// The text of the QR, for the browser that owns the session.
    #[must_use]
    pub fn link(&self, id: SessionId, key: &BrowserKey) -> String {
        let secret = LinkSecret::from_bytes(key.derive("kazasu/0 secret"));
        Link { base: self.service.origin.clone(), session: id, secret, ticket: ticket(key) }.to_text()
    }

    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.service.origin
    }

    async fn request(&self, id: SessionId) -> Result<wire::SigningRequest, HandoffProblem> {
        let body = self.store.request_of(id).await?.ok_or(HandoffProblem::Unreadable)?;
        wire::decode(&body).map_err(|_| HandoffProblem::Unreadable)
    }

    /// Ends a session that still runs, so that another can take its place; one with a result keeps it.
    async fn make_way(&self, former: SessionId) -> Result<(), HandoffProblem> {
        match self.relay.end(former, Action::Replace, Owner::WasNotAsked).await {
            Ok(()) => Ok(()),
            Err(RelayRefusal::Problem(ProblemCode::WrongState)) => Err(HandoffProblem::Stays(former)),
            Err(RelayRefusal::Problem(_)) => match self.relay.session(former).await?.state {
                SessionState::Completed => Err(HandoffProblem::Stays(former)),
                _ => Ok(()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// What a deletion is refused for: a phone that is at it, or a check that is not over.
    async fn why_it_stays(&self, running: SessionId) -> Result<HandoffProblem, HandoffProblem> {
        let state = self.relay.session(running).await?.state;
        Ok(if state == SessionState::Signing { HandoffProblem::Stays(running) } else { DropProblem::InUse.into() })
    }
}

/// Ticket and secret of a link come from the key in the browser's cookie, which is stored only as a hash: so the page can
/// show its QR again after any restart, and the database never held what a link admits with.
fn ticket(key: &BrowserKey) -> Ticket {
    let derived = key.derive("kazasu/0 ticket");
    let (ticket, _) = derived.split_first_chunk().expect("32 bytes have a first half of 16");
    Ticket::from_bytes(*ticket)
}

/// From the end of a session, or of its check, for fetching the signed document, however late it began.
const TIME_TO_FETCH: Duration = Duration::from_secs(60 * 60);
