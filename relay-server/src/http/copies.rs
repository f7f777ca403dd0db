//! Copies without signatures, for readers who are no party to the document, and what their receipts are checked by.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::documents::{Owned, attachment, status_of};
use super::pages::{PageProblem, SigningStatus};
use super::{App, disposition};
use crate::household::Household;
use crate::receipts::CopyProblem;

/// Where the roots of the keys lie that sign receipts.
pub(super) const ROOTS_PATH: &str = "/.well-known/kazasu-receipts.pem";

/// Made anew for each download, of a document that is signed.
pub(super) async fn download(Owned(document): Owned, State(app): State<App>, caller: Household) -> Result<Response, PageProblem> {
    let SigningStatus::Signed { .. } = status_of(&app, &document).await? else { return Err(PageProblem::NotNow) };
    let copy = app.copies.of(&document, caller).await?;
    tracing::info!(document = %document.id, "a copy was made");
    attachment(copy.parts, copy.bytes, &disposition::copy_name(document.title()))
}

/// PEM. RFC 8555, section 9.1, for the type.
pub(super) async fn roots(State(app): State<App>) -> Result<Response, PageProblem> {
    let text = app.copies.keys().pem().await?;
    Ok(([(CONTENT_TYPE, "application/pem-certificate-chain"), (CACHE_CONTROL, "public, max-age=3600")], text).into_response())
}

impl From<CopyProblem> for PageProblem {
    fn from(problem: CopyProblem) -> Self {
        match problem {
            CopyProblem::Document(problem) => problem.into(),
            CopyProblem::Store(error) => error.into(),
            CopyProblem::NotStrippable(why) => {
                tracing::warn!(%why, "no copy can be made of a document");
                Self::NoCopy
            }
            other => {
                tracing::error!(error = %other, "a copy failed");
                Self::Broken
            }
        }
    }
}
