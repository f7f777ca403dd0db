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
use axum::extract::State;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use metrics_exporter_prometheus::PrometheusHandle;
use wire::{Origin, ProblemCode};

use super::answer::{self, Refused};
use super::guard::{self, RefusedCalls};
use super::{operations, patience, visitor};
use crate::data_folder::FolderLock;
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
    pub metrics: PrometheusHandle,
    /// Where links lead and phones reach this relay.
    pub link_origin: Origin,
    /// Held for as long as anything here may write to the folder.
    pub lock: Arc<FolderLock>,
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
        .nest(SERVICE, for_services().layer(from_fn_with_state(app.clone(), service::excuse_known)))
        .route("/relay/1/pages/{id}/events", get(pages::events).options(pages::preflight))
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(patience::with_patience))
        .layer(from_fn_with_state(app.refused_calls.clone(), guard::count_refused))
        .layer(from_fn_with_state(app.link_origin.clone(), guard::add_headers))
        .layer(from_fn(guard::observe))
        .with_state(app.clone())
}

/// The same for a relay that is a process of its own, with what a link shows where no app opens it.
pub fn router_alone(app: &RelayApp) -> Router {
    let others = Router::new()
        .route("/s", get(visitor::link))
        .route("/assets/{file}", get(visitor::asset))
        .route("/healthz", get(operations::healthy))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(visitor::no_such_page)
        .layer(from_fn(answer::word_problems))
        .layer(from_fn_with_state(app.refused_calls.clone(), guard::count_refused))
        .layer(from_fn_with_state(app.link_origin.clone(), guard::add_headers))
        .with_state(app.clone());
    router(app).merge(others)
}

/// The routes for services alone, for the service in the same process.
fn for_service_in_memory(app: &RelayApp) -> Router {
    Router::new().nest(SERVICE, for_services()).fallback(unknown).with_state(app.clone())
}

fn for_phones() -> Router<RelayApp> {
    Router::new()
        .route("/claim", of_messages(post(phone::claim)))
        .route("/answer", get(phone::answer))
        .route("/reveal", of_messages(post(phone::reveal)))
        .route("/state", get(phone::state))
        .route("/progress", of_messages(post(phone::progress)))
        .route("/request", get(phone::request))
        .route("/documents/{index}", get(phone::document))
        .route("/begin", of_messages(post(phone::begin)))
        .route("/result", of_bytes(post(phone::result)))
        .route("/refusal", of_bytes(post(phone::refusal)))
        .route("/rehearsal", of_bytes(post(phone::rehearsal)))
        .route("/outcome", get(phone::outcome))
}

fn for_services() -> Router<RelayApp> {
    Router::new()
        .route("/sessions", of_messages(post(service::open)))
        .route("/sessions/{id}", get(service::row))
        .route("/sessions/{id}/ticket", of_messages(put(service::ticket).delete(service::no_ticket)))
        .route("/sessions/{id}/state", of_messages(put(service::state)))
        .route("/sessions/{id}/answer", of_messages(put(service::answer)))
        .route("/sessions/{id}/request", of_bytes(put(service::request)))
        .route("/sessions/{id}/outcome", of_bytes(put(service::outcome)))
        .route("/sessions/{id}/documents/{index}", of_bytes(put(service::document).delete(service::no_document)))
        .route("/sessions/{id}/reveal", get(service::reveal))
        .route("/sessions/{id}/result", get(service::result))
        .route("/sessions/{id}/refusal", get(service::refusal))
        .route("/sessions/{id}/rehearsal", get(service::rehearsal))
        .route("/events", get(service::events))
}

fn of_messages(route: MethodRouter<RelayApp>) -> MethodRouter<RelayApp> {
    route.route_layer(from_fn(asked::as_message))
}

fn of_bytes(route: MethodRouter<RelayApp>) -> MethodRouter<RelayApp> {
    route.route_layer(from_fn(asked::as_bytes))
}

/// No session and no credential: what a phone asks that was answered by something else.
async fn versions() -> Response {
    ([(CONTENT_TYPE, "application/json")], format!("{{\"versions\":[{}]}}", wire::HANDOFF_VERSION)).into_response()
}

async fn ready(State(app): State<RelayApp>) -> (StatusCode, &'static str) {
    operations::readiness(app.mailbox.answers().await)
}

async fn metrics(State(app): State<RelayApp>) -> impl IntoResponse {
    operations::rendered(&app.metrics)
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
