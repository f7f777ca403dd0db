//! Work on sessions that nobody waits for: which is being done, and when the next try is due of what could not be finished.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::SessionId;

/// Clones share them.
#[derive(Clone)]
pub struct Background {
    /// A server that stops waits for these.
    running: TaskTracker,
    known: Arc<Mutex<HashMap<SessionId, Try>>>,
    places: Arc<Semaphore>,
    /// For those that could not be finished at once: however many they are, they keep no others waiting.
    places_for_tries: Arc<Semaphore>,
    longest_pause: Duration,
    stop: CancellationToken,
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    Done,
    TryAgain,
}

/// Work that is running or was not finished.
struct Try {
    failures: u32,
    /// None while it is running.
    next: Option<Instant>,
    /// Whether it was asked for while it is running.
    again: bool,
}

impl Background {
    /// So much at a time.
    #[must_use]
    pub fn of(places: usize) -> Self {
        Self {
            running: TaskTracker::new(),
            known: Arc::default(),
            places: Arc::new(Semaphore::new(places)),
            places_for_tries: Arc::new(Semaphore::new(1)),
            longest_pause: LONGEST_PAUSE,
            stop: CancellationToken::new(),
        }
    }

    /// So much at a time, too, of what could not be finished at once: for work that somebody waits for.
    #[must_use]
    pub(super) fn with_places_for_tries(self, places: usize) -> Self {
        Self { places_for_tries: Arc::new(Semaphore::new(places)), ..self }
    }

    /// For work that is soon of no use.
    #[must_use]
    pub(super) fn with_longest_pause(self, longest_pause: Duration) -> Self {
        Self { longest_pause, ..self }
    }

    /// Runs `work` in a task of its own, unless one of this session is running or its next try is not due yet.
    pub(super) fn start(&self, id: SessionId, work: impl Future<Output = Finish> + Send + 'static) {
        if !self.is_due(id, Instant::now()) {
            return;
        }
        let mut work = Some(work);
        self.run(id, move || work.take());
    }

    /// Runs `work` whether or not its next try is due: now, or once more when the run that is under way is over.
    pub(super) fn start_anew<F>(&self, id: SessionId, mut work: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output = Finish> + Send + 'static,
    {
        if !self.is_running_and_runs_again(id) {
            self.run(id, move || Some(work()));
        }
    }

    /// What could not be finished, and may be tried again now.
    pub(super) fn due(&self) -> Vec<SessionId> {
        let now = Instant::now();
        let is_due = |attempt: &Try| attempt.next.is_some_and(|next| next <= now);
        self.locked(|known| known.iter().filter(|(_, attempt)| is_due(attempt)).map(|(id, _)| *id).collect())
    }

    /// What is marked as running.
    fn run<F>(&self, id: SessionId, mut work: impl FnMut() -> Option<F> + Send + 'static)
    where
        F: Future<Output = Finish> + Send + 'static,
    {
        let mut running = Running { work: self.clone(), id, is_noted: false };
        self.running.spawn(async move {
            let stop = running.work.stop.clone();
            while let Some(work) = work() {
                let in_turn = async {
                    let _place = running.work.places_of(id).acquire_owned().await;
                    work.await
                };
                let finish = stop.run_until_cancelled(in_turn).await.unwrap_or(Finish::TryAgain);
                if !running.is_to_run_again(finish) {
                    return;
                }
            }
        });
    }

    /// How often work on this session could not be finished, since the start.
    pub(super) fn failures(&self, id: SessionId) -> u32 {
        self.locked(|known| known.get(&id).map_or(0, |attempt| attempt.failures))
    }

    /// Cancelled when what is running is to be given up.
    pub(super) fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Waits so long for what is running, and gives up the rest.
    pub(super) async fn finish(&self, longest: Duration) {
        self.running.close();
        if tokio::time::timeout(longest, self.running.wait()).await.is_err() {
            tracing::warn!("work on sessions is left to the next start");
            self.stop.cancel();
            self.running.wait().await;
        }
    }

    fn places_of(&self, id: SessionId) -> Arc<Semaphore> {
        let is_first_try = self.locked(|known| known.get(&id).is_none_or(|attempt| attempt.failures == 0));
        if is_first_try { self.places.clone() } else { self.places_for_tries.clone() }
    }

    /// Marks the check as running, if it may run.
    fn is_due(&self, id: SessionId, now: Instant) -> bool {
        self.locked(|known| {
            let attempt = known.entry(id).or_insert(Try { failures: 0, next: Some(now), again: false });
            attempt.next.take_if(|next| *next <= now).is_some()
        })
    }

    /// Marks it as running where it is not.
    fn is_running_and_runs_again(&self, id: SessionId) -> bool {
        self.locked(|known| {
            let attempt = known.entry(id).or_insert(Try { failures: 0, next: Some(Instant::now()), again: false });
            attempt.again = attempt.next.take().is_none();
            attempt.again
        })
    }

    /// Whether it was asked for meanwhile: then it goes on running.
    fn note_unless_asked_for(&self, id: SessionId, finish: Finish, now: Instant) -> bool {
        self.locked(|known| {
            let asked_for = known.get_mut(&id).filter(|attempt| attempt.again && !self.stop.is_cancelled());
            match asked_for {
                Some(attempt) => attempt.again = false,
                None => self.note_in(known, id, finish, now),
            }
            known.get(&id).is_some_and(|attempt| attempt.next.is_none())
        })
    }

    fn note(&self, id: SessionId, finish: Finish, now: Instant) {
        self.locked(|known| self.note_in(known, id, finish, now));
    }

    fn note_in(&self, known: &mut HashMap<SessionId, Try>, id: SessionId, finish: Finish, now: Instant) {
        match (finish, known.get_mut(&id)) {
            (Finish::TryAgain, Some(attempt)) => {
                attempt.next = Some(now + pause(attempt.failures).min(self.longest_pause));
                attempt.failures += 1;
                attempt.again = false;
            }
            _ => drop(known.remove(&id)),
        }
    }

    fn locked<T>(&self, work: impl FnOnce(&mut HashMap<SessionId, Try>) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Notes how work ended, even if it panicked.
struct Running {
    work: Background,
    id: SessionId,
    is_noted: bool,
}

impl Running {
    fn is_to_run_again(&mut self, finish: Finish) -> bool {
        let runs_again = self.work.note_unless_asked_for(self.id, finish, Instant::now());
        self.is_noted = !runs_again;
        runs_again
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_noted {
            self.work.note(self.id, Finish::TryAgain, Instant::now());
        }
    }
}

fn pause(failures: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(LONGEST_PAUSE)
}

const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_is_running_is_not_started_again() {
        let (checks, now) = (Background::of(4), Instant::now());
        assert!(checks.is_due(id(), now));
        assert!(!checks.is_due(id(), now + LONGEST_PAUSE));
        checks.note(id(), Finish::Done, now);
        assert_eq!(checks.locked(|known| known.len()), 0, "nothing is kept of what is done");
    }

    #[test]
    fn a_check_that_fails_is_tried_again_after_ever_longer_pauses() {
        let (checks, now) = (Background::of(4), Instant::now());
        assert!(checks.is_due(id(), now));
        checks.note(id(), Finish::TryAgain, now);
        assert_eq!(checks.failures(id()), 1);
        assert!(!checks.is_due(id(), now + FIRST_PAUSE / 2));
        assert!(checks.is_due(id(), now + FIRST_PAUSE));
        checks.note(id(), Finish::TryAgain, now);
        assert!(!checks.is_due(id(), now + FIRST_PAUSE));
        assert!(checks.is_due(id(), now + FIRST_PAUSE * 2));
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }

    #[tokio::test]
    async fn checks_that_failed_before_keep_no_others_waiting() {
        let checks = Background::of(4);
        for number in 0..20 {
            let stuck = SessionId::from_bytes([number + 100; 16]);
            checks.locked(|known| known.insert(stuck, Try { failures: 1, next: Some(Instant::now()), again: false }));
            checks.start(stuck, std::future::pending());
        }
        let (told, done) = tokio::sync::oneshot::channel();
        checks.start(id(), async move {
            told.send(()).ok();
            Finish::Done
        });
        tokio::time::timeout(Duration::from_secs(5), done).await.expect("a place").expect("a check");
    }

    #[tokio::test]
    async fn what_is_asked_for_while_it_runs_runs_once_more() {
        let (work, runs, go_on) = (Background::of(4), Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        for _ in 0..4 {
            let (runs, go_on) = (runs.clone(), go_on.clone());
            work.start_anew(id(), move || {
                let (runs, go_on) = (runs.clone(), go_on.clone());
                async move {
                    runs.add_permits(1);
                    go_on.acquire().await.expect("open").forget();
                    Finish::Done
                }
            });
        }
        go_on.add_permits(10);
        work.finish(Duration::from_secs(5)).await;
        assert_eq!(runs.available_permits(), 2);
        assert_eq!(work.locked(|known| known.len()), 0, "nothing is kept of what is done");
    }

    #[tokio::test]
    async fn a_server_that_stops_does_not_wait_for_ever_for_a_check() {
        let checks = Background::of(4);
        checks.start(id(), std::future::pending());
        let stopped = tokio::time::timeout(Duration::from_secs(5), checks.finish(Duration::from_millis(50))).await;
        assert!(stopped.is_ok() && checks.stopping().is_cancelled());
    }

    fn id() -> SessionId {
        SessionId::from_bytes([1; 16])
    }
}
