//! Turns of a document: it never has two sessions of a kind that run. Those of other documents do not wait for it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::document::Document;
use crate::identifier::DocumentId;

/// Clones share them.
#[derive(Clone, Default)]
pub(super) struct DocumentTurns(Arc<Mutex<HashMap<DocumentId, Arc<Turn<()>>>>>);

impl DocumentTurns {
    /// Waits for the turn of them all, in an order in which nobody waits in a circle.
    pub(super) async fn of(&self, documents: &[Document]) -> Vec<OwnedMutexGuard<()>> {
        let ids: BTreeSet<DocumentId> = documents.iter().map(|document| document.id).collect();
        let mut held = Vec::new();
        for id in ids {
            held.push(self.turn_of(id).lock_owned().await);
        }
        held
    }

    fn turn_of(&self, id: DocumentId) -> Arc<Turn<()>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody holds or waits for.
        known.retain(|_, turn| Arc::strong_count(turn) > 1);
        known.entry(id).or_default().clone()
    }
}
