use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError};
use crate::clock::Moment;
use crate::receipts::StoredReceiptKey;

impl Store {
    /// Every key that ever signed a receipt, the newest first.
    pub async fn receipt_keys(&self) -> Result<Vec<StoredReceiptKey>, StoreError> {
        let rows = sqlx::query("SELECT * FROM receipt_keys ORDER BY use_from_ms DESC, id").fetch_all(&self.pool).await?;
        Ok(rows.iter().map(key_of).collect::<Result<_, _>>()?)
    }

    /// Keeps a key, and forgets the secret half of all others: together or not at all.
    pub async fn replace_receipt_key(&self, key: &StoredReceiptKey) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("UPDATE receipt_keys SET sealed_key = NULL WHERE id <> $1").bind(&key.id).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO receipt_keys (id, root, certificate, sealed_key, use_from_ms) VALUES ($1, $2, $3, $4, $5)")
            .bind(&key.id)
            .bind(key.root.as_slice())
            .bind(key.certificate.as_slice())
            .bind(key.sealed_key.as_deref())
            .bind(key.use_from.ms())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn key_of(row: &SqliteRow) -> Result<StoredReceiptKey, sqlx::Error> {
    Ok(StoredReceiptKey {
        id: row.try_get("id")?,
        root: row.try_get("root")?,
        certificate: row.try_get("certificate")?,
        sealed_key: row.try_get("sealed_key")?,
        use_from: Moment::from_ms(row.try_get("use_from_ms")?),
    })
}
