use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::io::AsyncWriteExt;

use super::archive::is_disk_full;
use super::room::Reservation;
use super::{ArchiveError, DropProblem};
use crate::identifier::DocumentId;

/// A dropped file on its way in, in a folder of its own. Deleted when dropped: what is kept goes to the archive.
pub struct Incoming {
    path: PathBuf,
    file: File,
    /// For what has come, not for what was announced: an upload that stands still takes no room from others.
    reservation: Reservation,
}

impl Incoming {
    /// Takes the bytes as they come and lets them rest on the disk; no more than one of the sender's chunks is in memory.
    pub(super) async fn receive<S, E>(
        folder: &Path,
        limit_bytes: u64,
        reservation: Reservation,
        mut chunks: S,
    ) -> Result<Self, DropProblem>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
    {
        let path = folder.join(DocumentId::random().to_string());
        let file = File::options().create_new(true).read(true).write(true).open(&path).map_err(write_problem)?;
        let mut incoming = Self { path, file, reservation };
        let mut writer = tokio::fs::File::from_std(incoming.file.try_clone().map_err(write_problem)?);
        let mut received_bytes = 0_u64;
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| DropProblem::Interrupted)?;
            received_bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            if received_bytes > limit_bytes {
                return Err(DropProblem::TooLarge { limit_bytes });
            }
            incoming.reservation.grow_to(received_bytes).await?;
            writer.write_all(&chunk).await.map_err(write_problem)?;
        }
        writer.flush().await.map_err(write_problem)?;
        Ok(incoming)
    }

    pub fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "an upload is left over and goes at the next start");
        }
    }
}

pub(super) fn write_problem(error: io::Error) -> DropProblem {
    if is_disk_full(&error) { DropProblem::StorageFull } else { DropProblem::Archive(ArchiveError::Files(error)) }
}
