//! All the SQL. Every change that an answer depends on is committed, and on the disk, before the answer goes out.
//!
//! The statements are plain enough for PostgreSQL; what is SQLite's alone stands in this file.

mod deletions;
mod documents;
mod origin_keys;
mod receipt_keys;
pub mod relay;
mod service_rows;
mod service_sessions;
mod time_stamps;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, SqlitePool};

pub use deletions::Deletion;
pub use documents::LONGEST_RESULT_BYTES;
pub use relay::RelayStore;
pub use service_sessions::{Adding, SettledDocument};
pub use time_stamps::TimeStampDue;

use crate::clock::Moment;
use crate::vault::VaultProblem;

/// The database of one server. Clones share it.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
    /// The log beside the file.
    log: PathBuf,
}

/// What a caller of the store can be told.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the disk is full")]
    DiskFull,
    #[error("the database cannot be used: {0}")]
    Unusable(#[source] sqlx::Error),
    #[error("the database has another form than this program's: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error(transparent)]
    Vault(#[from] VaultProblem),
    /// A row that this program did not write.
    #[error("the database holds a value that cannot be read: {0}")]
    Unreadable(&'static str),
}

impl Store {
    /// Opens the file, makes it if it is missing, and brings it to the newest form.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let pool = pool(file).await?;
        sqlx::migrate!("src/store/migrations").run(&pool).await?;
        Ok(Self { pool, log: log_of(file) })
    }

    /// Whether a question is answered at this moment.
    pub async fn answers(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }

    /// Takes what was deleted out of the file and out of the log beside it. `false` where somebody still reads from the
    /// log: then it is to be asked for again.
    pub async fn forget_deleted(&self) -> Result<bool, StoreError> {
        forget_deleted(&self.pool).await
    }

    /// The last moment that any row speaks of as past.
    pub async fn latest_moment(&self) -> Result<Option<Moment>, StoreError> {
        let row = sqlx::query(
            "SELECT MAX(at_ms) AS at_ms FROM (SELECT MAX(dropped_ms) AS at_ms FROM documents
                UNION ALL SELECT MAX(created_ms) FROM service_sessions
                UNION ALL SELECT MAX(changed_ms) FROM service_sessions) AS moments",
        )
        .fetch_one(&self.pool)
        .await?;
        let at_ms: Option<i64> = row.try_get("at_ms")?;
        Ok(at_ms.map(Moment::from_ms))
    }

    /// What this database takes itself.
    async fn own_bytes(&self) -> Result<u64, StoreError> {
        let pages = "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()";
        let row = sqlx::query(pages).fetch_one(&self.pool).await?;
        Ok(unsigned(row.try_get("bytes")?).saturating_add(self.overlong_log_bytes().await))
    }

    /// What the log takes beyond its usual length, as while somebody reads from it for long.
    async fn overlong_log_bytes(&self) -> u64 {
        // There is none before the first change.
        let bytes = tokio::fs::metadata(&self.log).await.map_or(0, |log| log.len());
        bytes.saturating_sub(USUAL_LOG_BYTES)
    }

    /// Waits for the running statements and closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        match code.as_deref() {
            Some(SQLITE_FULL) => Self::DiskFull,
            _ => Self::Unusable(error),
        }
    }
}

/// How every database of ours is opened.
async fn pool(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit is on the disk before it is answered, even if the power fails. sqlite.org, PRAGMA synchronous.
        .synchronous(SqliteSynchronous::Full)
        // Deleted rows are overwritten with zeros. sqlite.org, PRAGMA secure_delete.
        .pragma("secure_delete", "ON")
        // A log that a long reader made grow is cut when it is next begun anew.
        .pragma("journal_size_limit", USUAL_LOG_BYTES.to_string())
        .busy_timeout(LONGEST_WAIT_FOR_A_WRITER);
    SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .min_connections(1)
        .acquire_timeout(LONGEST_WAIT_FOR_A_WRITER)
        .connect_with(options)
        .await
}

/// sqlite.org, Write-Ahead Logging, section 2.2.
fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

async fn forget_deleted(pool: &SqlitePool) -> Result<bool, StoreError> {
    sqlx::query("PRAGMA incremental_vacuum").execute(pool).await?;
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(pool).await?;
    let is_busy: i64 = row.try_get("busy")?;
    Ok(is_busy == 0)
}

/// SQLite's integers are signed; lengths and counts of ours stay far below the limit.
fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn digest(column: &'static str, bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Unreadable(column))
}

/// Writers wait for each other, so more connections only cost memory.
const CONNECTIONS: u32 = 4;
const LONGEST_WAIT_FOR_A_WRITER: Duration = Duration::from_secs(5);
/// As long as it grows before it is written into the file: 1,000 pages.
const USUAL_LOG_BYTES: u64 = 4 * 1024 * 1024;
/// sqlite.org, result codes.
const SQLITE_FULL: &str = "13";

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_log_that_a_reader_holds_up_counts_and_is_cut_when_the_reader_is_gone() {
        let folder = tempfile::tempdir().expect("room for the test");
        let store = Store::open(&folder.path().join("test.sqlite")).await.expect("a new database");
        sqlx::query("CREATE TABLE filler (bytes BLOB)").execute(&store.pool).await.expect("a store");
        let mut reader = store.pool.begin().await.expect("a connection");
        sqlx::query("SELECT * FROM filler").fetch_all(&mut *reader).await.expect("a store");
        for _ in 0..3 {
            sqlx::query("INSERT INTO filler VALUES (zeroblob(4000000))").execute(&store.pool).await.expect("a store");
            sqlx::query("DELETE FROM filler").execute(&store.pool).await.expect("a store");
        }
        assert!(store.overlong_log_bytes().await > 4_000_000);
        assert!(store.stored_bytes().await.expect("a store") > 8_000_000, "database and log");
        drop(reader);
        assert!(store.forget_deleted().await.expect("a store"));
        assert_eq!(store.overlong_log_bytes().await, 0);
        assert!(store.stored_bytes().await.expect("a store") < 1_000_000);
    }
}
