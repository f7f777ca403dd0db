/// Milliseconds on a clock that runs while the machine sleeps, so that no deadline is slept through.
#[cfg(unix)]
pub(crate) fn now_ms() -> u64 {
    let now = rustix::time::clock_gettime(SLEEPLESS);
    let (seconds, nanoseconds) = (u64::try_from(now.tv_sec), u64::try_from(now.tv_nsec));
    seconds.unwrap_or_default() * 1_000 + nanoseconds.unwrap_or_default() / 1_000_000
}

/// The performance counter, behind [`std::time::Instant`] there, counts in sleep as well.
#[cfg(windows)]
pub(crate) fn now_ms() -> u64 {
    static BEGINNING: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    let since = BEGINNING.get_or_init(std::time::Instant::now).elapsed();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(target_os = "linux")]
const SLEEPLESS: rustix::time::ClockId = rustix::time::ClockId::Boottime;
/// On macOS it counts in sleep.
#[cfg(all(unix, not(target_os = "linux")))]
const SLEEPLESS: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
