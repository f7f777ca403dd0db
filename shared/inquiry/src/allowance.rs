use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What may be asked of the network for one verdict, and how long that may take in all: the document says how many
/// certificates there are to ask about.
pub struct Allowance {
    patience: Patience,
    state: Mutex<State>,
}

/// How long an answer may take, and all of one verdict together.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub each: Duration,
    pub all: Duration,
}

struct State {
    questions_left: u32,
    until: Option<Instant>,
    ran_short: bool,
}

impl Allowance {
    #[must_use]
    pub fn new(patience: Patience) -> Self {
        Self { patience, state: Mutex::new(State { questions_left: MOST_QUESTIONS, until: None, ran_short: false }) }
    }

    /// How long the next question may take; None if nothing is left. The time runs from the first.
    pub(crate) fn next(&self) -> Option<Duration> {
        let Patience { each, all } = self.patience;
        self.locked(|state| {
            let now = Instant::now();
            let left = state.until.get_or_insert(now + all).saturating_duration_since(now);
            if state.questions_left == 0 || left < each {
                state.ran_short = true;
            }
            state.questions_left = state.questions_left.checked_sub(1)?;
            (!left.is_zero()).then_some(left.min(each))
        })
    }

    /// Whether a question was not asked for this, or not with all its time.
    #[must_use]
    pub fn ran_short(&self) -> bool {
        self.locked(|state| state.ran_short)
    }

    fn locked<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Of nine signers, with the authorities behind their stamps.
const MOST_QUESTIONS: u32 = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_end_and_so_does_time() {
        let patience = Patience { each: Duration::from_secs(10), all: Duration::from_secs(60) };
        let allowance = Allowance::new(patience);
        assert!((0..48).all(|_| allowance.next().is_some()) && !allowance.ran_short());
        assert!(allowance.next().is_none() && allowance.ran_short());
        let late = Allowance::new(patience);
        late.locked(|state| state.until = Some(Instant::now() + Duration::from_secs(3)));
        assert!(late.next().is_some_and(|left| left <= Duration::from_secs(3)));
        late.locked(|state| state.until = Some(Instant::now()));
        assert!(late.next().is_none() && late.ran_short());
    }
}
