use std::sync::Arc;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};
use wire::{Commitment, CredentialHash, LinkKind, Origin, SessionId, SessionKind, SessionState, Stage};

use super::super::{StoreError, digest};
use super::{boxes, frame_keys};
use crate::clock::Moment;
use crate::relay::mailbox::{MintedTicket, ServiceName, Session, TakenClaim};
use crate::vault::Vault;

pub(super) async fn read(
    transaction: &mut Transaction<'_, Sqlite>,
    id: SessionId,
    vault: &Vault,
) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query("SELECT * FROM sessions WHERE id = $1").bind(id.to_string()).fetch_optional(&mut **transaction).await?;
    let Some(row) = row else { return Ok(None) };
    let mut session = session_of(&row, vault)?;
    session.boxes = boxes::facts(transaction, id).await?;
    Ok(Some(session))
}

pub(super) async fn insert(
    transaction: &mut Transaction<'_, Sqlite>,
    session: &Session,
    vault: &Vault,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sessions (id, service, kind, page_origin, page_token_hash, frame_key, created_ms, deadline_ms, phase, state,
            second_device, sequence, revision, changed_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, FALSE, $11, $12, $7)",
    )
    .bind(session.id.to_string())
    .bind(session.service.as_str())
    .bind(session.kind.code())
    .bind(session.page_origin.as_str())
    .bind(session.page_token.as_bytes().as_slice())
    .bind(frame_keys::sealed(vault, &session.id.to_string(), &session.frame_key))
    .bind(session.created.ms())
    .bind(session.deadline.ms())
    .bind(session.state.phase().code())
    .bind(state_text(session.state))
    .bind(session.sequence)
    .bind(session.revision)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Takes effect only on the very row that `next` was made from, and only before its deadline where `before_deadline` says when
/// it is.
pub(super) async fn update(
    transaction: &mut Transaction<'_, Sqlite>,
    next: &Session,
    changed: Moment,
    before_deadline: Option<Moment>,
) -> Result<bool, StoreError> {
    let claim = next.claim.as_ref();
    let done = sqlx::query(
        "UPDATE sessions SET phase = $1, state = $2, ticket_kind = $3, ticket_hash = $4, ticket_until_ms = $5, link_kind = $6,
            commitment = $7, claim_hash = $8, claim_sha256 = $9, app_version = $10, second_device = $11, stage = $12,
            sequence = $13, revision = $14, changed_ms = $15
         WHERE id = $16 AND revision = $17 AND deadline_ms > COALESCE($18, deadline_ms - 1)",
    )
    .bind(next.state.phase().code())
    .bind(state_text(next.state))
    .bind(next.ticket.map(|ticket| ticket.kind.code()))
    .bind(next.ticket.map(|ticket| ticket.hash.as_bytes().to_vec()))
    .bind(next.ticket.map(|ticket| ticket.until.ms()))
    .bind(claim.map(|claim| claim.link_kind.code()))
    .bind(claim.map(|claim| claim.commitment.as_bytes().to_vec()))
    .bind(claim.map(|claim| claim.token_hash.as_bytes().to_vec()))
    .bind(claim.map(|claim| claim.sha256.to_vec()))
    .bind(claim.map(|claim| claim.app_version.as_str()))
    .bind(next.second_device)
    .bind(next.stage.map(Stage::code))
    .bind(next.sequence)
    .bind(next.revision)
    .bind(changed.ms())
    .bind(next.id.to_string())
    .bind(next.revision - 1)
    .bind(before_deadline.map(Moment::ms))
    .execute(&mut **transaction)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::store) fn state_text(state: SessionState) -> String {
    serde_json::to_string(&state).expect("a word with words in it has a JSON form")
}

pub(in crate::store) fn state_of(text: &str) -> Result<SessionState, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable("sessions.state"))
}

pub(super) fn id_of(row: &SqliteRow, column: &'static str) -> Result<SessionId, StoreError> {
    let text: String = row.try_get(column)?;
    SessionId::parse(&text).ok_or(StoreError::Unreadable("sessions.id"))
}

fn session_of(row: &SqliteRow, vault: &Vault) -> Result<Session, StoreError> {
    let (id, frame_key): (String, Vec<u8>) = (row.try_get("id")?, row.try_get("frame_key")?);
    let (kind, page_origin): (String, String) = (row.try_get("kind")?, row.try_get("page_origin")?);
    let stage: Option<String> = row.try_get("stage")?;
    let state: String = row.try_get("state")?;
    Ok(Session {
        id: id_of(row, "id")?,
        service: ServiceName::stored(row.try_get("service")?),
        kind: SessionKind::from_code(&kind).ok_or(StoreError::Unreadable("sessions.kind"))?,
        page_origin: Origin::parse(&page_origin).map_err(|_| StoreError::Unreadable("sessions.page_origin"))?,
        page_token: hash(row, "page_token_hash")?.ok_or(StoreError::Unreadable("sessions.page_token_hash"))?,
        frame_key: Arc::new(frame_keys::opened(vault, &id, &frame_key)?),
        created: Moment::from_ms(row.try_get("created_ms")?),
        deadline: Moment::from_ms(row.try_get("deadline_ms")?),
        state: state_of(&state)?,
        ticket: ticket_of(row)?,
        claim: claim_of(row)?,
        second_device: row.try_get("second_device")?,
        stage: stage.as_deref().and_then(Stage::from_code),
        sequence: row.try_get("sequence")?,
        revision: row.try_get("revision")?,
        boxes: Default::default(),
    })
}

fn ticket_of(row: &SqliteRow) -> Result<Option<MintedTicket>, StoreError> {
    let until_ms: Option<i64> = row.try_get("ticket_until_ms")?;
    let (Some(kind), Some(hash), Some(until_ms)) = (link_kind(row, "ticket_kind")?, hash(row, "ticket_hash")?, until_ms) else {
        return Ok(None);
    };
    Ok(Some(MintedTicket { kind, hash, until: Moment::from_ms(until_ms) }))
}

fn claim_of(row: &SqliteRow) -> Result<Option<TakenClaim>, StoreError> {
    let Some(link_kind) = link_kind(row, "link_kind")? else { return Ok(None) };
    let missing = StoreError::Unreadable("sessions.claim_hash");
    Ok(Some(TakenClaim {
        link_kind,
        commitment: Commitment::from_bytes(digest("sessions.commitment", row.try_get("commitment")?)?),
        token_hash: hash(row, "claim_hash")?.ok_or(missing)?,
        sha256: digest("sessions.claim_sha256", row.try_get("claim_sha256")?)?,
        app_version: row.try_get("app_version")?,
    }))
}

fn link_kind(row: &SqliteRow, column: &'static str) -> Result<Option<LinkKind>, StoreError> {
    let code: Option<String> = row.try_get(column)?;
    code.map(|code| LinkKind::from_code(&code).ok_or(StoreError::Unreadable("sessions.link_kind"))).transpose()
}

fn hash(row: &SqliteRow, column: &'static str) -> Result<Option<CredentialHash>, StoreError> {
    let bytes: Option<Vec<u8>> = row.try_get(column)?;
    bytes.map(|bytes| digest(column, bytes).map(CredentialHash::from_bytes)).transpose()
}
