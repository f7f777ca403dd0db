//! The first page, and the drop of a document on it.

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, StatusCode};

use super::answer::{at, leads_to, page, status, wants_json};
use super::cookies::{CookieJar, Cookies, SET};
use super::pages::{DropLimits, DropView, EarlierDocument, PageProblem, Visitor, drop_page};
use super::{App, disposition, documents};
use crate::document::{Document, Dropped};
use crate::identifier::BrowserKey;

#[derive(serde::Deserialize)]
pub(super) struct Shown {
    deleted: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(shown): Query<Shown>,
) -> Result<Response, PageProblem> {
    if !app.configuration.public_drop {
        return Err(PageProblem::DropOffClosed);
    }
    let view = DropView { just_deleted: shown.deleted.is_some(), ..view(&app, &headers).await? };
    Ok(page(drop_page(&view, &visitor)))
}

/// Takes the form in as it comes. A refusal is told on the page where the form stands.
pub(super) async fn receive(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageProblem> {
    if !app.configuration.public_drop {
        return Err(PageProblem::DropOffClosed);
    }
    let form = form.map_err(|_| PageProblem::UnsupportedMedia)?;
    match accept(&app, form, announced_bytes(&app, &headers)).await {
        Ok((document, key)) => Ok(dropped(&app, &headers, &document, &key)),
        Err(problem) => {
            tracing::info!(status = problem.status(), "a dropped file was refused");
            let view = DropView { refused: Some(problem.clone()), ..view(&app, &headers).await? };
            let html = drop_page(&view, &at(&visitor, "/"));
            Ok((status(problem.status()), page(html)).into_response())
        }
    }
}

async fn accept(app: &App, mut form: Multipart, announced_bytes: u64) -> Result<(Document, BrowserKey), PageProblem> {
    let reservation = match app.documents.reserve(announced_bytes).await {
        Ok(reservation) => reservation,
        Err(problem) => {
            read_away(form, app.documents.rules().max_bytes).await;
            return Err(problem.into());
        }
    };
    let (mut file, mut declared_name) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|_| PageProblem::IncompleteForm)? {
        match field.name() {
            Some("pdf") => {
                let name = disposition::tidy(field.file_name().unwrap_or_default());
                file = Some((name, app.documents.receive(field).await?));
            }
            Some("name") => declared_name = name_in(field).await?,
            _ => {}
        }
    }
    let (file_name, incoming) = file.ok_or(PageProblem::IncompleteForm)?;
    let accepted = app.documents.accept(incoming, Dropped { file_name, declared_name }).await?;
    drop(reservation);
    metrics::counter!("kazasu_documents_dropped_total").increment(1);
    tracing::info!(document = %accepted.0.id, bytes = accepted.0.original_bytes, "dropped");
    Ok(accepted)
}

/// A browser without scripts follows the 303; a script that showed the progress asks for JSON.
fn dropped(app: &App, headers: &HeaderMap, document: &Document, key: &BrowserKey) -> Response {
    let location = format!("/documents/{}", document.id);
    let jar = CookieJar::of(app.handoffs.origin());
    let cookie = [(SET, jar.set_document(document.id, key, app.documents.rules().lifetime))];
    if wants_json(headers) {
        let told = axum::Json(serde_json::json!({ "location": location }));
        return (StatusCode::CREATED, cookie, [(LOCATION, location)], told).into_response();
    }
    (cookie, leads_to(&location)).into_response()
}

async fn view(app: &App, headers: &HeaderMap) -> Result<DropView, PageProblem> {
    let rules = app.documents.rules();
    let jar = CookieJar::of(app.handoffs.origin());
    let mut earlier = Vec::new();
    for (id, key) in jar.documents(&Cookies::of(headers)) {
        if let Some(document) = app.documents.owned(id, &key).await? {
            earlier.push(EarlierDocument {
                id: document.id.to_string(),
                title: document.title().to_owned(),
                dropped_at: document.dropped.into(),
                deleted_at: document.expires.into(),
                status: documents::status_of(app, &document).await?,
            });
        }
    }
    earlier.sort_by_key(|document| std::cmp::Reverse(document.dropped_at));
    let limits = DropLimits { bytes: rules.max_bytes, pages: rules.max_pages, lifetime: rules.lifetime };
    Ok(DropView { limits, earlier, just_deleted: false, refused: None })
}

/// An empty field is a name that was not declared.
async fn name_in(field: Field<'_>) -> Result<Option<String>, PageProblem> {
    let text = field.text().await.map_err(|_| PageProblem::IncompleteForm)?;
    let name = text.trim();
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(PageProblem::IncompleteForm);
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

/// What the upload may take: what the browser says, or the most that is allowed.
fn announced_bytes(app: &App, headers: &HeaderMap) -> u64 {
    let most = app.documents.rules().max_bytes;
    let said = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    said.unwrap_or(most).min(most)
}

/// A browser reads the answer only after it has sent its form.
async fn read_away(mut form: Multipart, most_bytes: u64) {
    let mut read_bytes = 0;
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(chunk)) = field.chunk().await {
            read_bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            if read_bytes > most_bytes {
                return;
            }
        }
    }
}

/// Of a declared name, in characters; the longest on a resident register is far shorter.
const LONGEST_NAME: usize = 100;
