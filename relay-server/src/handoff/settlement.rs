//! From a delivered result to a signed document: done at least once for each, however often the server is killed.

use std::time::{Instant, SystemTime};

use wire::{Action, RejectReason, SessionId, SigningResult};

use super::check::{Asked, CheckProblem, Sound, check};
use super::{HandoffProblem, Handoffs, verdict};
use crate::document::{Document, Piece};
use crate::relay::{Session, Turn};
use crate::store::Checked;

impl Handoffs {
    /// Checks a delivered result in the background. A check that cannot be finished is left for
    /// [`Self::settle_delivered`].
    pub fn settle_soon(&self, id: SessionId) {
        let handoffs = self.clone();
        self.checks.spawn(async move { handoffs.settle_or_log(id).await });
    }

    /// Checks every result that waits: after a start, and from time to time for those that could not be finished.
    pub async fn settle_delivered(&self) -> Result<(), HandoffProblem> {
        for id in self.store.delivered_sessions().await? {
            self.settle_or_log(id).await;
        }
        Ok(())
    }

    /// Waits for the checks that are running.
    pub async fn finish(&self) {
        self.checks.close();
        self.checks.wait().await;
    }

    async fn settle_or_log(&self, id: SessionId) {
        let started = Instant::now();
        match self.settle(id).await {
            Ok(()) => {
                metrics::histogram!("kazasu_check_seconds").record(started.elapsed());
                tracing::info!(session = %id, duration_ms = started.elapsed().as_millis(), "result checked");
            }
            Err(error) => tracing::error!(session = %id, %error, "a result waits to be checked again"),
        }
    }

    /// The signed document is on the disk before the session says that it is.
    async fn settle(&self, id: SessionId) -> Result<(), HandoffProblem> {
        let session = self.relay.session(id).await?;
        let Some(document) = self.document(id).await? else {
            return self.keep_outcome(&session, Err(RejectReason::DocumentWithdrawn), None).await;
        };
        let body = self.store.result_of(id).await?.ok_or(HandoffProblem::Unreadable)?;
        let result: SigningResult = wire::decode(&body).map_err(|_| HandoffProblem::Unreadable)?;
        let tries_left = result.tries_left_after;
        match self.check(&document, id, result).await? {
            Ok(sound) => {
                self.documents.keep_signed(document.id, sound.revision).await?;
                let view = serde_json::to_string(&verdict::view(&sound.verdict)).map_err(|_| HandoffProblem::Unreadable)?;
                self.keep_outcome(&session, Ok(view), tries_left).await
            }
            Err(reason) => self.keep_outcome(&session, Err(reason), tries_left).await,
        }
    }

    async fn check(
        &self,
        document: &Document,
        id: SessionId,
        result: SigningResult,
    ) -> Result<Result<Sound, RejectReason>, HandoffProblem> {
        let request = self.request(id).await?;
        let original = self.documents.source(document.id, Piece::Original).await?;
        let appended = self.documents.read(document.id, Piece::Appended).await?;
        let (document, service) = (document.clone(), self.service.clone());
        let now = SystemTime::from(self.clock.now());
        let work = move || {
            let asked = Asked { document: &document, request: &request, trust: &service.trust };
            check(&asked, &result, original, appended, now)
        };
        match tokio::task::spawn_blocking(work).await.map_err(|_| HandoffProblem::Unreadable)? {
            Ok(sound) => Ok(Ok(sound)),
            Err(CheckProblem::Rejected(reason)) => Ok(Err(reason)),
            Err(CheckProblem::Pdf(problem)) => Err(problem.into()),
        }
    }

    /// A session that somebody else settled meanwhile stays as it is: the outcome of the same bytes is the same.
    async fn keep_outcome(
        &self,
        session: &Session,
        outcome: Result<String, RejectReason>,
        tries_left: Option<u8>,
    ) -> Result<(), HandoffProblem> {
        let (action, verdict) = match outcome {
            Ok(verdict) => (Action::Complete, Some(verdict)),
            Err(reason) => (Action::Reject { reason }, None),
        };
        let now = self.clock.now();
        let Ok(Turn::Next(next)) = session.settle(action, now) else { return Ok(()) };
        if self.store.settle(&next, &Checked { at: now, tries_left, verdict }).await? {
            metrics::counter!("kazasu_results_total", "outcome" => outcome_name(action)).increment(1);
            self.relay.live().announce(session.id);
        }
        Ok(())
    }
}

fn outcome_name(action: Action) -> &'static str {
    if action == Action::Complete { "completed" } else { "rejected" }
}
