//! What a person is told when everything ends here and now.

use super::State;
use super::over::Ending;
use crate::boundary::{Facts, Sent, TrySpent};

impl State {
    /// Never better than the truth: what is not known counts as unknown.
    pub(super) fn facts(&self) -> Facts {
        let unsigned = |try_spent| Facts { try_spent, ..Facts::NOTHING_HAPPENED };
        match self {
            Self::Scan { problem } => problem.as_ref().map_or(Facts::NOTHING_HAPPENED, |failure| failure.facts),
            Self::Knock(_) | Self::Prove(_) => Facts::NOTHING_HAPPENED,
            Self::Rehearse(rehearsing) => rehearsing.facts(),
            Self::Talk(talking) => unsigned(talking.spent()),
            Self::Deliver(delivering) => delivering.facts(),
            Self::Over(over) => over.ending.facts(),
            other => unsigned(other.unsigned_session().map_or(TrySpent::Unknown, |session| session.spent)),
        }
    }
}

impl Ending {
    fn facts(&self) -> Facts {
        match self {
            Self::Done { .. } => Facts { signed: true, try_spent: TrySpent::No, sent: Sent::Signature },
            Self::Declined { facts } => *facts,
            Self::Failed { failure, .. } => failure.facts,
        }
    }
}
