//! How sessions begin, take each other's place, and end at their owner's wish.

use std::time::Duration;

use rand::random;
use wire::{Action, Consent, FrameKey, LinkSecret, ProblemCode, SESSION_LIFETIME, SessionId, SessionKind, SessionState};
use zeroize::Zeroizing;

use super::row::Session;
use super::signing::Signing;
use super::{LinkKeys, Owner, Seen, SessionProblem, Sessions};
use crate::clock::Moment;
use crate::document::{Document, DropProblem};
use crate::handoff::TIME_TO_FETCH;
use crate::identifier::BrowserKey;
use crate::relay::door::{DoorProblem, OpenedSession};
use crate::relay::mailbox::PageToken;
use crate::store::Adding;

/// A session that was just opened.
pub struct Opened {
    pub id: SessionId,
    /// For the browser that asked; there is no other.
    pub key: BrowserKey,
    /// How long the session can be shown, and stay its documents.
    pub lifetime: Duration,
    /// The sessions whose place it took.
    pub formers: Vec<SessionId>,
}

/// What a session is opened for.
struct Purpose<'a> {
    kind: SessionKind,
    documents: &'a [Document],
    consents: &'a [Consent],
}

impl Sessions {
    /// 「次へ」: opens a session for the documents. One that still runs for any of them is replaced, unless a phone is signing.
    pub async fn sign(&self, documents: &[Document], consents: &[Consent]) -> Result<Opened, SessionProblem> {
        let _in_turn = self.opening.of(documents).await;
        self.has_room_for(SessionKind::Signing).await?;
        let mut formers: Vec<SessionId> = Vec::new();
        for document in documents {
            let former = self.newest(document).await?.filter(|former| !formers.contains(&former.id));
            if let Some(former) = former {
                formers.push(self.that_may_go(former).await?.id);
            }
        }
        self.open(&Purpose { kind: SessionKind::Signing, documents, consents }, formers).await
    }

    /// 「QRコードを更新する」: a fresh ten minutes for the same documents with the consents already given.
    pub async fn sign_anew(&self, session: &Session) -> Result<Opened, SessionProblem> {
        let documents = self.living(session).await?.ok_or(SessionProblem::Gone)?;
        self.sign(&documents, &session.signing.consents).await
    }

    /// Opens a rehearsal, whose time runs from here. One that still runs for the document is replaced.
    pub async fn rehearse(&self, document: Option<&Document>) -> Result<Opened, SessionProblem> {
        self.rehearse_in_place_of(None, document).await
    }

    /// Opens another rehearsal in place of this one, which ends if it still runs.
    pub async fn rehearse_again(&self, former: &Session, document: Option<&Document>) -> Result<Opened, SessionProblem> {
        self.rehearse_in_place_of(Some(former.id), document).await
    }

    async fn rehearse_in_place_of(
        &self,
        former: Option<SessionId>,
        document: Option<&Document>,
    ) -> Result<Opened, SessionProblem> {
        let documents = document.map_or(&[][..], std::slice::from_ref);
        let _in_turn = self.opening.of(documents).await;
        let mut formers: Vec<_> = former.into_iter().collect();
        if let Some(document) = document {
            let newest = self.store.newest_session_of(document.id, SessionKind::Rehearsal).await?;
            formers.extend(newest.filter(|newest| !newest.is_over()).map(|newest| newest.id));
        }
        formers.dedup();
        self.open(&Purpose { kind: SessionKind::Rehearsal, documents, consents: &[] }, formers).await
    }

    /// Cancels a session at its owner's wish. One that is over stays as it is; one at a phone that signs ends only at the
    /// wish of an owner who was asked, and not when its result has come meanwhile, or may have come to a relay that is away.
    pub async fn cancel(&self, session: Session, owner: Owner) -> Result<(), SessionProblem> {
        let Seen { session, relay } = self.seen(session).await?;
        self.end(session.id, |session| match session.state {
            // A phone has the request since the relay was asked, or the relay was not reached at all.
            _ if relay.is_none() && session.may_be_delivered_unheard() => Err(SessionProblem::Unsure),
            SessionState::Signing if owner == Owner::WasNotAsked => Err(ProblemCode::WrongState.into()),
            _ => Ok(session.after(Action::Cancel)?),
        })
        .await
    }

    /// Deletes documents that were dropped together at their owner's wish. A signing that still runs for them is cancelled
    /// first, so that the phone is told; those whose result is being checked stay until that is over. Returns the newest of
    /// their signings.
    pub async fn delete(&self, documents: &[Document], owner: Owner) -> Result<Option<SessionId>, SessionProblem> {
        let _in_turn = self.opening.of(documents).await;
        let newest = match documents.first() {
            Some(first) => self.newest(first).await?,
            None => None,
        };
        let id = newest.as_ref().map(|newest| newest.id);
        if let Some(newest) = newest {
            let id = newest.id;
            match self.cancel(newest, owner).await {
                Err(SessionProblem::Refused(ProblemCode::WrongState)) => return Err(self.why_it_stays(id).await?),
                cancelled => cancelled?,
            }
        }
        // The one that the others are found by goes last: what broke off can be asked for again.
        for document in documents.iter().rev() {
            self.documents.delete(document.id).await?;
        }
        Ok(id)
    }

    /// What a deletion is refused for: a phone that is at it, or a check that is not over.
    async fn why_it_stays(&self, id: SessionId) -> Result<SessionProblem, SessionProblem> {
        let state = self.session(id).await?.map(|session| session.state);
        let is_signing = state == Some(SessionState::Signing);
        Ok(if is_signing { SessionProblem::Stays(id) } else { DropProblem::InUse.into() })
    }

    /// The session as it stands now, unless it must not make way.
    async fn that_may_go(&self, former: Session) -> Result<Session, SessionProblem> {
        let seen = self.seen(former).await?;
        if seen.is_unsure() {
            return Err(SessionProblem::Unsure);
        }
        let former = seen.session;
        match former.state_at(self.clock.now()) {
            SessionState::Signing | SessionState::Delivered | SessionState::Completed => Err(SessionProblem::Stays(former.id)),
            _ => Ok(former),
        }
    }

    async fn open(&self, purpose: &Purpose<'_>, formers: Vec<SessionId>) -> Result<Opened, SessionProblem> {
        if self.store.count_running_sessions(purpose.kind).await? >= MOST_RUNNING {
            return Err(SessionProblem::Crowded);
        }
        let opened = self.door.open_session(purpose.kind, self.service.origin.clone()).await?;
        let key = BrowserKey::random();
        let session = self.row_of(&opened, purpose, &key)?;
        let shown_until = self.add(&session, &formers).await?;
        metrics::counter!("kazasu_handoffs_opened_total", "kind" => purpose.kind.code()).increment(1);
        let lifetime = self.clock.now().until(shown_until);
        Ok(Opened { id: session.id, key, lifetime, formers })
    }

    /// Both are stored or neither; then the relay is told of those that ended, now or when it can be reached.
    async fn add(&self, session: &Session, formers: &[SessionId]) -> Result<Moment, SessionProblem> {
        let (replaced, documents_until) = self.add_now(session, formers).await?;
        for former in replaced {
            self.seen(former).await?;
        }
        Ok(documents_until.unwrap_or(session.keep_until))
    }

    /// The relay is not asked in here: where it is slow, others' sessions do not wait for it. Returns those that ended.
    async fn add_now(&self, session: &Session, formers: &[SessionId]) -> Result<(Vec<Session>, Option<Moment>), SessionProblem> {
        let _one_at_a_time = self.adding.lock().await;
        self.has_room_for(session.kind).await?;
        loop {
            let mut replaced = Vec::new();
            for id in formers {
                if let Some(former) = self.session(*id).await? {
                    replaced.extend(self.replaced_by(&former, session.id)?);
                }
            }
            let documents_until = session.deadline.plus(TIME_TO_FETCH);
            match self.store.add_service_session(session, &replaced, documents_until).await? {
                Adding::Added { documents_until } => return Ok((replaced, documents_until)),
                Adding::DocumentGone => return Err(SessionProblem::Gone),
                Adding::Overtaken => {}
            }
        }
    }

    /// Asked before the relay is, and again when it has answered.
    async fn has_room_for(&self, kind: SessionKind) -> Result<(), SessionProblem> {
        let has_room = kind == SessionKind::Rehearsal || self.documents.takes_a_session().await?;
        if has_room { Ok(()) } else { Err(DropProblem::StorageFull.into()) }
    }

    fn replaced_by(&self, former: &Session, newer: SessionId) -> Result<Option<Session>, SessionProblem> {
        match (former.replaced_by(newer), former.kind) {
            // A phone has begun since it was looked at.
            (Ok(_), SessionKind::Signing) if former.state == SessionState::Signing => Err(SessionProblem::Stays(former.id)),
            (Ok(replaced), _) => Ok(Some(self.concluded(former, replaced)?)),
            (Err(_), SessionKind::Rehearsal) => Ok(None),
            (Err(_), SessionKind::Signing) => match former.state {
                SessionState::Rejected { .. } | SessionState::Ended { .. } => Ok(Some(former.led_on_to(newer))),
                _ => Err(SessionProblem::Stays(former.id)),
            },
        }
    }

    fn row_of(&self, opened: &OpenedSession, purpose: &Purpose<'_>, key: &BrowserKey) -> Result<Session, SessionProblem> {
        let created = self.clock.now();
        let lifetime = Duration::from_secs(opened.seconds_left);
        if lifetime > SESSION_LIFETIME {
            return Err(NOT_A_RELAY);
        }
        let deadline = created.plus(lifetime);
        let frame_key = FrameKey::parse(&opened.frame_key).ok_or(NOT_A_RELAY)?;
        // Stored, and shown in a page: of the one form that a relay of ours gives it.
        let page_token = Zeroizing::new(PageToken::parse(&opened.page_token).ok_or(NOT_A_RELAY)?.to_base64url());
        let link = LinkKeys { secret: LinkSecret::from_bytes(random()), frame_key, page_token };
        let shown_until = deadline.plus(TIME_TO_READ);
        let expiries = purpose.documents.iter().map(|document| document.expires);
        Ok(Session {
            documents: purpose.documents.iter().map(|document| document.id).collect(),
            deadline,
            keep_until: expiries.fold(shown_until, Moment::max),
            sealed_link: Some(link.seal(&self.vault, opened.id)),
            signing: Signing { consents: purpose.consents.to_vec(), ..Signing::default() },
            ..Session::waiting(opened.id, purpose.kind, key.hash(), created)
        })
    }

    /// The decision is stored; then the relay is told, now or when it can be reached.
    async fn end<F>(&self, id: SessionId, decide: F) -> Result<(), SessionProblem>
    where
        F: Fn(&Session) -> Result<Session, SessionProblem>,
    {
        loop {
            let Some(session) = self.session(id).await? else { return Ok(()) };
            if session.is_over() {
                return Ok(());
            }
            let next = self.concluded(&session, decide(&session)?)?;
            if self.store.update_service_session(&next, self.clock.now()).await? {
                tracing::info!(session = %id, state = next.state.phase().code(), "ended");
                self.seen(next).await?;
                return Ok(());
            }
        }
    }
}

/// At a time: more than this is no people at work.
const MOST_RUNNING: u64 = 100_000;
/// From the end of a session without a document, for reading what came of it.
const TIME_TO_READ: Duration = Duration::from_secs(60 * 60);
const NOT_A_RELAY: SessionProblem = SessionProblem::Door(DoorProblem::Unexpected(http::StatusCode::CREATED));
