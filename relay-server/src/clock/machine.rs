//! What the machine shows of the time. A test can let it show something else.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use rustix::time::{ClockId, clock_gettime};

use super::{Moment, in_ms};

/// Clones are the same machine.
#[derive(Clone, Default)]
pub(super) struct Machine {
    /// What has passed for a test.
    ahead_ms: Arc<AtomicI64>,
    /// By what a test has set the system's time.
    set_by_ms: Arc<AtomicI64>,
    /// Where a test has stopped both.
    held: Arc<OnceLock<(i64, Moment)>>,
}

impl Machine {
    /// Counts while the machine sleeps too, and never backwards, whatever is done to the system's time.
    pub(super) fn since_boot_ms(&self) -> i64 {
        self.shown().0.saturating_add(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// What the system holds for the time of day, corrections and all.
    pub(super) fn time_of_day(&self) -> Moment {
        let corrections = [&self.ahead_ms, &self.set_by_ms].map(|part| part.load(Ordering::Relaxed));
        Moment::from_ms(corrections.into_iter().fold(self.shown().1.ms(), i64::saturating_add))
    }

    pub(super) fn put_forward(&self, by: Duration) {
        self.ahead_ms.fetch_add(in_ms(by), Ordering::Relaxed);
    }

    pub(super) fn set_time_of_day_by(&self, ms: i64) {
        self.set_by_ms.fetch_add(ms, Ordering::Relaxed);
    }

    pub(super) fn hold(&self) {
        self.held.get_or_init(shown);
    }

    fn shown(&self) -> (i64, Moment) {
        self.held.get().copied().unwrap_or_else(shown)
    }
}

/// Since the machine was started, and the time of day. clock_gettime(2), CLOCK_BOOTTIME.
fn shown() -> (i64, Moment) {
    let since_boot = Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default();
    (in_ms(since_boot), SystemTime::now().into())
}
