//! What the server does by itself: ends what is overdue, checks what waits, deletes what has had its time.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::{Ready, ready};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::http::relay::RelayApp;
use crate::http::{App, RefusedCalls};

/// Runs until `stop`. Whatever fails is tried again at its next turn, and nothing waits for another's slow turn.
pub(crate) async fn keep_up(app: App, stop: CancellationToken) {
    tokio::join!(
        every(BETWEEN_CHECKS, "checks", &stop, || app.sessions.settle_delivered()),
        every(BETWEEN_CHECKS, "requests", &stop, || app.sessions.furnish_matched()),
        every(BETWEEN_CHECKS, "time stamps", &stop, || app.sessions.stamp_due(&stop)),
        app.sessions.follow(&stop),
        every(BETWEEN_CHECKS, "neglected sessions", &stop, || app.sessions.catch_up_with_neglected()),
        every(BETWEEN_LOOKS, "claimed sessions", &stop, || app.sessions.catch_up_with_claimed()),
        every(BETWEEN_DELETIONS, "keys", &stop, || app.sessions.keep_up()),
        every(BETWEEN_DELETIONS, "keys for receipts", &stop, || app.copies.keys().rotate()),
        every(BETWEEN_DELETIONS, "lifetimes", &stop, || app.documents.delete_expired()),
        every(BETWEEN_DELETIONS, "numbers", &stop, || forget_quiet(&app.refused_calls, &app.metrics)),
        every(BETWEEN_DELETIONS, "opened rehearsals", &stop, || forget_quiet(&app.opened_rehearsals, &app.metrics)),
        every(BETWEEN_DELETIONS, "opened signings", &stop, || forget_quiet(&app.opened_signings, &app.metrics)),
    );
}

/// The same for the relay's own rooms.
pub(crate) async fn keep_up_relay(relay: RelayApp, stop: CancellationToken) {
    tokio::join!(
        every(EVERY_SECOND, "the relay's deadlines", &stop, || relay.mailbox.expire_overdue()),
        every(BETWEEN_DELETIONS, "mailboxes", &stop, || relay.mailbox.tidy()),
        every(BETWEEN_DELETIONS, "the relay's numbers", &stop, || forget_quiet(&relay.refused_calls, &relay.metrics)),
    );
}

/// Does the work at once and then after each period; what has begun is finished before `stop` counts.
async fn every<F, E>(period: Duration, what: &'static str, stop: &CancellationToken, work: impl Fn() -> F)
where
    F: Future<Output = Result<(), E>>,
    E: Display,
{
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = work().await {
            tracing::error!(what, %error, "upkeep failed and is tried again");
        }
    }
}

fn forget_quiet(refused_calls: &RefusedCalls, metrics: &PrometheusHandle) -> Ready<Result<(), Infallible>> {
    refused_calls.forget_quiet();
    metrics.run_upkeep();
    ready(Ok(()))
}

/// A page shows an expiry at most this much late; the deadline itself is exact.
const EVERY_SECOND: Duration = Duration::from_secs(1);
/// Results are checked when they arrive; this is for those that could not be, and for a start.
const BETWEEN_CHECKS: Duration = Duration::from_secs(2);
/// Of sessions that a phone has taken up, should their events be lost: a result that came in the last second has to be here
/// before the thirty seconds are over in which it is taken. protocol.md, section Session.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);
const BETWEEN_DELETIONS: Duration = Duration::from_secs(60);
