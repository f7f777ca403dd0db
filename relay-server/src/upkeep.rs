//! What the server does by itself: ends what is overdue, checks what waits, deletes what has had its time.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::http::App;

/// Runs until `stop`. Whatever fails is tried again at its next turn.
pub(crate) async fn keep_up(app: App, stop: CancellationToken) {
    let mut deadlines = interval(EVERY_SECOND);
    let mut checks = interval(BETWEEN_CHECKS);
    let mut lifetimes = interval(BETWEEN_DELETIONS);
    for ticks in [&mut deadlines, &mut checks, &mut lifetimes] {
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = deadlines.tick() => log("deadlines", app.relay.expire_overdue().await),
            _ = checks.tick() => log("checks", app.handoffs.settle_delivered().await),
            _ = lifetimes.tick() => {
                log("lifetimes", app.documents.delete_expired().await);
                app.refused_calls.forget_quiet();
                app.metrics.run_upkeep();
            }
        }
    }
}

fn log<E: std::fmt::Display>(what: &str, done: Result<(), E>) {
    if let Err(error) = done {
        tracing::error!(what, %error, "upkeep failed and is tried again");
    }
}

/// A page shows an expiry at most this much late; the deadline itself is exact.
const EVERY_SECOND: Duration = Duration::from_secs(1);
/// Results are checked when they arrive; this is for those that could not be, and for a start.
const BETWEEN_CHECKS: Duration = Duration::from_secs(5);
const BETWEEN_DELETIONS: Duration = Duration::from_secs(60);
