use std::fs::File;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use pades::{Joined, PdfProblem, PrepareOptions, Prepared};
use tokio::io::AsyncReadExt;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::upload::Incoming;
use super::{ArchiveError, Bounded, Document, Documents, DropProblem, FileSource, Piece};
use crate::clock::Moment;
use crate::drawing::Findings;
use crate::household::Household;
use crate::identifier::{BrowserKey, DocumentId};
use crate::verification::Examined;

/// What the browser says of the file that it drops.
pub struct Dropped {
    pub file_name: String,
    pub declared_name: Option<String>,
    pub caller: Household,
}

impl Documents {
    /// Takes the bytes in as they come; at no time is more than a chunk of them in memory.
    pub async fn receive<S, E>(&self, chunks: S) -> Result<Incoming, DropProblem>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
    {
        Incoming::receive(&self.rules.incoming, self.rules.max_bytes, self.room.nothing(), chunks).await
    }

    /// Checks the file, appends the revision that waits for the signature, and keeps both. The key goes to the browser
    /// that dropped the file, and is the only one.
    ///
    /// Goes on to its end even if the caller does not wait for it, so that nothing is kept by halves; what nobody waits
    /// for any more is then deleted, since nobody has its key.
    pub async fn accept(&self, incoming: Incoming, dropped: Dropped) -> Result<(Document, BrowserKey), DropProblem> {
        let documents = self.clone();
        let (handed_over, taken) = oneshot::channel();
        tokio::spawn(async move {
            let taken = documents.take_in(incoming, dropped).await;
            let taken = taken.map(|(document, key)| Unclaimed { taken: Some((document, key)), documents });
            // Whoever is gone drops it.
            let _ = handed_over.send(taken);
        });
        let mut unclaimed = taken.await.map_err(|_| DropProblem::Interrupted)??;
        unclaimed.taken.take().ok_or(DropProblem::Interrupted)
    }

    /// Judges the signatures of a file in a child process, and keeps nothing of it.
    pub(crate) async fn examine(&self, incoming: Incoming, caller: Household) -> Result<Examined, DropProblem> {
        let mut file = incoming.file().map_err(ArchiveError::from)?;
        std::io::Seek::rewind(&mut file).map_err(ArchiveError::from)?;
        let bytes = file.metadata().map_err(ArchiveError::from)?.len();
        Ok(self.drawing.examine(tokio::fs::File::from_std(file), bytes, self.clock.time_of_day(), caller).await?)
    }

    async fn take_in(&self, incoming: Incoming, dropped: Dropped) -> Result<(Document, BrowserKey), DropProblem> {
        let file = incoming.file().map_err(ArchiveError::from)?;
        let prepared = self.prepare(file, dropped.declared_name.clone(), dropped.caller).await?;
        let page_sizes = self.inspect(&incoming, &prepared.revision, dropped.caller).await?;
        let key = BrowserKey::random();
        let now = self.clock.now();
        let document = prepared.document(dropped, page_sizes, &key, now, now.plus(self.rules.lifetime));
        let kept = self.keep(&document, &incoming, prepared.revision).await;
        if kept.is_err() {
            self.delete(document.id).await?;
        }
        kept.map(|()| (document, key))
    }

    async fn prepare(&self, file: File, declared_name: Option<String>, caller: Household) -> Result<Waiting, DropProblem> {
        let options = PrepareOptions {
            declared_name,
            location: Some(self.rules.origin.clone()),
            ..PrepareOptions::new(self.clock.time_of_day(), rand::random())
        };
        let source = FileSource::new(file).map_err(ArchiveError::from)?;
        let place = self.preparing.place(caller).await?;
        let work = move || {
            let _place = place;
            Waiting::prepare(Bounded::new(source, LONGEST_READING, CancellationToken::new()), &options)
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(|_| DropProblem::Interrupted)??)
    }

    async fn inspect(&self, incoming: &Incoming, revision: &[u8], caller: Household) -> Result<Vec<(u32, u32)>, DropProblem> {
        let mut file = incoming.file().map_err(ArchiveError::from)?;
        std::io::Seek::rewind(&mut file).map_err(ArchiveError::from)?;
        let limit = self.rules.max_pages;
        match self.drawing.inspect(tokio::fs::File::from_std(file).chain(revision), caller).await? {
            Findings::Drawable { page_sizes } if page_sizes.len() > usize::try_from(limit).unwrap_or(usize::MAX) => {
                Err(DropProblem::TooManyPages { limit })
            }
            Findings::Drawable { page_sizes } => Ok(page_sizes),
            Findings::TooManyPages => Err(DropProblem::TooManyPages { limit }),
            Findings::Undrawable { page, construct } => Err(DropProblem::CannotBeDrawn { page, construct }),
            Findings::NoPages => Err(PdfProblem::NoPages.into()),
            Findings::Encrypted => Err(PdfProblem::Encrypted.into()),
            Findings::Unreadable => Err(PdfProblem::NotAPdf.into()),
        }
    }

    /// The objects first: a row without objects would be a document that cannot be shown.
    async fn keep(&self, document: &Document, incoming: &Incoming, revision: Vec<u8>) -> Result<(), DropProblem> {
        let original = incoming.file().map_err(ArchiveError::from)?;
        self.archive.put_file(document.id, Piece::Original, original).await?;
        self.archive.put(document.id, Piece::Appended, revision).await?;
        Ok(self.store.insert_document(document).await?)
    }
}

/// A document whose key has not reached its owner's answer. Dropped so, it is deleted.
struct Unclaimed {
    taken: Option<(Document, BrowserKey)>,
    documents: Documents,
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        let Some((document, _)) = self.taken.take() else { return };
        let documents = self.documents.clone();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            tracing::info!(document = %document.id, "deleted: its sender is gone");
            if let Err(error) = documents.delete(document.id).await {
                tracing::error!(%error, document = %document.id, "a document that nobody can open is not deleted");
            }
        });
    }
}

/// A document with its revision, about to be kept.
struct Waiting {
    original_bytes: u64,
    revision: Vec<u8>,
    sha256: [u8; 32],
    byte_range: [u64; 4],
    digest: [u8; 32],
}

impl Waiting {
    fn prepare(source: Bounded<FileSource>, options: &PrepareOptions) -> Result<Self, DropProblem> {
        refuse_intricate(&source)?;
        let Prepared { revision, byte_range, digest } = pades::prepare(&source, options)?;
        let original_bytes = pades::Source::len(&source);
        let whole = Joined(source, revision);
        let sha256 = pades::digest_of_everything(&whole)?;
        Ok(Self { original_bytes, revision: whole.1, sha256, byte_range: byte_range.numbers(), digest })
    }

    fn document(
        &self,
        dropped: Dropped,
        page_sizes: Vec<(u32, u32)>,
        key: &BrowserKey,
        now: Moment,
        expires: Moment,
    ) -> Document {
        Document {
            id: DocumentId::random(),
            owner_hash: key.hash(),
            file_name: dropped.file_name,
            declared_name: dropped.declared_name,
            page_sizes,
            original_bytes: self.original_bytes,
            appended_bytes: u64::try_from(self.revision.len()).unwrap_or(u64::MAX),
            sha256: self.sha256,
            byte_range: self.byte_range,
            digest: self.digest,
            dropped: now,
            expires,
        }
    }
}

/// Judging what came after an earlier signature compares each later revision with the one before it, object by object:
/// what takes too long for that is not taken, since every result for it would have to be judged so.
fn refuse_intricate(source: &dyn pades::Source) -> Result<(), DropProblem> {
    let document = pades::pdf::Document::open(source)?;
    let signatures = pades::revision::signatures(&document)?;
    let Some(oldest) = signatures.iter().map(|signature| signature.revision_index).min() else { return Ok(()) };
    let later = document.revisions().len().saturating_sub(oldest);
    let objects = document.latest().objects().len();
    if later.saturating_mul(objects) > MOST_COMPARISONS { Err(DropProblem::TooIntricate) } else { Ok(()) }
}

/// Later revisions times objects: a contract of 10,000 objects that was signed fifty times stays below.
const MOST_COMPARISONS: usize = 500_000;
/// Of one file by one thread.
const LONGEST_READING: Duration = Duration::from_secs(20);
