use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use wire::SessionId;

/// Tells those who wait for a session that its row has changed. What it changed to, they read from the store: a wake-up
/// that is lost or doubled does no harm.
#[derive(Clone, Default)]
pub struct Live {
    sessions: Arc<Mutex<HashMap<SessionId, watch::Sender<()>>>>,
    closed: CancellationToken,
}

/// Somebody who waits for changes of one session.
pub struct Listener {
    id: SessionId,
    live: Live,
    changes: watch::Receiver<()>,
}

impl Live {
    /// Listen first, then read the row: a change in between is then noticed.
    #[must_use]
    pub fn listen(&self, id: SessionId) -> Listener {
        let changes = self.locked(|sessions| sessions.entry(id).or_insert_with(|| watch::Sender::new(())).subscribe());
        Listener { id, live: self.clone(), changes }
    }

    pub fn announce(&self, id: SessionId) {
        self.locked(|sessions| {
            if let Some(session) = sessions.get(&id) {
                session.send_replace(());
            }
        });
    }

    /// Wakes everybody for the last time, so that waiting answers end before the server stops.
    pub fn close(&self) {
        self.closed.cancel();
    }

    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    fn locked<T>(&self, work: impl FnOnce(&mut HashMap<SessionId, watch::Sender<()>>) -> T) -> T {
        work(&mut self.sessions.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listener {
    /// Returns at the next change, or at once if there was one since the last call or the server is about to stop.
    pub async fn changed(&mut self) {
        let closed = self.live.closed.clone();
        // The sender lives in the map for as long as this listener does, so waiting ends with a change.
        let _ = closed.run_until_cancelled(self.changes.changed()).await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.live.locked(|sessions| {
            if sessions.get(&self.id).is_some_and(|session| session.receiver_count() <= 1) {
                sessions.remove(&self.id);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_between_listening_and_waiting_is_noticed() {
        let live = Live::default();
        let mut listener = live.listen(id());
        live.announce(id());
        listener.changed().await;
    }

    #[test]
    fn nothing_is_kept_of_a_session_that_nobody_waits_for() {
        let live = Live::default();
        let first = live.listen(id());
        let second = live.listen(id());
        drop(first);
        assert_eq!(live.locked(|sessions| sessions.len()), 1);
        drop(second);
        assert_eq!(live.locked(|sessions| sessions.len()), 0);
    }

    fn id() -> SessionId {
        SessionId::from_bytes([3; 16])
    }
}
