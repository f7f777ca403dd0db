//! The relay's routes, version 1: for phones, for services, and for the pages that show how a session stands.

pub(super) mod asked;
mod held;
mod memory;
mod pages;
mod phone;
mod service;

use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use wire::ProblemCode;

use super::answer::Refused;
use super::guard::{self, RefusedCalls};
use super::patience;
use crate::relay::door::PATH as SERVICE;
use crate::relay::mailbox::{AcceptedKeys, Mailbox, MailboxProblem, ShelfProblem};

pub use memory::Memory;

/// What every handler of the relay may use: nothing of the service's is among it.
#[derive(Clone)]
pub struct RelayApp(Arc<RelayRooms>);

pub struct RelayRooms {
    pub mailbox: Mailbox,
    pub keys: AcceptedKeys,
    pub refused_calls: Arc<RefusedCalls>,
}

impl RelayApp {
    #[must_use]
    pub fn new(rooms: RelayRooms) -> Self {
        Self(Arc::new(rooms))
    }
}

impl Deref for RelayApp {
    type Target = RelayRooms;

    fn deref(&self) -> &RelayRooms {
        &self.0
    }
}

/// Every route with its guards.
pub fn router(app: &RelayApp) -> Router {
    Router::new()
        .route("/relay/versions", get(versions))
        .nest("/relay/1/sessions/{id}", for_phones())
        .nest(SERVICE, for_services())
        .route("/relay/1/pages/{id}/events", get(pages::events).options(pages::preflight))
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(patience::with_patience))
        .layer(from_fn_with_state(app.refused_calls.clone(), guard::count_refused))
        .layer(from_fn(guard::add_plain_headers))
        .layer(from_fn(guard::observe))
        .with_state(app.clone())
}

/// The routes for services alone, for the service in the same process.
fn for_service_in_memory(app: &RelayApp) -> Router {
    Router::new().nest(SERVICE, for_services()).fallback(unknown).with_state(app.clone())
}

fn for_phones() -> Router<RelayApp> {
    Router::new()
        .route("/claim", post(phone::claim))
        .route("/answer", get(phone::answer))
        .route("/reveal", post(phone::reveal))
        .route("/state", get(phone::state))
        .route("/progress", post(phone::progress))
        .route("/request", get(phone::request))
        .route("/documents/{index}", get(phone::document))
        .route("/begin", post(phone::begin))
        .route("/result", post(phone::result))
        .route("/refusal", post(phone::refusal))
        .route("/rehearsal", post(phone::rehearsal))
        .route("/outcome", get(phone::outcome))
}

fn for_services() -> Router<RelayApp> {
    Router::new()
        .route("/sessions", post(service::open))
        .route("/sessions/{id}", get(service::row))
        .route("/sessions/{id}/ticket", put(service::ticket))
        .route("/sessions/{id}/state", put(service::state))
        .route("/sessions/{id}/answer", put(service::answer))
        .route("/sessions/{id}/request", put(service::request))
        .route("/sessions/{id}/outcome", put(service::outcome))
        .route("/sessions/{id}/documents/{index}", put(service::document))
        .route("/sessions/{id}/reveal", get(service::reveal))
        .route("/sessions/{id}/result", get(service::result))
        .route("/sessions/{id}/refusal", get(service::refusal))
        .route("/sessions/{id}/rehearsal", get(service::rehearsal))
        .route("/events", get(service::events))
}

/// No session and no credential: what a phone asks that was answered by something else.
async fn versions() -> Response {
    ([(CONTENT_TYPE, "application/json")], format!("{{\"versions\":[{}]}}", wire::HANDOFF_VERSION)).into_response()
}

async fn wrong_method() -> Refused {
    Refused(ProblemCode::BadMessage)
}

async fn unknown() -> Refused {
    Refused(ProblemCode::UnknownSession)
}

impl From<MailboxProblem> for Refused {
    fn from(problem: MailboxProblem) -> Self {
        match problem {
            MailboxProblem::Refused(code) => Self(code),
            MailboxProblem::Store(error) | MailboxProblem::Shelf(ShelfProblem::Store(error)) => error.into(),
            MailboxProblem::Shelf(ShelfProblem::DiskFull) => Self(ProblemCode::StorageFull),
            MailboxProblem::Shelf(error) => {
                tracing::error!(%error, "the relay's shelf failed");
                Self(ProblemCode::Unavailable)
            }
        }
    }
}

impl From<ShelfProblem> for Refused {
    fn from(problem: ShelfProblem) -> Self {
        MailboxProblem::Shelf(problem).into()
    }
}

fn nothing_yet() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
