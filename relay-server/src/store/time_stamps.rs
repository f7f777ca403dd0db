use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use wire::SessionId;

use super::service_sessions::set_verdict;
use super::{Store, StoreError, integer, unsigned};
use crate::clock::Moment;
use crate::identifier::DocumentId;

/// A signed document that has yet to get its time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeStampDue {
    pub document: DocumentId,
    /// Whose verdict changes with it.
    pub session: SessionId,
    /// How often all authorities were asked in vain since the completion.
    pub tries: u32,
}

impl Store {
    /// The one that has been due for the longest time.
    pub async fn next_time_stamp(&self, now: Moment) -> Result<Option<TimeStampDue>, StoreError> {
        let row = sqlx::query("SELECT * FROM time_stamps_due WHERE due_ms <= $1 ORDER BY due_ms LIMIT 1")
            .bind(now.ms())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| due_of(&row)).transpose()
    }

    /// How many documents wait for one.
    pub async fn time_stamps_due(&self) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS due FROM time_stamps_due").fetch_one(&self.pool).await?;
        Ok(unsigned(row.try_get("due")?))
    }

    pub async fn awaits_time_stamp(&self, document: DocumentId) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM time_stamps_due WHERE document_id = $1")
            .bind(document.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }

    /// Nobody could give it: it is due again then.
    pub async fn put_off_time_stamp(&self, due: &TimeStampDue, until: Moment) -> Result<(), StoreError> {
        sqlx::query("UPDATE time_stamps_due SET tries = $1, due_ms = $2 WHERE document_id = $3")
            .bind(i64::from(due.tries) + 1)
            .bind(until.ms())
            .bind(due.document.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whatever was put off is due now, as after a start.
    pub async fn hurry_time_stamps(&self, now: Moment) -> Result<(), StoreError> {
        sqlx::query("UPDATE time_stamps_due SET due_ms = $1 WHERE due_ms > $1").bind(now.ms()).execute(&self.pool).await?;
        Ok(())
    }

    /// It is due no more. `verdict` is that on the stamped document, if it has a stamp; stored together or not at all.
    pub async fn settle_time_stamp(&self, due: &TimeStampDue, verdict: Option<&str>) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM time_stamps_due WHERE document_id = $1")
            .bind(due.document.to_string())
            .execute(&mut *transaction)
            .await?;
        if let Some(verdict) = verdict {
            set_verdict(&mut transaction, due.session, due.document, verdict).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Counts what a time stamp adds to a signed document, before it is kept.
    pub async fn count_stamp(&self, document: DocumentId, bytes: u64) -> Result<(), StoreError> {
        sqlx::query("UPDATE documents SET stamp_bytes = $1 WHERE id = $2")
            .bind(integer(bytes))
            .bind(document.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// With the completion that leaves it to be done.
pub(super) async fn note_due(
    connection: &mut SqliteConnection,
    session: SessionId,
    document: DocumentId,
    due: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO time_stamps_due (document_id, session_id, tries, due_ms) VALUES ($1, $2, 0, $3)
         ON CONFLICT (document_id) DO UPDATE SET session_id = excluded.session_id, tries = 0, due_ms = excluded.due_ms",
    )
    .bind(document.to_string())
    .bind(session.to_string())
    .bind(due.ms())
    .execute(connection)
    .await?;
    Ok(())
}

fn due_of(row: &SqliteRow) -> Result<TimeStampDue, StoreError> {
    let (document, session): (String, String) = (row.try_get("document_id")?, row.try_get("session_id")?);
    let tries: i64 = row.try_get("tries")?;
    Ok(TimeStampDue {
        document: DocumentId::parse(&document).ok_or(StoreError::Unreadable("time_stamps_due.document_id"))?,
        session: SessionId::parse(&session).ok_or(StoreError::Unreadable("time_stamps_due.session_id"))?,
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
    })
}
