//! A document's page, its images and its downloads, for the browser that dropped it and nobody else.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream::BoxStream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use wire::SessionState;

use super::answer::{at, leads_to, page};
use super::cookies::{CookieJar, Cookies, SET};
use super::form::{Given, fields};
use super::pages::{
    Consenting, DocumentStep, DocumentSummary, DocumentView, DroppedDocument, PAGE_IMAGE_WIDTHS, PageProblem, PageSize,
    SigningStatus, Visitor, consents, document_page,
};
use super::visitor::{Asked, Sure};
use super::{App, disposition, sessions};
use crate::document::{Document, Piece};
use crate::handoff::session::{Session, SessionProblem};
use crate::household::Household;
use crate::identifier::DocumentId;

/// The document that the path names, shown to the browser that owns it.
pub(super) struct Owned(pub(super) Document);

/// The same with all that was dropped together with it, in their order.
pub(super) struct OwnedBundle(Vec<Document>);

#[derive(Default, serde::Deserialize)]
pub(super) struct Step {
    step: Option<String>,
}

#[derive(Default, serde::Deserialize)]
pub(super) struct Width {
    w: Option<u32>,
}

pub(super) async fn show(
    OwnedBundle(documents): OwnedBundle,
    State(app): State<App>,
    visitor: Visitor,
    Asked(step): Asked<Step>,
) -> Result<Response, PageProblem> {
    let step = DocumentStep::from_query(step.step.as_deref());
    let view = view(&app, &documents, step, Consenting::Asked).await?;
    if let (DocumentStep::Prepare, SigningStatus::Signing { session }) = (step, view.status) {
        return Ok(leads_to(&format!("/sessions/{session}")));
    }
    Ok(page(document_page(&view, &visitor)))
}

/// 「次へ」: the ten minutes begin, unless a consent is missing or a result is there already.
pub(super) async fn next(
    OwnedBundle(documents): OwnedBundle,
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    form: Given,
) -> Result<Response, PageProblem> {
    let consents = consents();
    let given = fields(form, &consents.iter().map(|consent| consent.id.as_str()).collect::<Vec<_>>())?;
    if !consents.iter().all(|consent| given.contains_key(&consent.id)) {
        let view = view(&app, &documents, DocumentStep::Prepare, Consenting::SomeMissing).await?;
        let visitor = at(&visitor, &format!("/documents/{}?step=prepare", view.id));
        return Ok((StatusCode::BAD_REQUEST, page(document_page(&view, &visitor))).into_response());
    }
    match app.sessions.sign(&documents, &consents).await {
        Ok(opened) => {
            tracing::info!(session = %opened.id, documents = documents.len(), "opened");
            Ok(sessions::opened(&app, &headers, &documents, &opened))
        }
        Err(SessionProblem::Stays(session)) => Ok(leads_to(&format!("/sessions/{session}"))),
        Err(problem) => Err(problem.into()),
    }
}

/// Of what was dropped together all goes together.
pub(super) async fn delete(
    OwnedBundle(documents): OwnedBundle,
    State(app): State<App>,
    sure: Sure,
) -> Result<Response, PageProblem> {
    let (sessions, doomed) = (app.sessions.clone(), documents.clone());
    // Goes on to its end even if the browser does not wait for it.
    let deleted = tokio::spawn(async move { sessions.delete(&doomed, sure.0).await });
    let newest = match deleted.await.map_err(|_| PageProblem::Broken)? {
        Err(SessionProblem::Stays(session)) => return Ok(leads_to(&format!("/sessions/{session}"))),
        deleted => deleted?,
    };
    let jar = CookieJar::of(app.sessions.origin());
    let mut response = leads_to("/?deleted=yes");
    for document in &documents {
        tracing::info!(document = %document.id, "deleted by its owner");
    }
    if let Some(first) = documents.first() {
        response.headers_mut().append(SET, jar.forget_document(first.bundle));
    }
    if let Some(newest) = newest {
        response.headers_mut().append(SET, jar.forget_session(newest));
    }
    Ok(response)
}

/// The image of a page in one of the widths that the pages ask for.
pub(super) async fn page_image(
    Owned(document): Owned,
    path: Result<Path<(String, String)>, PathRejection>,
    State(app): State<App>,
    caller: Household,
    Asked(width): Asked<Width>,
) -> Result<Response, PageProblem> {
    let Path((_, file)) = path.map_err(|_| PageProblem::NoSuchPage)?;
    let number = file.strip_suffix(".png").and_then(|number| number.parse().ok());
    let number: u32 = number.filter(|number| (1..=document.page_count()).contains(number)).ok_or(PageProblem::NoSuchPage)?;
    let [narrow, wide] = PAGE_IMAGE_WIDTHS;
    let width = if width.w.is_some_and(|asked| asked > narrow) { wide } else { narrow };
    let image = app.documents.page_image(document.id, number, width, caller).await?;
    // The browser of one person may keep what a reload would only fetch again.
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (CONTENT_LENGTH, image.bytes.into()),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, Body::from_stream(image.parts)).into_response())
}

pub(super) async fn original(Owned(document): Owned, State(app): State<App>) -> Result<Response, PageProblem> {
    let stream = app.documents.stream(document.id, &[Piece::Original]).await?;
    attachment(stream, document.original_bytes, &document.file_name)
}

/// The signed document, once there is one.
pub(super) async fn signed(Owned(document): Owned, State(app): State<App>) -> Result<Response, PageProblem> {
    let SigningStatus::Signed { .. } = status_of(&app, &document).await? else { return Err(PageProblem::NotNow) };
    let name = disposition::signed_name(document.title());
    let signed = app.documents.signed(&document).await?;
    let mut response = attachment(signed.parts, signed.bytes, &name)?;
    // A time stamp that comes later makes another file of the same name and length.
    if let Some(tag) = signed.tag.and_then(|tag| HeaderValue::from_str(&format!("\"{}\"", tag.trim_matches('"'))).ok()) {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}

/// Where the document stands, by what is stored of its newest session.
pub(super) async fn status_of(app: &App, document: &Document) -> Result<SigningStatus, PageProblem> {
    Ok(status(app, app.sessions.newest(document).await?))
}

/// The same as the relay knows it by now.
async fn status_seen(app: &App, document: &Document) -> Result<SigningStatus, PageProblem> {
    let newest = match app.sessions.newest(document).await? {
        Some(newest) => Some(app.sessions.seen(newest).await?.session),
        None => None,
    };
    Ok(status(app, newest))
}

fn status(app: &App, newest: Option<Session>) -> SigningStatus {
    let Some(session) = newest else { return SigningStatus::Unsigned };
    let id = session.id;
    match session.shown_at(app.clock.now()) {
        SessionState::Completed => SigningStatus::Signed { session: id },
        SessionState::Signing => SigningStatus::Signing { session: id },
        SessionState::Rejected { .. } | SessionState::Ended { .. } => SigningStatus::Unsigned,
        SessionState::Waiting
        | SessionState::Claimed
        | SessionState::Numbered
        | SessionState::Matched
        | SessionState::Delivered => SigningStatus::Underway { session: id },
    }
}

pub(super) fn summary(document: &Document) -> DocumentSummary {
    DocumentSummary {
        id: document.id.to_string(),
        title: document.title().to_owned(),
        page_sizes: document.page_sizes.iter().map(|&(width, height)| PageSize { width, height }).collect(),
        fingerprint: document.sha256,
    }
}

async fn view(
    app: &App,
    documents: &[Document],
    step: DocumentStep,
    consenting: Consenting,
) -> Result<DocumentView, PageProblem> {
    let first = documents.first().ok_or(PageProblem::OtherBrowser)?;
    let mut awaits_time_stamp = false;
    for document in documents {
        awaits_time_stamp |= app.store.awaits_time_stamp(document.id).await?;
    }
    let dropped = |document: &Document| DroppedDocument { summary: summary(document), bytes: document.original_bytes };
    Ok(DocumentView {
        id: first.id.to_string(),
        documents: documents.iter().map(dropped).collect(),
        declared_name: first.declared_name.clone(),
        deleted_at: first.expires.into(),
        status: status_seen(app, first).await?,
        awaits_time_stamp,
        step,
        consenting,
    })
}

pub(super) fn attachment(
    stream: BoxStream<'static, std::io::Result<Bytes>>,
    bytes: u64,
    name: &str,
) -> Result<Response, PageProblem> {
    let disposition = HeaderValue::from_str(&disposition::attachment(name)).map_err(|_| PageProblem::Broken)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (CONTENT_LENGTH, bytes.into()),
        (CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

impl FromRequestParts<App> for Owned {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await;
        let Path(path) = path.map_err(|_| PageProblem::OtherBrowser)?;
        let id = path.iter().find(|(name, _)| name == "id").and_then(|(_, id)| DocumentId::parse(id));
        let id = id.ok_or(PageProblem::OtherBrowser)?;
        let document = app.documents.living(id).await?.ok_or(PageProblem::OtherBrowser)?;
        let key = CookieJar::of(app.sessions.origin()).document_key(&Cookies::of(&parts.headers), document.bundle);
        let is_its_owner = key.is_some_and(|key| document.owner_hash == key.hash());
        if is_its_owner { Ok(Self(document)) } else { Err(PageProblem::OtherBrowser) }
    }
}

impl FromRequestParts<App> for OwnedBundle {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        let Owned(document) = Owned::from_request_parts(parts, app).await?;
        Ok(Self(app.documents.bundle(&document).await?))
    }
}
