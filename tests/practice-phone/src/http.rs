//! The page, its assets, and what it asks and tells.

mod actions;
mod assets;
mod guard;
mod live;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;

use crate::failures;
use crate::phone::Phone;
use crate::phones::Phones;
use crate::view::View;

pub(crate) fn router(phones: Arc<Phones>, own_address: SocketAddr) -> Router {
    Router::new()
        .route("/", get(new_phone))
        .route("/phones/{phone}", get(page))
        .route("/phones/{phone}/screen", get(screen))
        .route("/phones/{phone}/events", get(live::events))
        .route("/phones/{phone}/documents/{document}/pages/{page}", get(page_image))
        .route("/phones/{phone}/link", post(actions::link))
        .route("/phones/{phone}/picture", post(actions::picture))
        .route("/phones/{phone}/event", post(actions::event))
        .route("/phones/{phone}/password", post(actions::password))
        .route("/phones/{phone}/card", post(actions::card))
        .route("/failures.json", get(async || Json(failures::words())))
        .route("/assets/{name}", get(assets::asset))
        .route("/healthz", get(async || "ok"))
        .layer(DefaultBodyLimit::max(LARGEST_PICTURE_BYTES))
        .layer(middleware::from_fn_with_state(guard::OwnAddress::new(own_address), guard::guard))
        .with_state(phones)
}

/// Every tab gets a phone of its own. The link never comes this way: it holds
/// a secret, and what stands in a URL is kept and sent on.
async fn new_phone(State(phones): State<Arc<Phones>>) -> Redirect {
    Redirect::to(&format!("/phones/{}", phones.add()))
}

async fn page(State(phones): State<Arc<Phones>>, Path(name): Path<String>) -> Response {
    match phones.find(&name) {
        Some(_) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], assets::PAGE).into_response(),
        None => Redirect::to("/").into_response(),
    }
}

async fn screen(State(phones): State<Arc<Phones>>, Path(name): Path<String>) -> Result<Json<View>, StatusCode> {
    Ok(Json(View::of(&*found(&phones, &name)?)))
}

#[derive(Deserialize)]
struct Size {
    width: u32,
}

async fn page_image(
    State(phones): State<Arc<Phones>>,
    Path((name, document, page)): Path<(String, u32, String)>,
    Query(size): Query<Size>,
) -> Result<Response, StatusCode> {
    let phone = found(&phones, &name)?;
    let number = page.strip_suffix(".png").and_then(|page| page.parse().ok());
    let number: u32 = number.ok_or(StatusCode::NOT_FOUND)?;
    let image = phone.draw_page(document, number, size.width).await.ok_or(StatusCode::NOT_FOUND)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], image.png).into_response())
}

fn found(phones: &Phones, name: &str) -> Result<Arc<Phone>, StatusCode> {
    phones.find(name).ok_or(StatusCode::NOT_FOUND)
}

/// A screenshot of a large monitor is within it.
const LARGEST_PICTURE_BYTES: usize = 20 * 1024 * 1024;
