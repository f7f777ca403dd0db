//! The columns of a service's session, written and read.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use wire::{Commitment, Consent, LinkKind, Message, SessionId, SessionKind};

use super::relay::{state_of, state_text};
use super::{StoreError, digest};
use crate::clock::Moment;
use crate::handoff::session::{Answered, Checked, Claim, Delivered, SealedTicket, Session, ShownTicket, Signing};
use crate::identifier::{BrowserKeyHash, DocumentId};

pub(super) async fn insert(connection: &mut SqliteConnection, session: &Session) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO service_sessions (id, kind, owner_hash, created_ms, deadline_ms, keep_until_ms, phase, state, is_told,
            sequence, sealed_link, is_unreadable, consents, changed_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $4)",
    )
    .bind(session.id.to_string())
    .bind(session.kind.code())
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
    .bind(consents_text(&session.signing.consents))
    .execute(&mut *connection)
    .await?;
    insert_documents(connection, session).await
}

async fn insert_documents(connection: &mut SqliteConnection, session: &Session) -> Result<(), StoreError> {
    for (position, document) in session.documents.iter().enumerate() {
        sqlx::query("INSERT INTO session_documents (session_id, position, document_id) VALUES ($1, $2, $3)")
            .bind(session.id.to_string())
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .bind(document.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// One conditional update: it takes effect only on the very row that `next` was made from.
pub(super) async fn update(connection: &mut SqliteConnection, next: &Session, now: Moment) -> Result<bool, StoreError> {
    let updated = sqlx::query(
        "UPDATE service_sessions SET phase = $1, state = $2, is_told = $3, sealed_link = $4, link_kind = $5, commitment = $6,
            sealed_ephemeral = $7, answer = $8, reveal = $9, report = $10, is_unreadable = $11, newer_session = $12,
            changed_ms = $15, sequence = $13, is_without_room = $16
         WHERE id = $14 AND sequence = $13 - 1",
    )
    .bind(next.state.phase().code())
    .bind(state_text(next.state))
    .bind(next.is_told)
    .bind(next.sealed_link.as_deref())
    .bind(next.claim.map(|claim| claim.link_kind.code()))
    .bind(next.claim.map(|claim| claim.commitment.as_bytes().to_vec()))
    .bind(next.answered.as_ref().and_then(|answered| answered.sealed_ephemeral.as_deref()))
    .bind(next.answered.as_ref().map(|answered| answered.answer.as_slice()))
    .bind(next.reveal.as_ref().map(wire::encode))
    .bind(next.report.as_ref().map(wire::encode))
    .bind(next.is_unreadable)
    .bind(next.newer.map(|newer| newer.to_string()))
    .bind(next.sequence)
    .bind(next.id.to_string())
    .bind(now.ms())
    .bind(next.is_without_room)
    .execute(&mut *connection)
    .await?;
    let is_updated = updated.rows_affected() == 1;
    if is_updated {
        update_signing(connection, next).await?;
    }
    Ok(is_updated)
}

/// In the transaction of [`update`].
async fn update_signing(connection: &mut SqliteConnection, next: &Session) -> Result<(), StoreError> {
    let Signing { ticket, delivered, checked, .. } = &next.signing;
    sqlx::query(
        "UPDATE service_sessions SET ticket_kind = $1, ticket_until_ms = $2, sealed_ticket = $3, wrong_numbers = $4,
            sealed_content_keys = $5, request = $6, is_furnished = $7, begun = $8, result = $9, delivered_ms = $10,
            delivered_time_of_day_ms = $11, outcome = $12, checked_ms = $13, tries_left = $14, shown_ticket_kind = $15,
            shown_ticket_until_ms = $16
         WHERE id = $17",
    )
    .bind(ticket.as_ref().map(|ticket| ticket.kind.code()))
    .bind(ticket.as_ref().and_then(|ticket| ticket.until).map(Moment::ms))
    .bind(ticket.as_ref().map(|ticket| ticket.sealed.as_slice()))
    .bind(i64::from(next.signing.wrong_numbers))
    .bind(next.signing.sealed_content_keys.as_deref())
    .bind(next.signing.request.as_deref())
    .bind(next.signing.is_furnished)
    .bind(next.signing.begun)
    .bind(delivered.as_ref().and_then(|delivered| delivered.sealed.as_deref()))
    .bind(delivered.as_ref().map(|delivered| delivered.at.ms()))
    .bind(delivered.as_ref().map(|delivered| delivered.time_of_day.ms()))
    .bind(next.signing.outcome.as_deref())
    .bind(checked.as_ref().map(|checked| checked.at.ms()))
    .bind(checked.as_ref().and_then(|checked| checked.tries_left).map(i64::from))
    .bind(next.signing.shown_ticket.map(|shown| shown.kind.code()))
    .bind(next.signing.shown_ticket.map(|shown| shown.until.ms()))
    .bind(next.id.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// The session, with its documents in their order.
pub(super) async fn read(connection: &mut SqliteConnection, id: SessionId) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query("SELECT * FROM service_sessions WHERE id = $1").bind(id.to_string()).fetch_optional(&mut *connection);
    let Some(row) = row.await? else { return Ok(None) };
    let documents = sqlx::query("SELECT document_id AS id FROM session_documents WHERE session_id = $1 ORDER BY position")
        .bind(id.to_string())
        .fetch_all(connection)
        .await?;
    let documents = documents.iter().map(super::documents::id_of).collect::<Result<_, _>>()?;
    session_of(&row, documents).map(Some)
}

fn session_of(row: &SqliteRow, documents: Vec<DocumentId>) -> Result<Session, StoreError> {
    let (kind, state): (String, String) = (row.try_get("kind")?, row.try_get("state")?);
    let newer: Option<String> = row.try_get("newer_session")?;
    Ok(Session {
        id: id_of(row)?,
        kind: SessionKind::from_code(&kind).ok_or(StoreError::Unreadable("service_sessions.kind"))?,
        documents,
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
        is_without_room: row.try_get("is_without_room")?,
        newer: newer.map(session_id).transpose()?,
        signing: signing_of(row)?,
    })
}

fn signing_of(row: &SqliteRow) -> Result<Signing, StoreError> {
    let (consents, wrong_numbers): (String, i64) = (row.try_get("consents")?, row.try_get("wrong_numbers")?);
    Ok(Signing {
        consents: serde_json::from_str(&consents).map_err(|_| StoreError::Unreadable("service_sessions.consents"))?,
        ticket: ticket_of(row)?,
        shown_ticket: shown_ticket_of(row)?,
        wrong_numbers: u8::try_from(wrong_numbers).unwrap_or(u8::MAX),
        sealed_content_keys: row.try_get("sealed_content_keys")?,
        request: row.try_get("request")?,
        is_furnished: row.try_get("is_furnished")?,
        begun: row.try_get("begun")?,
        delivered: delivered_of(row)?,
        outcome: row.try_get("outcome")?,
        checked: checked_of(row)?,
    })
}

fn ticket_of(row: &SqliteRow) -> Result<Option<SealedTicket>, StoreError> {
    let (kind, until_ms): (Option<String>, Option<i64>) = (row.try_get("ticket_kind")?, row.try_get("ticket_until_ms")?);
    let sealed: Option<Vec<u8>> = row.try_get("sealed_ticket")?;
    let Some((kind, sealed)) = kind.zip(sealed) else { return Ok(None) };
    let kind = LinkKind::from_code(&kind).ok_or(StoreError::Unreadable("service_sessions.ticket_kind"))?;
    Ok(Some(SealedTicket { kind, until: until_ms.map(Moment::from_ms), sealed }))
}

fn shown_ticket_of(row: &SqliteRow) -> Result<Option<ShownTicket>, StoreError> {
    let (kind, until_ms): (Option<String>, Option<i64>) =
        (row.try_get("shown_ticket_kind")?, row.try_get("shown_ticket_until_ms")?);
    let Some((kind, until_ms)) = kind.zip(until_ms) else { return Ok(None) };
    let kind = LinkKind::from_code(&kind).ok_or(StoreError::Unreadable("service_sessions.shown_ticket_kind"))?;
    Ok(Some(ShownTicket { kind, until: Moment::from_ms(until_ms) }))
}

fn delivered_of(row: &SqliteRow) -> Result<Option<Delivered>, StoreError> {
    let (at_ms, time_of_day_ms): (Option<i64>, Option<i64>) =
        (row.try_get("delivered_ms")?, row.try_get("delivered_time_of_day_ms")?);
    let Some((at_ms, time_of_day_ms)) = at_ms.zip(time_of_day_ms) else { return Ok(None) };
    let (at, time_of_day) = (Moment::from_ms(at_ms), Moment::from_ms(time_of_day_ms));
    Ok(Some(Delivered { at, time_of_day, sealed: row.try_get("result")? }))
}

fn checked_of(row: &SqliteRow) -> Result<Option<Checked>, StoreError> {
    let (at_ms, tries_left): (Option<i64>, Option<i64>) = (row.try_get("checked_ms")?, row.try_get("tries_left")?);
    let tries_left = tries_left.and_then(|tries| u8::try_from(tries).ok());
    Ok(at_ms.map(|at_ms| Checked { at: Moment::from_ms(at_ms), tries_left }))
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

pub(super) fn id_of(row: &SqliteRow) -> Result<SessionId, StoreError> {
    session_id(row.try_get("id")?)
}

fn session_id(text: String) -> Result<SessionId, StoreError> {
    SessionId::parse(&text).ok_or(StoreError::Unreadable("service_sessions.id"))
}

fn consents_text(consents: &[Consent]) -> String {
    serde_json::to_string(consents).expect("a structure with text keys has a JSON form")
}
