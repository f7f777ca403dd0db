//! What an operator's tools ask.

use axum::extract::State;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName};
use metrics_exporter_prometheus::PrometheusHandle;

use super::App;

/// The process runs.
pub(super) async fn healthy() -> &'static str {
    "ok"
}

/// The process can do its work: the database answers, and it is not about to stop.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    readiness(app.store.answers().await && !app.closing.is_cancelled())
}

pub(super) fn readiness(is_ready: bool) -> (StatusCode, &'static str) {
    if is_ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready") }
}

/// Prometheus, text format 0.0.4.
pub(super) async fn metrics(State(app): State<App>) -> ([(HeaderName, &'static str); 1], String) {
    rendered(&app.metrics)
}

pub(super) fn rendered(metrics: &PrometheusHandle) -> ([(HeaderName, &'static str); 1], String) {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render())
}
