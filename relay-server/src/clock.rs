//! Time on the server: one clock that no change of the system's time moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A point in time on the server's [`Clock`], in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    ms: i64,
}

impl Moment {
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self { ms }
    }

    #[must_use]
    pub fn ms(self) -> i64 {
        self.ms
    }

    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self { ms: self.ms.saturating_add(in_ms(span)) }
    }

    /// Zero when `later` has passed already.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        let ms = later.ms.saturating_sub(self.ms);
        Duration::from_millis(u64::try_from(ms).unwrap_or(0))
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        Self { ms: time.duration_since(UNIX_EPOCH).map_or(0, in_ms) }
    }
}

impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(moment.ms).unwrap_or(0))
    }
}

/// Reads the system's time once, at start, and counts on from there: a jump of the system's time neither ends nor
/// prolongs what is running. Deadlines are stored as absolute moments, so they hold across a restart.
///
/// Clones show the same time.
#[derive(Clone)]
pub struct Clock {
    started_at: SystemTime,
    started: Instant,
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    #[must_use]
    pub fn start() -> Self {
        Self { started_at: SystemTime::now(), started: Instant::now(), ahead_ms: Arc::default() }
    }

    #[must_use]
    pub fn now(&self) -> Moment {
        let ahead_ms = self.ahead_ms.load(Ordering::Relaxed);
        let counted = Moment::from(self.started_at).plus(self.started.elapsed());
        Moment::from_ms(counted.ms().saturating_add(ahead_ms))
    }

    /// Puts the clock and its clones forward, so that a test need not wait for a deadline.
    pub fn put_forward(&self, by: Duration) {
        self.ahead_ms.fetch_add(in_ms(by), Ordering::Relaxed);
    }
}

fn in_ms(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_has_passed_is_zero_away() {
        let now = Moment::from_ms(5_000);
        assert_eq!(now.until(Moment::from_ms(4_000)), Duration::ZERO);
        assert_eq!(now.until(now.plus(Duration::from_secs(2))), Duration::from_secs(2));
    }

    #[test]
    fn clones_of_a_clock_go_forward_together() {
        let clock = Clock::start();
        let before = clock.clone().now();
        clock.clone().put_forward(Duration::from_secs(600));
        assert!(before.until(clock.now()) >= Duration::from_secs(600));
    }
}
