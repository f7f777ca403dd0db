//! Answers: pages, refusals as pages, and refusals as JSON for the phone.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, StatusCode};
use wire::{Message, Problem, ProblemCode};

use super::pages::{PageProblem, Visitor, problem_page};
use crate::document::{ArchiveError, DropProblem};
use crate::drawing::DrawingProblem;
use crate::handoff::session::SessionProblem;
use crate::relay::door::DoorProblem;
use crate::store::StoreError;

/// Left in a refusal that does not count against the address of its caller.
#[derive(Clone, Copy)]
pub(super) struct Excused;

/// What the phone is told instead of an answer.
pub(super) struct Refused(pub(super) ProblemCode);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&Problem { code: self.0 }).expect("a code has a JSON form");
        let mut told = (status(self.0.status()), [(CONTENT_TYPE, "application/problem+json")], body).into_response();
        // Only a frame that this session's page drew is told so: whoever shows it has seen the page.
        if matches!(self.0, ProblemCode::StaleFrame | ProblemCode::FutureFrame) {
            told.extensions_mut().insert(Excused);
        }
        told
    }
}

/// A message to the phone.
pub(super) fn message<M: Message>(status: StatusCode, message: &M) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], wire::encode(message)).into_response()
}

/// Left in the answer by whoever refuses; [`word_problems`] makes a page of it, in the language of the visitor.
impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let mut response = status(self.status()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The layer that words what a handler refused.
pub(super) async fn word_problems(request: Request, next: Next) -> Response {
    let visitor = super::visitor::of(&request);
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<PageProblem>() {
        let page = problem_page(&problem, &visitor);
        response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("text/html; charset=utf-8"));
        *response.body_mut() = Body::from(page);
    }
    response
}

pub(super) fn page(html: String) -> Response {
    Html(html).into_response()
}

/// Where a form leads: 303, so that reloading what comes next does not send the form again.
pub(super) fn leads_to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Events that no proxy holds back until there are more of them.
pub(super) fn unbuffered(events: impl IntoResponse) -> Response {
    ([(HeaderName::from_static("x-accel-buffering"), "no")], events).into_response()
}

pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(http::header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}

pub(super) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self(ProblemCode::StorageFull),
            other => {
                tracing::error!(error = %other, "the store failed");
                Self(ProblemCode::Unavailable)
            }
        }
    }
}

impl From<ArchiveError> for Refused {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::DiskFull => Self(ProblemCode::StorageFull),
            other => {
                tracing::error!(error = %other, "the archive failed");
                Self(ProblemCode::Unavailable)
            }
        }
    }
}

impl From<StoreError> for PageProblem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::StorageFull,
            other => {
                tracing::error!(error = %other, "the store failed");
                Self::Unavailable
            }
        }
    }
}

impl From<ArchiveError> for PageProblem {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::DiskFull => Self::StorageFull,
            other => {
                tracing::error!(error = %other, "the archive failed");
                Self::Unavailable
            }
        }
    }
}

impl From<SessionProblem> for PageProblem {
    fn from(problem: SessionProblem) -> Self {
        match problem {
            SessionProblem::Refused(_) | SessionProblem::Stays(_) => Self::NotNow,
            SessionProblem::Unsure => Self::NothingEnded,
            SessionProblem::Crowded | SessionProblem::Door(DoorProblem::Refused(ProblemCode::TooManySessions)) => Self::Busy,
            SessionProblem::Gone => Self::OtherBrowser,
            SessionProblem::Store(error) => error.into(),
            SessionProblem::Archive(error) => error.into(),
            SessionProblem::Document(problem) => problem.into(),
            SessionProblem::Door(DoorProblem::OtherVersion) => {
                tracing::error!("service and relay are of versions that do not fit together");
                Self::RelayTooOld
            }
            SessionProblem::Door(error) => {
                tracing::warn!(%error, "the relay did not do its part");
                Self::Unavailable
            }
            error @ (SessionProblem::Vault(_) | SessionProblem::Keyring(_)) => {
                tracing::error!(%error, "no keys to work with");
                Self::Broken
            }
            other @ (SessionProblem::Pdf(_) | SessionProblem::Unreadable) => {
                tracing::error!(error = %other, "a hand-off failed");
                Self::Broken
            }
        }
    }
}

impl From<DropProblem> for PageProblem {
    fn from(problem: DropProblem) -> Self {
        match problem {
            DropProblem::Pdf(problem) => of_pdf(&problem),
            DropProblem::TooIntricate => Self::TooIntricate,
            DropProblem::TooLarge { limit_bytes } => Self::TooLarge { limit_bytes },
            DropProblem::TooMuchTogether { limit_bytes } => {
                Self::TooManyFiles { limit: wire::MAX_DOCUMENTS, together_bytes: limit_bytes }
            }
            DropProblem::TooManyPages { limit } => Self::TooManyPages { limit },
            DropProblem::CannotBeDrawn { page, construct } => Self::CannotBeDrawn { page, construct },
            DropProblem::StorageFull => Self::StorageFull,
            DropProblem::Interrupted => Self::IncompleteForm,
            DropProblem::InUse => Self::BeingChecked,
            DropProblem::Drawing(DrawingProblem::Busy) => Self::Busy,
            DropProblem::Archive(error) => error.into(),
            DropProblem::Store(error) => error.into(),
            // What is damaged, the child says so itself; this one took too long or too much.
            DropProblem::Drawing(error @ DrawingProblem::GaveUp) => {
                tracing::warn!(%error, "a document was not drawn");
                Self::TooIntricate
            }
            DropProblem::Drawing(error @ DrawingProblem::NotStarted(_)) => {
                tracing::error!(%error, "nothing is drawn");
                Self::Unavailable
            }
        }
    }
}

fn of_pdf(problem: &pades::PdfProblem) -> PageProblem {
    use pades::PdfProblem as Pdf;
    match problem {
        Pdf::Empty => PageProblem::EmptyFile,
        Pdf::NotAPdf => PageProblem::NotAPdf,
        Pdf::Encrypted => PageProblem::EncryptedPdf,
        Pdf::NoPages => PageProblem::NoPages,
        other if other.code() == "E-PDF-05" => PageProblem::AmbiguousPdf,
        other if other.code() == "E-PDF-07" => PageProblem::SignatureForbidden,
        _ => PageProblem::BrokenPdf,
    }
}

/// The page that a form stands on, for an answer to its POST.
pub(super) fn form_page(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((page, _)) if !page.is_empty() => page,
        _ => "/",
    }
}

/// Of a refused upload, the page that words it is the drop page itself.
pub(super) fn at(visitor: &Visitor, path: &str) -> Visitor {
    Visitor { path: path.to_owned(), ..visitor.clone() }
}
