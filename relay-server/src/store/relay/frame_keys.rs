//! Frame keys at rest: sealed under the key file beside the database, so that a copy of the database alone draws no frame.

use sqlx::{Row, SqlitePool};
use wire::FrameKey;

use super::super::{StoreError, digest};
use crate::vault::{Place, Vault};

pub(super) fn sealed(vault: &Vault, row: &str, key: &FrameKey) -> Vec<u8> {
    vault.seal(place(row), key.as_bytes())
}

pub(super) fn opened(vault: &Vault, row: &str, sealed: &[u8]) -> Result<FrameKey, StoreError> {
    let bytes = vault.open_array(place(row), sealed).map_err(|_| StoreError::Unreadable(COLUMN))?;
    Ok(FrameKey::from_bytes(*bytes))
}

/// Seals what was stored in the clear before that was done. What does not open, because the key file was lost, becomes a key
/// that nobody has: the session goes on where it was claimed, and is claimed by nobody where it was not.
pub(super) async fn seal_all(pool: &SqlitePool, vault: &Vault) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT id, frame_key FROM sessions").fetch_all(pool).await?;
    for row in rows {
        let (id, stored): (String, Vec<u8>) = (row.try_get("id")?, row.try_get("frame_key")?);
        if opened(vault, &id, &stored).is_ok() {
            continue;
        }
        let key = FrameKey::from_bytes(digest(COLUMN, stored).unwrap_or_else(|_| rand::random()));
        let update = sqlx::query("UPDATE sessions SET frame_key = $1 WHERE id = $2");
        update.bind(sealed(vault, &id, &key)).bind(&id).execute(pool).await?;
    }
    Ok(())
}

fn place(row: &str) -> Place<'_> {
    Place { column: COLUMN, row }
}

const COLUMN: &str = "sessions.frame_key";

#[cfg(test)]
mod tests {
    use super::super::RelayStore;
    use super::*;
    use crate::clock::Moment;
    use crate::relay::mailbox::{ServiceName, Session};

    #[tokio::test]
    async fn a_key_that_was_in_the_clear_is_sealed_and_one_that_does_not_open_is_nobodys() {
        let folder = tempfile::tempdir().expect("room for the test");
        let file = folder.path().join("relay.db");
        let origin = wire::Origin::parse("https://bank.example").expect("an origin");
        let session = Session::open(ServiceName::own(), wire::SessionKind::Signing, origin, Moment::from_ms(1_000)).session;
        let store = RelayStore::open(&file).await.expect("a new database");
        let mut writing = store.write().await.expect("a turn");
        writing.add(&session).await.expect("added");
        writing.commit().await.expect("stored");
        let in_the_clear = sqlx::query("UPDATE sessions SET frame_key = $1").bind(session.frame_key.as_bytes().as_slice());
        in_the_clear.execute(&store.pool).await.expect("as it once was");
        let store = RelayStore::open(&file).await.expect("the same database");
        let sealed = sqlx::query("SELECT frame_key FROM sessions").fetch_one(&store.pool).await.expect("the row");
        assert_ne!(sealed.get::<Vec<u8>, _>("frame_key"), session.frame_key.as_bytes());
        assert_eq!(key_of(&store, &session).await, *session.frame_key.as_bytes());
        std::fs::remove_file(file.with_extension("key")).expect("the key file");
        let store = RelayStore::open(&file).await.expect("the same database");
        assert_ne!(key_of(&store, &session).await, *session.frame_key.as_bytes());
    }

    async fn key_of(store: &RelayStore, session: &Session) -> [u8; 32] {
        *store.session(session.id).await.expect("read").expect("the row").frame_key.as_bytes()
    }
}
