//! The same behind a socket.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use signer::{CallKind, RelayAnswer};

use super::FarSide;

type Shared = Arc<Mutex<FarSide>>;

/// All that a phone calls, and `/typed`, where somebody types the body into the page.
pub(crate) fn router(far: Shared) -> Router {
    Router::new().route("/typed", post(typed)).fallback(called).with_state(far)
}

/// What a path is called for.
pub(crate) fn kind_of(path: &str) -> CallKind {
    match path.rsplit('/').next().unwrap_or_default() {
        "claim" => CallKind::Claim,
        "versions" => CallKind::AskVersions,
        "answer" => CallKind::AskAnswer,
        "kazasu.json" => CallKind::FetchOriginKeys,
        "reveal" => CallKind::Reveal,
        "state" => CallKind::AskState,
        "request" => CallKind::FetchRequest,
        "progress" => CallKind::ReportProgress,
        "begin" => CallKind::Begin,
        "result" => CallKind::SendResult,
        "refusal" => CallKind::Refuse,
        "rehearsal" => CallKind::SendRehearsal,
        "outcome" => CallKind::AskOutcome,
        _ => CallKind::FetchDocument,
    }
}

pub(crate) fn said(answer: &RelayAnswer) -> Response {
    let RelayAnswer::Answered { status, body } = answer else { panic!("the far side is there") };
    let tag = body.head().tag.clone().unwrap_or_default();
    (StatusCode::from_u16(*status).expect("a status"), [("etag", tag)], body.as_bytes().to_vec()).into_response()
}

async fn called(State(far): State<Shared>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let body = to_bytes(request.into_body(), wire::MAX_ENVELOPE_BYTES).await.expect("a body");
    said(&far.lock().expect("no panic before").hear_at(&path, kind_of(&path), &body))
}

async fn typed(State(far): State<Shared>, digits: String) {
    far.lock().expect("no panic before").type_number(&digits);
}
