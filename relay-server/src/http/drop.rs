//! The first page, and the drop of a document on it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use wire::{MAX_DOCUMENTS, MAX_DOCUMENTS_BYTES};

use super::answer::{at, leads_to, page, status, wants_json};
use super::cookies::{CookieJar, Cookies, SET};
use super::drop_form::DropForm;
use super::pages::{DropLimits, DropView, EarlierDocument, PageProblem, Visitor, drop_page};
use super::visitor::Asked;
use super::{App, documents};
use crate::document::Document;
use crate::identifier::BrowserKey;

#[derive(Default, serde::Deserialize)]
pub(super) struct Shown {
    deleted: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Asked(shown): Asked<Shown>,
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
    form: Result<DropForm, PageProblem>,
) -> Result<Response, PageProblem> {
    if !app.configuration.public_drop {
        return Err(PageProblem::DropOffClosed);
    }
    match accept(&app, form?).await {
        Ok((document, key)) => Ok(dropped(&app, &headers, &document, &key)),
        Err(problem) => {
            tracing::info!(status = problem.status(), "a dropped file was refused");
            let view = DropView { refused: Some(problem.clone()), ..view(&app, &headers).await? };
            let html = drop_page(&view, &at(&visitor, "/"));
            Ok((status(problem.status()), page(html)).into_response())
        }
    }
}

async fn accept(app: &App, mut form: DropForm) -> Result<(Document, BrowserKey), PageProblem> {
    let read = form.read(&app.documents, MAX_DOCUMENTS).await;
    if let Err(PageProblem::TooLarge { .. } | PageProblem::TooManyFiles { .. } | PageProblem::StorageFull) = read {
        form.read_away(app.documents.rules().max_bytes).await;
    }
    let (documents, key) = app.documents.accept(read?).await?;
    for document in &documents {
        metrics::counter!("kazasu_documents_dropped_total").increment(1);
        tracing::info!(document = %document.id, bytes = document.original_bytes, "dropped");
    }
    let first = documents.into_iter().next().ok_or(PageProblem::IncompleteForm)?;
    Ok((first, key))
}

/// A browser without scripts follows the 303; a script that showed the progress asks for JSON.
fn dropped(app: &App, headers: &HeaderMap, document: &Document, key: &BrowserKey) -> Response {
    let location = format!("/documents/{}", document.id);
    let jar = CookieJar::of(app.sessions.origin());
    let cookie = [(SET, jar.set_document(document.id, key, app.clock.now().until(document.expires)))];
    if wants_json(headers) {
        let told = axum::Json(serde_json::json!({ "location": location }));
        return (StatusCode::CREATED, cookie, [(LOCATION, location)], told).into_response();
    }
    (cookie, leads_to(&location)).into_response()
}

async fn view(app: &App, headers: &HeaderMap) -> Result<DropView, PageProblem> {
    let rules = app.documents.rules();
    let jar = CookieJar::of(app.sessions.origin());
    let mut earlier = Vec::new();
    for (id, key) in jar.documents(&Cookies::of(headers)) {
        if let Some(document) = app.documents.owned(id, &key).await? {
            earlier.push(EarlierDocument {
                id: document.id.to_string(),
                title: document.title().to_owned(),
                further: app.documents.bundle(&document).await?.len().saturating_sub(1),
                dropped_at: document.dropped.into(),
                deleted_at: document.expires.into(),
                status: documents::status_of(app, &document).await?,
            });
        }
    }
    earlier.sort_by_key(|document| std::cmp::Reverse(document.dropped_at));
    let limits = DropLimits {
        files: MAX_DOCUMENTS,
        together_bytes: MAX_DOCUMENTS_BYTES,
        bytes: rules.max_bytes,
        pages: rules.max_pages,
        lifetime: rules.lifetime,
    };
    Ok(DropView { limits, earlier, just_deleted: false, refused: None })
}
