use super::{ArchiveError, Documents, DropProblem};
use crate::identifier::DocumentId;
use crate::store::Deletion;

impl Documents {
    /// Deletes the document, its signing and its images, in the database, its log and the folder.
    ///
    /// Once this returns without a problem the deletion is settled: whatever of it the disk refuses is tried again by
    /// [`Self::finish_deletions`], and by the next start.
    ///
    /// Goes on to its end even if the caller does not wait for it.
    pub async fn delete(&self, id: DocumentId) -> Result<(), DropProblem> {
        let documents = self.clone();
        tokio::spawn(async move { documents.delete_now(id).await }).await.map_err(|_| DropProblem::Interrupted)?
    }

    async fn delete_now(&self, id: DocumentId) -> Result<(), DropProblem> {
        match self.store.delete_document(id).await? {
            Deletion::InUse => return Err(DropProblem::InUse),
            Deletion::Done => *self.unforgotten.lock().await = true,
        }
        if let Err(error) = self.finish_deletions().await {
            tracing::error!(%error, document = %id, "a deletion is not finished and is tried again");
        }
        Ok(())
    }

    /// Deletes every document whose lifetime has ended.
    pub async fn delete_expired(&self) -> Result<(), DropProblem> {
        let now = self.clock.now();
        for id in self.store.expired_documents(now).await? {
            if self.store.delete_expired_document(id, now).await? == Deletion::Done {
                *self.unforgotten.lock().await = true;
                tracing::info!(document = %id, "lifetime ended, deleted");
            }
        }
        self.finish_deletions().await
    }

    /// Deletes what a server that was killed left behind: uploads that never became documents, objects whose rows are
    /// gone, and what was half written. Called once at start, before uploads are taken.
    ///
    /// Refuses to go on where there are rows and no files at all.
    pub async fn delete_left_over(&self) -> Result<(), DropProblem> {
        let (rows, folders) = (self.store.documents().await?, self.archive.documents().await?);
        if folders.is_empty() && !rows.is_empty() {
            return Err(ArchiveError::NotMounted { documents: rows.len() }.into());
        }
        for id in rows.iter().filter(|id| !folders.contains(id)) {
            tracing::error!(document = %id, "the document's files are not there");
        }
        for id in folders {
            match self.store.document(id).await? {
                None => self.store.note_deletion(id).await?,
                Some(_) => {
                    if let Err(error) = self.archive.delete_half_written(id).await {
                        tracing::error!(%error, document = %id, "the document's folder cannot be looked through");
                    }
                }
            }
        }
        *self.unforgotten.lock().await = true;
        self.finish_deletions().await
    }

    /// Removes the files of every document whose row is gone, and takes what was deleted out of the database's log.
    async fn finish_deletions(&self) -> Result<(), DropProblem> {
        for id in self.store.unfinished_deletions().await? {
            self.remove_objects(id).await;
        }
        let mut unforgotten = self.unforgotten.lock().await;
        if *unforgotten {
            *unforgotten = !self.store.forget_deleted().await?;
        }
        Ok(())
    }

    /// What fails here stays noted, and is tried again.
    pub(super) async fn remove_objects(&self, id: DocumentId) {
        self.forget_drawings(id);
        let removed = match self.archive.delete_all(id).await {
            Ok(()) => self.store.deletion_finished(id).await.map_err(DropProblem::from),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = removed {
            tracing::error!(%error, document = %id, "files of a deleted document are still there");
        }
    }
}
