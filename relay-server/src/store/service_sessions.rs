use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use wire::{Commitment, LinkKind, Message, SessionId, SessionKind};

use super::relay::{state_of, state_text};
use super::{Store, StoreError, digest};
use crate::clock::Moment;
use crate::handoff::session::{Answered, Claim, Session};
use crate::identifier::{BrowserKeyHash, DocumentId};
use crate::relay::door::EventsSeen;

impl Store {
    /// Stores a new session and the end of those whose place it takes: all or nothing. `false` if one of these is not the row
    /// that its end was made from.
    pub async fn add_service_session(&self, session: &Session, replaced: &[Session]) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for former in replaced {
            if !update(&mut transaction, former).await? {
                return Ok(false);
            }
        }
        insert(&mut transaction, session).await?;
        transaction.commit().await?;
        Ok(true)
    }

    pub async fn service_session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let row =
            sqlx::query("SELECT * FROM service_sessions WHERE id = $1").bind(id.to_string()).fetch_optional(&self.pool).await?;
        row.map(|row| session_of(&row)).transpose()
    }

    /// One conditional update: all that a decision changes, secrets that go among it. `false` if the row is not the one that
    /// `next` was made from.
    pub async fn update_service_session(&self, next: &Session) -> Result<bool, StoreError> {
        update(&mut *self.pool.acquire().await?, next).await
    }

    /// Sessions that a phone has taken up: of these the relay may have something to say that is waited for.
    pub async fn claimed_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        let rows = sqlx::query(
            "SELECT id FROM service_sessions WHERE phase IN ('claimed', 'numbered', 'matched', 'signing', 'delivered')",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(id_of).collect()
    }

    /// Sessions of which the relay may still have something to say, or has still to be told.
    pub async fn open_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        let rows = sqlx::query(
            "SELECT id FROM service_sessions WHERE is_told = FALSE OR phase NOT IN ('completed', 'rejected', 'ended')",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(id_of).collect()
    }

    /// Sessions of which the relay has still to be told.
    pub async fn untold_service_sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        let rows = sqlx::query("SELECT id FROM service_sessions WHERE is_told = FALSE").fetch_all(&self.pool).await?;
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

    /// The newest session of this kind that a document has and that still runs.
    pub async fn running_session_of(&self, document: DocumentId, kind: SessionKind) -> Result<Option<SessionId>, StoreError> {
        let row = sqlx::query(
            "SELECT id FROM service_sessions WHERE document_id = $1 AND kind = $2
                AND phase NOT IN ('completed', 'rejected', 'ended') ORDER BY created_ms DESC LIMIT 1",
        )
        .bind(document.to_string())
        .bind(kind.code())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| id_of(&row)).transpose()
    }

    /// How many sessions of a kind are kept, running or over.
    pub async fn count_service_sessions(&self, kind: SessionKind) -> Result<u64, StoreError> {
        let count = sqlx::query("SELECT COUNT(*) AS kept FROM service_sessions WHERE kind = $1").bind(kind.code());
        let row = count.fetch_one(&self.pool).await?;
        Ok(super::unsigned(row.try_get("kept")?))
    }

    /// Deletes the rows that nobody needs to see any more.
    pub async fn forget_service_sessions(&self, now: Moment) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM service_sessions
             WHERE keep_until_ms <= $1 AND is_told = TRUE AND phase IN ('completed', 'rejected', 'ended')",
        )
        .bind(now.ms())
        .execute(&self.pool)
        .await?;
        Ok(())
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

async fn insert(connection: &mut SqliteConnection, session: &Session) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO service_sessions (id, kind, document_id, owner_hash, created_ms, deadline_ms, keep_until_ms, phase, state,
            is_told, sequence, sealed_link, is_unreadable)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(session.id.to_string())
    .bind(session.kind.code())
    .bind(session.document.map(|document| document.to_string()))
    .bind(session.owner_hash.as_bytes().as_slice())
    .bind(session.created.ms())
    .bind(session.deadline.ms())
    .bind(session.keep_until.ms())
    .bind(session.state.phase().code())
    .bind(state_text(session.state))
    .bind(session.is_told)
    .bind(session.sequence)
    .bind(session.sealed_link.as_deref())
    .bind(session.is_unreadable)
    .execute(connection)
    .await?;
    Ok(())
}

async fn update(connection: &mut SqliteConnection, next: &Session) -> Result<bool, StoreError> {
    let answered = next.answered.as_ref();
    let updated = sqlx::query(
        "UPDATE service_sessions SET phase = $1, state = $2, is_told = $3, sealed_link = $4, link_kind = $5, commitment = $6,
            sealed_ephemeral = $7, answer = $8, reveal = $9, report = $10, is_unreadable = $11, newer_session = $12,
            sequence = $13
         WHERE id = $14 AND sequence = $13 - 1",
    )
    .bind(next.state.phase().code())
    .bind(state_text(next.state))
    .bind(next.is_told)
    .bind(next.sealed_link.as_deref())
    .bind(next.claim.map(|claim| claim.link_kind.code()))
    .bind(next.claim.map(|claim| claim.commitment.as_bytes().to_vec()))
    .bind(answered.and_then(|answered| answered.sealed_ephemeral.as_deref()))
    .bind(answered.map(|answered| answered.answer.as_slice()))
    .bind(next.reveal.as_ref().map(wire::encode))
    .bind(next.report.as_ref().map(wire::encode))
    .bind(next.is_unreadable)
    .bind(next.newer.map(|newer| newer.to_string()))
    .bind(next.sequence)
    .bind(next.id.to_string())
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

fn session_of(row: &SqliteRow) -> Result<Session, StoreError> {
    let (kind, state): (String, String) = (row.try_get("kind")?, row.try_get("state")?);
    let document: Option<String> = row.try_get("document_id")?;
    let newer: Option<String> = row.try_get("newer_session")?;
    let document = document.map(|id| DocumentId::parse(&id).ok_or(StoreError::Unreadable("service_sessions.document_id")));
    Ok(Session {
        id: id_of(row)?,
        kind: SessionKind::from_code(&kind).ok_or(StoreError::Unreadable("service_sessions.kind"))?,
        document: document.transpose()?,
        owner_hash: BrowserKeyHash::from_bytes(digest("service_sessions.owner_hash", row.try_get("owner_hash")?)?),
        created: Moment::from_ms(row.try_get("created_ms")?),
        deadline: Moment::from_ms(row.try_get("deadline_ms")?),
        keep_until: Moment::from_ms(row.try_get("keep_until_ms")?),
        state: state_of(&state)?,
        is_told: row.try_get("is_told")?,
        sequence: row.try_get("sequence")?,
        sealed_link: row.try_get("sealed_link")?,
        claim: claim_of(row)?,
        answered: answered_of(row)?,
        reveal: message(row, "reveal")?,
        report: message(row, "report")?,
        is_unreadable: row.try_get("is_unreadable")?,
        newer: newer.map(session_id).transpose()?,
    })
}

fn claim_of(row: &SqliteRow) -> Result<Option<Claim>, StoreError> {
    let (link_kind, commitment): (Option<String>, Option<Vec<u8>>) = (row.try_get("link_kind")?, row.try_get("commitment")?);
    let Some((link_kind, commitment)) = link_kind.zip(commitment) else { return Ok(None) };
    Ok(Some(Claim {
        link_kind: LinkKind::from_code(&link_kind).ok_or(StoreError::Unreadable("service_sessions.link_kind"))?,
        commitment: Commitment::from_bytes(digest("service_sessions.commitment", commitment)?),
    }))
}

fn answered_of(row: &SqliteRow) -> Result<Option<Answered>, StoreError> {
    let (answer, sealed_ephemeral): (Option<Vec<u8>>, _) = (row.try_get("answer")?, row.try_get("sealed_ephemeral")?);
    Ok(answer.map(|answer| Answered { sealed_ephemeral, answer }))
}

fn message<M: Message>(row: &SqliteRow, column: &'static str) -> Result<Option<M>, StoreError> {
    let body: Option<Vec<u8>> = row.try_get(column)?;
    body.map(|body| wire::decode(&body).map_err(|_| StoreError::Unreadable(column))).transpose()
}

fn id_of(row: &SqliteRow) -> Result<SessionId, StoreError> {
    session_id(row.try_get("id")?)
}

fn session_id(text: String) -> Result<SessionId, StoreError> {
    SessionId::parse(&text).ok_or(StoreError::Unreadable("service_sessions.id"))
}
