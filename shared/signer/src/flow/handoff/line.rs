//! What a relay's answers show by the way: how the line does, and whether this device's clock is right.

use std::time::{Duration, SystemTime};

use crate::boundary::{ClockLine, NetworkLine, RelayAnswer};
use crate::flow::Moment;
use crate::flow::calls::Pending;

/// The rehearsal's lines on network and clock, from the calls that had to be made anyway.
#[derive(Clone, Copy, Default)]
pub(super) struct Observed {
    slowest_ms: u64,
    was_lost: bool,
    is_clock_off: bool,
}

impl Observed {
    /// Only of answers by the relay: a key file may come from a cache, with the date when it was put there.
    pub(super) fn note(&mut self, asked: &Pending, answer: &RelayAnswer, now: Moment) {
        let RelayAnswer::Answered { body, .. } = answer else {
            self.was_lost = true;
            return;
        };
        // A question that waits for news takes as long as the news does.
        if !asked.waits() {
            self.slowest_ms = self.slowest_ms.max(now.elapsed_ms.saturating_sub(asked.asked_at_ms));
        }
        if let Some(date) = body.head().date {
            self.is_clock_off = apart(date, now.wall) > CLOCK_TOLERANCE;
        }
    }

    pub(super) fn network(self) -> NetworkLine {
        if self.was_lost || self.slowest_ms > SLOW_ANSWER_MS { NetworkLine::Slow } else { NetworkLine::Quick }
    }

    /// Right where nothing speaks against it.
    pub(super) fn clock(self) -> ClockLine {
        if self.is_clock_off { ClockLine::Off } else { ClockLine::Right }
    }
}

fn apart(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

/// A claim or reveal is a few hundred bytes: with name, TCP and TLS to set up, half a second on a phone.
const SLOW_ANSWER_MS: u64 = 2_000;

/// What Kerberos allows by default (RFC 4120, section 5.2.3, in common use): far above a slow answer and a missed
/// leap second, and far below a day, by which certificates end.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);
