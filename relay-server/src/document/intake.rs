use std::fs::File;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use pades::{Joined, PdfProblem, PrepareOptions, Prepared};
use tokio::io::AsyncReadExt;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use wire::MAX_DOCUMENTS_BYTES;

use super::upload::Incoming;
use super::{ArchiveError, Bounded, Document, Documents, DropProblem, FileSource, Piece};
use crate::clock::Moment;
use crate::drawing::Findings;
use crate::household::Household;
use crate::identifier::{BrowserKey, DocumentId};
use crate::verification::Examined;

/// What the browser drops at once, and says of it.
pub struct Dropped {
    /// At least one.
    pub files: Vec<DroppedFile>,
    pub declared_name: Option<String>,
    pub caller: Household,
}

pub struct DroppedFile {
    pub file_name: String,
    pub incoming: Incoming,
}

impl Documents {
    /// Takes the bytes in as they come; at no time is more than a chunk of them in memory.
    pub async fn receive<S, E>(&self, chunks: S) -> Result<Incoming, DropProblem>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
    {
        Incoming::receive(&self.rules.incoming, self.rules.max_bytes, self.room.nothing(), chunks).await
    }

    /// Checks the files, appends to each the revision that waits for the signature, and keeps all of them or none. The key
    /// goes to the browser that dropped them, and is the only one.
    ///
    /// Goes on to its end even if the caller does not wait for it, so that nothing is kept by halves; what nobody waits
    /// for any more is then deleted, since nobody has its key.
    pub async fn accept(&self, dropped: Dropped) -> Result<(Vec<Document>, BrowserKey), DropProblem> {
        let documents = self.clone();
        let (handed_over, taken) = oneshot::channel();
        tokio::spawn(async move {
            let taken = documents.take_in(dropped).await;
            let taken = taken.map(|taken| Unclaimed { taken: Some(taken), documents });
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

    async fn take_in(&self, dropped: Dropped) -> Result<(Vec<Document>, BrowserKey), DropProblem> {
        let key = BrowserKey::random();
        let mut taken = Vec::new();
        let kept = match self.keep_objects(dropped, &key, &mut taken).await {
            Ok(()) => self.store.insert_documents(&taken).await.map_err(DropProblem::from),
            Err(problem) => Err(problem),
        };
        if kept.is_err() {
            for document in &taken {
                self.delete(document.id).await?;
            }
        }
        kept.map(|()| (taken, key))
    }

    /// The objects first: a row without objects would be a document that cannot be shown. What was begun stands in `taken`.
    async fn keep_objects(&self, dropped: Dropped, key: &BrowserKey, taken: &mut Vec<Document>) -> Result<(), DropProblem> {
        let now = self.clock.now();
        let mut together_bytes = 0_u64;
        for (DroppedFile { file_name, incoming }, place) in dropped.files.into_iter().zip(0..) {
            let prepared =
                self.prepare(incoming.file().map_err(ArchiveError::from)?, dropped.declared_name.clone(), dropped.caller).await?;
            let page_sizes = self.inspect(&incoming, &prepared.revision, dropped.caller).await?;
            let named = Named { file_name, declared_name: dropped.declared_name.clone(), page_sizes };
            let document = prepared.document(named, key, now, now.plus(self.rules.lifetime));
            let bundle = taken.first().map_or(document.id, |first| first.id);
            let document = Document { bundle, place, ..document };
            together_bytes = together_bytes.saturating_add(document.original_bytes).saturating_add(document.appended_bytes);
            if together_bytes > MAX_DOCUMENTS_BYTES {
                return Err(DropProblem::TooMuchTogether { limit_bytes: MAX_DOCUMENTS_BYTES });
            }
            taken.push(document.clone());
            let original = incoming.file().map_err(ArchiveError::from)?;
            self.archive.put_file(document.id, Piece::Original, original).await?;
            self.archive.put(document.id, Piece::Appended, prepared.revision).await?;
        }
        Ok(())
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
        tokio::task::spawn_blocking(work).await.map_err(|_| DropProblem::Interrupted)?
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
            Findings::TooIntricate => Err(DropProblem::TooIntricate),
            Findings::Undrawable { page, construct } => Err(DropProblem::CannotBeDrawn { page, construct }),
            Findings::NoPages => Err(PdfProblem::NoPages.into()),
            Findings::Encrypted => Err(PdfProblem::Encrypted.into()),
            Findings::Unreadable => Err(PdfProblem::NotAPdf.into()),
        }
    }
}

/// Documents whose key has not reached their owner's answer. Dropped so, they are deleted.
struct Unclaimed {
    taken: Option<(Vec<Document>, BrowserKey)>,
    documents: Documents,
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        let Some((taken, _)) = self.taken.take() else { return };
        let documents = self.documents.clone();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            for document in taken {
                tracing::info!(document = %document.id, "deleted: its sender is gone");
                if let Err(error) = documents.delete(document.id).await {
                    tracing::error!(%error, document = %document.id, "a document that nobody can open is not deleted");
                }
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

    fn document(&self, named: Named, key: &BrowserKey, now: Moment, expires: Moment) -> Document {
        let id = DocumentId::random();
        Document {
            id,
            bundle: id,
            place: 0,
            owner_hash: key.hash(),
            file_name: named.file_name,
            declared_name: named.declared_name,
            page_sizes: named.page_sizes,
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

/// What is said of a document beside its bytes.
struct Named {
    file_name: String,
    declared_name: Option<String>,
    page_sizes: Vec<(u32, u32)>,
}

/// Judging what came after an earlier signature compares each later revision with the one before it, object by object:
/// what takes too long for that is not taken, since every result for it would have to be judged so.
fn refuse_intricate(source: &dyn pades::Source) -> Result<(), DropProblem> {
    let document = pades::pdf::Document::open(source)?;
    let signatures = pades::revision::signatures(&document)?;
    let Some(oldest) = signatures.iter().map(|signature| signature.revision_index).min() else { return Ok(()) };
    let later = document.revisions().len().saturating_sub(oldest);
    let objects = document.latest().objects().count();
    if later.saturating_mul(objects) > MOST_COMPARISONS { Err(DropProblem::TooIntricate) } else { Ok(()) }
}

/// Later revisions times objects: a contract of 10,000 objects that was signed fifty times stays below.
const MOST_COMPARISONS: usize = 500_000;
/// Of one file by one thread.
const LONGEST_READING: Duration = Duration::from_secs(20);
