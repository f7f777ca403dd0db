//! Which results are being checked, and when the next try of those is due that could not be finished.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use wire::SessionId;

/// Clones share them.
#[derive(Clone)]
pub(super) struct Checks {
    /// A server that stops waits for these.
    running: TaskTracker,
    known: Arc<Mutex<HashMap<SessionId, Try>>>,
    places: Arc<Semaphore>,
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    Done,
    TryAgain,
}

/// A check that is running or was not finished.
struct Try {
    failures: u32,
    /// None while it is running.
    next: Option<Instant>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { running: TaskTracker::new(), known: Arc::default(), places: Arc::new(Semaphore::new(CHECKS_AT_A_TIME)) }
    }
}

impl Checks {
    /// Runs `check` in a task of its own, unless one of this session is running or its next try is not due yet.
    pub(super) fn start(&self, id: SessionId, check: impl Future<Output = Finish> + Send + 'static) {
        if !self.is_due(id, Instant::now()) {
            return;
        }
        let running = Running { checks: self.clone(), id, finish: Finish::TryAgain };
        self.running.spawn(async move {
            let mut running = running;
            let Ok(_place) = running.checks.places.clone().acquire_owned().await else { return };
            running.finish = check.await;
        });
    }

    pub(super) async fn finish(&self) {
        self.running.close();
        self.running.wait().await;
    }

    /// Marks the check as running, if it may run.
    fn is_due(&self, id: SessionId, now: Instant) -> bool {
        self.locked(|known| {
            let attempt = known.entry(id).or_insert(Try { failures: 0, next: Some(now) });
            attempt.next.take_if(|next| *next <= now).is_some()
        })
    }

    fn note(&self, id: SessionId, finish: Finish, now: Instant) {
        self.locked(|known| match (finish, known.get_mut(&id)) {
            (Finish::TryAgain, Some(attempt)) => {
                attempt.next = Some(now + pause(attempt.failures));
                attempt.failures += 1;
            }
            _ => drop(known.remove(&id)),
        });
    }

    fn locked<T>(&self, work: impl FnOnce(&mut HashMap<SessionId, Try>) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Notes how a check ended, even if it panicked.
struct Running {
    checks: Checks,
    id: SessionId,
    finish: Finish,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.checks.note(self.id, self.finish, Instant::now());
    }
}

fn pause(failures: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(LONGEST_PAUSE)
}

/// A check reads the whole document and computes; more would only wait for the same disk and cores.
const CHECKS_AT_A_TIME: usize = 4;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_is_running_is_not_started_again() {
        let (checks, now) = (Checks::default(), Instant::now());
        assert!(checks.is_due(id(), now));
        assert!(!checks.is_due(id(), now + LONGEST_PAUSE));
        checks.note(id(), Finish::Done, now);
        assert_eq!(checks.locked(|known| known.len()), 0, "nothing is kept of what is done");
    }

    #[test]
    fn a_check_that_fails_is_tried_again_after_ever_longer_pauses() {
        let (checks, now) = (Checks::default(), Instant::now());
        assert!(checks.is_due(id(), now));
        checks.note(id(), Finish::TryAgain, now);
        assert!(!checks.is_due(id(), now + FIRST_PAUSE / 2));
        assert!(checks.is_due(id(), now + FIRST_PAUSE));
        checks.note(id(), Finish::TryAgain, now);
        assert!(!checks.is_due(id(), now + FIRST_PAUSE));
        assert!(checks.is_due(id(), now + FIRST_PAUSE * 2));
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }

    fn id() -> SessionId {
        SessionId::from_bytes([1; 16])
    }
}
