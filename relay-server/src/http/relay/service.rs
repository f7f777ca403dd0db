//! The service's calls, with its key. It sees the sessions that it opened, and no others exist for it.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::sync::watch;
use wire::{MAX_ENVELOPE_BYTES, ProblemCode, ServiceAnswer, VersionOne};

use super::super::answer::{Excused, Refused, message, unbuffered};
use super::asked::{bearer, last_event, message_in, whole};
use super::phone::named;
use super::{RelayApp, held, nothing_yet};
use crate::relay::door::{
    NEWEST_EVENT, OpenSession, OpenedSession, RELAY, RelayClaim, RelayRow, SIGN_OF_LIFE, SessionEvent, StateOrder, TicketOrder,
};
use crate::relay::mailbox::{BoxName, RelayKey, ServiceName, Services, Session};
use crate::store::relay::StoredEvent;

/// A service that shows its key.
pub(super) struct Caller(ServiceName);

/// A service that shows its key and names a session.
pub(super) struct Call {
    of: Services,
    index: Option<u16>,
}

pub(super) async fn open(Caller(service): Caller, State(app): State<RelayApp>, body: Body) -> Result<Response, Refused> {
    let (order, _) = message_in::<OpenSession>(body).await?;
    let opened = app.mailbox.add(service, order.session_kind, order.page_origin).await?;
    let session = opened.session;
    tracing::info!(session = %session.id, kind = session.kind.code(), "opened");
    let told = OpenedSession {
        version: VersionOne,
        id: session.id,
        frame_key: session.frame_key.to_base64url().to_string(),
        page_token: opened.page_token.to_base64url(),
        seconds_left: session.created.until(session.deadline).as_secs(),
        sequence: session.sequence,
    };
    Ok(message(StatusCode::CREATED, &told))
}

pub(super) async fn row(call: Call, State(app): State<RelayApp>) -> Result<Response, Refused> {
    let session = app.mailbox.of_service(&call.of).await?;
    Ok(message(StatusCode::OK, &row_of(&app, session)))
}

pub(super) async fn ticket(call: Call, State(app): State<RelayApp>, body: Body) -> Result<StatusCode, Refused> {
    app.mailbox.of_service(&call.of).await?;
    let (order, _) = message_in::<TicketOrder>(body).await?;
    app.mailbox.mint(&call.of, order.kind, order.hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn no_ticket(call: Call, State(app): State<RelayApp>) -> Result<StatusCode, Refused> {
    app.mailbox.withdraw(&call.of).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn state(call: Call, State(app): State<RelayApp>, body: Body) -> Result<Response, Refused> {
    app.mailbox.of_service(&call.of).await?;
    let (order, _) = message_in::<StateOrder>(body).await?;
    let session = app.mailbox.settle(&call.of, order.state, order.sequence).await?;
    Ok(message(StatusCode::OK, &row_of(&app, session)))
}

/// Read only to see that it is one: the relay cannot tell a right answer from a wrong one, but the phone can.
pub(super) async fn answer(call: Call, State(app): State<RelayApp>, body: Body) -> Result<StatusCode, Refused> {
    let kind = app.mailbox.of_service(&call.of).await?.kind;
    let bytes = whole(body, wire::MAX_MESSAGE_BYTES).await?;
    let answer: ServiceAnswer = serde_json::from_slice(&bytes).map_err(|_| Refused(ProblemCode::BadMessage))?;
    if kind != answer.kind {
        return Err(Refused(ProblemCode::BadAnswer));
    }
    put(call, &app, BoxName::Answer, bytes).await
}

pub(super) async fn request(call: Call, State(app): State<RelayApp>, body: Body) -> Result<StatusCode, Refused> {
    app.mailbox.of_service(&call.of).await?;
    let bytes = whole(body, MAX_ENVELOPE_BYTES).await?;
    put(call, &app, BoxName::Request, bytes).await
}

pub(super) async fn outcome(call: Call, State(app): State<RelayApp>, body: Body) -> Result<StatusCode, Refused> {
    app.mailbox.of_service(&call.of).await?;
    let bytes = whole(body, MAX_ENVELOPE_BYTES).await?;
    put(call, &app, BoxName::Outcome, bytes).await
}

/// Goes to the disk as it comes.
pub(super) async fn document(call: Call, State(app): State<RelayApp>, body: Body) -> Result<StatusCode, Refused> {
    let name = call.index.and_then(BoxName::document).ok_or(Refused(ProblemCode::UnknownSession))?;
    let session = app.mailbox.of_service(&call.of).await?;
    let stored = session.boxes.get(&name).map(|facts| facts.bytes);
    let longest = stored.unwrap_or_else(|| session.room_for_documents());
    if stored.is_none() {
        session.may_offer(app.mailbox.now()).map_err(Refused)?;
    }
    let upload = app.mailbox.shelf().receive(body.into_data_stream(), longest).await?;
    app.mailbox.put_document(call.of, name, upload).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An upload whose end its service never heard of makes way for the next one.
pub(super) async fn no_document(call: Call, State(app): State<RelayApp>) -> Result<StatusCode, Refused> {
    let name = call.index.and_then(BoxName::document).ok_or(Refused(ProblemCode::UnknownSession))?;
    app.mailbox.take_back(&call.of, name).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn reveal(call: Call, State(app): State<RelayApp>) -> Result<Response, Refused> {
    put_by_phone(call, &app, BoxName::Reveal).await
}

pub(super) async fn result(call: Call, State(app): State<RelayApp>) -> Result<Response, Refused> {
    put_by_phone(call, &app, BoxName::Result).await
}

pub(super) async fn refusal(call: Call, State(app): State<RelayApp>) -> Result<Response, Refused> {
    put_by_phone(call, &app, BoxName::Refusal).await
}

pub(super) async fn rehearsal(call: Call, State(app): State<RelayApp>) -> Result<Response, Refused> {
    put_by_phone(call, &app, BoxName::Rehearsal).await
}

/// Every change of the service's sessions after the one that it knows, from the store and then as they come.
pub(super) async fn events(
    Caller(service): Caller,
    State(app): State<RelayApp>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (relay, newest) = app.mailbox.newest_event().await?;
    // A number that this relay has not given says nothing of what is known.
    let known = Some(last_event(&headers)).filter(|known| *known <= newest).unwrap_or(0);
    let waiter = Waiter { bell: app.mailbox.listen_to_all(), known, ready: Vec::new(), service, app };
    let mut told = unbuffered(Sse::new(waiter.events()).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)));
    told.headers_mut().insert(RELAY, HeaderValue::from_str(&relay).map_err(|_| Refused(ProblemCode::Unavailable))?);
    told.headers_mut().insert(NEWEST_EVENT, newest.into());
    Ok(told)
}

struct Waiter {
    app: RelayApp,
    service: ServiceName,
    bell: watch::Receiver<()>,
    /// The number of the last event that the service was told.
    known: i64,
    /// In reverse order.
    ready: Vec<StoredEvent>,
}

impl Waiter {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures::stream::unfold(self, |mut waiter| async move {
            let event = waiter.next().await?;
            Some((Ok(event), waiter))
        })
    }

    /// Ends when the relay is about to stop or cannot read its store; the service then asks again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(StoredEvent { number, session, state, sequence }) = self.ready.pop() {
                self.known = number;
                return Event::default().id(number.to_string()).json_data(SessionEvent { session, state, sequence }).ok();
            }
            self.bell.mark_unchanged();
            self.ready = self.app.mailbox.events_after(&self.service, self.known).await.ok()?;
            self.ready.reverse();
            if self.ready.is_empty() {
                if self.app.mailbox.live().is_closed() {
                    return None;
                }
                self.bell.changed().await.ok()?;
            }
        }
    }
}

async fn put(call: Call, app: &RelayApp, name: BoxName, bytes: Vec<u8>) -> Result<StatusCode, Refused> {
    if bytes.is_empty() {
        return Err(Refused(ProblemCode::BadMessage));
    }
    app.mailbox.put(&call.of, name, bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn put_by_phone(call: Call, app: &RelayApp, name: BoxName) -> Result<Response, Refused> {
    match app.mailbox.held_for_service(&call.of, name).await? {
        Some(full) => held::whole(app.mailbox.shelf(), full).await,
        None => Ok(nothing_yet()),
    }
}

fn row_of(app: &RelayApp, session: Session) -> RelayRow {
    let delivered = session.boxes.get(&BoxName::Result).map(|facts| facts.completed);
    let reading = app.mailbox.reading(session);
    let session = reading.session;
    RelayRow {
        version: VersionOne,
        id: session.id,
        session_kind: session.kind,
        state: reading.state,
        sequence: reading.sequence,
        seconds_left: reading.seconds_left,
        claim: session.claim.map(|claim| RelayClaim {
            link_kind: claim.link_kind,
            commitment: claim.commitment,
            app_version: claim.app_version,
        }),
        second_device: session.second_device,
        stage: session.stage,
        boxes: session.boxes.keys().map(|name| name.code()).collect(),
        delivered_seconds_ago: delivered.map(|at| at.until(app.mailbox.now()).as_secs()),
    }
}

/// Of a service that shows its key no call counts against its address, which may be that of many others.
pub(super) async fn excuse_known(State(app): State<RelayApp>, request: Request, next: Next) -> Response {
    let is_known = service_of(&app, request.headers()).is_some();
    let mut response = next.run(request).await;
    if is_known {
        response.extensions_mut().insert(Excused);
    }
    response
}

fn service_of(app: &RelayApp, headers: &HeaderMap) -> Option<ServiceName> {
    bearer(headers).and_then(RelayKey::parse).and_then(|key| app.keys.service_of(&key))
}

impl FromRequestParts<RelayApp> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &RelayApp) -> Result<Self, Refused> {
        service_of(app, &parts.headers).map(Self).ok_or(Refused(ProblemCode::NotAllowed))
    }
}

impl FromRequestParts<RelayApp> for Call {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &RelayApp) -> Result<Self, Refused> {
        let Caller(service) = Caller::from_request_parts(parts, app).await?;
        let (session, index) = named(parts, app).await?;
        Ok(Self { of: Services { service, session }, index })
    }
}
