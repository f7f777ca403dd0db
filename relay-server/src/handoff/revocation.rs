//! What became of the certificates of a signed document: asked once it has its last form.

use std::sync::Arc;
use std::time::Instant;

use arithmetic::AwsLc;
use pades::{CheckKind, CheckResult, Joined, PdfProblem, SignatureVerdict, Verdict};
use tokio_util::sync::CancellationToken;

use super::check::Sound;
use super::session::{SessionProblem, Sessions};
use super::settlement::LONGEST_CHECK;
use super::stamping::own_signature;
use crate::document::{Bounded, Document, Piece};
use crate::revocation::LONGEST_ASKING;

/// Somebody who may say so says that the signer's certificate, or one above it, is worth nothing.
pub(super) struct Revoked;

/// When nobody is asked any more for one result, however many documents it signs: a person waits for it.
#[derive(Clone, Copy)]
pub(super) struct Until(Instant);

impl Until {
    pub(super) fn for_one_result() -> Self {
        Self(Instant::now() + LONGEST_ASKING)
    }

    fn is_past(self) -> bool {
        self.0 <= Instant::now()
    }
}

impl Sessions {
    /// The same with the answers in its verdict. Whoever does not answer, and whatever goes wrong, leaves the verdict as it
    /// was, and that says what was not checked: no signature is lost for it.
    pub(super) async fn asked(&self, document: &Document, sound: Sound, until: Until) -> Result<Sound, Revoked> {
        if !self.service.revocations.are_named() || until.is_past() {
            return Ok(sound);
        }
        let Sound { revision, verdict } = sound;
        let revision = Arc::new(revision);
        let asked = self.ask_about(document, &revision).await;
        let revision = Arc::unwrap_or_clone(revision);
        let known = asked.unwrap_or_else(|error| {
            tracing::error!(document = %document.id, %error, "nobody was asked about revocation");
            None
        });
        match known.as_ref().and_then(|known| own_signature(known, document.byte_range)) {
            Some(own) if is_revoked(own) => {
                metrics::counter!("kazasu_revocations_found_total").increment(1);
                Err(Revoked)
            }
            _ => Ok(Sound { revision, verdict: known.unwrap_or(verdict) }),
        }
    }

    /// None where the signature looks worse now than it was checked to be, for another reason than a revocation: the
    /// certificate has ended since, say.
    async fn ask_about(&self, document: &Document, revision: &Arc<Vec<u8>>) -> Result<Option<Verdict>, SessionProblem> {
        let original = self.documents.source(document.id, Piece::Original).await?;
        let original = Bounded::new(original, LONGEST_CHECK + LONGEST_ASKING, CancellationToken::new());
        let (service, revision, own, now) =
            (self.service.clone(), Arc::clone(revision), document.byte_range, self.clock.time_of_day());
        let work = move || -> Result<Option<Verdict>, PdfProblem> {
            let sources = service.revocations.sources();
            let signed = Joined(&original, &*revision);
            let verdict = pades::verify_asking(&signed, &service.trust, &AwsLc, &sources.revocation(), now);
            service.revocations.note(&sources);
            let verdict = verdict?;
            let is_known = own_signature(&verdict, own).is_some_and(|own| is_revoked(own) || !has_failed(own));
            Ok(is_known.then_some(verdict))
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(super::settlement::unfinished)??)
    }
}

fn is_revoked(signature: &SignatureVerdict) -> bool {
    signature.checks.iter().any(|check| check.what == CheckKind::Revocation && matches!(check.result, CheckResult::Failed(_)))
}

fn has_failed(signature: &SignatureVerdict) -> bool {
    signature.checks.iter().any(|check| matches!(check.result, CheckResult::Failed(_)))
}
