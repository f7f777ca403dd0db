use std::fs::File;
use std::io::{self, Seek, Write};

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio_util::io::ReaderStream;

use super::room::Reservation;
use super::upload::write_problem;
use super::{Document, Documents, DropProblem, FileSource, Piece};
use crate::identifier::DocumentId;

/// A file without a name, which is gone with whoever holds it; it counts against the quota for so long.
pub(crate) struct Scratch {
    file: File,
    written_bytes: u64,
    limit_bytes: u64,
    reservation: Reservation,
}

impl Documents {
    /// With room for so much.
    pub(crate) async fn scratch(&self, limit_bytes: u64) -> Result<Scratch, DropProblem> {
        let reservation = self.room.reserve(limit_bytes).await?;
        let path = self.rules.incoming.join(DocumentId::random().to_string());
        let file = File::options().create_new(true).read(true).write(true).open(&path).map_err(write_problem)?;
        std::fs::remove_file(&path).map_err(write_problem)?;
        Ok(Scratch { file, written_bytes: 0, limit_bytes, reservation })
    }

    /// The signed document in its two pieces.
    pub(crate) async fn signed_pieces(&self, document: &Document) -> Result<(FileSource, Vec<u8>), DropProblem> {
        let original = self.source(document.id, Piece::Original).await?;
        Ok((original, self.read(document.id, Piece::Signed).await?))
    }
}

impl Scratch {
    pub(crate) fn source(&self) -> io::Result<FileSource> {
        FileSource::new(self.file.try_clone()?)
    }

    /// Its length, and all of it in chunks.
    pub(crate) fn into_stream(mut self) -> io::Result<(u64, BoxStream<'static, io::Result<Bytes>>)> {
        self.file.rewind()?;
        self.reservation.shrink_to(self.written_bytes);
        let (file, bytes, room) = (self.file, self.written_bytes, self.reservation);
        let chunks = ReaderStream::with_capacity(tokio::fs::File::from_std(file), CHUNK_BYTES);
        let parts = chunks.map(move |chunk| {
            let _held = &room;
            chunk
        });
        Ok((bytes, parts.boxed()))
    }
}

impl Write for Scratch {
    /// Refuses what would go beyond its room.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let after = self.written_bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if after > self.limit_bytes {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let written = self.file.write(bytes)?;
        self.written_bytes += u64::try_from(written).unwrap_or(0);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

const CHUNK_BYTES: usize = 64 * 1024;
