//! The service's only way to the relay: the same calls in one process and between two.

mod events;
mod messages;
mod network;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, stream};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use tokio::time::timeout;
use wire::{
    CredentialHash, HANDOFF_VERSION, LinkKind, MAX_ENVELOPE_BYTES, Message, Origin, ProblemCode, RelayVersions, Reveal,
    ServiceAnswer, SessionId, SessionKind, SessionState, VersionOne,
};

pub use events::{EventsSeen, NEWEST_EVENT, RELAY};
pub use messages::{OpenSession, OpenedSession, RelayClaim, RelayRow, SessionEvent, StateOrder, TicketOrder};
pub use network::Network;

use super::mailbox::{BoxName, LONGEST_RESULT, RelayKey};

/// Calls the relay as one service. Clones share the way there.
#[derive(Clone)]
pub struct ServiceDoor {
    way: Arc<dyn Way>,
    authorization: HeaderValue,
}

/// How a call reaches the relay: through the router in memory, or over HTTP.
pub trait Way: Send + Sync {
    /// Answers with the head of the reply. Whoever calls limits the time.
    fn call(&self, call: Request<Chunks>) -> BoxFuture<'static, Result<Response<Chunks>, DoorProblem>>;
}

/// A body as it comes.
pub type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum DoorProblem {
    /// The relay has understood and declined.
    #[error("the relay refused: {0:?}")]
    Refused(ProblemCode),
    /// Nothing is known of what became of the call; every call may be made again.
    #[error("the relay was not reached: {0}")]
    Unreachable(String),
    #[error("the relay did not answer in time")]
    TimedOut,
    /// Not by a relay of this version.
    #[error("the relay answered with {0}, which means nothing here")]
    Unexpected(StatusCode),
    #[error("the relay does not speak the version of this service")]
    OtherVersion,
}

impl ServiceDoor {
    #[must_use]
    pub fn new(way: Arc<dyn Way>, key: &RelayKey) -> Self {
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", key.to_base64url())).expect("base64url is fit for a header");
        authorization.set_sensitive(true);
        Self { way, authorization }
    }

    pub async fn open_session(&self, session_kind: SessionKind, page_origin: Origin) -> Result<OpenedSession, DoorProblem> {
        let order = OpenSession { version: VersionOne, session_kind, page_origin };
        match self.send(Method::POST, "/sessions", MESSAGE, wire::encode(&order)).await {
            Ok(opened) => read(&opened),
            // As a relay answers that has no such address.
            Err(problem @ (DoorProblem::Unexpected(_) | DoorProblem::Refused(ProblemCode::UnknownSession))) => {
                Err(if self.is_of_other_version().await { DoorProblem::OtherVersion } else { problem })
            }
            Err(problem) => Err(problem),
        }
    }

    /// By the relay's own word, or because it has none to say.
    async fn is_of_other_version(&self) -> bool {
        let mut call = self.call(Method::GET, "", stream::empty().boxed());
        *call.uri_mut() = Uri::from_static(RelayVersions::PATH);
        call.headers_mut().remove(AUTHORIZATION);
        let told = within(LONGEST_CALL, async { whole(self.way.call(call).await?, MAX_ENVELOPE_BYTES).await }).await;
        match told {
            Ok(body) => RelayVersions::parse(&body).is_some_and(|versions| !versions.has(HANDOFF_VERSION)),
            Err(DoorProblem::Unexpected(status)) => status == StatusCode::NOT_FOUND,
            Err(_) => false,
        }
    }

    /// The relay's row of a session of this service.
    pub async fn session(&self, id: SessionId) -> Result<RelayRow, DoorProblem> {
        read(&self.ask(&format!("/sessions/{id}"), MAX_ENVELOPE_BYTES).await?.ok_or(NO_ROW)?)
    }

    pub async fn mint(&self, id: SessionId, kind: LinkKind, hash: CredentialHash) -> Result<(), DoorProblem> {
        let order = TicketOrder { version: VersionOne, kind, hash };
        self.send(Method::PUT, &format!("/sessions/{id}/ticket"), MESSAGE, wire::encode(&order)).await.map(drop)
    }

    /// Ends the ticket that lives, and brings the moving QR back.
    pub async fn withdraw(&self, id: SessionId) -> Result<(), DoorProblem> {
        self.send(Method::DELETE, &format!("/sessions/{id}/ticket"), MESSAGE, Vec::new()).await.map(drop)
    }

    /// One session takes one answer; the same again is no mistake.
    pub async fn answer(&self, id: SessionId, answer: &ServiceAnswer) -> Result<(), DoorProblem> {
        let body = serde_json::to_vec(answer).expect("a structure with text keys has a JSON form");
        self.send(Method::PUT, &format!("/sessions/{id}/answer"), MESSAGE, body).await.map(drop)
    }

    /// Makes the session stand where the service has decided, on the row with this sequence. Returns the row; `WrongState`
    /// where the row has gone on meanwhile: then it is to be read and decided on anew.
    pub async fn settle(&self, id: SessionId, state: SessionState, sequence: i64) -> Result<RelayRow, DoorProblem> {
        let order = StateOrder { version: VersionOne, state, sequence };
        read(&self.send(Method::PUT, &format!("/sessions/{id}/state"), MESSAGE, wire::encode(&order)).await?)
    }

    pub async fn put_request(&self, id: SessionId, sealed: Vec<u8>) -> Result<(), DoorProblem> {
        self.send(Method::PUT, &format!("/sessions/{id}/request"), SEALED, sealed).await.map(drop)
    }

    pub async fn put_outcome(&self, id: SessionId, sealed: Vec<u8>) -> Result<(), DoorProblem> {
        self.send(Method::PUT, &format!("/sessions/{id}/outcome"), SEALED, sealed).await.map(drop)
    }

    /// A sealed document, as it is sealed: it is never whole in memory.
    pub async fn put_document(
        &self,
        id: SessionId,
        index: u16,
        sealed: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<(), DoorProblem> {
        let mut call = self.call(Method::PUT, &format!("/sessions/{id}/documents/{index}"), sealed.boxed());
        call.headers_mut().insert(CONTENT_TYPE, SEALED);
        within(LONGEST_UPLOAD, async { whole(self.way.call(call).await?, MAX_ENVELOPE_BYTES).await }).await.map(drop)
    }

    /// Has the relay forget an upload whose end nobody heard of. The same again is no mistake.
    pub async fn take_back_document(&self, id: SessionId, index: u16) -> Result<(), DoorProblem> {
        self.send(Method::DELETE, &format!("/sessions/{id}/documents/{index}"), SEALED, Vec::new()).await.map(drop)
    }

    /// `None` until the phone has revealed.
    pub async fn reveal(&self, id: SessionId) -> Result<Option<Reveal>, DoorProblem> {
        self.put_by_phone(id, BoxName::Reveal).await?.map(|body| read(&body)).transpose()
    }

    /// The sealed result, refusal or report; `None` until the phone has put it, and when the session is over.
    pub async fn put_by_phone(&self, id: SessionId, name: BoxName) -> Result<Option<Bytes>, DoorProblem> {
        self.ask(&format!("/sessions/{id}/{}", name.code()), LONGEST_RESULT).await
    }

    /// Every change of this service's sessions after the one with this number, from the relay's store and then live. Ends
    /// with a problem when the connection does: whoever listens asks again with the last number.
    pub async fn events(
        &self,
        after: i64,
    ) -> Result<impl Stream<Item = Result<(i64, SessionEvent), DoorProblem>> + Send + use<>, DoorProblem> {
        Ok(events::read(self.event_stream(after).await?.into_body()))
    }

    /// The same after what was seen, or all from the first where that was another relay's. Returns from where it goes on.
    pub async fn events_since(
        &self,
        seen: &EventsSeen,
    ) -> Result<(EventsSeen, impl Stream<Item = Result<(i64, SessionEvent), DoorProblem>> + Send + use<>), DoorProblem> {
        let mut reply = self.event_stream(seen.number).await?;
        let from = seen.at(reply.headers());
        if from.number != seen.number {
            reply = self.event_stream(from.number).await?;
        }
        Ok((from, events::read(reply.into_body())))
    }

    async fn event_stream(&self, after: i64) -> Result<Response<Chunks>, DoorProblem> {
        let mut call = self.call(Method::GET, "/events", stream::empty().boxed());
        call.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        call.headers_mut().insert(LAST_EVENT_ID, after.into());
        let reply = within(LONGEST_CALL, self.way.call(call)).await?;
        if reply.status() == StatusCode::OK { Ok(reply) } else { Err(refusal(reply).await) }
    }

    /// A call with a short body, and the whole of its reply. What does the same when it is done twice is tried twice: a
    /// connection that was kept may lead to a relay that has been started anew.
    async fn send(&self, method: Method, path: &str, form: HeaderValue, body: Vec<u8>) -> Result<Bytes, DoorProblem> {
        let body = Bytes::from(body);
        let once = || async {
            let mut call = self.call(method.clone(), path, stream::iter([Ok(body.clone())]).boxed());
            call.headers_mut().insert(CONTENT_TYPE, form.clone());
            within(LONGEST_CALL, async { whole(self.way.call(call).await?, MAX_ENVELOPE_BYTES).await }).await
        };
        match once().await {
            Err(DoorProblem::Unreachable(_)) if method != Method::POST => once().await,
            told => told,
        }
    }

    /// `None` for what is not there.
    async fn ask(&self, path: &str, longest_bytes: usize) -> Result<Option<Bytes>, DoorProblem> {
        let once = || async {
            let call = self.call(Method::GET, path, stream::empty().boxed());
            let reply = self.way.call(call).await?;
            let is_there = reply.status() != StatusCode::NO_CONTENT;
            Ok(is_there.then_some(whole(reply, longest_bytes).await?))
        };
        match within(LONGEST_CALL, once()).await {
            Err(DoorProblem::Unreachable(_)) => within(LONGEST_CALL, once()).await,
            told => told,
        }
    }

    fn call(&self, method: Method, path: &str, body: Chunks) -> Request<Chunks> {
        let mut call = Request::new(body);
        *call.method_mut() = method;
        *call.uri_mut() = format!("{PATH}{path}").parse().expect("made of words and identifiers");
        call.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        call
    }
}

fn read<M: Message>(body: &[u8]) -> Result<M, DoorProblem> {
    wire::decode(body).map_err(|_| DoorProblem::Unexpected(StatusCode::OK))
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, DoorProblem>>) -> Result<T, DoorProblem> {
    timeout(limit, work).await.unwrap_or(Err(DoorProblem::TimedOut))
}

async fn whole(reply: Response<Chunks>, longest_bytes: usize) -> Result<Bytes, DoorProblem> {
    if !reply.status().is_success() {
        return Err(refusal(reply).await);
    }
    collected(reply, longest_bytes).await
}

async fn refusal(reply: Response<Chunks>) -> DoorProblem {
    let status = reply.status();
    match collected(reply, MAX_ENVELOPE_BYTES).await.ok().and_then(|body| wire::decode_problem(&body)) {
        Some(problem) => DoorProblem::Refused(problem.code),
        None => DoorProblem::Unexpected(status),
    }
}

async fn collected(reply: Response<Chunks>, longest_bytes: usize) -> Result<Bytes, DoorProblem> {
    let status = reply.status();
    let mut chunks = reply.into_body();
    let mut body = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(|error| DoorProblem::Unreachable(error.to_string()))?);
        if body.len() > longest_bytes {
            return Err(DoorProblem::Unexpected(status));
        }
    }
    Ok(body.freeze())
}

/// Where the relay's routes for services begin.
pub const PATH: &str = "/relay/1/service";
/// So often the relay shows a service that listens that it is there.
pub const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// WHATWG HTML, section Server-sent events.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const MESSAGE: HeaderValue = HeaderValue::from_static("application/json");
const SEALED: HeaderValue = HeaderValue::from_static("application/octet-stream");
const LONGEST_CALL: Duration = Duration::from_secs(20);
/// 100 MiB at a megabit per second.
const LONGEST_UPLOAD: Duration = Duration::from_secs(15 * 60);
const NO_ROW: DoorProblem = DoorProblem::Unexpected(StatusCode::NO_CONTENT);
