use super::documents::id_of;
use super::{Store, StoreError};
use crate::clock::Moment;
use crate::identifier::DocumentId;

/// What became of an attempt to delete a document.
#[derive(Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The rows are gone; the files are noted as still to go.
    Done,
    /// It is being signed, or its signature is being checked.
    InUse,
}

impl Store {
    /// Deletes the document's row and what was stored about its signing, and notes that its files are still to go.
    ///
    /// The relay's rows stay for a while: they hold nothing of document or person, and tell a phone how its session ended.
    pub async fn delete_document(&self, id: DocumentId) -> Result<Deletion, StoreError> {
        self.delete_if_older(id, Moment::from_ms(i64::MAX)).await
    }

    /// The same for a document whose lifetime ended before `now`. One that was given a longer life meanwhile is in use.
    pub async fn delete_expired_document(&self, id: DocumentId, now: Moment) -> Result<Deletion, StoreError> {
        self.delete_if_older(id, now).await
    }

    async fn delete_if_older(&self, id: DocumentId, expired_by: Moment) -> Result<Deletion, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // Writing first takes the write lock, so nothing changes between this statement and the next.
        sqlx::query("INSERT INTO deletions (document_id) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        let in_use =
            sqlx::query("SELECT 1 FROM documents WHERE id = $1 AND (expires_ms > $2 OR id IN (SELECT id FROM documents_in_use))")
                .bind(id.to_string())
                .bind(expired_by.ms())
                .fetch_optional(&mut *transaction)
                .await?;
        if in_use.is_some() {
            return Ok(Deletion::InUse);
        }
        for statement in [
            "DELETE FROM mailboxes WHERE session_id IN (SELECT session_id FROM handoffs WHERE document_id = $1)",
            "DELETE FROM handoffs WHERE document_id = $1",
            "DELETE FROM documents WHERE id = $1",
        ] {
            sqlx::query(statement).bind(id.to_string()).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(Deletion::Done)
    }

    /// Notes that what lies there under this name is to go.
    pub async fn note_deletion(&self, id: DocumentId) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO deletions (document_id) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Documents whose files are still to go.
    pub async fn unfinished_deletions(&self) -> Result<Vec<DocumentId>, StoreError> {
        let rows = sqlx::query("SELECT document_id AS id FROM deletions").fetch_all(&self.pool).await?;
        rows.iter().map(id_of).collect()
    }

    /// The document's files are gone.
    pub async fn deletion_finished(&self, id: DocumentId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM deletions WHERE document_id = $1").bind(id.to_string()).execute(&self.pool).await?;
        Ok(())
    }

    /// Documents whose lifetime has ended, but for those in use.
    pub async fn expired_documents(&self, now: Moment) -> Result<Vec<DocumentId>, StoreError> {
        let rows = sqlx::query("SELECT id FROM documents WHERE expires_ms <= $1 AND id NOT IN (SELECT id FROM documents_in_use)")
            .bind(now.ms())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(id_of).collect()
    }

    /// Deletes the relay's rows of sessions that were over before `then` and whose document is gone.
    pub async fn forget_sessions(&self, then: Moment) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE deadline_ms < $1 AND id NOT IN (SELECT session_id FROM handoffs)")
            .bind(then.ms())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
