//! What may still be kept: documents, their images and the database stay within the operator's quota together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::DropProblem;
use crate::configuration::HEADROOM_PART;
use crate::store::{LONGEST_RESULT_BYTES, Store, StoreError};

/// The quota of one server. Clones share it.
#[derive(Clone)]
pub(super) struct Room {
    store: Store,
    quota_bytes: u64,
    /// What is on its way in.
    underway_bytes: Arc<AtomicU64>,
}

/// Room that something on its way in may fill, until it is dropped.
pub(super) struct Reservation {
    room: Room,
    bytes: u64,
}

impl Room {
    pub(super) fn new(store: Store, quota_bytes: u64) -> Self {
        Self { store, quota_bytes, underway_bytes: Arc::default() }
    }

    pub(super) async fn reserve(&self, bytes: u64) -> Result<Reservation, DropProblem> {
        let mut reservation = self.nothing();
        reservation.grow_to(bytes).await?;
        Ok(reservation)
    }

    /// A reservation that grows with what comes.
    pub(super) fn nothing(&self) -> Reservation {
        Reservation { room: self.clone(), bytes: 0 }
    }

    /// Whether a session may be opened: its result must find room however full the rest is.
    pub(super) async fn takes_a_session(&self) -> Result<bool, StoreError> {
        Ok(self.store.stored_bytes().await?.saturating_add(u64::from(LONGEST_RESULT_BYTES)) <= self.quota_bytes)
    }

    /// Kept free of documents and images, for what the database must still take: sessions and their results.
    fn headroom(&self) -> u64 {
        self.quota_bytes / HEADROOM_PART
    }
}

impl Reservation {
    /// Makes room for `bytes` in all.
    pub(super) async fn grow_to(&mut self, bytes: u64) -> Result<(), DropProblem> {
        let more = bytes.saturating_sub(self.bytes);
        let underway = self.room.underway_bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more);
        self.bytes += more;
        let needed = self.room.store.stored_bytes().await?.saturating_add(underway);
        if needed > self.room.quota_bytes - self.room.headroom() { Err(DropProblem::StorageFull) } else { Ok(()) }
    }
}

impl Reservation {
    /// Lets go what is not needed after all.
    pub(super) fn shrink_to(&mut self, bytes: u64) {
        let less = self.bytes.saturating_sub(bytes);
        self.room.underway_bytes.fetch_sub(less, Ordering::Relaxed);
        self.bytes -= less;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.room.underway_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_underway_counts_until_it_is_let_go() {
        let (_folder, room) = room(1_600_000).await;
        let first = room.reserve(800_000).await.expect("room");
        assert!(matches!(room.reserve(800_000).await, Err(DropProblem::StorageFull)));
        drop(first);
        let mut second = room.reserve(800_000).await.expect("room");
        second.shrink_to(100_000);
        assert!(room.reserve(800_000).await.is_ok());
        drop(second);
        assert_eq!(room.underway_bytes.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn documents_leave_a_part_of_the_quota_to_the_database() {
        let (_folder, room) = room(1_600_000).await;
        let own = room.store.stored_bytes().await.expect("a store");
        assert!(own > 0, "the database counts itself");
        assert!(room.reserve(1_500_000 - own).await.is_ok());
        assert!(room.reserve(1_500_001 - own).await.is_err());
        assert!(room.takes_a_session().await.expect("a store"));
    }

    async fn room(quota_bytes: u64) -> (tempfile::TempDir, Room) {
        let folder = tempfile::tempdir().expect("room for the test");
        let store = Store::open(&folder.path().join("test.sqlite")).await.expect("a new database");
        (folder, Room::new(store, quota_bytes))
    }
}
