use super::{Documents, DropProblem};
use crate::identifier::DocumentId;

impl Documents {
    /// Deletes the document, its signing and its images, in the database, its log and the folder.
    pub async fn delete(&self, id: DocumentId) -> Result<(), DropProblem> {
        self.delete_rows_and_objects(id).await?;
        Ok(self.store.forget_deleted().await?)
    }

    /// Deletes every document whose lifetime has ended.
    pub async fn delete_expired(&self) -> Result<(), DropProblem> {
        let expired = self.store.expired_documents(self.clock.now()).await?;
        for id in &expired {
            self.delete_rows_and_objects(*id).await?;
        }
        if !expired.is_empty() {
            tracing::info!(documents = expired.len(), "lifetime ended, deleted");
            self.store.forget_deleted().await?;
        }
        Ok(())
    }

    /// Deletes what a server that was killed left behind: uploads that never became documents, and objects whose rows
    /// are gone. Called once at start, before uploads are taken.
    pub async fn delete_left_over(&self) -> Result<(), DropProblem> {
        for id in self.archive.documents().await? {
            if self.store.document(id).await?.is_none() {
                self.archive.delete_all(id).await?;
            }
        }
        Ok(())
    }

    /// Rows first: a server that is killed in between finds objects without rows at its next start.
    async fn delete_rows_and_objects(&self, id: DocumentId) -> Result<(), DropProblem> {
        self.store.delete_document(id).await?;
        Ok(self.archive.delete_all(id).await?)
    }
}
