//! The page "verify a PDF": what is dropped there is judged, shown and forgotten.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::App;
use super::answer::{at, page, status};
use super::drop_form::DropForm;
use super::pages::{Asked, PageProblem, VerifyOutcome, VerifyView, Visitor, verify_page};
use crate::configuration::Configuration;
use crate::verification::Examined;

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, PageProblem> {
    open(&app)?;
    Ok(page(worded(&app, VerifyOutcome::NothingDropped, &visitor)))
}

/// The file lies on the disk while it is read, and is gone when this ends, however it ends.
pub(super) async fn receive(
    State(app): State<App>,
    visitor: Visitor,
    form: Result<DropForm, PageProblem>,
) -> Result<Response, PageProblem> {
    open(&app)?;
    let visitor = at(&visitor, "/verify");
    match examine(&app, form?).await {
        Ok(outcome) => Ok(page(worded(&app, outcome, &visitor))),
        Err(problem) => {
            tracing::info!(status = problem.status(), "a file to be verified was refused");
            let code = status(problem.status());
            Ok((code, page(worded(&app, VerifyOutcome::Refused(problem), &visitor))).into_response())
        }
    }
}

async fn examine(app: &App, mut form: DropForm) -> Result<VerifyOutcome, PageProblem> {
    let read = form.read(&app.documents, 1).await;
    if let Err(PageProblem::TooLarge { .. } | PageProblem::StorageFull) = read {
        form.read_away(app.documents.rules().max_bytes).await;
    }
    let dropped = read?;
    let caller = dropped.caller;
    let [file] = <[_; 1]>::try_from(dropped.files).map_err(|_| PageProblem::IncompleteForm)?;
    let examined = app.documents.examine(file.incoming, caller).await?;
    metrics::counter!("kazasu_documents_verified_total").increment(1);
    match examined {
        Examined::Judged(judged) => Ok(VerifyOutcome::Judged(judged)),
        Examined::Unsigned => Ok(VerifyOutcome::Unsigned),
        Examined::Empty => Err(PageProblem::EmptyFile),
        Examined::Encrypted => Err(PageProblem::EncryptedPdf),
        Examined::NoPages => Err(PageProblem::NoPages),
        Examined::NotAPdf => Err(PageProblem::NotAPdf),
        Examined::Broken => Err(PageProblem::BrokenPdf),
    }
}

/// It takes files from everybody, as the drop-off does.
fn open(app: &App) -> Result<(), PageProblem> {
    if app.configuration.public_drop { Ok(()) } else { Err(PageProblem::DropOffClosed) }
}

fn worded(app: &App, outcome: VerifyOutcome, visitor: &Visitor) -> String {
    let (limit_bytes, asked) = (app.documents.rules().max_bytes, asked(&app.configuration));
    verify_page(&VerifyView { limit_bytes, asked, outcome }, visitor)
}

fn asked(configuration: &Configuration) -> Asked {
    match configuration.status_service {
        Some(_) => Asked::Verifier,
        None if configuration.ask_responders || configuration.revocation_lists.iter().next().is_some() => Asked::Authorities,
        None => Asked::Nobody,
    }
}
