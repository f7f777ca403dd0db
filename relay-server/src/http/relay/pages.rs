//! What a page may know of its session, as events and at once. The page is another origin's: the one that the service
//! named when it opened the session, and no other's script may read the answer.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{FromRequestParts, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    CONTENT_TYPE, HeaderName, ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use wire::{Origin, ProblemCode, SessionId, Stage};

use super::super::answer::{Refused, unbuffered};
use super::RelayApp;
use super::asked::{bearer, last_event};
use super::phone::named;
use crate::relay::Listener;
use crate::relay::mailbox::{PageToken, Session};

/// The session that a page names.
pub(super) struct Named(SessionId);

/// Everything, each time: a page that missed some events needs only the last.
#[derive(Serialize)]
struct Report {
    state: &'static str,
    stage: Option<Stage>,
    seconds_left: u64,
    /// Since step 0 of the moving QR began.
    step_now_ms: u64,
    second_device: bool,
}

/// What a browser asks before it sends a token elsewhere. W3C Fetch, section 3.2.
pub(super) async fn preflight(Named(id): Named, State(app): State<RelayApp>, headers: HeaderMap) -> Result<Response, Refused> {
    let session = app.mailbox.session(id).await?;
    // Who names no origin is no browser that asks, and need not learn whose page this is.
    if !headers.contains_key(ORIGIN) {
        return Err(Refused(ProblemCode::NotAllowed));
    }
    from_its_page(&session, &headers)?;
    let allowed = [
        (ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET")),
        (ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, last-event-id")),
        (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600")),
    ];
    Ok(shared(&session.page_origin, (StatusCode::NO_CONTENT, allowed).into_response()))
}

pub(super) async fn events(Named(id): Named, State(app): State<RelayApp>, headers: HeaderMap) -> Result<Response, Refused> {
    let token = bearer(&headers).and_then(PageToken::parse).ok_or(Refused(ProblemCode::NotAllowed))?;
    // Listen first, then read.
    let listener = app.mailbox.live().listen(id);
    let session = app.mailbox.of_page(id, &token).await?;
    from_its_page(&session, &headers)?;
    let origin = session.page_origin.clone();
    let wants_events = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains(EVENTS));
    if !wants_events {
        let report = serde_json::to_vec(&report(&app, session)).expect("a structure with text keys has a JSON form");
        return Ok(shared(&origin, ([(CONTENT_TYPE, "application/json")], report).into_response()));
    }
    let waiter = Waiter { listener, id, token, known: last_event(&headers), app };
    let events = Sse::new(waiter.events()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(shared(&origin, unbuffered(events)))
}

/// One browser that waits for one session.
struct Waiter {
    app: RelayApp,
    id: SessionId,
    token: PageToken,
    listener: Listener,
    /// The number of the last change that the browser was told.
    known: i64,
}

impl Waiter {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures::stream::unfold(self, |mut waiter| async move {
            let event = waiter.next().await?;
            Some((Ok(event), waiter))
        })
    }

    /// Ends when the session is gone or the relay is about to stop; the browser then asks again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let session = self.app.mailbox.of_page(self.id, &self.token).await.ok()?;
            // A number that is not this change's: of an earlier one, or of none of this session.
            if session.revision != self.known {
                self.known = session.revision;
                return Event::default().id(self.known.to_string()).json_data(report(&self.app, session)).ok();
            }
            if self.app.mailbox.live().is_closed() {
                return None;
            }
            self.listener.changed().await;
        }
    }
}

fn report(app: &RelayApp, session: Session) -> Report {
    let since_created = session.created.until(app.mailbox.now());
    let reading = app.mailbox.reading(session);
    Report {
        state: reading.state.phase().code(),
        stage: reading.session.stage,
        seconds_left: reading.seconds_left,
        step_now_ms: u64::try_from(since_created.as_millis()).unwrap_or(u64::MAX),
        second_device: reading.session.second_device,
    }
}

/// A browser that names another origin runs a script that has no business with this session.
fn from_its_page(session: &Session, headers: &HeaderMap) -> Result<(), Refused> {
    let is_its = headers.get(ORIGIN).is_none_or(|origin| origin.as_bytes() == session.page_origin.as_str().as_bytes());
    if is_its { Ok(()) } else { Err(Refused(ProblemCode::NotAllowed)) }
}

fn shared(origin: &Origin, mut response: Response) -> Response {
    let origin = HeaderValue::from_str(origin.as_str()).expect("an origin is ASCII");
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}

impl FromRequestParts<RelayApp> for Named {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &RelayApp) -> Result<Self, Refused> {
        named(parts, app).await.map(|(session, _)| Self(session))
    }
}

const EVENTS: &str = "text/event-stream";
/// W3C Fetch, section 3.7: without it a page of another site may not embed the answer.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// Often enough for proxies, which cut what is silent for a minute; seldom enough for ten thousand waiters.
const KEEP_ALIVE: Duration = Duration::from_secs(45);
