use sqlx::{Row, SqliteConnection};
use wire::{SessionId, SessionKind};

use super::service_rows::{id_of, insert, read, update};
use super::{Store, StoreError, time_stamps, unsigned};
use crate::clock::Moment;
use crate::handoff::session::Session;
use crate::identifier::DocumentId;
use crate::relay::door::EventsSeen;

/// What became of an attempt to open a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adding {
    /// With the moment at which the first of its documents goes, where it signs any.
    Added { documents_until: Option<Moment> },
    /// One of those whose place it takes has changed meanwhile; nothing is stored.
    Overtaken,
    /// A document is gone; nothing is stored.
    DocumentGone,
}

/// What a check leaves behind of one document that is signed.
pub struct SettledDocument {
    pub document: DocumentId,
    /// As JSON.
    pub verdict: String,
    /// To its end, by the phone's own account, before it was signed; else it was marked as signed unopened.
    pub was_opened: bool,
    /// When authorities are asked for the time stamp that is still to come, if one is.
    pub time_stamp_due: Option<Moment>,
}

impl Store {
    /// Stores a new session, the end of those whose place it takes, and the lifetime of what it signs stretched to
    /// `documents_until`: all or nothing.
    pub async fn add_service_session(
        &self,
        session: &Session,
        replaced: &[Session],
        documents_until: Moment,
    ) -> Result<Adding, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for former in replaced {
            if !update(&mut transaction, former, session.created).await? {
                return Ok(Adding::Overtaken);
            }
        }
        let mut kept_until = None;
        if session.kind == SessionKind::Signing {
            for document in &session.documents {
                let kept = stretch(&mut transaction, *document, documents_until, session.created).await?;
                let Some(kept) = kept else { return Ok(Adding::DocumentGone) };
                kept_until = Some(kept_until.map_or(kept, |until: Moment| until.min(kept)));
                forget_oldest(&mut transaction, *document).await?;
            }
        }
        insert(&mut transaction, session).await?;
        transaction.commit().await?;
        Ok(Adding::Added { documents_until: kept_until })
    }

    pub async fn service_session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        read(&mut transaction, id).await
    }

    /// One conditional update: all that a decision changes, secrets that go among it. `false` if the row is not the one that
    /// `next` was made from.
    pub async fn update_service_session(&self, next: &Session, now: Moment) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let is_updated = update(&mut transaction, next, now).await?;
        transaction.commit().await?;
        Ok(is_updated)
    }

    /// Stores how a check ended, what it found of each signed document, and how long these stay at least: all or nothing.
    /// `false` if the session had changed.
    pub async fn settle_service_session(
        &self,
        next: &Session,
        now: Moment,
        documents: &[SettledDocument],
        documents_until: Moment,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        if !update(&mut transaction, next, now).await? {
            return Ok(false);
        }
        for settled in documents {
            set_verdict(&mut transaction, next.id, settled.document, &settled.verdict).await?;
            set_opened(&mut transaction, next.id, settled).await?;
            if let Some(due) = settled.time_stamp_due {
                time_stamps::note_due(&mut transaction, next.id, settled.document, due).await?;
            }
        }
        sqlx::query(
            "UPDATE documents SET expires_ms = $1
             WHERE expires_ms < $1 AND id IN (SELECT document_id FROM session_documents WHERE session_id = $2)",
        )
        .bind(documents_until.ms())
        .bind(next.id.to_string())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// What was found of a session's document when it was signed, as JSON.
    pub async fn verdict(&self, session: SessionId, document: DocumentId) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT verdict FROM session_documents WHERE session_id = $1 AND document_id = $2")
            .bind(session.to_string())
            .bind(document.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("verdict")).transpose()?.flatten())
    }

    /// Whether the signer opened the document, or signed it unopened; `None` of what was signed before that was kept.
    pub async fn was_opened(&self, session: SessionId, document: DocumentId) -> Result<Option<bool>, StoreError> {
        let row = sqlx::query("SELECT was_opened FROM session_documents WHERE session_id = $1 AND document_id = $2")
            .bind(session.to_string())
            .bind(document.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("was_opened")).transpose()?.flatten())
    }

    /// Sessions that a phone has taken up: of these the relay may have something to say that is waited for.
    pub async fn claimed_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        self.sessions_where("phase IN ('claimed', 'numbered', 'matched', 'signing', 'delivered')").await
    }

    /// Sessions of which the relay may still have something to say, or has still to be told.
    pub async fn open_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        self.sessions_where("is_told = FALSE OR phase NOT IN ('completed', 'rejected', 'ended')").await
    }

    /// Sessions of which the relay has still to be told.
    pub async fn untold_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        self.sessions_where("is_told = FALSE").await
    }

    /// Sessions whose phone waits for its request.
    pub async fn unfurnished_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        self.sessions_where("phase = 'matched' AND is_told = TRUE AND is_furnished = FALSE").await
    }

    /// Sessions with a result that nobody has checked yet.
    pub async fn delivered_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        self.sessions_where("phase = 'delivered'").await
    }

    async fn sessions_where(&self, condition: &'static str) -> Result<Vec<SessionId>, StoreError> {
        let query = sqlx::AssertSqlSafe(format!("SELECT id FROM service_sessions WHERE {condition}"));
        let rows = sqlx::query(query).fetch_all(&self.pool).await?;
        rows.iter().map(id_of).collect()
    }

    /// Sessions whose deadline was before `then` and that nobody ended.
    pub async fn overdue_service_sessions(&self, then: Moment) -> Result<Vec<SessionId>, StoreError> {
        let rows = sqlx::query(
            "SELECT id FROM service_sessions
             WHERE deadline_ms <= $1 AND phase IN ('waiting', 'claimed', 'numbered', 'matched', 'signing')",
        )
        .bind(then.ms())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(id_of).collect()
    }

    /// The newest session of this kind that a document has, running or over.
    pub async fn newest_session_of(&self, document: DocumentId, kind: SessionKind) -> Result<Option<Session>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let row = sqlx::query(
            "SELECT id FROM service_sessions JOIN session_documents ON session_id = id WHERE document_id = $1 AND kind = $2
             ORDER BY created_ms DESC, service_sessions.rowid DESC LIMIT 1",
        )
        .bind(document.to_string())
        .bind(kind.code())
        .fetch_optional(&mut *transaction)
        .await?;
        match row {
            Some(row) => read(&mut transaction, id_of(&row)?).await,
            None => Ok(None),
        }
    }

    /// How many sessions of a kind run.
    pub async fn count_running_sessions(&self, kind: SessionKind) -> Result<u64, StoreError> {
        let count = "SELECT COUNT(*) AS running FROM service_sessions
            WHERE kind = $1 AND phase NOT IN ('completed', 'rejected', 'ended')";
        let row = sqlx::query(count).bind(kind.code()).fetch_one(&self.pool).await?;
        Ok(unsigned(row.try_get("running")?))
    }

    /// Deletes the rows that nobody needs to see any more. Those of a signing stay as long as one of its documents.
    pub async fn forget_service_sessions(&self, now: Moment) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "DELETE FROM service_sessions
             WHERE keep_until_ms <= $1 AND is_told = TRUE AND phase IN ('completed', 'rejected', 'ended')
                AND (kind <> 'signing' OR id NOT IN (SELECT session_id FROM session_documents))",
        )
        .bind(now.ms())
        .execute(&mut *transaction)
        .await?;
        forget_what_they_were_about(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The last of the relay's events that was acted on.
    pub async fn relay_events_seen(&self) -> Result<EventsSeen, StoreError> {
        let row = sqlx::query("SELECT relay, number FROM relay_events_seen").fetch_one(&self.pool).await?;
        Ok(EventsSeen { relay: row.try_get("relay")?, number: row.try_get("number")? })
    }

    pub async fn note_relay_events(&self, seen: &EventsSeen) -> Result<(), StoreError> {
        let update = sqlx::query("UPDATE relay_events_seen SET relay = $1, number = $2");
        update.bind(&seen.relay).bind(seen.number).execute(&self.pool).await?;
        Ok(())
    }
}

pub(super) async fn set_verdict(
    connection: &mut SqliteConnection,
    session: SessionId,
    document: DocumentId,
    verdict: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE session_documents SET verdict = $1 WHERE session_id = $2 AND document_id = $3")
        .bind(verdict)
        .bind(session.to_string())
        .bind(document.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

async fn set_opened(connection: &mut SqliteConnection, session: SessionId, settled: &SettledDocument) -> Result<(), StoreError> {
    sqlx::query("UPDATE session_documents SET was_opened = $1 WHERE session_id = $2 AND document_id = $3")
        .bind(settled.was_opened)
        .bind(session.to_string())
        .bind(settled.document.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// `None` if the document is gone; else when it goes.
async fn stretch(
    connection: &mut SqliteConnection,
    document: DocumentId,
    until: Moment,
    now: Moment,
) -> Result<Option<Moment>, StoreError> {
    let kept = sqlx::query(
        "UPDATE documents SET expires_ms = CASE WHEN expires_ms < $1 THEN $1 ELSE expires_ms END
         WHERE id = $2 AND expires_ms > $3 RETURNING expires_ms",
    )
    .bind(until.ms())
    .bind(document.to_string())
    .bind(now.ms())
    .fetch_optional(connection)
    .await?;
    Ok(kept.map(|kept| kept.try_get("expires_ms")).transpose()?.map(Moment::from_ms))
}

/// Of one document so many sessions are kept: whoever opens more fills no disk.
async fn forget_oldest(connection: &mut SqliteConnection, document: DocumentId) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM service_sessions WHERE kind = 'signing' AND is_told = TRUE AND phase IN ('rejected', 'ended')
            AND id IN (SELECT session_id FROM session_documents WHERE document_id = $1)
            AND id NOT IN (SELECT session_id FROM session_documents JOIN service_sessions AS newest ON newest.id = session_id
                WHERE document_id = $1 AND kind = 'signing' ORDER BY newest.rowid DESC LIMIT 20)",
    )
    .bind(document.to_string())
    .execute(&mut *connection)
    .await?;
    forget_what_they_were_about(connection).await
}

async fn forget_what_they_were_about(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session_documents WHERE session_id NOT IN (SELECT id FROM service_sessions)")
        .execute(connection)
        .await?;
    Ok(())
}
