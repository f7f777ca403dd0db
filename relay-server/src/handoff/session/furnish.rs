//! What the phone fetches, on its way to the relay: the sealed documents and then the sealed request with their keys.
//!
//! A service that is killed on the way begins anew where the rows stand. Each upload of a document has a fresh key, which is
//! stored before the first byte goes out; what came of one whose end nobody heard is taken back before the next. The request
//! is sealed once, stored, and put as the same bytes however often.

use std::io;

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};
use rand::random;
use tokio::time::timeout;
use wire::{ContentKey, DocumentSealer, FreshContentKey, PREFIX_BYTES, ProblemCode, SessionId, SessionState};
use zeroize::Zeroizing;

use super::row::Session;
use super::upload_key::UploadKey;
use super::{SessionProblem, Sessions, request};
use crate::document::{Document, Piece};
use crate::handoff::background::Finish;
use crate::relay::door::DoorProblem;
use crate::relay::mailbox::BoxName;
use crate::vault::Place;

/// The documents that the relay still lacks, and the keys of all.
struct Upload {
    session: Session,
    keys: Vec<UploadKey>,
    missing: Vec<u16>,
}

impl Sessions {
    /// Brings the relay what the phone waits for, unless that is under way or its next try is not due yet.
    pub(super) fn furnish_soon(&self, id: SessionId) {
        let sessions = self.clone();
        self.uploads.start(id, async move {
            match sessions.furnish(id).await {
                Ok(()) => Finish::Done,
                Err(problem) if is_full(&problem) && sessions.uploads.failures(id) >= TRIES_WITHOUT_ROOM => {
                    sessions.leave_without_room(id).await
                }
                Err(problem) => {
                    tracing::warn!(session = %id, %problem, "a request is brought to the relay later");
                    Finish::TryAgain
                }
            }
        });
    }

    /// Neither the person at the page nor the one at the phone is left to wait for what does not come.
    async fn leave_without_room(&self, id: SessionId) -> Finish {
        tracing::error!(session = %id, "given up: the relay has no room for its documents");
        let left = match self.session(id).await {
            Ok(Some(session)) => self.put(&session, session.left_without_room()).await,
            told => told.map(drop).map_err(SessionProblem::from),
        };
        if left.is_ok() { Finish::Done } else { Finish::TryAgain }
    }

    /// Sees to every session whose phone waits for its request.
    pub async fn furnish_matched(&self) -> Result<(), SessionProblem> {
        for id in self.store.unfurnished_service_sessions().await? {
            self.furnish_soon(id);
        }
        Ok(())
    }

    async fn furnish(&self, id: SessionId) -> Result<(), SessionProblem> {
        loop {
            let Some(session) = self.session(id).await? else { return Ok(()) };
            if session.state != SessionState::Matched || session.signing.is_furnished {
                return Ok(());
            }
            match &session.signing.request {
                Some(sealed) => {
                    let put = self.door.put_request(id, sealed.clone()).await;
                    self.unless_another_lies_there(&session, put).await?;
                    self.store
                        .update_service_session(&session.with(|signing| signing.is_furnished = true), self.clock.now())
                        .await?;
                }
                None => self.bring_documents(&session).await?,
            }
        }
    }

    async fn bring_documents(&self, session: &Session) -> Result<(), SessionProblem> {
        let Some(documents) = self.living(session).await? else { return self.give_up(session).await };
        let Some(mut upload) = self.begin_upload(session).await? else { return Ok(()) };
        for index in upload.missing.clone() {
            let document = documents.get(usize::from(index)).ok_or(SessionProblem::Unreadable)?;
            let key = upload.keys.get(usize::from(index)).ok_or(SessionProblem::Unreadable)?;
            let sealed = self.sealed_document(session.id, index, document, key.secret()).await?;
            // What nobody can fetch any more keeps no place.
            let left = self.clock.now().until(session.deadline);
            let put = timeout(left, self.door.put_document(session.id, index, sealed)).await;
            // Where the end of an upload before came in between, the next try has the relay take that one back.
            put.unwrap_or(Err(DoorProblem::TimedOut))?;
            if !self.note_arrival(&mut upload, index).await? {
                return Ok(());
            }
        }
        self.seal_request(&upload, &documents).await
    }

    /// Stores fresh keys for what is to be uploaded, and has the relay take back what it has of it without having said so:
    /// an upload whose end nobody heard, under a key that nobody has. `None` where the row has gone on meanwhile.
    async fn begin_upload(&self, session: &Session) -> Result<Option<Upload>, SessionProblem> {
        let relay = self.door.session(session.id).await?;
        if relay.state != SessionState::Matched {
            return Err(SessionProblem::Refused(ProblemCode::WrongState));
        }
        let mut keys = self.upload_keys(session)?;
        let (mut missing, mut unheard_of) = (Vec::new(), Vec::new());
        for (index, key) in (0..).zip(&mut keys) {
            let lies_there = relay.boxes.contains(&BoxName::Document(index).code());
            if lies_there && key.has_arrived() {
                continue;
            }
            *key = UploadKey::fresh();
            missing.push(index);
            unheard_of.extend(lies_there.then_some(index));
        }
        let sealed = self.sealed_keys(session.id, &keys);
        let session = session.with(|signing| signing.sealed_content_keys = Some(sealed));
        if !self.store.update_service_session(&session, self.clock.now()).await? {
            return Ok(None);
        }
        for index in unheard_of {
            let taken_back = self.door.take_back_document(session.id, index).await;
            self.unless_another_lies_there(&session, taken_back).await?;
        }
        Ok(Some(Upload { session, keys, missing }))
    }

    /// The relay has said that it has the document whole. `false` where other keys stand in the row by now.
    async fn note_arrival(&self, upload: &mut Upload, index: u16) -> Result<bool, SessionProblem> {
        if let Some(key) = upload.keys.get_mut(usize::from(index)) {
            key.note_arrival();
        }
        let sealed = self.sealed_keys(upload.session.id, &upload.keys);
        loop {
            let Some(session) = self.session(upload.session.id).await? else { return Ok(false) };
            if session.signing.sealed_content_keys != upload.session.signing.sealed_content_keys {
                return Ok(false);
            }
            let next = session.with(|signing| signing.sealed_content_keys = Some(sealed.clone()));
            if self.store.update_service_session(&next, self.clock.now()).await? {
                upload.session = next;
                return Ok(true);
            }
        }
    }

    /// Those of the upload before, or as many that are nobody's yet.
    fn upload_keys(&self, session: &Session) -> Result<Vec<UploadKey>, SessionProblem> {
        let count = session.documents.len();
        let Some(sealed) = &session.signing.sealed_content_keys else { return Ok(UploadKey::fresh_ones(count)) };
        let plain = self.vault.open(place(&session.id.to_string()), sealed)?;
        Ok(UploadKey::read(&plain, count).unwrap_or_else(|| UploadKey::fresh_ones(count)))
    }

    fn sealed_keys(&self, id: SessionId, keys: &[UploadKey]) -> Vec<u8> {
        self.vault.seal(place(&id.to_string()), &UploadKey::written(keys))
    }

    async fn sealed_document(
        &self,
        session: SessionId,
        index: u16,
        document: &Document,
        key: &Zeroizing<[u8; 32]>,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static, SessionProblem> {
        let plain = self.documents.stream(document.id, &[Piece::Original, Piece::Appended]).await?;
        let mut prefix = Vec::new();
        let key = FreshContentKey::from_bytes(key.clone());
        let sealer = DocumentSealer::new(key, session, index, random::<[u8; PREFIX_BYTES]>(), &mut prefix);
        Ok(sealed(plain, sealer, prefix, document.original_bytes + document.appended_bytes))
    }

    async fn seal_request(&self, upload: &Upload, documents: &[Document]) -> Result<(), SessionProblem> {
        let session = &upload.session;
        let keys = upload.keys.iter().map(|key| ContentKey::from_bytes(key.secret().clone())).collect();
        let request = request::of(documents, keys, &self.service.name, &session.signing.consents);
        let Some(side) = self.keys_of(session)? else { return self.give_up(session).await };
        let sealed = side.for_service().request.seal(random(), &request);
        let next = session.with(|signing| {
            signing.request = Some(sealed);
            signing.sealed_content_keys = None;
        });
        self.store.update_service_session(&next, self.clock.now()).await?;
        Ok(())
    }

    /// The relay has other bytes than these, and takes no others: of these nobody has the key.
    async fn unless_another_lies_there(&self, session: &Session, put: Result<(), DoorProblem>) -> Result<(), SessionProblem> {
        match put {
            Err(DoorProblem::Refused(ProblemCode::DifferentAnswer)) => {
                let session = self.session(session.id).await?.ok_or(ProblemCode::UnknownSession)?;
                self.give_up(&session).await?;
                Err(SessionProblem::Refused(ProblemCode::DifferentAnswer))
            }
            put => Ok(put?),
        }
    }
}

fn is_full(problem: &SessionProblem) -> bool {
    matches!(problem, SessionProblem::Door(DoorProblem::Refused(ProblemCode::StorageFull)))
}

/// Chunk after chunk. A document that is not as long as it was is no document: the upload breaks off.
fn sealed(
    plain: BoxStream<'static, io::Result<Bytes>>,
    sealer: DocumentSealer,
    prefix: Vec<u8>,
    document_bytes: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((plain, Some(sealer), prefix), move |(mut plain, sealer, mut out)| async move {
        let Some(mut sealer) = sealer else { return Ok(None) };
        loop {
            let Some(chunk) = plain.next().await else {
                let (_, bytes) = sealer.finish(&mut out).map_err(io::Error::other)?;
                let is_whole = bytes == document_bytes;
                return if is_whole {
                    Ok(Some((out.into(), (plain, None, Vec::new()))))
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            };
            sealer.push(&chunk?, &mut out).map_err(io::Error::other)?;
            if !out.is_empty() {
                return Ok(Some((out.into(), (plain, Some(sealer), Vec::new()))));
            }
        }
    })
}

fn place(row: &str) -> Place<'_> {
    Place { column: "service_sessions.sealed_content_keys", row }
}

/// With the pauses between them a quarter of a minute.
const TRIES_WITHOUT_ROOM: u32 = 3;
