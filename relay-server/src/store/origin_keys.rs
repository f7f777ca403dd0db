use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use wire::{KeyId, OriginKey};

use super::{Store, StoreError, digest};
use crate::clock::Moment;
use crate::handoff::StoredKey;

impl Store {
    /// Every key that is not forgotten, the oldest first.
    pub async fn origin_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        let rows = sqlx::query("SELECT * FROM origin_keys ORDER BY use_from_ms, id").fetch_all(&self.pool).await?;
        rows.iter().map(key_of).collect()
    }

    pub async fn add_origin_key(&self, key: &StoredKey) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO origin_keys (id, public_key, sealed_seed, use_from_ms, not_after_ms) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(key.id.as_str())
        .bind(key.public.as_bytes().as_slice())
        .bind(key.sealed_seed.as_slice())
        .bind(key.use_from.ms())
        .bind(key.not_after.ms())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Deletes keys under which no answer is believed any more, but for the last ones made: a clock that was far ahead at one
    /// start takes no good key away.
    pub async fn forget_origin_keys(&self, now: Moment) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM origin_keys WHERE not_after_ms <= $1
                AND rowid NOT IN (SELECT rowid FROM origin_keys ORDER BY rowid DESC LIMIT 3)",
        )
        .bind(now.ms())
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

fn key_of(row: &SqliteRow) -> Result<StoredKey, StoreError> {
    let id: String = row.try_get("id")?;
    Ok(StoredKey {
        id: KeyId::parse(&id).ok_or(StoreError::Unreadable("origin_keys.id"))?,
        public: OriginKey::from_bytes(digest("origin_keys.public_key", row.try_get("public_key")?)?),
        sealed_seed: row.try_get("sealed_seed")?,
        use_from: Moment::from_ms(row.try_get("use_from_ms")?),
        not_after: Moment::from_ms(row.try_get("not_after_ms")?),
    })
}
