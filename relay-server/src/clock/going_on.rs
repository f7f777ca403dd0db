//! The clock over a restart: what became of the system's time while nobody ran is nothing to it, as long as the machine ran.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

use super::{Clock, Moment};

impl Clock {
    /// Goes on as the last process that kept its clock in this file, unless the machine was started anew since: then the
    /// system's time is all there is.
    pub fn go_on_as_kept_in(&self, file: &Path) {
        let Some(stood_ms) = std::fs::read_to_string(file).ok().and_then(|kept| at_boot(&kept, &boot()?)) else { return };
        let apart_ms = stood_ms.saturating_add(self.machine.since_boot_ms()).saturating_sub(self.now().ms());
        if apart_ms.abs() > WORTH_A_WORD_MS {
            tracing::warn!(apart_ms, "the system's time was set since the last start: what is running keeps its own");
        }
        self.corrected_ms.fetch_add(apart_ms, Ordering::Relaxed);
    }

    /// Whole or not at all. Without it the next process believes the system's time.
    pub fn keep_in(&self, file: &Path) -> io::Result<()> {
        let Some(boot) = boot() else { return Ok(()) };
        let kept = format!("{boot}\n{}\n", self.now().ms().saturating_sub(self.machine.since_boot_ms()));
        let unfinished = file.with_extension("new");
        let mut written = File::create(&unfinished)?;
        written.write_all(kept.as_bytes())?;
        written.sync_all()?;
        std::fs::rename(unfinished, file)
    }
}

/// What the clock showed when the machine was started; `None` for another start of it.
fn at_boot(kept: &str, boot: &str) -> Option<i64> {
    let (its_boot, ms) = kept.split_once('\n')?;
    ms.trim_end().parse().ok().filter(|ms| its_boot == boot && *ms > Moment::from_ms(0).ms())
}

/// Names this start of the machine. random(4).
fn boot() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim_end().to_owned())
}

/// What a machine's own corrections come to in a while.
const WORTH_A_WORD_MS: i64 = 10_000;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_goes_on_over_a_restart_whatever_was_done_to_the_systems_time() {
        let folder = tempfile::tempdir().expect("room for the test");
        let file = folder.path().join("clock");
        let first = Clock::start();
        first.hold();
        first.keep_in(&file).expect("room for it");
        for set_by_ms in [6 * 3_600_000, -12 * 3_600_000] {
            first.set_time_of_day_by(set_by_ms);
            first.put_forward(Duration::from_secs(60));
            let second = first.of_the_next_process();
            assert_ne!(second.now(), first.now(), "as without the file");
            second.go_on_as_kept_in(&file);
            assert_eq!(second.now(), first.now());
            second.keep_in(&file).expect("room for it");
        }
    }

    #[test]
    fn a_machine_that_was_started_anew_is_believed() {
        let folder = tempfile::tempdir().expect("room for the test");
        let file = folder.path().join("clock");
        for kept in ["another-start\n5000\n", "", "\n", "5000", "another-start\n"] {
            std::fs::write(&file, kept).expect("room for it");
            let clock = Clock::start();
            clock.hold();
            let before = clock.now();
            clock.go_on_as_kept_in(&file);
            assert_eq!(clock.now(), before, "{kept:?}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_gone_on_from() {
        for (kept, expected) in [("a\n5000\n", Some(5000)), ("a\n-5\n", None), ("a\nsoon\n", None), ("b\n5000\n", None)] {
            assert_eq!(at_boot(kept, "a"), expected, "{kept:?}");
        }
    }
}
