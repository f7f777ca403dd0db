use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};
use wire::SessionId;

use super::{Store, StoreError, digest, sessions, time_stamps};
use crate::clock::Moment;
use crate::identifier::{BrowserKeyHash, DocumentId};
use crate::relay::Session;

/// The service's row of one session.
#[derive(Clone)]
pub struct Handoff {
    pub session: SessionId,
    pub document: DocumentId,
    pub owner_hash: BrowserKeyHash,
    pub created: Moment,
    /// The session that took this one's place.
    pub newer_session: Option<SessionId>,
    pub checked: Option<Checked>,
}

/// A session about to be opened.
pub struct Opening<'a> {
    pub handoff: &'a Handoff,
    pub session: &'a Session,
    pub request: &'a [u8],
    /// The document stays at least until then.
    pub keep_until: Moment,
    /// The session whose place this one takes.
    pub former: Option<SessionId>,
}

/// What the service found when it checked a result.
#[derive(Clone)]
pub struct Checked {
    pub at: Moment,
    /// By the phone's own account, if it could tell.
    pub tries_left: Option<u8>,
    /// The verdict on the signed document as JSON; none if the result was rejected.
    pub verdict: Option<String>,
}

/// How a session is settled beside its state.
#[derive(Clone, Copy)]
pub struct Settling {
    /// The document stays at least until then.
    pub keep_until: Moment,
    /// When authorities are asked for the time stamp that is still to come, if one is.
    pub time_stamp_due: Option<Moment>,
}

impl Store {
    /// Opens a session for a document: the service's row and the relay's, and its lifetime stretched to what the session
    /// may need, together or not at all. `None` if the document is gone; else when it goes.
    pub async fn open_session(&self, opening: &Opening<'_>) -> Result<Option<Moment>, StoreError> {
        let Opening { handoff, session, request, keep_until, former } = opening;
        let mut transaction = self.pool.begin().await?;
        let kept = sqlx::query(
            "UPDATE documents SET expires_ms = CASE WHEN expires_ms < $1 THEN $1 ELSE expires_ms END
             WHERE id = $2 AND expires_ms > $3 RETURNING expires_ms",
        )
        .bind(keep_until.ms())
        .bind(handoff.document.to_string())
        .bind(handoff.created.ms())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(kept) = kept else { return Ok(None) };
        insert_handoff(&mut transaction, handoff).await?;
        sessions::insert(&mut transaction, session, request).await?;
        if let Some(former) = former {
            set_newer_session(&mut transaction, *former, session.id).await?;
            sessions::empty_mailbox(&mut transaction, *former).await?;
        }
        forget_oldest(&mut transaction, handoff.document).await?;
        transaction.commit().await?;
        Ok(Some(Moment::from_ms(kept.try_get("expires_ms")?)))
    }

    pub async fn handoff(&self, session: SessionId) -> Result<Option<Handoff>, StoreError> {
        let row = sqlx::query("SELECT * FROM handoffs WHERE session_id = $1")
            .bind(session.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| handoff_of(&row)).transpose()
    }

    /// The newest session of a document.
    pub async fn newest_handoff(&self, document: DocumentId) -> Result<Option<Handoff>, StoreError> {
        let row = sqlx::query(
            "SELECT handoffs.* FROM handoffs JOIN sessions ON sessions.id = handoffs.session_id
             WHERE document_id = $1 ORDER BY created_ms DESC LIMIT 1",
        )
        .bind(document.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| handoff_of(&row)).transpose()
    }

    /// Stores what the check found and the session's last state, and what is to become of the document, together.
    /// `false` if the session had changed.
    pub async fn settle(&self, next: &Session, checked: &Checked, settling: Settling) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        if !sessions::update(&mut transaction, next, checked.at).await? {
            return Ok(false);
        }
        sqlx::query("UPDATE handoffs SET checked_ms = $1, tries_left = $2, verdict = $3 WHERE session_id = $4")
            .bind(checked.at.ms())
            .bind(checked.tries_left.map(i64::from))
            .bind(checked.verdict.as_deref())
            .bind(next.id.to_string())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "UPDATE documents SET expires_ms = $1
             WHERE expires_ms < $1 AND id IN (SELECT document_id FROM handoffs WHERE session_id = $2)",
        )
        .bind(settling.keep_until.ms())
        .bind(next.id.to_string())
        .execute(&mut *transaction)
        .await?;
        if let Some(due) = settling.time_stamp_due {
            time_stamps::note_due(&mut transaction, next.id, due).await?;
        }
        sessions::forget_result(&mut transaction, next.id).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Of one document so many sessions are kept: whoever opens more fills no disk.
async fn forget_oldest(transaction: &mut Transaction<'_, Sqlite>, document: DocumentId) -> Result<(), StoreError> {
    let older = "SELECT session_id FROM handoffs WHERE document_id = $1 AND created_ms < (SELECT MIN(created_ms) FROM
        (SELECT created_ms FROM handoffs WHERE document_id = $1 ORDER BY created_ms DESC LIMIT 20) AS newest)";
    for statement in
        [format!("DELETE FROM sessions WHERE id IN ({older})"), format!("DELETE FROM handoffs WHERE session_id IN ({older})")]
    {
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(document.to_string()).execute(&mut **transaction).await?;
    }
    Ok(())
}

async fn insert_handoff(transaction: &mut Transaction<'_, Sqlite>, handoff: &Handoff) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO handoffs (session_id, document_id, owner_hash, created_ms) VALUES ($1, $2, $3, $4)")
        .bind(handoff.session.to_string())
        .bind(handoff.document.to_string())
        .bind(handoff.owner_hash.as_bytes().as_slice())
        .bind(handoff.created.ms())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

async fn set_newer_session(
    transaction: &mut Transaction<'_, Sqlite>,
    session: SessionId,
    newer: SessionId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE handoffs SET newer_session = $1 WHERE session_id = $2")
        .bind(newer.to_string())
        .bind(session.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

fn handoff_of(row: &SqliteRow) -> Result<Handoff, StoreError> {
    let newer_session: Option<String> = row.try_get("newer_session")?;
    let document: String = row.try_get("document_id")?;
    Ok(Handoff {
        session: session_id(row.try_get("session_id")?)?,
        document: DocumentId::parse(&document).ok_or(StoreError::Unreadable("handoffs.document_id"))?,
        owner_hash: BrowserKeyHash::from_bytes(digest("handoffs.owner_hash", row.try_get("owner_hash")?)?),
        created: Moment::from_ms(row.try_get("created_ms")?),
        newer_session: newer_session.map(session_id).transpose()?,
        checked: checked_of(row)?,
    })
}

fn checked_of(row: &SqliteRow) -> Result<Option<Checked>, StoreError> {
    let at_ms: Option<i64> = row.try_get("checked_ms")?;
    let tries_left: Option<i64> = row.try_get("tries_left")?;
    let verdict = row.try_get("verdict")?;
    Ok(at_ms.map(|at_ms| Checked {
        at: Moment::from_ms(at_ms),
        tries_left: tries_left.and_then(|tries| u8::try_from(tries).ok()),
        verdict,
    }))
}

fn session_id(text: String) -> Result<SessionId, StoreError> {
    SessionId::parse(&text).ok_or(StoreError::Unreadable("handoffs.session_id"))
}
