//! 準備チェック: its page, for the browser that asked for it and nobody else.

use std::collections::HashMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use wire::{SessionKind, SessionState};

use super::answer::{leads_to, page};
use super::cookies::{CookieJar, Cookies, SET};
use super::form::{Given, fields};
use super::linking::{at_work, moving_link, page_events, second_device, seconds_left};
use super::pages::{PageProblem, RehearsalEnding, RehearsalFace, RehearsalView, Visitor, rehearsal_page};
use super::sessions::named_by;
use super::{App, guard};
use crate::document::Document;
use crate::handoff::session::{Opened, Owner, Seen, SessionProblem};
use crate::identifier::DocumentId;

/// The session that the path names, shown to the browser that owns it, as the relay knows it by now.
pub(super) struct Owned(Seen);

/// All that the page is turned by.
#[derive(serde::Serialize)]
struct Report {
    state: &'static str,
    seconds_left: u64,
    second_device: bool,
}

/// The button on a document's page, or on the first page.
pub(super) async fn open(State(app): State<App>, headers: HeaderMap, form: Given) -> Result<Response, PageProblem> {
    // A form without fields needs no body, nor a type for it.
    let given = match form {
        Err(FormRejection::InvalidFormContentType(_)) if !headers.contains_key(CONTENT_TYPE) => HashMap::new(),
        form => fields(form, &["document"])?,
    };
    let document = match given.get("document") {
        Some(id) => Some(owned_document(&app, &headers, id).await?),
        None if app.configuration.public_drop => None,
        None => return Err(PageProblem::DropOffClosed),
    };
    let opened = app.sessions.rehearse(document.as_ref()).await?;
    tracing::info!(session = %opened.id, "a rehearsal was opened");
    Ok(leads_to_session(&app, &headers, &opened))
}

pub(super) async fn show(
    Owned(seen): Owned,
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let (id, is_ended) = (seen.session.id, matches!(seen.session.state, SessionState::Ended { .. }));
    let view = RehearsalView { id: seen.session.id, document: living_document(&app, &seen).await?, face: face(&app, &seen)? };
    let mut shown = page(rehearsal_page(view, &visitor));
    // The page hears of its session at the relay, which may be another host.
    shown.headers_mut().insert(CONTENT_SECURITY_POLICY, guard::policy_connecting_to(app.sessions.link_origin()));
    if is_ended {
        let cookie = CookieJar::of(app.sessions.origin()).shorten_session(&Cookies::of(&headers), id);
        shown.headers_mut().extend(cookie.map(|cookie| (SET, cookie)));
    }
    Ok(shown)
}

pub(super) async fn state(Owned(seen): Owned, State(app): State<App>, headers: HeaderMap) -> Response {
    let report = report(&app, &seen);
    let tag = format!("\"{}-{}-{}\"", seen.session.sequence, report.state, report.second_device);
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    let body = serde_json::to_vec(&report).expect("words and numbers have a JSON form");
    ([(ETAG, tag)], [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// 「QRコードを更新する」 and 「もう一度チェックする」: a fresh ten minutes in place of this session, if it still runs.
pub(super) async fn replace(Owned(seen): Owned, State(app): State<App>, headers: HeaderMap) -> Result<Response, PageProblem> {
    let documents = app.sessions.living(&seen.session).await?.unwrap_or_default();
    let newer = app.sessions.rehearse_again(&seen.session, documents.first()).await?;
    tracing::info!(session = %seen.session.id, newer = %newer.id, "replaced");
    Ok(leads_to_session(&app, &headers, &newer))
}

pub(super) async fn cancel(Owned(seen): Owned, State(app): State<App>) -> Result<Response, PageProblem> {
    let id = seen.session.id;
    app.sessions.cancel(seen.session, Owner::WasNotAsked).await?;
    Ok(leads_to(&format!("/rehearsals/{id}")))
}

/// Only here is the session's cookie set. Of what it replaces the browser keeps no key for long.
fn leads_to_session(app: &App, headers: &HeaderMap, opened: &Opened) -> Response {
    let jar = CookieJar::of(app.sessions.origin());
    let cookie = jar.set_session(opened.id, &opened.key, opened.lifetime);
    let mut response = leads_to(&format!("/rehearsals/{}", opened.id));
    response.headers_mut().append(SET, cookie);
    for former in &opened.formers {
        response.headers_mut().extend(jar.shorten_session(&Cookies::of(headers), *former).map(|cookie| (SET, cookie)));
    }
    response
}

async fn owned_document(app: &App, headers: &HeaderMap, id: &str) -> Result<Document, PageProblem> {
    let id = DocumentId::parse(id).ok_or(PageProblem::OtherBrowser)?;
    let key = CookieJar::of(app.sessions.origin()).document_key(&Cookies::of(headers), id);
    let document = app.documents.owned(id, &key.ok_or(PageProblem::OtherBrowser)?).await?;
    document.ok_or(PageProblem::OtherBrowser)
}

async fn living_document(app: &App, seen: &Seen) -> Result<Option<String>, PageProblem> {
    let documents = app.sessions.living(&seen.session).await?.unwrap_or_default();
    Ok(documents.first().map(|document| document.id.to_string()))
}

fn report(app: &App, seen: &Seen) -> Report {
    let now = app.clock.now();
    Report {
        state: seen.session.shown_at(now).phase().code(),
        seconds_left: seconds_left(app, seen),
        second_device: second_device(seen),
    }
}

fn face(app: &App, seen: &Seen) -> Result<RehearsalFace, PageProblem> {
    let session = &seen.session;
    let (now, seconds_left) = (app.clock.now(), seconds_left(app, seen));
    let link = app.sessions.link_keys(session).map_err(SessionProblem::from)?;
    let state = session.shown_at(now);
    match (state, link, session.report) {
        (SessionState::Waiting, Some(link), _) => {
            let moving = moving_link(app, session, &link);
            Ok(RehearsalFace::Waiting { link: moving, live: page_events(app, session, &link), seconds_left })
        }
        (SessionState::Claimed | SessionState::Numbered, Some(link), _) => {
            let work = at_work(app, seen, &link);
            let is_checked = state == SessionState::Numbered;
            Ok(if is_checked { RehearsalFace::Numbered(work) } else { RehearsalFace::Claimed(work) })
        }
        (SessionState::Completed, _, Some(report)) => Ok(RehearsalFace::Completed(report)),
        (SessionState::Ended { reason }, ..) => {
            Ok(RehearsalFace::Ended(RehearsalEnding { reason, is_unreadable: session.is_unreadable, newer: session.newer }))
        }
        _ => Err(PageProblem::Broken),
    }
}

impl FromRequestParts<App> for Owned {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        let id = named_by(parts, app).await?;
        let key = CookieJar::of(app.sessions.origin()).session_key(&Cookies::of(&parts.headers), id);
        let session = app.sessions.owned(id, &key.ok_or(PageProblem::OtherBrowser)?).await?;
        let session = session.filter(|session| session.kind == SessionKind::Rehearsal).ok_or(PageProblem::OtherBrowser)?;
        Ok(Self(app.sessions.seen(session).await?))
    }
}
