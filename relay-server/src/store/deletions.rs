use super::documents::id_of;
use super::{Store, StoreError};
use crate::clock::Moment;
use crate::identifier::DocumentId;

/// What became of an attempt to delete a document.
#[derive(Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The rows are gone; the files are noted as still to go.
    Done,
    /// It is being signed, or its signature is being checked.
    InUse,
}

impl Store {
    /// Deletes the document's row and what was stored about its signing, and notes that its files are still to go.
    ///
    /// The rows of its sessions stay for a while: they hold nothing of document or person, and the relay may have to be told.
    pub async fn delete_document(&self, id: DocumentId) -> Result<Deletion, StoreError> {
        self.delete_if_older(id, Moment::from_ms(i64::MAX)).await
    }

    /// The same for a document whose lifetime ended before `now`. One that was given a longer life meanwhile is in use.
    pub async fn delete_expired_document(&self, id: DocumentId, now: Moment) -> Result<Deletion, StoreError> {
        self.delete_if_older(id, now).await
    }

    async fn delete_if_older(&self, id: DocumentId, expired_by: Moment) -> Result<Deletion, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // Writing first takes the write lock, so nothing changes between this statement and the next.
        sqlx::query("INSERT INTO deletions (document_id) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        let in_use =
            sqlx::query("SELECT 1 FROM documents WHERE id = $1 AND (expires_ms > $2 OR id IN (SELECT id FROM documents_in_use))")
                .bind(id.to_string())
                .bind(expired_by.ms())
                .fetch_optional(&mut *transaction)
                .await?;
        if in_use.is_some() {
            return Ok(Deletion::InUse);
        }
        for statement in [
            "DELETE FROM time_stamps_due WHERE document_id = $1",
            "DELETE FROM session_documents WHERE document_id = $1",
            "DELETE FROM documents WHERE id = $1",
        ] {
            sqlx::query(statement).bind(id.to_string()).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(Deletion::Done)
    }

    /// Notes that what lies there under this name is to go.
    pub async fn note_deletion(&self, id: DocumentId) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO deletions (document_id) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Documents whose files are still to go.
    pub async fn unfinished_deletions(&self) -> Result<Vec<DocumentId>, StoreError> {
        let rows = sqlx::query("SELECT document_id AS id FROM deletions").fetch_all(&self.pool).await?;
        rows.iter().map(id_of).collect()
    }

    /// The document's files are gone.
    pub async fn deletion_finished(&self, id: DocumentId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM deletions WHERE document_id = $1").bind(id.to_string()).execute(&self.pool).await?;
        Ok(())
    }

    /// Documents whose lifetime has ended, but for those in use.
    pub async fn expired_documents(&self, now: Moment) -> Result<Vec<DocumentId>, StoreError> {
        let rows = sqlx::query("SELECT id FROM documents WHERE expires_ms <= $1 AND id NOT IN (SELECT id FROM documents_in_use)")
            .bind(now.ms())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(id_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use wire::{Action, SessionId, SessionKind};

    use super::*;
    use crate::document::Document;
    use crate::handoff::session::Session;
    use crate::identifier::BrowserKey;
    use crate::store::Adding;

    #[tokio::test]
    async fn no_session_is_opened_for_a_document_that_is_gone() {
        let (_folder, store) = store().await;
        let document = document();
        assert_eq!(open(&store, &document).await, None);
        assert!(
            store.service_session(session(&document).id).await.expect("a store").is_none(),
            "nothing of the person is stored"
        );
    }

    #[tokio::test]
    async fn a_session_stretches_the_lifetime_and_an_expiry_that_comes_too_late_yields() {
        let (_folder, store) = store().await;
        let document = document();
        store.insert_documents(&[document.clone()]).await.expect("a store");
        let until = open(&store, &document).await.expect("a living document");
        assert!(until > document.expires);
        assert_eq!(store.delete_expired_document(document.id, document.expires).await.expect("a store"), Deletion::InUse);
        assert_eq!(store.delete_expired_document(document.id, until).await.expect("a store"), Deletion::Done);
        assert_eq!(store.unfinished_deletions().await.expect("a store"), [document.id]);
    }

    #[tokio::test]
    async fn what_is_being_signed_neither_goes_nor_expires() {
        let (_folder, store) = store().await;
        let document = document();
        store.insert_documents(&[document.clone()]).await.expect("a store");
        let until = open(&store, &document).await.expect("a living document");
        let mut session = session(&document);
        for action in [Action::Claim, Action::Reveal, Action::Match, Action::Begin, Action::Deliver] {
            session = session.after(action).expect("a step");
            assert!(store.update_service_session(&session, Moment::from_ms(5_000)).await.expect("a store"));
            let is_in_use = matches!(action, Action::Begin | Action::Deliver);
            assert_eq!(store.expired_documents(until).await.expect("a store").is_empty(), is_in_use);
            assert_eq!(store.living_document(document.id, until).await.expect("a store").is_some(), is_in_use);
        }
        assert_eq!(store.latest_moment().await.expect("a store"), Some(Moment::from_ms(5_000)), "the last change counts");
        assert_eq!(store.delete_document(document.id).await.expect("a store"), Deletion::InUse);
        assert!(store.unfinished_deletions().await.expect("a store").is_empty(), "a refused deletion leaves no note");
    }

    #[tokio::test]
    async fn the_log_is_cut_only_when_nobody_reads_from_it() {
        let (_folder, store) = store().await;
        store.insert_documents(&[document()]).await.expect("a store");
        let mut reader = store.pool.begin().await.expect("a connection");
        sqlx::query("SELECT * FROM documents").fetch_all(&mut *reader).await.expect("a store");
        store.delete_document(document().id).await.expect("a store");
        assert!(!store.forget_deleted().await.expect("a store"), "the reader still needs it");
        drop(reader);
        assert!(store.forget_deleted().await.expect("a store"));
    }

    async fn open(store: &Store, document: &Document) -> Option<Moment> {
        let session = session(document);
        let until = session.deadline.plus(Duration::from_secs(60));
        match store.add_service_session(&session, &[], until).await.expect("a store") {
            Adding::Added { documents_until } => documents_until,
            Adding::DocumentGone => None,
            Adding::Overtaken => panic!("it takes nobody's place"),
        }
    }

    fn session(document: &Document) -> Session {
        let id = SessionId::from_bytes([1; 16]);
        let waiting = Session::waiting(id, SessionKind::Signing, document.owner_hash, Moment::from_ms(1_000));
        Session { documents: vec![document.id], ..waiting }
    }

    fn document() -> Document {
        let id = DocumentId::parse("AAAAAAAAAAAAAAAAAAAAAA").expect("an identifier");
        Document {
            id,
            bundle: id,
            place: 0,
            owner_hash: BrowserKey::random().hash(),
            file_name: "a.pdf".to_owned(),
            declared_name: None,
            page_sizes: vec![(1, 1)],
            original_bytes: 1,
            appended_bytes: 1,
            sha256: [0; 32],
            byte_range: [0, 1, 2, 1],
            digest: [0; 32],
            dropped: Moment::from_ms(0),
            expires: Moment::from_ms(2_000),
        }
    }

    async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("room for the test");
        let store = Store::open(&folder.path().join("test.sqlite")).await.expect("a new database");
        (folder, store)
    }
}
