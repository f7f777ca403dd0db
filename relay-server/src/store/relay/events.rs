use sqlx::{Row, Sqlite, Transaction};
use wire::{SessionId, SessionState};

use super::super::StoreError;
use super::{RelayStore, sessions};
use crate::relay::mailbox::{ServiceName, Session};

/// What a service is told of one change.
pub struct StoredEvent {
    /// Grows in the order of the commits.
    pub number: i64,
    pub session: SessionId,
    pub state: SessionState,
    pub sequence: i64,
}

impl RelayStore {
    /// What this database is known by, and the number of the last event that was ever made in it.
    pub async fn newest_event(&self) -> Result<(String, i64), StoreError> {
        let row = sqlx::query(
            "SELECT id, COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) AS newest FROM identity",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((row.try_get("id")?, row.try_get("newest")?))
    }

    /// The oldest events of one service that it has not been told yet.
    pub async fn events_after(&self, service: &ServiceName, number: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let rows = sqlx::query("SELECT * FROM events WHERE service = $1 AND number > $2 ORDER BY number LIMIT 100")
            .bind(service.as_str())
            .bind(number)
            .fetch_all(&self.pool)
            .await?;
        let event = |row: &sqlx::sqlite::SqliteRow| {
            let state: String = row.try_get("state")?;
            Ok(StoredEvent {
                number: row.try_get("number")?,
                session: sessions::id_of(row, "session_id")?,
                state: sessions::state_of(&state)?,
                sequence: row.try_get("sequence")?,
            })
        };
        rows.iter().map(event).collect()
    }
}

pub(super) async fn add(transaction: &mut Transaction<'_, Sqlite>, session: &Session) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO events (service, session_id, state, sequence) VALUES ($1, $2, $3, $4)")
        .bind(session.service.as_str())
        .bind(session.id.to_string())
        .bind(sessions::state_text(session.state))
        .bind(session.sequence)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
