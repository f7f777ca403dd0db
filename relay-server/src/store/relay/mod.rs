//! The relay's own database: nothing in it can be joined with the service's, which is another file.

mod boxes;
mod events;
mod frame_keys;
mod sessions;
mod upkeep;

use std::path::Path;
use std::sync::Arc;

use sqlx::{Row, Sqlite, SqlitePool, Transaction};
use wire::SessionId;

pub use boxes::StoredBox;
pub use events::StoredEvent;
pub(super) use sessions::{state_of, state_text};

use super::{StoreError, pool, unsigned};
use crate::clock::{Clock, Moment};
use crate::relay::mailbox::{Next, ServiceName, Session};
use crate::vault::Vault;

/// Sessions and mailboxes. Clones share them.
#[derive(Clone)]
pub struct RelayStore {
    pool: SqlitePool,
    vault: Arc<Vault>,
}

/// The right to write, which nobody else has meanwhile. What is not committed has not happened.
pub struct Writing {
    transaction: Transaction<'static, Sqlite>,
    vault: Arc<Vault>,
}

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    Done,
    /// The row is not the one that was decided on.
    Overtaken,
    /// The deadline has passed since it was decided on.
    Late,
}

impl RelayStore {
    /// Opens the file, makes it if it is missing, and brings it to the newest form.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let pool = pool(file).await?;
        sqlx::migrate!("src/store/relay/migrations").run(&pool).await?;
        let vault = Arc::new(Vault::beside(file)?);
        frame_keys::seal_all(&pool, &vault).await?;
        Ok(Self { pool, vault })
    }

    /// Waits for its turn.
    pub async fn write(&self) -> Result<Writing, StoreError> {
        Ok(Writing { transaction: self.pool.begin_with("BEGIN IMMEDIATE").await?, vault: self.vault.clone() })
    }

    pub async fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        sessions::read(&mut transaction, id, &self.vault).await
    }

    /// The last moment that any row speaks of as past.
    pub async fn latest_moment(&self) -> Result<Option<Moment>, StoreError> {
        let row = sqlx::query("SELECT MAX(changed_ms) AS at_ms FROM sessions").fetch_one(&self.pool).await?;
        let at_ms: Option<i64> = row.try_get("at_ms")?;
        Ok(at_ms.map(Moment::from_ms))
    }

    /// Whether a question is answered at this moment.
    pub async fn answers(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }

    /// Waits for the running statements and closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Writing {
    pub async fn session(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        sessions::read(&mut self.transaction, id, &self.vault).await
    }

    /// A row that was not there.
    pub async fn add(&mut self, session: &Session) -> Result<(), StoreError> {
        sessions::insert(&mut self.transaction, session, &self.vault).await?;
        events::add(&mut self.transaction, session).await
    }

    /// What is put into the mailbox, the event that tells of it, and last of all one conditional update: all or nothing.
    ///
    /// What was decided before the deadline, and has a deadline, is compared with it by the update itself, on `clock` as it
    /// stands when everything else is done. Whoever is told anything but [`Update::Done`] commits nothing.
    pub async fn replace(
        &mut self,
        former: &Session,
        next: &Next,
        decided_at: Moment,
        clock: &Clock,
    ) -> Result<Update, StoreError> {
        if let Some(name) = next.taken_back {
            boxes::take_back(&mut self.transaction, next.session.id, name).await?;
        }
        if let Some(deposit) = &next.deposit {
            boxes::put(&mut self.transaction, next.session.id, deposit, decided_at).await?;
        }
        if next.session.sequence > former.sequence {
            events::add(&mut self.transaction, &next.session).await?;
        }
        if next.session.state.phase().is_over() && !former.state.phase().is_over() {
            boxes::empty(&mut self.transaction, next.session.id).await?;
        }
        let has_deadline = decided_at < former.deadline && former.may_expire();
        let now = clock.now();
        let is_done = sessions::update(&mut self.transaction, &next.session, decided_at, has_deadline.then_some(now)).await?;
        Ok(match is_done {
            true => Update::Done,
            false if has_deadline && now >= former.deadline => Update::Late,
            false => Update::Overtaken,
        })
    }

    /// How many sessions of a service run at `now`.
    pub async fn running(&mut self, service: &ServiceName, now: Moment) -> Result<u64, StoreError> {
        let counted = "SELECT COUNT(*) AS running FROM sessions WHERE service = $1 AND deadline_ms > $2
             AND phase NOT IN ('completed', 'rejected', 'ended')";
        let row = sqlx::query(counted).bind(service.as_str()).bind(now.ms()).fetch_one(&mut *self.transaction).await?;
        Ok(unsigned(row.try_get("running")?))
    }

    /// It is on the disk when this returns.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}
