use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::{Store, StoreError, digest, integer, unsigned};
use crate::clock::Moment;
use crate::document::Document;
use crate::identifier::{BrowserKeyHash, DocumentId};

impl Store {
    /// All of them or none.
    pub async fn insert_documents(&self, documents: &[Document]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for document in documents {
            insert(&mut transaction, document).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// What was dropped together and still lives, in its order.
    pub async fn living_bundle(&self, bundle: DocumentId, now: Moment) -> Result<Vec<Document>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM documents WHERE bundle_id = $1 AND (expires_ms > $2 OR id IN (SELECT id FROM documents_in_use))
             ORDER BY place",
        )
        .bind(bundle.to_string())
        .bind(now.ms())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(document_of).collect()
    }

    pub async fn document(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        let row = sqlx::query("SELECT * FROM documents WHERE id = $1").bind(id.to_string()).fetch_optional(&self.pool).await?;
        row.map(|row| document_of(&row)).transpose()
    }

    /// Every document, whether or not its lifetime has ended.
    pub async fn documents(&self) -> Result<Vec<DocumentId>, StoreError> {
        let rows = sqlx::query("SELECT id FROM documents").fetch_all(&self.pool).await?;
        rows.iter().map(id_of).collect()
    }

    /// The document, unless its lifetime has ended. Under a signature it does not end.
    pub async fn living_document(&self, id: DocumentId, now: Moment) -> Result<Option<Document>, StoreError> {
        let row =
            sqlx::query("SELECT * FROM documents WHERE id = $1 AND (expires_ms > $2 OR id IN (SELECT id FROM documents_in_use))")
                .bind(id.to_string())
                .bind(now.ms())
                .fetch_optional(&self.pool)
                .await?;
        row.map(|row| document_of(&row)).transpose()
    }

    /// What all documents and this database take, signed revisions and the results of open sessions counted from the start.
    pub async fn stored_bytes(&self) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(original_bytes + 2 * appended_bytes + stamp_bytes + image_bytes), 0) AS BIGINT) + $1 *
                (SELECT COUNT(*) FROM service_sessions WHERE kind = 'signing' AND phase NOT IN ('completed', 'rejected', 'ended'))
                AS bytes FROM documents",
        )
        .bind(i64::from(LONGEST_RESULT_BYTES))
        .fetch_one(&self.pool)
        .await?;
        Ok(unsigned(row.try_get("bytes")?).saturating_add(self.own_bytes().await?))
    }

    /// Counts an image that is about to be kept. `false` if there is no such document any more.
    pub async fn count_image(&self, id: DocumentId, bytes: u64) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE documents SET image_bytes = image_bytes + $1 WHERE id = $2")
            .bind(integer(bytes))
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

async fn insert(connection: &mut SqliteConnection, document: &Document) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO documents (id, owner_hash, file_name, declared_name, page_sizes, original_bytes, appended_bytes,
            sha256, byte_range, digest, dropped_ms, expires_ms, bundle_id, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(document.id.to_string())
    .bind(document.owner_hash.as_bytes().as_slice())
    .bind(&document.file_name)
    .bind(document.declared_name.as_deref())
    .bind(json(&document.page_sizes))
    .bind(integer(document.original_bytes))
    .bind(integer(document.appended_bytes))
    .bind(document.sha256.as_slice())
    .bind(json(&document.byte_range))
    .bind(document.digest.as_slice())
    .bind(document.dropped.ms())
    .bind(document.expires.ms())
    .bind(document.bundle.to_string())
    .bind(i64::from(document.place))
    .execute(connection)
    .await?;
    Ok(())
}

fn document_of(row: &SqliteRow) -> Result<Document, StoreError> {
    let (bundle, place): (String, i64) = (row.try_get("bundle_id")?, row.try_get("place")?);
    Ok(Document {
        id: id_of(row)?,
        bundle: DocumentId::parse(&bundle).ok_or(StoreError::Unreadable("documents.bundle_id"))?,
        place: u16::try_from(place).map_err(|_| StoreError::Unreadable("documents.place"))?,
        owner_hash: BrowserKeyHash::from_bytes(digest("documents.owner_hash", row.try_get("owner_hash")?)?),
        file_name: row.try_get("file_name")?,
        declared_name: row.try_get("declared_name")?,
        page_sizes: from_json("documents.page_sizes", row.try_get("page_sizes")?)?,
        original_bytes: unsigned(row.try_get("original_bytes")?),
        appended_bytes: unsigned(row.try_get("appended_bytes")?),
        sha256: digest("documents.sha256", row.try_get("sha256")?)?,
        byte_range: from_json("documents.byte_range", row.try_get("byte_range")?)?,
        digest: digest("documents.digest", row.try_get("digest")?)?,
        dropped: Moment::from_ms(row.try_get("dropped_ms")?),
        expires: Moment::from_ms(row.try_get("expires_ms")?),
    })
}

pub(super) fn id_of(row: &SqliteRow) -> Result<DocumentId, StoreError> {
    let text: String = row.try_get("id")?;
    DocumentId::parse(&text).ok_or(StoreError::Unreadable("documents.id"))
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("arrays of numbers have a JSON form")
}

fn from_json<T: serde::de::DeserializeOwned>(column: &'static str, text: String) -> Result<T, StoreError> {
    serde_json::from_str(&text).map_err(|_| StoreError::Unreadable(column))
}

/// What is taken of a phone's sealed result: those of fifty documents with the certificates in use fit.
pub const LONGEST_RESULT_BYTES: u32 = 256 * 1024;
