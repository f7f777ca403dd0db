//! Time on the server: one clock that no change of the system's time moves, and the system's own for certificates.

mod going_on;
mod machine;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use machine::Machine;

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
/// system's time neither ends nor prolongs what is running. Deadlines are stored as absolute moments; a later process on a
/// machine that was not started anew goes on as this one, so they hold to the second over its restart too.
///
/// Clones show the same time.
#[derive(Clone)]
pub struct Clock {
    machine: Machine,
    started_at: Moment,
    started_ms: i64,
    /// What the system's time was off by at start, as far as is known.
    corrected_ms: Arc<AtomicI64>,
}

impl Clock {
    #[must_use]
    pub fn start() -> Self {
        Self::on(Machine::default())
    }

    #[must_use]
    pub fn now(&self) -> Moment {
        let counted_ms = self.machine.since_boot_ms().saturating_sub(self.started_ms);
        let parts = [counted_ms, self.corrected_ms.load(Ordering::Relaxed)];
        Moment::from_ms(parts.into_iter().fold(self.started_at.ms(), i64::saturating_add))
    }

    /// What the system holds for the time of day, corrections and all: for what certificates say, never for a deadline.
    #[must_use]
    pub fn time_of_day(&self) -> SystemTime {
        self.machine.time_of_day().into()
    }

    /// Never before `moment`: something that is stored happened then, so a system's time from before it is wrong, and
    /// deadlines that were stored under the right one would be far away. Called at start.
    pub fn not_before(&self, moment: Moment) {
        self.corrected_ms.fetch_add(in_ms(self.now().until(moment)), Ordering::Relaxed);
    }

    /// Puts the clock and its clones forward, and with them the system's time, so that a test need not wait for a deadline.
    pub fn put_forward(&self, by: Duration) {
        self.machine.put_forward(by);
    }

    /// Sets the system's time, as its owner or a time server might.
    pub fn set_time_of_day_by(&self, ms: i64) {
        self.machine.set_time_of_day_by(ms);
    }

    /// From now on time passes by [`Self::put_forward`] alone, so that a test can stand on a second.
    pub fn hold(&self) {
        self.machine.hold();
    }

    /// That of a process which starts now on the same machine.
    #[must_use]
    pub fn of_the_next_process(&self) -> Self {
        Self::on(self.machine.clone())
    }

    fn on(machine: Machine) -> Self {
        let (started_at, started_ms) = (machine.time_of_day(), machine.since_boot_ms());
        Self { machine, started_at, started_ms, corrected_ms: Arc::default() }
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
    fn setting_the_systems_time_moves_the_time_of_day_alone() {
        let clock = Clock::start();
        clock.hold();
        let (now, time_of_day) = (clock.now(), Moment::from(clock.time_of_day()));
        clock.set_time_of_day_by(-7_200_000);
        assert_eq!((clock.now(), Moment::from(clock.time_of_day()).ms()), (now, time_of_day.ms() - 7_200_000));
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
