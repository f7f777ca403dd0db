//! PDFs at rest: taken in, prepared for a signature, shown page by page, kept for their lifetime and then really deleted.

mod archive;
mod images;
mod intake;
mod lifetime;
mod room;
mod scratch;
mod source;
mod upload;

use std::io::ErrorKind;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use pades::{PdfProblem, SourceError};
use tokio::sync::Mutex;

pub use archive::{Archive, ArchiveError, Measured, Piece};
pub use images::PageImage;
pub use intake::{Dropped, DroppedFile};
pub(crate) use scratch::Scratch;
pub use source::{Bounded, FileSource};
pub use upload::Incoming;

use images::Images;
use room::Room;

use crate::clock::{Clock, Moment};
use crate::drawing::{Drawing, DrawingProblem, Queue};
use crate::identifier::{BrowserKey, BrowserKeyHash, DocumentId};
use crate::store::{Store, StoreError};

/// What is known of a stored document. Has no `Debug`: title and name are the person's business.
#[derive(Clone)]
pub struct Document {
    pub id: DocumentId,
    /// The first of those that were dropped together and are signed together: its own where it came alone.
    pub bundle: DocumentId,
    /// Among them, from 0.
    pub place: u16,
    pub owner_hash: BrowserKeyHash,
    /// As the browser named it.
    pub file_name: String,
    pub declared_name: Option<String>,
    /// Width and height of each page in 1/100 point.
    pub page_sizes: Vec<(u32, u32)>,
    pub original_bytes: u64,
    pub appended_bytes: u64,
    /// Of original and appended revision together, as the phone fetches them.
    pub sha256: [u8; 32],
    /// What the signature covers, as in /ByteRange.
    pub byte_range: [u64; 4],
    /// SHA-256 of what the signature covers.
    pub digest: [u8; 32],
    pub dropped: Moment,
    pub expires: Moment,
}

/// All documents of one server. Clones share them.
#[derive(Clone)]
pub struct Documents {
    store: Store,
    archive: Archive,
    drawing: Drawing,
    clock: Clock,
    rules: Arc<Rules>,
    room: Room,
    images: Images,
    /// So many files are read at a time: whoever sends slow ones keeps up uploads, but no checks of results.
    preparing: Queue,
    /// Whether something deleted still lies in the database's log.
    unforgotten: Arc<Mutex<bool>>,
}

/// What the operator allows.
pub struct Rules {
    /// Where uploads rest until they are checked.
    pub incoming: std::path::PathBuf,
    /// /Location of the revisions.
    pub origin: String,
    pub max_bytes: u64,
    pub max_pages: u32,
    pub quota_bytes: u64,
    pub lifetime: std::time::Duration,
}

/// Why a dropped file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DropProblem {
    #[error("{0}")]
    Pdf(PdfProblem),
    /// Looking through it, or checking a signature on it, would take more than anybody may ask for.
    #[error("too many objects or later revisions, or too much content")]
    TooIntricate,
    #[error("longer than {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    /// More than one session carries.
    #[error("more than {limit_bytes} bytes together")]
    TooMuchTogether { limit_bytes: u64 },
    #[error("more than {limit} pages")]
    TooManyPages { limit: u32 },
    #[error("page {page} holds what cannot be drawn")]
    CannotBeDrawn { page: u32, construct: String },
    #[error("no room for another document")]
    StorageFull,
    /// It is being signed, or its signature is being checked.
    #[error("the document is in use")]
    InUse,
    #[error("the sender stopped in the middle")]
    Interrupted,
    #[error(transparent)]
    Drawing(#[from] DrawingProblem),
    #[error(transparent)]
    Archive(ArchiveError),
    #[error(transparent)]
    Store(StoreError),
}

impl Documents {
    #[must_use]
    pub fn new(store: Store, archive: Archive, drawing: Drawing, clock: Clock, rules: Rules) -> Self {
        let room = Room::new(store.clone(), rules.quota_bytes);
        let (rules, images, unforgotten) = (Arc::new(rules), Images::default(), Arc::default());
        let preparing = Queue::of(FILES_READ_AT_A_TIME);
        Self { store, archive, drawing, clock, rules, room, images, preparing, unforgotten }
    }

    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The document, if it still lives and the key is its owner's.
    pub async fn owned(&self, id: DocumentId, key: &BrowserKey) -> Result<Option<Document>, StoreError> {
        let found = self.living(id).await?;
        Ok(found.filter(|document| document.owner_hash == key.hash()))
    }

    /// The document, if its lifetime has not ended.
    pub async fn living(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        self.store.living_document(id, self.clock.now()).await
    }

    /// All that were dropped together with it, itself among them, in their order.
    pub async fn bundle(&self, document: &Document) -> Result<Vec<Document>, StoreError> {
        self.store.living_bundle(document.bundle, self.clock.now()).await
    }

    /// Whether there is room for a session and its result.
    pub async fn takes_a_session(&self) -> Result<bool, StoreError> {
        self.room.takes_a_session().await
    }

    /// The pieces one after the other, in chunks.
    pub async fn stream(
        &self,
        id: DocumentId,
        pieces: &[Piece],
    ) -> Result<BoxStream<'static, std::io::Result<Bytes>>, ArchiveError> {
        let mut streams = Vec::new();
        for piece in pieces {
            streams.push(self.archive.stream(id, *piece).await?);
        }
        Ok(futures::stream::iter(streams).flatten().boxed())
    }

    /// The signed document in chunks, its length, and a tag that another form of it does not have.
    pub async fn signed(&self, document: &Document) -> Result<Measured, ArchiveError> {
        let signed = self.archive.measured(document.id, Piece::Signed).await?;
        let original = self.archive.stream(document.id, Piece::Original).await?;
        Ok(Measured {
            bytes: document.original_bytes + signed.bytes,
            tag: signed.tag,
            parts: original.chain(signed.parts).boxed(),
        })
    }

    /// One stored piece, for reading in any order.
    pub async fn source(&self, id: DocumentId, piece: Piece) -> Result<FileSource, ArchiveError> {
        Ok(FileSource::new(self.archive.open(id, piece).await?)?)
    }

    /// One small piece, whole.
    pub async fn read(&self, id: DocumentId, piece: Piece) -> Result<Vec<u8>, ArchiveError> {
        Ok(self.archive.read(id, piece).await?.to_vec())
    }

    /// Keeps the revision with the signature in its place, in place of the one before: whoever reads that reads on in it.
    /// What a time stamp added beyond the prepared revision must find room.
    pub async fn keep_stamped(&self, document: &Document, revision: Vec<u8>) -> Result<(), DropProblem> {
        let further = u64::try_from(revision.len()).unwrap_or(u64::MAX).saturating_sub(document.appended_bytes);
        let _room = if further > 0 { Some(self.room.reserve(further).await?) } else { None };
        self.store.count_stamp(document.id, further).await?;
        self.keep_derived(document.id, Piece::Signed, revision).await
    }

    /// Keeps what was made from a document, unless the document was deleted while it was being made. Not to be dropped
    /// in the middle: what was put after a deletion would stay.
    async fn keep_derived(&self, id: DocumentId, piece: Piece, bytes: Vec<u8>) -> Result<(), DropProblem> {
        let put = self.archive.put(id, piece, bytes).await;
        if self.store.document(id).await?.is_none() {
            self.store.note_deletion(id).await?;
            self.remove_objects(id).await;
        }
        Ok(put?)
    }
}

impl Document {
    /// What people call it: the file's name without its ending.
    #[must_use]
    pub fn title(&self) -> &str {
        self.file_name.strip_suffix(".pdf").or_else(|| self.file_name.strip_suffix(".PDF")).unwrap_or(&self.file_name)
    }

    #[must_use]
    pub fn page_count(&self) -> u32 {
        u32::try_from(self.page_sizes.len()).unwrap_or(u32::MAX)
    }
}

impl From<PdfProblem> for DropProblem {
    fn from(problem: PdfProblem) -> Self {
        match problem {
            PdfProblem::TooMany { of, .. } if of != pades::Counted::Pages => Self::TooIntricate,
            PdfProblem::StreamTooLarge { .. } => Self::TooIntricate,
            PdfProblem::Source(SourceError::Unreadable { kind: ErrorKind::TimedOut, .. }) => Self::TooIntricate,
            other => Self::Pdf(other),
        }
    }
}

impl From<ArchiveError> for DropProblem {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::DiskFull => Self::StorageFull,
            other => Self::Archive(other),
        }
    }
}

impl From<StoreError> for DropProblem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::StorageFull,
            other => Self::Store(other),
        }
    }
}

const FILES_READ_AT_A_TIME: usize = 4;
