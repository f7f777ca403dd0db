//! Page images: drawn once, kept where there is room, and not tried again where drawing failed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::{ArchiveError, Documents, DropProblem, Piece};
use crate::drawing::DrawingProblem;
use crate::identifier::DocumentId;

/// What is known of drawings since the start. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Images {
    documents: Arc<Mutex<HashMap<DocumentId, Arc<Turn>>>>,
}

/// One document's turn: its pages are drawn one after the other, so that no document keeps all others waiting.
#[derive(Default)]
struct Turn {
    drawing: tokio::sync::Mutex<()>,
    /// Pages that could not be drawn, and when that was found.
    failed: Mutex<HashMap<u32, Instant>>,
}

impl Documents {
    /// The image of a page, counted from 1: drawn once and then kept as long as the document, if there is room.
    pub async fn page_image(&self, id: DocumentId, page: u32, width: u32) -> Result<Bytes, DropProblem> {
        let piece = Piece::PageImage { page, width };
        if let Some(kept) = self.kept_image(id, piece).await? {
            return Ok(kept);
        }
        let turn = self.images.of(id);
        let waited = tokio::time::timeout(LONGEST_WAIT, turn.drawing.lock()).await;
        let _drawing = waited.map_err(|_| DrawingProblem::Busy)?;
        if let Some(kept) = self.kept_image(id, piece).await? {
            return Ok(kept);
        }
        turn.refuse_failed(page)?;
        let document = self.stream(id, &[Piece::Original, Piece::Appended]).await?;
        let drawn = self.drawing.draw(tokio_util::io::StreamReader::new(document), page, width).await;
        if let Err(DrawingProblem::GaveUp) = drawn {
            turn.note_failed(page);
        }
        let png = Bytes::from(drawn?);
        self.keep_image(id, piece, png.clone()).await?;
        Ok(png)
    }

    /// Forgets what was known of a document's drawings.
    pub(super) fn forget_drawings(&self, id: DocumentId) {
        self.images.locked(|documents| documents.remove(&id));
    }

    async fn kept_image(&self, id: DocumentId, piece: Piece) -> Result<Option<Bytes>, ArchiveError> {
        match self.archive.read(id, piece).await {
            Err(ArchiveError::Missing) => Ok(None),
            found => Ok(Some(found?)),
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

impl Images {
    fn of(&self, id: DocumentId) -> Arc<Turn> {
        self.locked(|documents| documents.entry(id).or_default().clone())
    }

    fn locked<T>(&self, work: impl FnOnce(&mut HashMap<DocumentId, Arc<Turn>>) -> T) -> T {
        work(&mut self.documents.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Turn {
    fn refuse_failed(&self, page: u32) -> Result<(), DrawingProblem> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match failed.get(&page) {
            Some(at) if at.elapsed() < FAILURE_REMEMBERED => Err(DrawingProblem::GaveUp),
            _ => Ok(()),
        }
    }

    fn note_failed(&self, page: u32) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).insert(page, Instant::now());
    }
}

/// A page that could not be drawn takes half a minute to find that out; a machine that was short of memory recovers.
const FAILURE_REMEMBERED: Duration = Duration::from_secs(10 * 60);
/// For the pages of the same document that were asked for before.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_could_not_be_drawn_is_not_tried_again_at_once_and_others_are() {
        let images = Images::default();
        let id = DocumentId::random();
        images.of(id).note_failed(3);
        assert!(matches!(images.of(id).refuse_failed(3), Err(DrawingProblem::GaveUp)));
        assert!(images.of(id).refuse_failed(4).is_ok());
        assert!(images.of(DocumentId::random()).refuse_failed(3).is_ok());
    }
}
