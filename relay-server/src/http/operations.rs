//! What an operator's tools ask.

use axum::extract::State;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName};

use super::App;

/// The process runs.
pub(super) async fn healthy() -> &'static str {
    "ok"
}

/// The process can do its work: the database answers, and it is not about to stop.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.store.answers().await && !app.relay.live().is_closed() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    }
}

/// Prometheus, text format 0.0.4.
pub(super) async fn metrics(State(app): State<App>) -> ([(HeaderName, &'static str); 1], String) {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render())
}
