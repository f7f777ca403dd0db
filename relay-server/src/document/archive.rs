use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt, WriteMultipart};
use tokio_util::io::ReaderStream;

use crate::identifier::DocumentId;

/// The documents' bytes, as objects that are written once and read in parts.
#[derive(Clone)]
pub struct Archive {
    objects: Arc<dyn ObjectStore>,
    /// The same objects as files: only so is everything seen that lies beside them.
    folder: PathBuf,
}

/// One object of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// As it was dropped.
    Original,
    /// The prepared revision that follows the original, its signature still empty.
    Appended,
    /// The same revision with the signature.
    Signed,
    /// Counted from 1.
    PageImage { page: u32, width: u32 },
}

/// One form of an object: whoever writes another meanwhile does not change it.
pub struct Measured {
    pub bytes: u64,
    /// Of this form and no other, where the store tells forms apart.
    pub tag: Option<String>,
    pub parts: BoxStream<'static, io::Result<Bytes>>,
}

/// Why an object could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("the disk is full")]
    DiskFull,
    #[error("no such object")]
    Missing,
    #[error("the folder of documents is empty, and the database knows {documents} of them: is its volume mounted?")]
    NotMounted { documents: usize },
    #[error("the folder of documents cannot be used: {0}")]
    Objects(#[source] object_store::Error),
    #[error("the folder of documents cannot be used: {0}")]
    Files(#[source] io::Error),
}

impl Archive {
    /// Keeps everything under `folder`, which exists. A write that has returned is on the disk.
    pub fn in_folder(folder: &FilePath) -> Result<Self, ArchiveError> {
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { objects: Arc::new(objects), folder: folder.join(ROOT) })
    }

    pub async fn put(&self, id: DocumentId, piece: Piece, bytes: Vec<u8>) -> Result<(), ArchiveError> {
        self.objects.put(&path(id, piece), bytes.into()).await?;
        Ok(())
    }

    /// Copies a file in chunks, so its size is nobody's memory.
    pub async fn put_file(&self, id: DocumentId, piece: Piece, mut file: File) -> Result<(), ArchiveError> {
        file.rewind().map_err(ArchiveError::from)?;
        let upload = self.objects.put_multipart(&path(id, piece)).await?;
        let mut write = WriteMultipart::new_with_chunk_size(upload, CHUNK_BYTES);
        let mut chunks = ReaderStream::with_capacity(tokio::fs::File::from_std(file), CHUNK_BYTES);
        while let Some(chunk) = chunks.next().await {
            write.wait_for_capacity(CHUNKS_UNDERWAY).await?;
            write.put(chunk?);
        }
        write.finish().await?;
        Ok(())
    }

    pub async fn read(&self, id: DocumentId, piece: Piece) -> Result<Bytes, ArchiveError> {
        Ok(self.objects.get(&path(id, piece)).await?.bytes().await?)
    }

    pub async fn stream(&self, id: DocumentId, piece: Piece) -> Result<BoxStream<'static, io::Result<Bytes>>, ArchiveError> {
        Ok(self.measured(id, piece).await?.parts)
    }

    /// The object in parts, how long it is, and its tag.
    pub async fn measured(&self, id: DocumentId, piece: Piece) -> Result<Measured, ArchiveError> {
        let found = self.objects.get(&path(id, piece)).await?;
        let (bytes, tag) = (found.meta.size, found.meta.e_tag.clone());
        Ok(Measured { bytes, tag, parts: found.into_stream().map_err(io::Error::other).boxed() })
    }

    /// The object as a file to read from in any order.
    pub async fn open(&self, id: DocumentId, piece: Piece) -> Result<File, ArchiveError> {
        match self.objects.get(&path(id, piece)).await?.payload {
            GetResultPayload::File(file, _) => Ok(file),
            GetResultPayload::Stream(_) => Err(io::Error::from(io::ErrorKind::Unsupported).into()),
        }
    }

    /// Removes the document's folder with all that lies in it: what a killed server was writing too.
    pub async fn delete_all(&self, id: DocumentId) -> Result<(), ArchiveError> {
        match tokio::fs::remove_dir_all(self.folder.join(id.to_string())).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Removes what a killed server was writing into the document's folder. Called while nobody writes.
    pub async fn delete_half_written(&self, id: DocumentId) -> Result<(), ArchiveError> {
        let mut folders = vec![self.folder.join(id.to_string())];
        while let Some(folder) = folders.pop() {
            let mut entries = tokio::fs::read_dir(folder).await?;
            while let Some(entry) = entries.next_entry().await? {
                if entry.file_type().await?.is_dir() {
                    folders.push(entry.path());
                } else if entry.file_name().to_string_lossy().contains(HALF_WRITTEN) {
                    tokio::fs::remove_file(entry.path()).await?;
                }
            }
        }
        Ok(())
    }

    /// Every document of which there is a folder.
    pub async fn documents(&self) -> Result<Vec<DocumentId>, ArchiveError> {
        let mut found = Vec::new();
        let mut entries = match tokio::fs::read_dir(&self.folder).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            entries => entries?,
        };
        while let Some(entry) = entries.next_entry().await? {
            found.extend(entry.file_name().to_str().and_then(DocumentId::parse));
        }
        Ok(found)
    }
}

impl From<object_store::Error> for ArchiveError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other if is_disk_full(&other) => Self::DiskFull,
            other => Self::Objects(other),
        }
    }
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        if is_disk_full(&error) { Self::DiskFull } else { Self::Files(error) }
    }
}

/// Looks through everything that an error wraps for the system's own word for it.
pub(super) fn is_disk_full(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| {
        error.downcast_ref::<io::Error>().is_some_and(|error| {
            let inner = error.get_ref().is_some_and(|inner| is_disk_full(inner));
            inner || matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        })
    })
}

fn folder(id: DocumentId) -> Path {
    Path::from(format!("{ROOT}/{id}"))
}

fn path(id: DocumentId, piece: Piece) -> Path {
    let folder = folder(id);
    match piece {
        Piece::Original => Path::from(format!("{folder}/original")),
        Piece::Appended => Path::from(format!("{folder}/appended")),
        Piece::Signed => Path::from(format!("{folder}/signed")),
        Piece::PageImage { page, width } => Path::from(format!("{folder}/pages/{page}-{width}.png")),
    }
}

const ROOT: &str = "documents";
/// Objects are written beside their place and then renamed; no name of ours has this letter. object_store, `LocalFileSystem`.
const HALF_WRITTEN: char = '#';
const CHUNK_BYTES: usize = 1024 * 1024;
const CHUNKS_UNDERWAY: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_of_a_deleted_document_is_left() {
        let (_folder, archive) = archive();
        let (kept, deleted) = (DocumentId::random(), DocumentId::random());
        for piece in [Piece::Original, Piece::Signed, Piece::PageImage { page: 1, width: 720 }] {
            archive.put(kept, piece, vec![1]).await.expect("room");
            archive.put(deleted, piece, vec![1]).await.expect("room");
        }
        archive.delete_all(deleted).await.expect("a folder of ours");
        assert_eq!(archive.documents().await.expect("a folder of ours"), [kept]);
        assert!(matches!(archive.read(deleted, Piece::Signed).await, Err(ArchiveError::Missing)));
    }

    #[tokio::test]
    async fn a_file_is_copied_whole_whatever_its_size() {
        let (folder, archive) = archive();
        let id = DocumentId::random();
        let bytes: Vec<u8> = (0..=255).cycle().take(3 * CHUNK_BYTES + 17).collect();
        let spooled = folder.path().join("spooled");
        std::fs::write(&spooled, &bytes).expect("room");
        archive.put_file(id, Piece::Original, File::open(spooled).expect("just written")).await.expect("room");
        assert_eq!(archive.read(id, Piece::Original).await.expect("just stored"), bytes);
    }

    #[tokio::test]
    async fn what_was_half_written_goes_and_what_is_whole_stays() {
        let (folder, archive) = archive();
        let id = DocumentId::random();
        archive.put(id, Piece::Original, vec![1]).await.expect("room");
        archive.put(id, Piece::PageImage { page: 1, width: 720 }, vec![1]).await.expect("room");
        let own = folder.path().join("documents").join(id.to_string());
        for name in ["signed#1", "pages/2-720.png#3"] {
            std::fs::write(own.join(name), b"half").expect("room");
        }
        archive.delete_half_written(id).await.expect("a folder of ours");
        assert!(!own.join("signed#1").exists() && !own.join("pages/2-720.png#3").exists());
        assert!(archive.read(id, Piece::Original).await.is_ok());
        assert!(archive.read(id, Piece::PageImage { page: 1, width: 720 }).await.is_ok());
    }

    #[test]
    fn a_full_disk_is_recognised_through_its_wrappings() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let wrapped = io::Error::other(object_store::Error::Generic { store: "folder", source: Box::new(full) });
        assert!(is_disk_full(&wrapped));
        assert!(!is_disk_full(&io::Error::from(io::ErrorKind::NotFound)));
    }

    fn archive() -> (tempfile::TempDir, Archive) {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let archive = Archive::in_folder(folder.path()).expect("a folder that exists");
        (folder, archive)
    }
}
