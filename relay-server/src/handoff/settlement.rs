//! From a delivered result to a signed document: done at least once for each, however often the server is killed.

use std::time::{Duration, SystemTime};

use pades::{PdfProblem, Source};
use wire::{Action, RejectReason, SessionId, SigningResult};

use super::check::{Asked, CheckProblem, Sound, check, check_signer};
use super::checks::Finish;
use super::giving_up::result_given_up;
use super::{HandoffProblem, Handoffs, TIME_TO_FETCH, verdict};
use crate::clock::Moment;
use crate::document::{ArchiveError, Bounded, Document, Piece};
use crate::relay::{Session, Turn};
use crate::store::{Checked, Settling};

impl Handoffs {
    /// Checks a delivered result in the background, unless it is being checked or waits for its next try.
    pub fn settle_soon(&self, id: SessionId) {
        let handoffs = self.clone();
        self.checks.start(id, async move { handoffs.settle_or_log(id).await });
    }

    /// Sees to every result that waits: after a start, and from time to time for those that could not be finished.
    pub async fn settle_delivered(&self) -> Result<(), HandoffProblem> {
        for id in self.store.delivered_sessions().await? {
            self.settle_soon(id);
        }
        Ok(())
    }

    /// Waits for the checks that are running, for a while; the next start sees to those that are then given up.
    pub async fn finish(&self) {
        self.checks.finish(LONGEST_FAREWELL).await;
    }

    async fn settle_or_log(&self, id: SessionId) -> Finish {
        match self.settle(id).await {
            Ok(()) => {
                let took = self.since_delivery(id).await.unwrap_or_default();
                metrics::histogram!("kazasu_check_seconds").record(took);
                tracing::info!(session = %id, duration_ms = took.as_millis(), "result checked");
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
        let delivered = self.store.delivered(id).await.ok()??;
        Some(delivered.until(self.clock.now()))
    }

    /// What can never succeed is rejected; only what a disk does, such as not to be there for a moment, is left to be tried
    /// again, for as long as the document is kept.
    async fn settle(&self, id: SessionId) -> Result<(), HandoffProblem> {
        let session = self.relay.session(id).await?;
        let Some(document) = self.document(id).await? else {
            return self.keep_outcome(&session, Err(RejectReason::DocumentWithdrawn), None).await;
        };
        match self.settle_with(&session, &document).await {
            Err(problem) => {
                let is_over = document.expires <= self.clock.now();
                let Some(reason) = result_given_up(&problem, self.checks.failures(id), is_over) else { return Err(problem) };
                tracing::error!(session = %id, %problem, reason = reason.code(), "a result is given up");
                self.keep_outcome(&session, Err(reason), None).await
            }
            settled => settled,
        }
    }

    /// The signed document is on the disk before the session says that it is.
    async fn settle_with(&self, session: &Session, document: &Document) -> Result<(), HandoffProblem> {
        let delivered = self.store.result_of(session.id).await?.ok_or(HandoffProblem::Unreadable)?;
        let result: SigningResult = wire::decode(&delivered.result).map_err(|_| HandoffProblem::Unreadable)?;
        // A certificate that runs out while its result waits for a disk was good when it signed.
        let then = delivered.time_of_day.map_or_else(|| self.clock.time_of_day(), SystemTime::from);
        let tries_left = result.tries_left_after;
        match self.check(document, session.id, result, then).await? {
            Ok(sound) => {
                let (sound, time_stamp_due) = self.stamp_now(document, sound).await;
                let Ok(sound) = self.asked(document, sound).await else {
                    return self.keep_outcome(session, Err(RejectReason::CertificateRevoked), tries_left).await;
                };
                self.documents.keep_stamped(document, sound.revision).await?;
                let view = serde_json::to_string(&verdict::view(&sound.verdict)).map_err(|_| HandoffProblem::Unreadable)?;
                self.keep_outcome(session, Ok(Completed { verdict: view, time_stamp_due }), tries_left).await
            }
            Err(reason) => self.keep_outcome(session, Err(reason), tries_left).await,
        }
    }

    async fn check(
        &self,
        document: &Document,
        id: SessionId,
        result: SigningResult,
        then: SystemTime,
    ) -> Result<Result<Sound, RejectReason>, HandoffProblem> {
        let request = self.request(id).await?;
        let asked = Asked { document, request: &request, trust: &self.service.trust };
        if let Err(reason) = check_signer(&asked, &result, then) {
            return Ok(Err(reason));
        }
        let original = self.documents.source(document.id, Piece::Original).await?;
        if original.len() != document.original_bytes {
            // The disk's failure, which says nothing about the result.
            return Err(ArchiveError::from(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)).into());
        }
        let appended = self.documents.read(document.id, Piece::Appended).await?;
        let original = Bounded::new(original, LONGEST_CHECK, self.checks.stopping());
        let (document, service) = (document.clone(), self.service.clone());
        let work = move || {
            let asked = Asked { document: &document, request: &request, trust: &service.trust };
            check(&asked, &result, original, appended, then)
        };
        match tokio::task::spawn_blocking(work).await.map_err(unfinished)? {
            Ok(sound) => Ok(Ok(sound)),
            Err(CheckProblem::Rejected(reason)) => Ok(Err(reason)),
            Err(CheckProblem::Unreadable(error)) => Err(PdfProblem::from(error).into()),
        }
    }

    /// A session that somebody else settled meanwhile stays as it is: the outcome of the same bytes is the same.
    async fn keep_outcome(
        &self,
        session: &Session,
        outcome: Result<Completed, RejectReason>,
        tries_left: Option<u8>,
    ) -> Result<(), HandoffProblem> {
        let (action, verdict, time_stamp_due) = match outcome {
            Ok(Completed { verdict, time_stamp_due }) => (Action::Complete, Some(verdict), time_stamp_due),
            Err(reason) => (Action::Reject { reason }, None, None),
        };
        let now = self.clock.now();
        let Ok(Turn::Next(next)) = session.settle(action, now) else { return Ok(()) };
        let checked = Checked { at: now, tries_left, verdict };
        let settling = Settling { keep_until: now.plus(TIME_TO_FETCH), time_stamp_due };
        if self.store.settle(&next, &checked, settling).await? {
            metrics::counter!("kazasu_results_total", "outcome" => outcome_name(action)).increment(1);
            self.relay.live().announce(session.id);
        }
        Ok(())
    }
}

/// What a completion leaves behind.
struct Completed {
    /// As JSON.
    verdict: String,
    time_stamp_due: Option<Moment>,
}

/// What makes the check panic once does so again; a server that stops says nothing about the result.
pub(super) fn unfinished(error: tokio::task::JoinError) -> HandoffProblem {
    if error.is_panic() { HandoffProblem::Unreadable } else { ArchiveError::from(std::io::Error::other(error)).into() }
}

fn outcome_name(action: Action) -> &'static str {
    if action == Action::Complete { "completed" } else { "rejected" }
}

/// What a drop lets through takes a few seconds; a disk that is slower than this is waited for at the next try.
pub(super) const LONGEST_CHECK: Duration = Duration::from_secs(20);
/// For the checks that are running when the server stops.
const LONGEST_FAREWELL: Duration = Duration::from_secs(5);
