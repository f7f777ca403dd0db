//! Where a launched phone leads back to. What it hands over counts with the cookie of the browser that asked for the launch,
//! and one press of 続ける.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use wire::{LinkKind, ReturnValue, SessionState};

use super::App;
use super::answer::{leads_to, page};
use super::form::{Given, field};
use super::pages::{PageProblem, ReturnView, Visitor, return_confirm_page, return_page};
use super::sessions::{Acting, Holds, owned};
use crate::handoff::session::SessionProblem;

/// What stands behind the `#` is read by the page's script, and seen by nobody here.
pub(super) async fn show(visitor: Visitor) -> Response {
    page(return_page(&visitor))
}

/// What the script has read. It is shown to the person once more before it counts.
pub(super) async fn receive(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    form: Given,
) -> Result<Response, PageProblem> {
    let text = field(form, "value")?;
    let value = ReturnValue::parse(&text).ok_or(PageProblem::ReturnedElsewhere)?;
    let owned = match owned(&app, value.session(), &headers).await {
        Ok(owned) if owned.holds == Holds::SessionsKey => owned,
        Ok(_) | Err(PageProblem::OtherBrowser) => return Err(PageProblem::ReturnedElsewhere),
        Err(problem) => return Err(problem),
    };
    let session = &owned.seen.session;
    let awaits_return = session.state_at(app.clock.now()) == SessionState::Numbered
        && session.claim.is_some_and(|claim| claim.link_kind == LinkKind::Launch);
    if !awaits_return {
        return Ok(leads_to(&format!("/sessions/{}", session.id)));
    }
    let titles = owned.documents.iter().map(|document| document.title().to_owned()).collect();
    Ok(page(return_confirm_page(&ReturnView { session: session.id, titles, value: text }, &visitor)))
}

/// 続ける
pub(super) async fn go_on(Acting(owned): Acting, State(app): State<App>, form: Given) -> Result<Response, PageProblem> {
    let value = ReturnValue::parse(&field(form, "value")?).ok_or(PageProblem::NotNow)?;
    match app.sessions.return_from_launch(&owned.seen.session, &value).await {
        Ok(()) => Ok(leads_to(&format!("/sessions/{}", owned.seen.session.id))),
        Err(SessionProblem::Refused(_)) => Err(PageProblem::NotNow),
        Err(problem) => Err(problem.into()),
    }
}
