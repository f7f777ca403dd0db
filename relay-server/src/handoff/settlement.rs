//! From a delivered result to signed documents: done at least once for each, however often the server is killed.

use std::time::{Duration, SystemTime};

use pades::{PdfProblem, Source};
use wire::{Action, Outcome, RejectReason, SessionId, SessionState, Settlement, SignedDocument, SigningResult, VersionOne};

use super::background::Finish;
use super::check::{Asked, CheckProblem, Sound, check, check_answer, check_signer};
use super::giving_up::result_given_up;
use super::revocation::{Revoked, Until};
use super::session::{Checked, Session, SessionProblem, Sessions};
use super::{TIME_TO_FETCH, verdict};
use crate::clock::Moment;
use crate::document::{ArchiveError, Bounded, Document, Piece};
use crate::store::SettledDocument;

impl Sessions {
    /// Checks a delivered result in the background, unless it is being checked or waits for its next try.
    pub fn settle_soon(&self, id: SessionId) {
        let sessions = self.clone();
        self.background.start(id, async move { sessions.settle_or_log(id).await });
    }

    /// Sees to every result that waits: after a start, and from time to time for those that could not be finished.
    pub async fn settle_delivered(&self) -> Result<(), SessionProblem> {
        for id in self.store.delivered_service_sessions().await? {
            self.settle_soon(id);
        }
        Ok(())
    }

    /// Waits for the work that is running, for a while; the next start sees to what is then given up.
    pub async fn finish(&self) {
        let Self { background, uploads, looks, .. } = self;
        tokio::join!(background.finish(LONGEST_FAREWELL), uploads.finish(LONGEST_FAREWELL), looks.finish(BRIEF_FAREWELL));
    }

    async fn settle_or_log(&self, id: SessionId) -> Finish {
        match self.settle(id).await {
            Ok(()) => {
                let took = self.since_delivery(id).await.unwrap_or_default();
                metrics::histogram!("kazasu_check_seconds").record(took);
                tracing::info!(session = %id, duration_ms = took.as_millis(), "result checked");
                self.tell_relay(id).await;
                Finish::Done
            }
            Err(error) => {
                tracing::error!(session = %id, %error, "a result waits to be checked again");
                Finish::TryAgain
            }
        }
    }

    /// However often the check was tried, and the server started.
    async fn since_delivery(&self, id: SessionId) -> Option<Duration> {
        let delivered = self.store.service_session(id).await.ok()??.signing.delivered?;
        Some(delivered.at.until(self.clock.now()))
    }

    /// What can never succeed is rejected; only what a disk does, such as not to be there for a moment, is left to be tried
    /// again, for as long as the documents are kept.
    async fn settle(&self, id: SessionId) -> Result<(), SessionProblem> {
        let Some(session) = self.store.service_session(id).await? else { return Ok(()) };
        if session.state != SessionState::Delivered {
            return Ok(());
        }
        let Some(documents) = self.living(&session).await? else {
            return self.reject(&session, RejectReason::DocumentWithdrawn, None).await;
        };
        match self.settle_with(&session, &documents).await {
            Err(problem) => {
                let is_over = documents.iter().any(|document| document.expires <= self.clock.now());
                let Some(reason) = result_given_up(&problem, self.background.failures(id), is_over) else { return Err(problem) };
                tracing::error!(session = %id, %problem, reason = reason.code(), "a result is given up");
                self.reject(&session, reason, None).await
            }
            settled => settled,
        }
    }

    /// The signed documents are on the disk before the session says that they are: all of them, or the result is rejected.
    async fn settle_with(&self, session: &Session, documents: &[Document]) -> Result<(), SessionProblem> {
        let delivered = session.signing.delivered.as_ref().ok_or(SessionProblem::Unreadable)?;
        let sealed = delivered.sealed.as_deref().ok_or(SessionProblem::Unreadable)?;
        let result = self.opened::<SigningResult>(session, sealed, |keys| keys.for_service().result)?;
        let result = result.ok_or(SessionProblem::Unreadable)?;
        // A certificate that runs out while its result waits for a disk was good when it signed.
        let then = SystemTime::from(delivered.time_of_day);
        let tries_left = result.tries_left_after;
        match self.check_all(session, documents, &result, then).await? {
            Ok(sound) => {
                let Ok(finished) = self.finish_all(documents, sound).await else {
                    return self.reject(session, RejectReason::CertificateRevoked, tries_left).await;
                };
                let mut settled = Vec::new();
                for ((document, finished), part) in documents.iter().zip(finished).zip(&result.documents) {
                    settled.push(self.keep_signed(document, finished, part.opened).await?);
                }
                self.keep_outcome(session, Action::Complete, &settled, tries_left).await
            }
            Err(reason) => self.reject(session, reason, tries_left).await,
        }
    }

    async fn check_all(
        &self,
        session: &Session,
        documents: &[Document],
        result: &SigningResult,
        then: SystemTime,
    ) -> Result<Result<Vec<Sound>, RejectReason>, SessionProblem> {
        let parts = match check_answer(documents.len(), &session.signing.consents, result) {
            Ok(parts) => parts,
            Err(reason) => return Ok(Err(reason)),
        };
        for (document, signed) in documents.iter().zip(parts) {
            if let Err(reason) = check_signer(&Asked { document, trust: &self.service.trust }, signed, then) {
                return Ok(Err(reason));
            }
        }
        let mut found = Vec::new();
        for (document, signed) in documents.iter().zip(parts) {
            match self.check_one(document, signed.clone(), then).await? {
                Ok(sound) => found.push(sound),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(Ok(found))
    }

    async fn check_one(
        &self,
        document: &Document,
        signed: SignedDocument,
        then: SystemTime,
    ) -> Result<Result<Sound, RejectReason>, SessionProblem> {
        let original = self.documents.source(document.id, Piece::Original).await?;
        if original.len() != document.original_bytes {
            // The disk's failure, which says nothing about the result.
            return Err(ArchiveError::from(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)).into());
        }
        let appended = self.documents.read(document.id, Piece::Appended).await?;
        let original = Bounded::new(original, LONGEST_CHECK, self.background.stopping());
        let (document, service) = (document.clone(), self.service.clone());
        let work = move || {
            let asked = Asked { document: &document, trust: &service.trust };
            check(&asked, &signed, original, appended, then)
        };
        match tokio::task::spawn_blocking(work).await.map_err(unfinished)? {
            Ok(sound) => Ok(Ok(sound)),
            Err(CheckProblem::Rejected(reason)) => Ok(Err(reason)),
            Err(CheckProblem::Unreadable(error)) => Err(PdfProblem::from(error).into()),
        }
    }

    /// Each with its time stamp, and with what is said of its certificates: nothing is kept before all are known to be good.
    async fn finish_all(&self, documents: &[Document], sound: Vec<Sound>) -> Result<Vec<(Sound, Option<Moment>)>, Revoked> {
        let until = Until::for_one_result();
        let mut finished = Vec::new();
        for (document, sound) in documents.iter().zip(sound) {
            let (sound, time_stamp_due) = self.stamp_now(document, sound).await;
            finished.push((self.asked(document, sound, until).await?, time_stamp_due));
        }
        Ok(finished)
    }

    async fn keep_signed(
        &self,
        document: &Document,
        (sound, time_stamp_due): (Sound, Option<Moment>),
        was_opened: bool,
    ) -> Result<SettledDocument, SessionProblem> {
        self.documents.keep_stamped(document, sound.revision).await?;
        let verdict = serde_json::to_string(&verdict::view(&sound.verdict)).map_err(|_| SessionProblem::Unreadable)?;
        Ok(SettledDocument { document: document.id, verdict, was_opened, time_stamp_due })
    }

    async fn reject(&self, session: &Session, reason: RejectReason, tries_left: Option<u8>) -> Result<(), SessionProblem> {
        self.keep_outcome(session, Action::Reject { reason }, &[], tries_left).await
    }

    /// A session that somebody else settled meanwhile stays as it is: the outcome of the same bytes is the same.
    async fn keep_outcome(
        &self,
        session: &Session,
        action: Action,
        documents: &[SettledDocument],
        tries_left: Option<u8>,
    ) -> Result<(), SessionProblem> {
        let settlement = match action {
            Action::Reject { reason } => Settlement::Rejected { reason },
            _ => Settlement::Completed,
        };
        let outcome = self.sealed_outcome(session, settlement)?;
        let now = self.clock.now();
        let Ok(next) = session.settled(action, Checked { at: now, tries_left }, outcome) else { return Ok(()) };
        if self.store.settle_service_session(&next, now, documents, now.plus(TIME_TO_FETCH)).await? {
            metrics::counter!("kazasu_results_total", "outcome" => outcome_name(action)).increment(1);
            metrics::counter!("kazasu_handoff_turns_total", "phase" => next.state.phase().code()).increment(1);
        }
        Ok(())
    }

    /// For the phone, in the update that ends the session: later there is no key. `None` before there is one.
    pub(super) fn sealed_outcome(&self, session: &Session, settlement: Settlement) -> Result<Option<Vec<u8>>, SessionProblem> {
        let Some(reveal) = &session.reveal else { return Ok(None) };
        let keys = self.ends.keys(session, reveal, &self.vault)?;
        let outcome = Outcome { version: VersionOne, settlement };
        Ok(keys.map(|keys| keys.for_service().outcome.seal(rand::random(), &outcome)))
    }
}

/// What makes the check panic once does so again; a server that stops says nothing about the result.
pub(super) fn unfinished(error: tokio::task::JoinError) -> SessionProblem {
    if error.is_panic() { SessionProblem::Unreadable } else { ArchiveError::from(std::io::Error::other(error)).into() }
}

fn outcome_name(action: Action) -> &'static str {
    if action == Action::Complete { "completed" } else { "rejected" }
}

/// What a drop lets through takes a few seconds; a disk that is slower than this is waited for at the next try.
pub(super) const LONGEST_CHECK: Duration = Duration::from_secs(20);
/// For the checks that are running when the server stops.
const LONGEST_FAREWELL: Duration = Duration::from_secs(5);
/// For looks at the relay, which the next start makes anew.
const BRIEF_FAREWELL: Duration = Duration::from_secs(2);
