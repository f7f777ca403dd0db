//! Page images: drawn once, kept where there is room, and not tried again where drawing failed.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::OwnedMutexGuard;

use super::{ArchiveError, Documents, DropProblem, Piece};
use crate::drawing::DrawingProblem;
use crate::household::Household;
use crate::identifier::DocumentId;

/// What is known of drawings since the start. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Images {
    documents: Arc<Mutex<HashMap<DocumentId, Arc<Turn>>>>,
}

/// One document's turn: its pages are drawn one after the other, so that no document keeps all others waiting.
#[derive(Default)]
struct Turn {
    drawing: Arc<tokio::sync::Mutex<()>>,
    /// When a page of it could not be drawn.
    failed: Mutex<Option<Instant>>,
}

/// The image of a page, to be sent in parts: however many ask for it, and however slowly they read.
pub struct PageImage {
    pub bytes: u64,
    pub parts: BoxStream<'static, io::Result<Bytes>>,
}

impl Documents {
    /// The image of a page, counted from 1: drawn once and then kept as long as the document, if there is room.
    pub async fn page_image(&self, id: DocumentId, page: u32, width: u32, caller: Household) -> Result<PageImage, DropProblem> {
        let piece = Piece::PageImage { page, width };
        if let Some(kept) = self.kept_image(id, piece).await? {
            return Ok(kept);
        }
        let turn = self.images.of(id);
        let waited = tokio::time::timeout(LONGEST_WAIT, turn.drawing.clone().lock_owned()).await;
        let place = waited.map_err(|_| DrawingProblem::Busy)?;
        if let Some(kept) = self.kept_image(id, piece).await? {
            return Ok(kept);
        }
        turn.refuse_failed()?;
        let document = self.stream(id, &[Piece::Original, Piece::Appended]).await?;
        let drawn = self.drawing.draw(tokio_util::io::StreamReader::new(document), page, width, caller).await;
        if let Err(DrawingProblem::GaveUp) = drawn {
            turn.note_failed();
        }
        let png = Bytes::from(drawn?);
        match self.keep_image(id, piece, png.clone()).await {
            Ok(()) => {
                if let Some(kept) = self.kept_image(id, piece).await? {
                    return Ok(kept);
                }
            }
            // The picture is there, and a disk that is full is no reason to hide it.
            Err(error) => tracing::warn!(%error, document = %id, "a page image is not kept"),
        }
        Ok(PageImage::in_memory(png, place))
    }

    /// Forgets what was known of a document's drawings.
    pub(super) fn forget_drawings(&self, id: DocumentId) {
        self.images.locked(|documents| documents.remove(&id));
    }

    async fn kept_image(&self, id: DocumentId, piece: Piece) -> Result<Option<PageImage>, DropProblem> {
        match self.archive.measured(id, piece).await {
            Err(ArchiveError::Missing) => Ok(None),
            found => found.map(|kept| Some(PageImage { bytes: kept.bytes, parts: kept.parts })).map_err(DropProblem::from),
        }
    }

    /// Goes on to its end even if the caller does not wait for it: an image is counted and kept, or neither.
    async fn keep_image(&self, id: DocumentId, piece: Piece, png: Bytes) -> Result<(), DropProblem> {
        let documents = self.clone();
        let work = async move {
            let bytes = u64::try_from(png.len()).unwrap_or(u64::MAX);
            let room = match documents.room.reserve(bytes).await {
                Err(DropProblem::StorageFull) => return Ok(()),
                room => room?,
            };
            if documents.store.count_image(id, bytes).await? {
                documents.keep_derived(id, piece, png.to_vec()).await?;
            }
            drop(room);
            Ok(())
        };
        tokio::spawn(work).await.map_err(|_| DropProblem::Interrupted)?
    }
}

impl PageImage {
    /// Holds the document's turn until the last part is asked for, so that one document has one such image in memory.
    fn in_memory(png: Bytes, turn: OwnedMutexGuard<()>) -> Self {
        let bytes = u64::try_from(png.len()).unwrap_or(u64::MAX);
        let parts = futures::stream::unfold((png, turn), |(mut rest, turn)| async move {
            let part = rest.split_to(rest.len().min(PART_BYTES));
            (!part.is_empty()).then_some((Ok(part), (rest, turn)))
        });
        Self { bytes, parts: parts.boxed() }
    }
}

impl Images {
    fn of(&self, id: DocumentId) -> Arc<Turn> {
        self.locked(|documents| documents.entry(id).or_default().clone())
    }

    fn locked<T>(&self, work: impl FnOnce(&mut HashMap<DocumentId, Arc<Turn>>) -> T) -> T {
        work(&mut self.documents.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Turn {
    fn refuse_failed(&self) -> Result<(), DrawingProblem> {
        match *self.failed.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(at) if at.elapsed() < FAILURE_REMEMBERED => Err(DrawingProblem::GaveUp),
            _ => Ok(()),
        }
    }

    fn note_failed(&self) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// A page that could not be drawn takes half a minute to find that out, and one such page seldom comes alone; a machine
/// that was short of memory recovers.
const FAILURE_REMEMBERED: Duration = Duration::from_secs(10 * 60);
const PART_BYTES: usize = 64 * 1024;
/// For the pages of the same document that were asked for before.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_image_that_is_not_kept_holds_its_documents_turn_until_it_is_sent() {
        let turn = Turn::default();
        let png = Bytes::from(vec![7; 3 * PART_BYTES + 1]);
        let mut image = PageImage::in_memory(png.clone(), turn.drawing.clone().lock_owned().await);
        let mut sent = Vec::new();
        while let Some(part) = image.parts.next().await {
            assert!(turn.drawing.try_lock().is_err());
            sent.extend(part.expect("memory does not fail"));
        }
        assert_eq!(sent, png);
        drop(image);
        assert!(turn.drawing.try_lock().is_ok());
    }

    #[test]
    fn a_document_of_which_a_page_could_not_be_drawn_is_not_tried_again_at_once_and_others_are() {
        let images = Images::default();
        let id = DocumentId::random();
        images.of(id).note_failed();
        assert!(matches!(images.of(id).refuse_failed(), Err(DrawingProblem::GaveUp)));
        assert!(images.of(DocumentId::random()).refuse_failed().is_ok());
    }
}
