//! A signing's page, for the browser that pressed 「次へ」. What only shows or ends it, the browser that dropped the document
//! may do as well: its answer to 「次へ」 may have been lost.

use std::collections::HashSet;

use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use wire::{LinkKind, Number, ProblemCode, SessionId, SessionKind, SessionState};

use super::answer::{leads_to, page};
use super::cookies::{CookieJar, Cookies, SET};
use super::form::{Given, field};
use super::in_app::is_shown_in_app;
use super::pages::{PageProblem, SigningView, Visitor, signing_page};
use super::visitor::{Asked, Sure};
use super::{App, documents, faces, guard};
use crate::document::Document;
use crate::handoff::session::{Opened, Seen, Session, SessionProblem};
use crate::identifier::DocumentId;

/// The session that the path names, as the relay knows it by now, shown to a browser that may see it.
pub(super) struct Owned {
    pub(super) seen: Seen,
    pub(super) documents: Vec<Document>,
    pub(super) holds: Holds,
}

/// The same for the browser that pressed 「次へ」, and no other.
pub(super) struct Acting(pub(super) Owned);

/// Whose key a browser has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    SessionsKey,
    DocumentsKey,
}

#[derive(Default, serde::Deserialize)]
pub(super) struct Typing {
    number: Option<String>,
}

pub(super) async fn show(
    owned: Owned,
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Asked(typing): Asked<Typing>,
) -> Result<Response, PageProblem> {
    let telling =
        faces::Telling { was_malformed: typing.number.as_deref() == Some(MALFORMED), in_app: is_shown_in_app(&headers) };
    let face = faces::of(&app, &owned, telling).await?;
    let documents = owned.documents.iter().map(documents::summary).collect();
    let view = SigningView { id: owned.seen.session.id, documents, face };
    let mut shown = page(signing_page(view, &visitor));
    // The page hears of its session at the relay, which may be another host.
    shown.headers_mut().insert(CONTENT_SECURITY_POLICY, guard::policy_connecting_to(app.sessions.link_origin()));
    if matches!(owned.seen.session.state, SessionState::Ended { .. }) {
        // It leads on for a while, and then has no use.
        let cookie = CookieJar::of(app.sessions.origin()).shorten_session(&Cookies::of(&headers), owned.seen.session.id);
        shown.headers_mut().extend(cookie.map(|cookie| (SET, cookie)));
    }
    Ok(shown)
}

pub(super) async fn state(owned: Owned, State(app): State<App>, headers: HeaderMap) -> Result<Response, PageProblem> {
    let report = faces::report(&app, &owned).await?;
    let tag = format!("\"{}-{}-{}\"", owned.seen.session.sequence, report.state, report.turns_with());
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let body = serde_json::to_vec(&report).map_err(|_| PageProblem::Broken)?;
    Ok(([(ETAG, tag)], [(CONTENT_TYPE, "application/json")], body).into_response())
}

/// The digits that the phone shows. What is no number is told, and not counted; no digit ever stands in an address.
pub(super) async fn number(Acting(owned): Acting, State(app): State<App>, form: Given) -> Result<Response, PageProblem> {
    let typed = field(form, "number")?;
    let session = &owned.seen.session;
    let Some(number) = Number::parse(&typed.replace(HYPHENS, "")) else {
        return Ok(leads_to(&format!("/sessions/{}?number={MALFORMED}", session.id)));
    };
    match app.sessions.number(session, number).await {
        // It has gone on meanwhile, as its page says.
        Ok(_) | Err(SessionProblem::Refused(_)) => Ok(leads_to(&path(session))),
        Err(problem) => Err(problem.into()),
    }
}

/// 「アプリを起動する」
pub(super) async fn launch(acting: Acting, State(app): State<App>, headers: HeaderMap) -> Result<Response, PageProblem> {
    if is_shown_in_app(&headers) {
        return Err(PageProblem::InAppBrowser);
    }
    mint(acting, &app, LinkKind::Launch).await
}

/// 「リンクをコピー」
pub(super) async fn copied(acting: Acting, State(app): State<App>) -> Result<Response, PageProblem> {
    mint(acting, &app, LinkKind::Copied).await
}

/// Back to the QR.
pub(super) async fn qr(Acting(owned): Acting, State(app): State<App>) -> Result<Response, PageProblem> {
    shown_after(&owned.seen.session, app.sessions.withdraw(&owned.seen.session).await)
}

/// 「QRコードを更新する」. A session that has a result keeps it, and is shown again.
pub(super) async fn replace(owned: Owned, State(app): State<App>, headers: HeaderMap) -> Result<Response, PageProblem> {
    match app.sessions.sign_anew(&owned.seen.session).await {
        Ok(opened) => {
            tracing::info!(session = %owned.seen.session.id, newer = %opened.id, "replaced");
            Ok(self::opened(&app, &headers, &owned.documents, &opened))
        }
        Err(SessionProblem::Stays(session)) => Ok(leads_to(&format!("/sessions/{session}"))),
        Err(problem) => Err(problem.into()),
    }
}

/// A session that is over, or has a result, or is at a phone that signs while nobody was asked, is shown as it is.
pub(super) async fn cancel(owned: Owned, State(app): State<App>, sure: Sure) -> Result<Response, PageProblem> {
    let path = path(&owned.seen.session);
    match app.sessions.cancel(owned.seen.session, sure.0).await {
        Ok(()) | Err(SessionProblem::Refused(_)) => Ok(leads_to(&path)),
        Err(problem) => Err(problem.into()),
    }
}

/// Leads to a session that was just opened. The cookies live as long as the documents, whose lifetime it may have stretched.
pub(super) fn opened(app: &App, headers: &HeaderMap, documents: &[Document], opened: &Opened) -> Response {
    let (jar, cookies) = (CookieJar::of(app.sessions.origin()), Cookies::of(headers));
    let mut response = leads_to(&format!("/sessions/{}", opened.id));
    let told = response.headers_mut();
    told.append(SET, jar.set_session(opened.id, &opened.key, opened.lifetime));
    for former in &opened.formers {
        told.append(SET, jar.forget_session(*former));
    }
    for bundle in documents.iter().map(|document| document.bundle).collect::<HashSet<_>>() {
        if let Some(key) = jar.document_key(&cookies, bundle) {
            told.append(SET, jar.set_document(bundle, &key, opened.lifetime));
        }
    }
    response
}

async fn mint(Acting(owned): Acting, app: &App, kind: LinkKind) -> Result<Response, PageProblem> {
    shown_after(&owned.seen.session, app.sessions.mint(&owned.seen.session, kind).await)
}

/// Where the session has gone on meanwhile, its page says so.
fn shown_after(session: &Session, done: Result<(), SessionProblem>) -> Result<Response, PageProblem> {
    match done {
        Ok(()) | Err(SessionProblem::Refused(_)) => Ok(leads_to(&path(session))),
        Err(problem) => Err(problem.into()),
    }
}

fn path(session: &Session) -> String {
    format!("/sessions/{}", session.id)
}

/// Reads the session with the key that the browser holds: its own, or else that of one of its documents.
pub(super) async fn owned(app: &App, id: SessionId, headers: &HeaderMap) -> Result<Owned, PageProblem> {
    let (jar, cookies) = (CookieJar::of(app.sessions.origin()), Cookies::of(headers));
    let session = app.sessions.session(id).await?.filter(|session| session.kind == SessionKind::Signing);
    let session = session.ok_or(PageProblem::OtherBrowser)?;
    let documents = app.sessions.living(&session).await?.ok_or(PageProblem::OtherBrowser)?;
    let fits_session = jar.session_key(&cookies, id).is_some_and(|key| session.owner_hash == key.hash());
    let key_of = |id: DocumentId| jar.document_key(&cookies, id);
    let fits_document = |document: &Document| key_of(document.bundle).is_some_and(|key| document.owner_hash == key.hash());
    let holds = match (fits_session, documents.iter().all(fits_document)) {
        (true, _) => Holds::SessionsKey,
        (false, true) => Holds::DocumentsKey,
        (false, false) => return Err(PageProblem::OtherBrowser),
    };
    let seen = app.sessions.with_sure_ticket(app.sessions.seen(session).await?).await?;
    Ok(Owned { seen, documents, holds })
}

impl FromRequestParts<App> for Owned {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        owned(app, named_by(parts, app).await?, &parts.headers).await
    }
}

/// The session that the path names.
pub(super) async fn named_by(parts: &mut Parts, app: &App) -> Result<SessionId, PageProblem> {
    let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await;
    let Path(path) = path.map_err(|_| PageProblem::OtherBrowser)?;
    let id = path.iter().find(|(name, _)| name == "id").and_then(|(_, id)| SessionId::parse(id));
    id.ok_or(PageProblem::OtherBrowser)
}

impl FromRequestParts<App> for Acting {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        let owned = Owned::from_request_parts(parts, app).await?;
        if owned.holds == Holds::SessionsKey { Ok(Self(owned)) } else { Err(PageProblem::OtherBrowser) }
    }
}

impl From<ProblemCode> for PageProblem {
    fn from(_: ProblemCode) -> Self {
        Self::NotNow
    }
}

const MALFORMED: &str = "format";
/// As they come from keyboards and from copying: hyphen-minus, hyphen, non-breaking hyphen, dashes, minus, full-width and
/// the long-vowel marks that stand in their place.
const HYPHENS: [char; 10] = ['-', '‐', '\u{2011}', '‒', '–', '—', '−', '－', 'ー', 'ｰ'];
