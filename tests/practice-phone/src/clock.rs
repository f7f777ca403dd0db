//! The clock of the flow's deadlines.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Counts while the machine sleeps too, and never backwards, so that no deadline is slept through. clock_gettime(2),
/// CLOCK_BOOTTIME.
pub(crate) fn now_ms() -> u64 {
    let since_boot = Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default();
    u64::try_from(since_boot.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The kernel's own count since boot, sleep included. proc_uptime(5).
    #[test]
    fn the_clock_counts_in_sleep() {
        let before_ms = now_ms();
        let told = fs::read_to_string("/proc/uptime").unwrap();
        let uptime_s: f64 = told.split(' ').next().unwrap().parse().unwrap();
        let uptime = Duration::from_secs_f64(uptime_s).as_millis();
        assert!(uptime.abs_diff(before_ms.into()) < 1_000, "{before_ms} {uptime}");
    }
}
