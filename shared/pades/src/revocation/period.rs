use std::time::{Duration, SystemTime};

use super::problem::RevocationProblem;

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
    pub(crate) now: SystemTime,
}

impl Period {
    /// What was said after the time in question counts as well: revocations do not vanish while a certificate lives.
    pub(super) fn check(self, moment: Moment) -> Result<(), RevocationProblem> {
        if lies_ahead(self.this_update, moment.now) {
            return Err(RevocationProblem::InTheFuture);
        }
        let ends = self.next_update.or_else(|| self.this_update.checked_add(WITHOUT_END));
        match ends.is_some_and(|ends| moment.judged <= ends && self.this_update <= ends) {
            true => Ok(()),
            false => Err(RevocationProblem::Expired),
        }
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
