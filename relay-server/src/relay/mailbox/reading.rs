//! What may be read of a session, by whom, and waiting for it to change.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use wire::{CredentialHash, ProblemCode, SessionId, SessionState};

use super::{BoxName, Mailbox, MailboxProblem, PageToken, ServiceName, Services, Session};
use crate::store::StoreError;
use crate::store::relay::{StoredBox, StoredEvent};

/// A session as a waiting caller found it.
pub struct Reading {
    pub session: Session,
    /// As it is now, even where the expiry has not been stored yet.
    pub state: SessionState,
    pub sequence: i64,
    pub seconds_left: u64,
}

impl Mailbox {
    pub async fn session(&self, id: SessionId) -> Result<Session, MailboxProblem> {
        self.store.session(id).await?.ok_or_else(|| ProblemCode::UnknownSession.into())
    }

    /// For the phone that claimed.
    pub async fn admitted(&self, id: SessionId, shown: CredentialHash) -> Result<Session, MailboxProblem> {
        let session = self.session(id).await?;
        session.admit(shown)?;
        Ok(session)
    }

    /// For the service that opened it; to any other the session does not exist.
    pub async fn of_service(&self, call: &Services) -> Result<Session, MailboxProblem> {
        let session = self.session(call.session).await?;
        if session.service == call.service { Ok(session) } else { Err(ProblemCode::UnknownSession.into()) }
    }

    /// For the page.
    pub async fn of_page(&self, id: SessionId, shown: &PageToken) -> Result<Session, MailboxProblem> {
        let session = self.session(id).await?;
        if session.page_token == shown.hash() { Ok(session) } else { Err(ProblemCode::NotAllowed.into()) }
    }

    #[must_use]
    pub fn reading(&self, session: Session) -> Reading {
        let now = self.now();
        let seconds_left = session.time_left(now).as_secs();
        Reading { state: session.state_at(now), sequence: session.sequence_at(now), seconds_left, session }
    }

    /// The session as soon as `is_worth_telling`, at the latest after `patience`.
    pub async fn wait<F>(
        &self,
        id: SessionId,
        shown: CredentialHash,
        patience: Duration,
        is_worth_telling: F,
    ) -> Result<Reading, MailboxProblem>
    where
        F: Fn(&Reading) -> bool,
    {
        let mut listener = self.live.listen(id);
        let until = Instant::now() + patience;
        loop {
            let reading = self.reading(self.admitted(id, shown).await?);
            let is_enough = is_worth_telling(&reading) || self.live.is_closed();
            if is_enough || timeout_at(until, listener.changed()).await.is_err() {
                return Ok(reading);
            }
        }
    }

    /// What the service has put for the phone, as soon as it is there, and `None` where it is not there yet. Of a session that
    /// is over only the outcome is left.
    pub async fn held_for_phone(
        &self,
        id: SessionId,
        shown: CredentialHash,
        name: BoxName,
        patience: Duration,
    ) -> Result<(Option<StoredBox>, Reading), MailboxProblem> {
        let is_there = |reading: &Reading| reading.session.boxes.contains_key(&name) || told_instead(reading, name).is_some();
        let reading = self.wait(id, shown, patience, is_there).await?;
        let full = if reading.session.boxes.contains_key(&name) { self.store.stored_box(id, name).await? } else { None };
        match (full, told_instead(&reading, name)) {
            (Some(full), Some(_)) if name == BoxName::Outcome => Ok((Some(full), reading)),
            (_, Some(told)) => Err(told.into()),
            (full, None) => Ok((full, reading)),
        }
    }

    /// What a phone has put, for the service.
    pub async fn held_for_service(&self, call: &Services, name: BoxName) -> Result<Option<StoredBox>, MailboxProblem> {
        self.of_service(call).await?;
        Ok(self.store.stored_box(call.session, name).await?)
    }

    /// What services know this relay's numbers by, and the newest of them.
    pub async fn newest_event(&self) -> Result<(String, i64), StoreError> {
        self.store.newest_event().await
    }

    pub async fn events_after(&self, service: &ServiceName, number: i64) -> Result<Vec<StoredEvent>, StoreError> {
        self.store.events_after(service, number).await
    }

    /// Listen first, then read: an event in between is then noticed.
    #[must_use]
    pub fn listen_to_all(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }
}

/// What a phone is told of a session that is over; its outcome is still to come where the service has checked a result.
fn told_instead(reading: &Reading, name: BoxName) -> Option<ProblemCode> {
    match reading.state {
        SessionState::Completed | SessionState::Rejected { .. } if name == BoxName::Outcome => None,
        state => state.over(),
    }
}
