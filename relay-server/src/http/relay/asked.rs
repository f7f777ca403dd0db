//! What the head and the body of a call say, whoever makes it.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use wire::{Message, ProblemCode};

use super::super::answer::Refused;

/// The credential that a call shows. RFC 6750, section 2.1.
pub(in crate::http) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// `Prefer: wait=n` in seconds, up to [`LONGEST_WAIT`]. RFC 7240, section 4.3.
pub(in crate::http) fn patience(headers: &HeaderMap) -> Duration {
    let preferences = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let wait = preferences.filter_map(|preference| preference.trim().strip_prefix("wait=")?.parse().ok()).next();
    wait.map_or(Duration::ZERO, Duration::from_secs).min(LONGEST_WAIT)
}

/// The number of a state that the caller knows. RFC 9110, section 13.1.2.
pub(super) fn known_sequence(headers: &HeaderMap) -> Option<i64> {
    headers.get(http::header::IF_NONE_MATCH)?.to_str().ok()?.trim_matches('"').parse().ok()
}

/// WHATWG HTML, section Server-sent events; 0 for a caller who knows of nothing.
pub(super) fn last_event(headers: &HeaderMap) -> i64 {
    headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse().ok()).unwrap_or(0)
}

/// For a route that takes a message, or nothing.
pub(super) async fn as_message(request: Request, next: Next) -> Response {
    in_its_form("application/json", request, next).await
}

/// For a route that takes sealed bytes.
pub(super) async fn as_bytes(request: Request, next: Next) -> Response {
    in_its_form("application/octet-stream", request, next).await
}

/// Messages and envelopes come as what they are, or without a word about it: a body that says that it is something else is
/// somebody else's.
async fn in_its_form(expected: &str, request: Request, next: Next) -> Response {
    let form = request.headers().get(CONTENT_TYPE).map(|form| form.to_str().unwrap_or_default());
    let essence = form.map(|form| form.split(';').next().unwrap_or_default().trim());
    let is_its = essence.is_none_or(|essence| essence.eq_ignore_ascii_case(expected));
    if is_its { next.run(request).await } else { Refused(ProblemCode::BadMessage).into_response() }
}

/// A whole body within its limit. Called when the caller is known: nobody else's bytes are kept.
pub(super) async fn whole(body: Body, longest_bytes: usize) -> Result<Vec<u8>, Refused> {
    let mut chunks = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(chunk) = chunks.next().await {
        // Cut off on its way, which says nothing about the message: a result must not be given up for it.
        let chunk = chunk.map_err(|_| Refused(ProblemCode::Unavailable))?;
        if whole.len().saturating_add(chunk.len()) > longest_bytes {
            return Err(Refused(ProblemCode::TooLarge));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole)
}

/// A call that says everything by its path: who sends something along means something else.
pub(super) async fn nothing_in(body: Body) -> Result<(), Refused> {
    match whole(body, 0).await {
        Err(Refused(ProblemCode::TooLarge)) => Err(Refused(ProblemCode::BadMessage)),
        read => read.map(drop),
    }
}

/// A message, and the bytes that it came as. Nothing that a phone or a service says in the clear is as long as this, and most
/// of it is kept.
pub(super) async fn message_in<M: Message>(body: Body) -> Result<(M, Vec<u8>), Refused> {
    let bytes = whole(body, LONGEST_WORD).await?;
    Ok((wire::decode(&bytes).map_err(Refused)?, bytes))
}

/// A message in the clear, or sealed words that are not a result: they come to a third of it.
pub(super) const LONGEST_WORD: usize = 2 * 1024;
pub(in crate::http) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const PREFER: HeaderName = HeaderName::from_static("prefer");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Shorter than what proxies and mobile networks cut idle connections after.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn patience_is_what_the_phone_prefers_within_a_limit() {
        let preferring = |value| patience(&HeaderMap::from_iter([(PREFER, HeaderValue::from_static(value))]));
        assert_eq!(preferring("wait=20"), Duration::from_secs(20));
        assert_eq!(preferring("respond-async, wait=3"), Duration::from_secs(3));
        assert_eq!(preferring("wait=3600"), LONGEST_WAIT);
        assert_eq!(preferring("wait=soon"), Duration::ZERO);
        assert_eq!(patience(&HeaderMap::new()), Duration::ZERO);
    }
}
