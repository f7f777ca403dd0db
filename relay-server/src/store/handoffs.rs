use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use wire::SessionId;

use super::{Store, StoreError, digest, sessions};
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

/// What the service found when it checked a result.
#[derive(Clone)]
pub struct Checked {
    pub at: Moment,
    /// By the phone's own account, if it could tell.
    pub tries_left: Option<u8>,
    /// The verdict on the signed document as JSON; none if the result was rejected.
    pub verdict: Option<String>,
}

impl Store {
    pub async fn insert_handoff(&self, handoff: &Handoff) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO handoffs (session_id, document_id, owner_hash, created_ms) VALUES ($1, $2, $3, $4)")
            .bind(handoff.session.to_string())
            .bind(handoff.document.to_string())
            .bind(handoff.owner_hash.as_bytes().as_slice())
            .bind(handoff.created.ms())
            .execute(&self.pool)
            .await?;
        Ok(())
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

    pub async fn set_newer_session(&self, session: SessionId, newer: SessionId) -> Result<(), StoreError> {
        sqlx::query("UPDATE handoffs SET newer_session = $1 WHERE session_id = $2")
            .bind(newer.to_string())
            .bind(session.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Stores what the check found and the session's last state, together. `false` if the session had changed.
    pub async fn settle(&self, next: &Session, checked: &Checked) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        if !sessions::update(&mut transaction, next).await? {
            return Ok(false);
        }
        sqlx::query("UPDATE handoffs SET checked_ms = $1, tries_left = $2, verdict = $3 WHERE session_id = $4")
            .bind(checked.at.ms())
            .bind(checked.tries_left.map(i64::from))
            .bind(checked.verdict.as_deref())
            .bind(next.id.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
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
