use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use pades::{CertificateProblem, PdfProblem, SourceError, StripProblem, TimeStampRequest, Trust};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::draft::{Draft, Material};
use super::font::PageFont;
use super::keys::{ReceiptKeys, ReceiptKeysProblem};
use crate::authorities::Authorities;
use crate::clock::Clock;
use crate::document::{Bounded, Document, Documents, DropProblem};
use crate::drawing::{DrawingProblem, Queue};
use crate::household::Household;
use crate::revocation::{LONGEST_ASKING, Revocations};
use crate::store::StoreError;

/// Makes copies. Clones share the places.
#[derive(Clone)]
pub struct Copies(Arc<Inside>);

/// What copies are made with.
pub struct Surroundings {
    pub documents: Documents,
    pub keys: ReceiptKeys,
    pub trust: Trust,
    pub authorities: Authorities,
    pub revocations: Revocations,
    pub clock: Clock,
    /// Of the page that says what a receipt says; without one there is no page.
    pub page_font: Option<PathBuf>,
}

struct Inside {
    at: Surroundings,
    page_font: Option<PageFont>,
    making: Queue,
    /// Whoever reads slowly keeps a copy on the disk, and there are only so many.
    in_hand: Arc<Semaphore>,
}

/// A copy without signatures, behind it its receipt.
pub struct StrippedCopy {
    pub bytes: u64,
    pub parts: BoxStream<'static, io::Result<Bytes>>,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyProblem {
    /// It holds what may be a signature of another kind, or unfolds to more than a copy may take.
    #[error("the signatures cannot be taken out: {0}")]
    NotStrippable(StripProblem),
    #[error(transparent)]
    Unreadable(SourceError),
    #[error(transparent)]
    Document(#[from] DropProblem),
    #[error(transparent)]
    Pdf(#[from] PdfProblem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Keys(#[from] ReceiptKeysProblem),
    #[error("a root of the service cannot be read: {0}")]
    Root(#[from] CertificateProblem),
    #[error("the key for receipts does not fit its certificate")]
    NoKey,
    #[error("the receipt that was made is not right")]
    Unsound,
    #[error("the copy cannot be written: {0}")]
    Disk(#[from] io::Error),
}

impl Copies {
    #[must_use]
    pub fn new(at: Surroundings) -> Self {
        let (making, in_hand) = (Queue::of(COPIES_AT_A_TIME), Arc::new(Semaphore::new(COPIES_IN_HAND)));
        let page_font = at.page_font.clone().map(PageFont::at);
        Self(Arc::new(Inside { at, page_font, making, in_hand }))
    }

    #[must_use]
    pub fn keys(&self) -> &ReceiptKeys {
        &self.0.at.keys
    }

    /// Of a signed document, as it is at this moment: made anew for every reader, and kept nowhere.
    pub async fn of(&self, document: &Document, caller: Household) -> Result<StrippedCopy, CopyProblem> {
        // Held while this copy waits, so that many who ask at once have it read once.
        let font = self.page_font().await?;
        let in_hand = tokio::time::timeout(LONGEST_WAIT, self.0.in_hand.clone().acquire_owned()).await;
        let Ok(Ok(in_hand)) = in_hand else { return Err(DropProblem::from(DrawingProblem::Busy).into()) };
        let _place = self.0.making.place(caller).await.map_err(DropProblem::from)?;
        let Surroundings { keys, trust, .. } = &self.0.at;
        let draft = self.draft(document, font).await?;
        // With that of the key which has signed: it may be a minute old.
        let believed = Arc::new(trust.clone().and(&keys.roots().await?)?);
        let draft = self.stamped(draft, &believed).await?;
        let now = self.0.at.clock.time_of_day();
        let scratch = blocking(move || draft.finished((&believed, now))).await?;
        let (bytes, parts) = scratch.into_stream()?;
        metrics::counter!("kazasu_copies_total").increment(1);
        let held = parts.map(move |part| {
            let _held = &in_hand;
            part
        });
        Ok(StrippedCopy { bytes, parts: held.boxed() })
    }

    /// None where no font is named or it cannot be read: a copy without the page proves as much.
    async fn page_font(&self) -> Result<Option<Arc<Vec<u8>>>, CopyProblem> {
        let inside = Arc::clone(&self.0);
        let read = blocking(move || Ok(inside.page_font.as_ref().map(PageFont::bytes).transpose())).await?;
        Ok(read.inspect_err(|error| tracing::warn!(%error, "the font of receipts' pages cannot be read")).unwrap_or_default())
    }

    async fn draft(&self, document: &Document, page_font: Option<Arc<Vec<u8>>>) -> Result<Draft, CopyProblem> {
        let Surroundings { documents, keys, trust, revocations, clock, .. } = &self.0.at;
        let (original, revision) = documents.signed_pieces(document).await?;
        let copy = documents.scratch(longest_copy(document, &revision)).await?;
        let material = Material {
            original: Bounded::new(original, LONGEST_READING + LONGEST_ASKING, CancellationToken::new()),
            revision,
            trust: trust.clone(),
            revocations: revocations.clone(),
            key: keys.signing().await?,
            now: clock.time_of_day(),
            page_font,
        };
        blocking(move || material.into_draft(copy)).await
    }

    /// As it is, where no authority is named or none gives a time stamp at this moment.
    async fn stamped(&self, draft: Draft, believed: &Arc<Trust>) -> Result<Draft, CopyProblem> {
        let Surroundings { authorities, trust, clock, .. } = &self.0.at;
        if !authorities.can_be_asked() {
            return Ok(draft);
        }
        let (draft, place) = blocking(move || draft.place().map(|place| (draft, place))).await?;
        let request: TimeStampRequest = place.request(0).map_err(|_| CopyProblem::Unsound)?;
        let Some(stamp) = authorities.ask(request, trust, &CancellationToken::new()).await else { return Ok(draft) };
        let (believed, now) = (Arc::clone(believed), clock.time_of_day());
        blocking(move || draft.stamped(&place, &stamp, (&believed, now))).await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, CopyProblem> + Send + 'static) -> Result<T, CopyProblem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| CopyProblem::Disk(io::Error::other(error)))?
}

/// A document with packed objects grows when they are unpacked; one that grows by more than this was built to.
fn longest_copy(document: &Document, revision: &[u8]) -> u64 {
    let bytes = document.original_bytes.saturating_add(u64::try_from(revision.len()).unwrap_or(u64::MAX));
    bytes.saturating_mul(2).saturating_add(ROOM_FOR_A_RECEIPT)
}

const COPIES_AT_A_TIME: usize = 2;
const COPIES_IN_HAND: usize = 8;
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Of one document by one thread, without what others are asked meanwhile.
const LONGEST_READING: Duration = Duration::from_secs(40);
const ROOM_FOR_A_RECEIPT: u64 = 1024 * 1024;
