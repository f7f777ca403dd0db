use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::DrawingProblem;
use crate::household::Household;

/// Places for children and for other work on a stranger's document. However much one caller asks for, it holds one of them at a time. Clones share them.
#[derive(Clone)]
pub(crate) struct Queue {
    places: Arc<Semaphore>,
    turns: Arc<Mutex<HashMap<Household, Weak<tokio::sync::Mutex<()>>>>>,
}

/// Held for as long as the work takes.
pub(crate) struct Place {
    _place: OwnedSemaphorePermit,
    _turn: OwnedMutexGuard<()>,
}

impl Queue {
    pub(crate) fn of(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), turns: Arc::default() }
    }

    /// The caller's turn first, then a place: so nobody waits for a place behind the many calls of one.
    pub(crate) async fn place(&self, caller: Household) -> Result<Place, DrawingProblem> {
        let in_turn = async {
            let turn = self.turn_of(caller).lock_owned().await;
            let place = self.places.clone().acquire_owned().await.map_err(|_| DrawingProblem::GaveUp)?;
            Ok(Place { _place: place, _turn: turn })
        };
        tokio::time::timeout(LONGEST_WAIT, in_turn).await.map_err(|_| DrawingProblem::Busy)?
    }

    fn turn_of(&self, caller: Household) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        let known = turns.get(&caller).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let turn = Arc::default();
            turns.insert(caller, Arc::downgrade(&turn));
            turn
        })
    }
}

/// For a place to come free.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_caller_takes_one_place_however_much_it_asks_for() {
        let queue = Queue::of(2);
        let greedy = queue.place(caller(1)).await.expect("a place");
        let more: Vec<_> = (0..5).map(|_| tokio::spawn(wait(queue.clone(), caller(1)))).collect();
        tokio::task::yield_now().await;
        let other = tokio::time::timeout(Duration::from_secs(5), queue.place(caller(2))).await;
        assert!(other.is_ok_and(|place| place.is_ok()));
        drop(greedy);
        for one in more {
            assert!(one.await.expect("no panic"), "each gets its turn");
        }
        assert!(queue.places.available_permits() == 2);
    }

    #[tokio::test]
    async fn nothing_is_remembered_of_callers_who_are_gone() {
        let queue = Queue::of(1);
        for number in 0..100 {
            drop(queue.place(caller(number)).await);
        }
        assert!(queue.turns.lock().unwrap_or_else(PoisonError::into_inner).len() <= 1);
    }

    async fn wait(queue: Queue, caller: Household) -> bool {
        queue.place(caller).await.is_ok()
    }

    fn caller(number: u8) -> Household {
        Household::of([192, 0, 2, number].into())
    }
}
