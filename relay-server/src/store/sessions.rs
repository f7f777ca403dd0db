use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};
use wire::{CredentialHash, SessionId, Stage};

use super::{Store, StoreError, digest, states};
use crate::clock::{Clock, Moment};
use crate::relay::Session;

/// What became of an attempt to store a result.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    Stored,
    /// The deadline passed while the result waited to be written; nothing is stored.
    Late,
    /// The row had changed since it was read; nothing is stored.
    Overtaken,
}

/// A result as it came.
pub struct Delivered {
    pub result: Vec<u8>,
    /// What certificates are measured by; none of a result that an older program took.
    pub time_of_day: Option<Moment>,
}

impl Store {
    pub async fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query("SELECT * FROM sessions WHERE id = $1").bind(id.to_string()).fetch_optional(&self.pool).await?;
        row.map(|row| session_of(&row)).transpose()
    }

    /// Stores the row that was made from the one before it. `false` if that one had changed meanwhile.
    pub async fn update_session(&self, next: &Session, now: Moment) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let is_updated = update(&mut transaction, next, now).await?;
        transaction.commit().await?;
        Ok(is_updated)
    }

    /// Stores a result and the row that says so, together. The deadline is compared when the write lock is held,
    /// so time spent waiting for other writers counts.
    pub async fn deliver(&self, next: &Session, result: &[u8], clock: &Clock) -> Result<Delivery, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let now = clock.now();
        if !update(&mut transaction, next, now).await? {
            return Ok(Delivery::Overtaken);
        }
        let set = "UPDATE mailboxes SET result = $1, delivered_ms = $2, delivered_time_of_day_ms = $3 WHERE session_id = $4";
        sqlx::query(set)
            .bind(result)
            .bind(now.ms())
            .bind(Moment::from(clock.time_of_day()).ms())
            .bind(next.id.to_string())
            .execute(&mut *transaction)
            .await?;
        if clock.now() >= next.deadline {
            return Ok(Delivery::Late);
        }
        transaction.commit().await?;
        Ok(Delivery::Stored)
    }

    pub async fn request_of(&self, id: SessionId) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT request FROM mailboxes WHERE session_id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(row.try_get("request")?)).transpose()
    }

    pub async fn result_of(&self, id: SessionId) -> Result<Option<Delivered>, StoreError> {
        let row = sqlx::query("SELECT * FROM mailboxes WHERE session_id = $1 AND result IS NOT NULL")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            let time_of_day_ms: Option<i64> = row.try_get("delivered_time_of_day_ms")?;
            Ok(Delivered { result: row.try_get("result")?, time_of_day: time_of_day_ms.map(Moment::from_ms) })
        })
        .transpose()
    }

    /// When the session's result came.
    pub async fn delivered(&self, id: SessionId) -> Result<Option<Moment>, StoreError> {
        let row = sqlx::query("SELECT delivered_ms FROM mailboxes WHERE session_id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        let delivered_ms: Option<i64> = row.map(|row| row.try_get("delivered_ms")).transpose()?.flatten();
        Ok(delivered_ms.map(Moment::from_ms))
    }

    /// Sessions whose deadline has passed while nothing was delivered.
    pub async fn overdue_sessions(&self, now: Moment) -> Result<Vec<SessionId>, StoreError> {
        let rows = sqlx::query("SELECT id FROM sessions WHERE state IN ('waiting', 'claimed', 'signing') AND deadline_ms <= $1")
            .bind(now.ms())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(id_of).collect()
    }

    /// Sessions with a result that nobody has checked yet.
    pub async fn delivered_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        let rows = sqlx::query("SELECT id FROM sessions WHERE state = 'delivered'").fetch_all(&self.pool).await?;
        rows.iter().map(id_of).collect()
    }
}

pub(super) async fn insert(
    transaction: &mut Transaction<'_, Sqlite>,
    session: &Session,
    request: &[u8],
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO mailboxes (session_id, request) VALUES ($1, $2)")
        .bind(session.id.to_string())
        .bind(request)
        .execute(&mut **transaction)
        .await?;
    sqlx::query(
        "INSERT INTO sessions (id, state, reason, stage, begun, second_device, ticket_hash, claim_hash, result_sha256,
            deadline_ms, sequence)
         VALUES ($1, $2, NULL, NULL, FALSE, FALSE, $3, NULL, NULL, $4, $5)",
    )
    .bind(session.id.to_string())
    .bind(states::word(session.state))
    .bind(session.ticket_hash.as_bytes().as_slice())
    .bind(session.deadline.ms())
    .bind(session.sequence)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// What a session that another has replaced was asked is asked by that one now.
pub(super) async fn empty_mailbox(transaction: &mut Transaction<'_, Sqlite>, id: SessionId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM mailboxes WHERE session_id = $1").bind(id.to_string()).execute(&mut **transaction).await?;
    Ok(())
}

/// Once it is checked its hash is enough to know it again.
pub(super) async fn forget_result(transaction: &mut Transaction<'_, Sqlite>, id: SessionId) -> Result<(), StoreError> {
    sqlx::query("UPDATE mailboxes SET result = NULL WHERE session_id = $1")
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// One conditional update: it takes effect only on the very row that `next` was made from.
pub(super) async fn update(transaction: &mut Transaction<'_, Sqlite>, next: &Session, now: Moment) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sessions SET state = $1, reason = $2, stage = $3, begun = $4, second_device = $5, claim_hash = $6,
            result_sha256 = $7, sequence = $8, changed_ms = $9
         WHERE id = $10 AND sequence = $11",
    )
    .bind(states::word(next.state))
    .bind(states::reason(next.state))
    .bind(next.stage.map(Stage::code))
    .bind(next.begun)
    .bind(next.second_device)
    .bind(next.claim_hash.map(|hash| hash.as_bytes().to_vec()))
    .bind(next.result_sha256.map(|digest| digest.to_vec()))
    .bind(next.sequence)
    .bind(now.ms())
    .bind(next.id.to_string())
    .bind(next.sequence - 1)
    .execute(&mut **transaction)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn session_of(row: &SqliteRow) -> Result<Session, StoreError> {
    let word: String = row.try_get("state")?;
    let reason: Option<String> = row.try_get("reason")?;
    let stage: Option<String> = row.try_get("stage")?;
    let claim_hash: Option<Vec<u8>> = row.try_get("claim_hash")?;
    let result_sha256: Option<Vec<u8>> = row.try_get("result_sha256")?;
    Ok(Session {
        id: id_of(row)?,
        state: states::state(&word, reason.as_deref())?,
        stage: stage.as_deref().and_then(Stage::from_code),
        begun: row.try_get("begun")?,
        second_device: row.try_get("second_device")?,
        ticket_hash: CredentialHash::from_bytes(digest("sessions.ticket_hash", row.try_get("ticket_hash")?)?),
        claim_hash: claim_hash.map(|bytes| digest("sessions.claim_hash", bytes).map(CredentialHash::from_bytes)).transpose()?,
        result_sha256: result_sha256.map(|bytes| digest("sessions.result_sha256", bytes)).transpose()?,
        deadline: Moment::from_ms(row.try_get("deadline_ms")?),
        sequence: row.try_get("sequence")?,
    })
}

fn id_of(row: &SqliteRow) -> Result<SessionId, StoreError> {
    let text: String = row.try_get("id")?;
    SessionId::parse(&text).ok_or(StoreError::Unreadable("sessions.id"))
}
