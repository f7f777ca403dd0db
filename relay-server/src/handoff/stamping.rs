//! Time stamps on signed documents: at completion, or later where no authority gave one.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arithmetic::AwsLc;
use pades::{
    ByteRange, Joined, PdfProblem, PrepareOptions, Source, StampPlace, Stamped, TimeStamp, Trust, Verdict, VerdictState,
};
use tokio_util::sync::CancellationToken;

use super::check::{Sound, apply};
use super::giving_up::is_stamp_given_up;
use super::revocation::Until;
use super::session::{SessionProblem, Sessions};
use super::settlement::{LONGEST_CHECK, unfinished};
use super::verdict;
use crate::clock::Moment;
use crate::document::{Bounded, Document, FileSource, Piece};
use crate::store::TimeStampDue;

/// What came of asking for a time stamp.
enum Asked {
    Given(Sound),
    NotGiven,
    /// One was given, and the signature is better without it: the certificate ended before the time that it proves.
    Unfit,
}

/// Whether a stamped document may be longer: that takes room, for want of which no completion waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Growth {
    Allowed,
    Refused,
}

impl Sessions {
    /// At completion: the document with its time stamp, or as it is, and then when to ask again. Whatever goes wrong, the
    /// signature stands.
    pub(super) async fn stamp_now(&self, document: &Document, sound: Sound) -> (Sound, Option<Moment>) {
        if !self.service.authorities.are_named() {
            return (sound, None);
        }
        if self.service.authorities.were_silent() {
            return (sound, Some(self.clock.now()));
        }
        let Sound { revision, verdict } = sound;
        let revision = Arc::new(revision);
        let asked = self.ask(document, &revision, Growth::Refused, &self.background.stopping()).await;
        let unstamped = || Sound { revision: revision.to_vec(), verdict };
        match asked {
            Ok(Asked::Given(stamped)) => (stamped, None),
            Ok(Asked::Unfit) => (unstamped(), None),
            Ok(Asked::NotGiven) => (unstamped(), Some(self.clock.now())),
            Err(error) => {
                tracing::error!(document = %document.id, %error, "a time stamp is left for later");
                (unstamped(), Some(self.clock.now()))
            }
        }
    }

    /// Sees to the documents that wait for a time stamp, until none is due or no authority gives one.
    pub async fn stamp_due(&self, stop: &CancellationToken) -> Result<(), SessionProblem> {
        while self.service.authorities.can_be_asked() && !stop.is_cancelled() {
            let Some(due) = self.store.next_time_stamp(self.clock.now()).await? else { break };
            let is_settled = self.stamp_later(&due, stop).await.unwrap_or_else(|error| {
                tracing::error!(document = %due.document, %error, "a time stamp is tried again later");
                false
            });
            if !is_settled && !stop.is_cancelled() {
                self.store.put_off_time_stamp(&due, self.clock.now().plus(pause(due.tries))).await?;
            }
        }
        metrics::gauge!("kazasu_time_stamps_due")
            .set(f64::from(u32::try_from(self.store.time_stamps_due().await?).unwrap_or(u32::MAX)));
        Ok(())
    }

    /// `false` where it is to be tried again. A document whose lifetime has ended gets none.
    async fn stamp_later(&self, due: &TimeStampDue, stop: &CancellationToken) -> Result<bool, SessionProblem> {
        let Some(document) = self.documents.living(due.document).await? else { return self.settled(due, None).await };
        let revision = Arc::new(self.documents.read(document.id, Piece::Signed).await?);
        // Kept by a server that was killed before it could say so.
        if let Some(verdict) = self.verdict_if_stamped(&document, &revision).await? {
            let kept = self.asked(&document, Sound { revision: revision.to_vec(), verdict }, Until::for_one_result()).await;
            return self.settled(due, kept.ok().as_ref().map(|kept| &kept.verdict)).await;
        }
        let asked = match self.ask(&document, &revision, Growth::Allowed, stop).await {
            Err(problem) if is_stamp_given_up(&problem, due.tries) => {
                tracing::error!(document = %document.id, %problem, "a time stamp is given up");
                return self.settled(due, None).await;
            }
            asked => asked?,
        };
        match asked {
            Asked::NotGiven => Ok(false),
            Asked::Unfit => self.settled(due, None).await,
            Asked::Given(_) if self.documents.living(document.id).await?.is_none() => self.settled(due, None).await,
            Asked::Given(stamped) => {
                // As it stands it is better off than with a time that comes after a revocation.
                let Ok(stamped) = self.asked(&document, stamped, Until::for_one_result()).await else {
                    return self.settled(due, None).await;
                };
                self.documents.keep_stamped(&document, stamped.revision).await?;
                tracing::info!(document = %document.id, session = %due.session, "stamped later");
                self.settled(due, Some(&stamped.verdict)).await
            }
        }
    }

    async fn settled(&self, due: &TimeStampDue, verdict: Option<&Verdict>) -> Result<bool, SessionProblem> {
        let view = verdict.map(|verdict| serde_json::to_string(&verdict::view(verdict)));
        let view = view.transpose().map_err(|_| SessionProblem::Unreadable)?;
        self.store.settle_time_stamp(due, view.as_deref()).await?;
        Ok(true)
    }

    /// In the signature, or over the whole document where it cannot be there and the document may grow. A token that is too
    /// large for its usual place gets one that holds whatever an answer can hold.
    async fn ask(
        &self,
        document: &Document,
        revision: &Arc<Vec<u8>>,
        growth: Growth,
        stop: &CancellationToken,
    ) -> Result<Asked, SessionProblem> {
        for is_whole in [false, true] {
            let mut options = PrepareOptions::new(self.clock.time_of_day(), rand::random());
            if is_whole {
                options.contents_bytes = LARGEST_TOKEN_BYTES;
            }
            let own = document.byte_range;
            let place = self.over(document, revision, move |signed| signed.find(own, &options, is_whole)).await?;
            if growth == Growth::Refused && matches!(place, StampPlace::Document(_)) {
                break;
            }
            let request = place.request().map_err(|_| SessionProblem::Unreadable)?;
            let Some(stamp) = self.service.authorities.ask(request, &self.service.trust, stop).await else {
                return Ok(Asked::NotGiven);
            };
            let (service, now) = (self.service.clone(), self.clock.time_of_day());
            let bring_in = move |signed: &Signed| signed.with(&place, &stamp, own, (&service.trust, now));
            match self.over(document, revision, bring_in).await {
                Err(SessionProblem::Pdf(PdfProblem::SignatureTooLarge { .. })) if !is_whole => {}
                stamped => return Ok(stamped?.map_or(Asked::Unfit, Asked::Given)),
            }
        }
        Ok(Asked::NotGiven)
    }

    async fn verdict_if_stamped(&self, document: &Document, revision: &Arc<Vec<u8>>) -> Result<Option<Verdict>, SessionProblem> {
        let (service, own, now) = (self.service.clone(), document.byte_range, self.clock.time_of_day());
        let judge = move |signed: &Signed| {
            let verdict = pades::verify(&Joined(&signed.original, &*signed.revision), &service.trust, &AwsLc, now)?;
            let is_proven = own_signature(&verdict, own).is_some_and(|signature| signature.proven_time.is_some());
            Ok(is_proven.then_some(verdict))
        };
        self.over(document, revision, judge).await
    }

    /// Work that reads the signed document, on a thread that may block.
    async fn over<T: Send + 'static>(
        &self,
        document: &Document,
        revision: &Arc<Vec<u8>>,
        work: impl FnOnce(&Signed) -> Result<T, PdfProblem> + Send + 'static,
    ) -> Result<T, SessionProblem> {
        let original = self.documents.source(document.id, Piece::Original).await?;
        let original = Bounded::new(original, LONGEST_CHECK, self.background.stopping());
        let signed = Signed { original, revision: revision.clone() };
        Ok(tokio::task::spawn_blocking(move || work(&signed)).await.map_err(unfinished)??)
    }
}

/// A signed document in its two pieces.
struct Signed {
    original: Bounded<FileSource>,
    revision: Arc<Vec<u8>>,
}

impl Signed {
    fn find(&self, own: [u64; 4], options: &PrepareOptions, is_whole: bool) -> Result<StampPlace, PdfProblem> {
        let source = Joined(&self.original, &*self.revision);
        match ByteRange::from_numbers(own) {
            Some(own) if !is_whole => StampPlace::of_signature(&source, &own, options),
            _ => StampPlace::whole_document(&source, options),
        }
    }

    /// With the time stamp in its place; None if its own signature is then invalid.
    fn with(
        &self,
        place: &StampPlace,
        stamp: &TimeStamp,
        own: [u64; 4],
        (trust, now): (&Trust, SystemTime),
    ) -> Result<Option<Sound>, PdfProblem> {
        let mut revision = self.revision.to_vec();
        match place.stamp(&Joined(&self.original, &revision), stamp)? {
            Stamped::InPlace(patch) => {
                apply(&patch, self.original.len(), &mut revision).ok_or(PdfProblem::NothingToStamp)?;
            }
            Stamped::Appended(further) => revision.extend(further),
        }
        let verdict = pades::verify(&Joined(&self.original, &revision), trust, &AwsLc, now)?;
        let holds = own_signature(&verdict, own).is_some_and(|signature| signature.state != VerdictState::Invalid);
        Ok(holds.then_some(Sound { revision, verdict }))
    }
}

pub(super) fn own_signature(verdict: &Verdict, own: [u64; 4]) -> Option<&pades::SignatureVerdict> {
    let own = ByteRange::from_numbers(own)?;
    verdict.signatures.iter().find(|signature| signature.byte_range == Some(own))
}

fn pause(tries: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1_u32.checked_shl(tries).unwrap_or(u32::MAX)).min(LONGEST_PAUSE)
}

/// A token is a part of an answer, which is no longer than `pades::MAX_ANSWER_BYTES`.
const LARGEST_TOKEN_BYTES: u32 = 64 * 1024;
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_answer_holds_no_token_without_a_place() {
        assert_eq!(usize::try_from(LARGEST_TOKEN_BYTES), Ok(pades::MAX_ANSWER_BYTES));
    }
}
