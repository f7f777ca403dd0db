//! Time on the server: one clock that no change of the system's time moves, and the system's own for certificates.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};

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

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self { ms: self.ms.saturating_sub(in_ms(span)) }
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

/// Reads the system's time once, at start, and counts on from there, through any sleep of the machine: a jump of the
/// system's time neither ends nor prolongs what is running. Deadlines are stored as absolute moments, so they hold across
/// a restart.
///
/// Clones show the same time.
#[derive(Clone)]
pub struct Clock {
    started_at: Moment,
    started: Duration,
    /// What the system's time was behind at start.
    behind_ms: Arc<AtomicI64>,
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    #[must_use]
    pub fn start() -> Self {
        Self { started_at: SystemTime::now().into(), started: since_boot(), behind_ms: Arc::default(), ahead_ms: Arc::default() }
    }

    #[must_use]
    pub fn now(&self) -> Moment {
        let counted = self.started_at.plus(since_boot().saturating_sub(self.started));
        let corrections = [&self.behind_ms, &self.ahead_ms].map(|part| part.load(Ordering::Relaxed));
        Moment::from_ms(corrections.into_iter().fold(counted.ms(), i64::saturating_add))
    }

    /// What the system holds for the time of day, corrections and all: for what certificates say, never for a deadline.
    #[must_use]
    pub fn time_of_day(&self) -> SystemTime {
        let system = Moment::from(SystemTime::now());
        Moment::from_ms(system.ms().saturating_add(self.ahead_ms.load(Ordering::Relaxed))).into()
    }

    /// Never before `moment`: something that is stored happened then, so a system's time from before it is wrong, and
    /// deadlines that were stored under the right one would be far away. Called at start.
    pub fn not_before(&self, moment: Moment) {
        self.behind_ms.fetch_add(in_ms(self.now().until(moment)), Ordering::Relaxed);
    }

    /// Puts the clock and its clones forward, so that a test need not wait for a deadline.
    pub fn put_forward(&self, by: Duration) {
        self.ahead_ms.fetch_add(in_ms(by), Ordering::Relaxed);
    }
}

/// Counts while the machine sleeps too, and never backwards. clock_gettime(2), CLOCK_BOOTTIME.
fn since_boot() -> Duration {
    Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default()
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

    #[test]
    fn a_clock_never_stands_before_what_has_happened() {
        let clock = Clock::start();
        let happened = clock.now().plus(Duration::from_secs(86_400));
        clock.not_before(happened);
        assert!(clock.now() >= happened);
        clock.not_before(Moment::from_ms(1_000));
        assert!(clock.now() >= happened, "what is long past says nothing");
        assert!(Moment::from(clock.time_of_day()) < happened, "certificates are measured by the system's time");
    }

    #[test]
    fn the_clock_goes_on_from_the_systems_time() {
        let clock = Clock::start();
        std::thread::sleep(Duration::from_millis(20));
        let apart_ms = clock.now().ms() - Moment::from(SystemTime::now()).ms();
        assert!(apart_ms.abs() < 1_000, "{apart_ms}");
        assert!(Moment::from(clock.time_of_day()).ms() - clock.now().ms() < 1_000);
    }
}
