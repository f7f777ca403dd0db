use std::time::{Duration, SystemTime};

use super::problem::RevocationProblem;
use super::status::CertificateStatus;
use crate::certificate::Certificate;

/// The time that a list or an answer speaks about. RFC 5280, section 5.1.2; RFC 6960, section 4.2.2.1.
#[derive(Clone, Copy)]
pub(super) struct Period {
    pub(super) this_update: SystemTime,
    pub(super) next_update: Option<SystemTime>,
}

/// When a question is asked, and about what time.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// The proven time of the signature, or now.
    pub(crate) judged: SystemTime,
    pub(crate) is_proven: bool,
    pub(crate) now: SystemTime,
}

impl Moment {
    /// Whether a certificate that is not named may have been taken off for its age; and whether it is asked about for a
    /// time when nobody answers for it any more.
    pub(super) fn is_after_the_end(self, period: Period, certificate: &Certificate) -> bool {
        period.this_update > certificate.not_after() || self.judged > certificate.not_after()
    }
}

impl Period {
    /// Whether what was said counts for the time in question. That a certificate was revoked for good stays true however
    /// long ago it was said. That it was not is said for the time of the answer: nothing from before a proven time
    /// clears what was signed by then.
    pub(super) fn check(self, status: CertificateStatus, moment: Moment) -> Result<(), RevocationProblem> {
        if lies_ahead(self.this_update, moment.now) {
            return Err(RevocationProblem::InTheFuture);
        }
        let by_then = status.revoked().filter(|revoked| !moment.is_proven || revoked.since <= moment.judged);
        if by_then.is_some_and(|revoked| !revoked.is_hold()) {
            return Ok(());
        }
        let ends = self.next_update.or_else(|| self.this_update.checked_add(WITHOUT_END));
        let is_current = ends.is_some_and(|ends| moment.judged <= ends && self.this_update <= ends);
        if !is_current {
            return Err(RevocationProblem::Expired);
        }
        let is_early = moment.is_proven && lies_ahead(moment.judged, self.this_update);
        match by_then.is_none() && is_early {
            true => Err(RevocationProblem::BeforeProvenTime),
            false => Ok(()),
        }
    }

    /// Whether the next answer was announced, and is not due yet. RFC 5019, section 4.
    pub(super) fn is_announced_current(self, now: SystemTime) -> bool {
        self.next_update.is_some_and(|next| now <= next)
    }
}

/// Further than clocks differ.
pub(super) fn lies_ahead(time: SystemTime, now: SystemTime) -> bool {
    now.checked_add(CLOCKS_DIFFER).is_none_or(|latest| time > latest)
}

/// How far ahead of ours an authority's clock may be.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5 * 60);

/// An answer that announces no next one says that newer ones can be had all the time: it is news for this long.
const WITHOUT_END: Duration = Duration::from_secs(60 * 60);
