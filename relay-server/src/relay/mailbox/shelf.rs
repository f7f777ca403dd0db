//! Sealed documents as files: they come and go a chunk at a time, and are never whole in memory.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, SeekFrom};
use tokio_util::io::ReaderStream;
use wire::ProblemCode;

use super::MailboxProblem;
use crate::identifier::DocumentId;
use crate::store::{RelayStore, StoreError};

/// The folder of the files. Clones share it.
#[derive(Clone)]
pub struct Shelf {
    folder: Arc<Path>,
    store: RelayStore,
    quota_bytes: u64,
    underway_bytes: Arc<AtomicU64>,
}

/// A whole file that no box names yet. It is settled, or deleted at the next start.
pub struct Upload {
    pub(super) file: String,
    pub(super) sha256: [u8; 32],
    pub(super) bytes: u64,
    _room: Room,
}

/// Why a file cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ShelfProblem {
    #[error("the disk is full")]
    DiskFull,
    #[error("the folder of sealed documents cannot be used: {0}")]
    Unusable(#[source] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Shelf {
    /// Deletes what no box names: a killed relay was receiving it.
    pub(super) async fn open(folder: PathBuf, quota_bytes: u64, store: RelayStore) -> Result<Self, ShelfProblem> {
        tokio::fs::create_dir_all(&folder).await?;
        let mut files = tokio::fs::read_dir(&folder).await?;
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name().to_string_lossy().into_owned();
            if !store.knows_file(&name).await? {
                tokio::fs::remove_file(file.path()).await?;
            }
        }
        Ok(Self { folder: folder.into(), store, quota_bytes, underway_bytes: Arc::default() })
    }

    /// Receives a file of at most `longest_bytes`; it is on the disk when this returns.
    pub async fn receive<S, E>(&self, mut chunks: S, longest_bytes: u64) -> Result<Upload, MailboxProblem>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
    {
        let file = DocumentId::random().to_string();
        let mut half = HalfFile { path: self.folder.join(&file), is_whole: false };
        let mut room = Room { underway_bytes: Arc::clone(&self.underway_bytes), bytes: 0 };
        let mut output = File::create_new(&half.path).await.map_err(ShelfProblem::from)?;
        let mut hash = Sha256::new();
        let stored_bytes = self.store.stored_bytes().await?;
        while let Some(chunk) = chunks.next().await {
            // Cut off on its way, which says nothing about the document.
            let chunk = chunk.map_err(|_| ProblemCode::Unavailable)?;
            let underway_bytes = room.grow(chunk.len());
            if room.bytes > longest_bytes {
                return Err(ProblemCode::TooLarge.into());
            }
            if stored_bytes.saturating_add(underway_bytes) > self.quota_bytes {
                return Err(ProblemCode::StorageFull.into());
            }
            hash.update(&chunk);
            output.write_all(&chunk).await.map_err(ShelfProblem::from)?;
        }
        output.sync_all().await.map_err(ShelfProblem::from)?;
        File::open(&self.folder).await.map_err(ShelfProblem::from)?.sync_all().await.map_err(ShelfProblem::from)?;
        half.is_whole = true;
        Ok(Upload { file, sha256: hash.finalize().into(), bytes: room.bytes, _room: room })
    }

    /// Deletes the file unless a box names it now.
    pub(super) async fn settle(&self, upload: Upload) -> Result<(), ShelfProblem> {
        if self.store.knows_file(&upload.file).await? { Ok(()) } else { self.delete(&upload.file).await }
    }

    pub(super) async fn delete(&self, file: &str) -> Result<(), ShelfProblem> {
        match tokio::fs::remove_file(self.folder.join(file)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// `length` bytes of a file from `start` on.
    pub async fn read(
        &self,
        file: &str,
        start: u64,
        length: u64,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>, ShelfProblem> {
        let mut input = File::open(self.folder.join(file)).await?;
        input.seek(SeekFrom::Start(start)).await?;
        Ok(ReaderStream::with_capacity(input.take(length), PIECE_BYTES))
    }
}

impl From<io::Error> for ShelfProblem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Unusable(error),
        }
    }
}

/// Gone with whoever was writing it, unless it became whole.
struct HalfFile {
    path: PathBuf,
    is_whole: bool,
}

impl Drop for HalfFile {
    fn drop(&mut self) {
        if !self.is_whole {
            // What cannot be deleted now is at the next start.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// What an upload takes of the quota before a row says so.
struct Room {
    underway_bytes: Arc<AtomicU64>,
    bytes: u64,
}

impl Room {
    /// Returns what all uploads take together.
    fn grow(&mut self, by: usize) -> u64 {
        let by = u64::try_from(by).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(by);
        self.underway_bytes.fetch_add(by, Ordering::Relaxed).saturating_add(by)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.underway_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Of a file at a time in memory.
const PIECE_BYTES: usize = 64 * 1024;
