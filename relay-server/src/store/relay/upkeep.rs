use sqlx::Row;
use wire::SessionId;

use super::super::{StoreError, forget_deleted, unsigned};
use super::{RelayStore, boxes, sessions};
use crate::clock::Moment;
use crate::relay::mailbox::SERVICES_GRACE;

impl RelayStore {
    /// Sessions whose deadline has passed while nothing was delivered. What their services have still to take waits for the
    /// grace as well.
    pub async fn overdue(&self, now: Moment) -> Result<Vec<SessionId>, StoreError> {
        let rows = sqlx::query(
            "SELECT id FROM sessions WHERE phase IN ('waiting', 'claimed', 'numbered', 'matched', 'signing') AND deadline_ms <= $1
                AND (deadline_ms <= $2 OR NOT EXISTS
                    (SELECT 1 FROM boxes WHERE session_id = sessions.id AND name IN ('rehearsal', 'refusal')))",
        )
        .bind(now.ms())
        .bind(now.minus(SERVICES_GRACE).ms())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| sessions::id_of(row, "id")).collect()
    }

    /// Empties the mailboxes of what was delivered in time to a service that has not settled it long after the deadline.
    pub async fn empty_unsettled(&self, before: Moment) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let unsettled = "SELECT id FROM sessions WHERE phase = 'delivered' AND deadline_ms < $1 AND EXISTS
            (SELECT 1 FROM boxes WHERE session_id = sessions.id AND name <> 'outcome' AND (content IS NOT NULL OR file IS NOT NULL))";
        let rows = sqlx::query(unsettled).bind(before.ms()).fetch_all(&mut *writing.transaction).await?;
        for row in &rows {
            boxes::empty(&mut writing.transaction, sessions::id_of(row, "id")?).await?;
        }
        writing.commit().await
    }

    /// Deletes every trace of sessions that have not changed since `before` and do not run any more.
    pub async fn forget_sessions(&self, before: Moment) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        for statement in [
            "INSERT OR IGNORE INTO deletions (file) SELECT file FROM boxes JOIN sessions ON sessions.id = boxes.session_id
             WHERE file IS NOT NULL AND changed_ms < $1 AND deadline_ms < $1",
            "DELETE FROM boxes WHERE session_id IN (SELECT id FROM sessions WHERE changed_ms < $1 AND deadline_ms < $1)",
            "DELETE FROM events WHERE session_id IN (SELECT id FROM sessions WHERE changed_ms < $1 AND deadline_ms < $1)",
            "DELETE FROM sessions WHERE changed_ms < $1 AND deadline_ms < $1",
        ] {
            sqlx::query(statement).bind(before.ms()).execute(&mut *writing.transaction).await?;
        }
        writing.commit().await
    }

    /// Files that have yet to go.
    pub async fn files_to_delete(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT file FROM deletions").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(row.try_get("file")?)).collect()
    }

    pub async fn file_is_gone(&self, file: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM deletions WHERE file = $1").bind(file).execute(&self.pool).await?;
        Ok(())
    }

    /// Whether a box names this file.
    pub async fn knows_file(&self, file: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM boxes WHERE file = $1").bind(file).fetch_optional(&self.pool).await?;
        Ok(row.is_some())
    }

    /// What all mailboxes hold together.
    pub async fn stored_bytes(&self) -> Result<u64, StoreError> {
        let held = "SELECT COALESCE(SUM(bytes), 0) AS bytes FROM boxes WHERE content IS NOT NULL OR file IS NOT NULL";
        let row = sqlx::query(held).fetch_one(&self.pool).await?;
        Ok(unsigned(row.try_get("bytes")?))
    }

    /// Takes what was deleted out of the file and out of the log beside it. `false` where somebody still reads from the
    /// log: then it is to be asked for again.
    pub async fn forget_deleted(&self) -> Result<bool, StoreError> {
        forget_deleted(&self.pool).await
    }
}
