use std::cell::Cell;
use std::time::{Duration, Instant};

/// What may be asked of the network for one verdict, and how long that may take in all: the document says how many
/// certificates there are to ask about.
pub(super) struct Allowance {
    questions_left: Cell<u32>,
    until: Cell<Option<Instant>>,
    ran_short: Cell<bool>,
}

impl Allowance {
    pub(super) fn new() -> Self {
        Self { questions_left: Cell::new(MOST_QUESTIONS), until: Cell::new(None), ran_short: Cell::new(false) }
    }

    /// How long the next question may take; None if nothing is left. The time runs from the first.
    pub(super) fn next(&self) -> Option<Duration> {
        let now = Instant::now();
        let until = self.until.get().unwrap_or(now + PATIENCE_FOR_ALL);
        self.until.set(Some(until));
        let (questions, time) = (self.questions_left.get(), until.saturating_duration_since(now));
        if questions == 0 || time < PATIENCE {
            self.ran_short.set(true);
        }
        self.questions_left.set(questions.checked_sub(1)?);
        (!time.is_zero()).then_some(time.min(PATIENCE))
    }

    /// Whether a question was not asked for this, or not with all its time.
    pub(super) fn ran_short(&self) -> bool {
        self.ran_short.get()
    }
}

/// Of nine signers, with the authorities behind their stamps.
const MOST_QUESTIONS: u32 = 48;

const PATIENCE: Duration = Duration::from_secs(10);
const PATIENCE_FOR_ALL: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_end_and_so_does_time() {
        let allowance = Allowance::new();
        assert!((0..48).all(|_| allowance.next().is_some()) && !allowance.ran_short());
        assert!(allowance.next().is_none() && allowance.ran_short());
        let late = Allowance::new();
        late.until.set(Some(Instant::now() + Duration::from_secs(3)));
        assert!(late.next().is_some_and(|left| left <= Duration::from_secs(3)));
        late.until.set(Some(Instant::now()));
        assert!(late.next().is_none() && late.ran_short());
    }
}
