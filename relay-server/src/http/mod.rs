//! What browsers and phones reach: routes, cookies, headers. The words and the look of pages are in [`pages`].

mod answer;
mod cookies;
mod copies;
mod disposition;
mod documents;
mod drop;
mod drop_form;
mod faces;
mod form;
mod guard;
mod in_app;
mod linking;
mod operations;
pub mod pages;
mod patience;
mod rehearsals;
pub mod relay;
mod returning;
mod serving;
mod sessions;
mod verify;
mod visitor;
mod well_known;

use std::ops::Deref;
use std::sync::Arc;

pub use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;
use wire::Origin;

use crate::clock::Clock;
use crate::configuration::Configuration;
use crate::data_folder::FolderLock;
use crate::document::Documents;
use crate::handoff::session::Sessions;
use crate::receipts::Copies;
use crate::relay::door::ServiceDoor;
use crate::store::Store;

/// What every handler may use.
#[derive(Clone)]
pub struct App(Arc<Rooms>);

pub struct Rooms {
    pub configuration: Configuration,
    pub clock: Clock,
    pub store: Store,
    pub sessions: Sessions,
    pub documents: Documents,
    pub copies: Copies,
    pub refused_calls: Arc<RefusedCalls>,
    pub opened_rehearsals: Arc<RefusedCalls>,
    pub opened_signings: Arc<RefusedCalls>,
    pub metrics: PrometheusHandle,
    /// Held for as long as anything here may write to the folder.
    pub lock: Arc<FolderLock>,
    /// The only way to the relay of version 1, also where it is in this process.
    pub door: ServiceDoor,
    /// Cancelled when the server is about to stop.
    pub closing: CancellationToken,
    /// Where links lead and phones reach that relay.
    pub link_origin: Origin,
}

impl App {
    #[must_use]
    pub fn new(rooms: Rooms) -> Self {
        Self(Arc::new(rooms))
    }
}

impl Deref for App {
    type Target = Rooms;

    fn deref(&self) -> &Rooms {
        &self.0
    }
}

pub use guard::RefusedCalls;
pub use serving::serve;

/// Every route with its guards.
pub fn router(app: &App) -> Router {
    Router::new()
        .merge(for_browsers(app))
        .route(wire::OriginKeys::PATH, get(well_known::key_file))
        .route(copies::ROOTS_PATH, get(copies::roots))
        .merge(for_operators())
        .fallback(visitor::no_such_page)
        .method_not_allowed_fallback(visitor::wrong_method)
        .layer(from_fn(patience::with_patience))
        .layer(from_fn_with_state(app.refused_calls.clone(), guard::count_refused))
        .layer(from_fn(answer::word_problems))
        .layer(from_fn_with_state(app.clone(), guard::remember_language))
        .layer(from_fn_with_state(app.sessions.origin().clone(), guard::add_headers))
        .layer(from_fn(guard::observe))
        .with_state(app.clone())
}

fn for_browsers(app: &App) -> Router<App> {
    Router::new()
        .merge(costly(app))
        .merge(for_sessions(app))
        .route("/", get(drop::show))
        .route("/documents/{id}", get(documents::show))
        .route("/documents/{id}/original.pdf", get(documents::original))
        .route("/documents/{id}/signed.pdf", get(documents::signed))
        .route(
            "/documents/{id}/sessions",
            post(documents::next).route_layer(from_fn_with_state(app.clone(), guard::pace_signings)),
        )
        .route("/documents/{id}/delete", post(documents::delete))
        .route("/verify", get(verify::show))
        .route("/s", get(visitor::link))
        .route("/help", get(visitor::help))
        .route("/assets/{file}", get(visitor::asset))
        .layer(from_fn_with_state(app.clone(), guard::same_origin))
        .layer(from_fn_with_state(app.clone(), guard::lead_home))
}

/// The pages of both kinds of session.
fn for_sessions(app: &App) -> Router<App> {
    Router::new()
        .route("/sessions/{id}", get(sessions::show))
        .route("/sessions/{id}/state", get(sessions::state))
        .route("/sessions/{id}/number", post(sessions::number))
        .route("/sessions/{id}/launch", post(sessions::launch))
        .route("/sessions/{id}/copied", post(sessions::copied))
        .route("/sessions/{id}/qr", post(sessions::qr))
        .route("/sessions/{id}/return", post(returning::go_on))
        .route("/return", get(returning::show).post(returning::receive))
        .route(
            "/sessions/{id}/replace",
            post(sessions::replace).route_layer(from_fn_with_state(app.clone(), guard::pace_signings)),
        )
        .route("/sessions/{id}/cancel", post(sessions::cancel))
        .route("/rehearsals", post(rehearsals::open).route_layer(from_fn_with_state(app.clone(), guard::pace)))
        .route("/rehearsals/{id}", get(rehearsals::show))
        .route("/rehearsals/{id}/state", get(rehearsals::state))
        .route("/rehearsals/{id}/replace", post(rehearsals::replace).route_layer(from_fn_with_state(app.clone(), guard::pace)))
        .route("/rehearsals/{id}/cancel", post(rehearsals::cancel))
}

/// What reads or draws a document.
fn costly(app: &App) -> Router<App> {
    Router::new()
        .route("/verify", post(verify::receive).layer(DefaultBodyLimit::max(longest_form(app))))
        .route("/documents", post(drop::receive).layer(DefaultBodyLimit::max(longest_form(app))))
        .route("/documents/{id}/pages/{file}", get(documents::page_image))
        .route("/documents/{id}/copy.pdf", get(copies::download))
        .route_layer(from_fn_with_state(app.clone(), guard::spare))
}

/// All that may come at once, the largest file again to be read away, and the rest of the form.
fn longest_form(app: &App) -> usize {
    let largest = app.configuration.max_pdf_bytes();
    let bytes = largest.max(wire::MAX_DOCUMENTS_BYTES).saturating_add(largest).saturating_add(1024 * 1024);
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn for_operators() -> Router<App> {
    Router::new()
        .route("/healthz", get(operations::healthy))
        .route("/readyz", get(operations::ready))
        .route("/metrics", get(operations::metrics))
}
