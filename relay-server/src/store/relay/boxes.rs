use std::collections::BTreeMap;

use sqlx::{Row, Sqlite, Transaction};
use wire::SessionId;

use super::super::{StoreError, digest, integer, unsigned};
use super::RelayStore;
use crate::clock::Moment;
use crate::relay::mailbox::{BoxFacts, BoxName, Content, Deposit};

/// What lies in a box.
pub struct StoredBox {
    pub content: Content,
    pub bytes: u64,
}

impl RelayStore {
    /// `None` for a box that is empty, never filled or emptied.
    pub async fn stored_box(&self, id: SessionId, name: BoxName) -> Result<Option<StoredBox>, StoreError> {
        let row = sqlx::query("SELECT * FROM boxes WHERE session_id = $1 AND name = $2")
            .bind(id.to_string())
            .bind(name.code())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (in_row, on_shelf): (Option<Vec<u8>>, Option<String>) = (row.try_get("content")?, row.try_get("file")?);
        let content = in_row.map(Content::InRow).or(on_shelf.map(Content::OnShelf));
        let Some(content) = content else { return Ok(None) };
        Ok(Some(StoredBox { content, bytes: unsigned(row.try_get("bytes")?) }))
    }
}

pub(super) async fn facts(
    transaction: &mut Transaction<'_, Sqlite>,
    id: SessionId,
) -> Result<BTreeMap<BoxName, BoxFacts>, StoreError> {
    let rows = sqlx::query("SELECT name, sha256, bytes, completed_ms FROM boxes WHERE session_id = $1")
        .bind(id.to_string())
        .fetch_all(&mut **transaction)
        .await?;
    let fact = |row: &sqlx::sqlite::SqliteRow| {
        let name: String = row.try_get("name")?;
        let name = BoxName::from_code(&name).ok_or(StoreError::Unreadable("boxes.name"))?;
        let sha256 = digest("boxes.sha256", row.try_get("sha256")?)?;
        let completed = Moment::from_ms(row.try_get("completed_ms")?);
        Ok((name, BoxFacts { sha256, bytes: unsigned(row.try_get("bytes")?), completed }))
    };
    rows.iter().map(fact).collect()
}

pub(super) async fn put(
    transaction: &mut Transaction<'_, Sqlite>,
    id: SessionId,
    deposit: &Deposit,
    now: Moment,
) -> Result<(), StoreError> {
    let (in_row, on_shelf) = match &deposit.content {
        Content::InRow(content) => (Some(content.as_slice()), None),
        Content::OnShelf(file) => (None, Some(file.as_str())),
    };
    sqlx::query(
        "INSERT INTO boxes (session_id, name, sha256, bytes, completed_ms, content, file)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.to_string())
    .bind(deposit.name.code())
    .bind(deposit.sha256.as_slice())
    .bind(integer(deposit.bytes))
    .bind(now.ms())
    .bind(in_row)
    .bind(on_shelf)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// As if it had never been filled.
pub(super) async fn take_back(transaction: &mut Transaction<'_, Sqlite>, id: SessionId, name: BoxName) -> Result<(), StoreError> {
    for statement in [
        "INSERT OR IGNORE INTO deletions (file)
            SELECT file FROM boxes WHERE session_id = $1 AND name = $2 AND file IS NOT NULL",
        "DELETE FROM boxes WHERE session_id = $1 AND name = $2",
    ] {
        sqlx::query(statement).bind(id.to_string()).bind(name.code()).execute(&mut **transaction).await?;
    }
    Ok(())
}

/// Of what is over only the outcome is kept, and hashes.
pub(super) async fn empty(transaction: &mut Transaction<'_, Sqlite>, id: SessionId) -> Result<(), StoreError> {
    for statement in [
        "INSERT OR IGNORE INTO deletions (file) SELECT file FROM boxes WHERE session_id = $1 AND file IS NOT NULL",
        "UPDATE boxes SET content = NULL, file = NULL WHERE session_id = $1 AND name <> 'outcome'",
    ] {
        sqlx::query(statement).bind(id.to_string()).execute(&mut **transaction).await?;
    }
    Ok(())
}
