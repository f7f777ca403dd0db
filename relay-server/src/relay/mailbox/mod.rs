//! Version 1 of the relay's end: a mailbox with a clock, which admits one phone to a session and can neither read nor
//! forge what it carries. Services reach it by [`super::door`] alone, also in the same process.

mod boxes;
#[cfg(test)]
mod committing;
mod credentials;
mod keeping;
mod phone;
mod reading;
mod service;
mod session;
mod shelf;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::watch;
use wire::{ActionKind, CredentialHash, LinkKind, Origin, ProblemCode, SessionId, SessionKind, SessionState, Stage};

pub use boxes::{BoxFacts, BoxName, Content, Deposit, LONGEST_RESULT, MAX_SEALED_DOCUMENTS_BYTES};
pub use credentials::{AcceptedKey, AcceptedKeys, PageToken, RelayKey, ServiceName};
pub use phone::ClaimAttempt;
pub use reading::Reading;
pub use service::ticket_lifetime;
pub use session::{MintedTicket, Next, Opened, SERVICES_GRACE, Session, TakenClaim, Turn};
pub use shelf::{Shelf, ShelfProblem, Upload};

use super::Live;
use crate::clock::{Clock, Moment};
use crate::store::relay::{Update, Writing};
use crate::store::{RelayStore, StoreError};

/// All sessions of one relay. Clones share them.
#[derive(Clone)]
pub struct Mailbox {
    store: RelayStore,
    shelf: Shelf,
    clock: Clock,
    /// Of one service, at a time.
    most_sessions: u64,
    live: Live,
    /// Rings whenever any service has something to be told.
    bell: Arc<watch::Sender<()>>,
}

/// What the relay keeps at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of all mailboxes together.
    pub bytes: u64,
    /// That run at a time.
    pub sessions_of_a_service: u64,
}

/// Why the relay did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum MailboxProblem {
    /// What the caller is told.
    #[error("refused: {0:?}")]
    Refused(ProblemCode),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Shelf(#[from] ShelfProblem),
}

impl Mailbox {
    /// `folder` is this relay's alone; what a killed one left half done in it is deleted.
    pub async fn open(store: RelayStore, folder: PathBuf, limits: Limits, clock: Clock) -> Result<Self, MailboxProblem> {
        let shelf = Shelf::open(folder, limits.bytes, store.clone()).await?;
        let most_sessions = limits.sessions_of_a_service;
        Ok(Self { store, shelf, clock, most_sessions, live: Live::default(), bell: Arc::new(watch::Sender::new(())) })
    }

    /// A session of a service that has not too many. Its lifetime runs from here.
    pub async fn add(&self, service: ServiceName, kind: SessionKind, page_origin: Origin) -> Result<Opened, MailboxProblem> {
        let mut writing = self.store.write().await?;
        let now = self.clock.now();
        if writing.running(&service, now).await? >= self.most_sessions {
            return Err(ProblemCode::TooManySessions.into());
        }
        let opened = Session::open(service, kind, page_origin, now);
        writing.add(&opened.session).await?;
        self.commit(writing, opened.session.clone()).await?;
        Ok(opened)
    }

    /// The first claim wins; another phone with a right proof is told so, and noted.
    pub async fn claim(&self, id: SessionId, attempt: ClaimAttempt) -> Result<Session, MailboxProblem> {
        let claimed = self.claim_unless_refused(id, &attempt).await;
        if let Err(MailboxProblem::Refused(ProblemCode::AlreadyClaimed)) = &claimed {
            self.turn(id, |session, _| Ok(session.note_second_device(&attempt.claim))).await?;
        }
        claimed
    }

    /// Whoever is refused on sight never waits for the right to write, nor makes others wait.
    async fn claim_unless_refused(&self, id: SessionId, attempt: &ClaimAttempt) -> Result<Session, MailboxProblem> {
        self.session(id).await?.claim(attempt, self.now())?;
        self.turn(id, |session, now| session.claim(attempt, now)).await
    }

    pub async fn reveal(&self, id: SessionId, shown: CredentialHash, bytes: Vec<u8>) -> Result<(), MailboxProblem> {
        let deposit = Deposit::in_row(BoxName::Reveal, bytes);
        self.phones_turn(id, shown, |session, now| session.reveal(deposit, now)).await.map(drop)
    }

    pub async fn begin(&self, id: SessionId, shown: CredentialHash) -> Result<Session, MailboxProblem> {
        self.phones_turn(id, shown, Session::begin).await
    }

    pub async fn progress(&self, id: SessionId, shown: CredentialHash, stage: Stage) -> Result<(), MailboxProblem> {
        self.phones_turn(id, shown, |session, now| Ok(session.progress(stage, now))).await.map(drop)
    }

    /// Takes the result: it counts from the commit on, which comes before the deadline or not at all.
    pub async fn deliver(&self, id: SessionId, shown: CredentialHash, bytes: Vec<u8>) -> Result<(), MailboxProblem> {
        let deposit = Deposit::in_row(BoxName::Result, bytes);
        self.phones_turn(id, shown, |session, now| session.deliver(deposit, now)).await.map(drop)
    }

    pub async fn refuse(&self, id: SessionId, shown: CredentialHash, bytes: Vec<u8>) -> Result<(), MailboxProblem> {
        let deposit = Deposit::in_row(BoxName::Refusal, bytes);
        self.phones_turn(id, shown, |session, now| session.tell(deposit, ActionKind::Refuse, now)).await.map(drop)
    }

    pub async fn report(&self, id: SessionId, shown: CredentialHash, bytes: Vec<u8>) -> Result<(), MailboxProblem> {
        let deposit = Deposit::in_row(BoxName::Rehearsal, bytes);
        self.phones_turn(id, shown, |session, now| session.tell(deposit, ActionKind::Report, now)).await.map(drop)
    }

    /// The service's ticket for a link that is no moving QR.
    pub async fn mint(&self, call: &Services, kind: LinkKind, hash: CredentialHash) -> Result<Session, MailboxProblem> {
        self.services_turn(call, |session, now| session.mint(kind, hash, now)).await
    }

    /// The service's wish to go back to the moving QR.
    pub async fn withdraw(&self, call: &Services) -> Result<Session, MailboxProblem> {
        self.services_turn(call, Session::withdraw).await
    }

    /// The service's end of the mailbox: the answer, the request, the outcome.
    pub async fn put(&self, call: &Services, name: BoxName, bytes: Vec<u8>) -> Result<Session, MailboxProblem> {
        let deposit = Deposit::in_row(name, bytes);
        let decide = |session: &Session, now: Moment| match deposit.name {
            BoxName::Answer => session.answer(deposit, now),
            BoxName::Outcome => session.conclude(deposit),
            _ => session.offer(deposit, now),
        };
        self.services_turn(call, decide).await
    }

    /// What [`Shelf::receive`] has brought onto the shelf. Goes on to its end even if the caller has left meanwhile: a file
    /// that no box names would count for nobody.
    pub async fn put_document(&self, call: Services, name: BoxName, upload: Upload) -> Result<Session, MailboxProblem> {
        let mailbox = self.clone();
        let put = tokio::spawn(async move { mailbox.put_upload(&call, name, upload).await });
        put.await.map_err(|_| MailboxProblem::from(ProblemCode::Unavailable))?
    }

    /// Makes room for another upload of a document, until the request has gone out.
    pub async fn take_back(&self, call: &Services, name: BoxName) -> Result<Session, MailboxProblem> {
        self.services_turn(call, |session, now| session.take_back(name, now)).await
    }

    async fn put_upload(&self, call: &Services, name: BoxName, upload: Upload) -> Result<Session, MailboxProblem> {
        let content = Content::OnShelf(upload.file.clone());
        let deposit = Deposit { name, sha256: upload.sha256, bytes: upload.bytes, content };
        let put = self.services_turn(call, |session, now| session.offer(deposit, now)).await;
        self.shelf.settle(upload).await?;
        put
    }

    /// Makes the session stand where its service says.
    pub async fn settle(&self, call: &Services, to: SessionState, decided_on: i64) -> Result<Session, MailboxProblem> {
        self.services_turn(call, |session, now| session.settle(to, decided_on, now)).await
    }

    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    #[must_use]
    pub fn live(&self) -> &Live {
        &self.live
    }

    #[must_use]
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    pub async fn answers(&self) -> bool {
        self.store.answers().await && !self.live.is_closed()
    }

    /// Wakes everybody who waits, so that waiting answers end before the server stops.
    pub fn close_waits(&self) {
        self.live.close();
        self.bell.send_replace(());
    }

    pub async fn close(&self) {
        self.store.close().await;
    }

    async fn phones_turn<F>(&self, id: SessionId, shown: CredentialHash, decide: F) -> Result<Session, MailboxProblem>
    where
        F: FnOnce(&Session, Moment) -> Result<Turn, ProblemCode>,
    {
        // As a claim is.
        self.admitted(id, shown).await?;
        self.turn(id, |session, now| {
            session.admit(shown)?;
            decide(session, now)
        })
        .await
    }

    async fn services_turn<F>(&self, call: &Services, decide: F) -> Result<Session, MailboxProblem>
    where
        F: FnOnce(&Session, Moment) -> Result<Turn, ProblemCode>,
    {
        self.of_service(call).await?;
        self.turn(call.session, decide).await
    }

    /// Decides on the row as it is while nobody else can write, and stores the decision. What has a deadline is compared with
    /// it once more by the update that stores it.
    async fn turn<F>(&self, id: SessionId, decide: F) -> Result<Session, MailboxProblem>
    where
        F: FnOnce(&Session, Moment) -> Result<Turn, ProblemCode>,
    {
        let mut writing = self.store.write().await?;
        let session = writing.session(id).await?.ok_or(ProblemCode::UnknownSession)?;
        let decided_at = self.clock.now();
        let Turn::Next(next) = decide(&session, decided_at)? else { return Ok(session) };
        match writing.replace(&session, &next, decided_at, &self.clock).await? {
            Update::Done => self.commit(writing, next.session).await,
            Update::Overtaken => Err(ProblemCode::Unavailable.into()),
            Update::Late => Err(ProblemCode::Expired.into()),
        }
    }

    /// Whoever waits is woken by every change that is stored, even if the caller who made it has left meanwhile.
    async fn commit(&self, writing: Writing, session: Session) -> Result<Session, MailboxProblem> {
        let mailbox = self.clone();
        let stored = tokio::spawn(async move {
            writing.commit().await?;
            mailbox.told(&session);
            Ok(session)
        });
        stored.await.map_err(|_| MailboxProblem::from(ProblemCode::Unavailable))?
    }

    fn told(&self, session: &Session) {
        metrics::counter!("kazasu_relay_changes_total", "phase" => session.state.phase().code()).increment(1);
        self.live.announce(session.id);
        self.bell.send_replace(());
    }
}

/// A service that names one of its sessions.
pub struct Services {
    pub service: ServiceName,
    pub session: SessionId,
}

impl From<ProblemCode> for MailboxProblem {
    fn from(code: ProblemCode) -> Self {
        Self::Refused(code)
    }
}

#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
