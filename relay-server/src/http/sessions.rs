//! A session's page, for the browser that pressed 「次へ」, or else that which dropped the document, and nobody else.

use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use wire::{RejectReason, SessionId, SessionState, Stage};

use super::answer::{leads_to, page};
use super::cookies::{CookieJar, Cookies, SET};
use super::pages::{Ending, PageProblem, PhoneAtWork, SessionFace, SessionView, SignedView, VerdictView, Visitor, session_page};
use super::visitor::Sure;
use super::{App, disposition, documents};
use crate::document::Document;
use crate::handoff::{HandoffProblem, Opened, OwnersKey};
use crate::identifier::DocumentId;
use crate::relay::{RelayRefusal, Session};
use crate::store::{Handoff, reason_code, state_code};

/// The session that the path names, shown to the browser that owns it.
pub(super) struct Owned {
    pub(super) id: SessionId,
    pub(super) key: OwnersKey,
    session: Session,
    handoff: Handoff,
    document: Document,
    awaits_time_stamp: bool,
}

/// Everything that an event can tell, and one GET too.
#[derive(serde::Serialize)]
pub(super) struct Report {
    state: &'static str,
    reason: Option<&'static str>,
    stage: Option<Stage>,
    seconds_left: u64,
    second_phone: bool,
    verdict: Option<super::pages::VerdictSeal>,
    /// The number of the change that led here: the id of the event.
    #[serde(skip)]
    pub(super) sequence: i64,
}

pub(super) async fn show(owned: Owned, State(app): State<App>, visitor: Visitor) -> Result<Response, PageProblem> {
    let view = SessionView { id: owned.id, document: documents::summary(&owned.document), face: owned.face(&app)? };
    Ok(page(session_page(&view, &visitor)))
}

pub(super) async fn state(owned: Owned, State(app): State<App>, headers: HeaderMap) -> Result<Response, PageProblem> {
    let report = owned.report(&app);
    let tag = format!("\"{}-{}\"", report.sequence, report.state);
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(([(ETAG, tag)], [(CONTENT_TYPE, "application/json")], report.to_json()).into_response())
}

/// 「QRコードを更新する」. A session that has a result keeps it, and is shown again.
pub(super) async fn replace(owned: Owned, State(app): State<App>, headers: HeaderMap) -> Result<Response, PageProblem> {
    match app.handoffs.replace(&owned.handoff).await {
        Ok(opened) => {
            tracing::info!(session = %owned.id, newer = %opened.id, "replaced");
            Ok(self::opened(&app, &headers, owned.document.id, &opened))
        }
        Err(HandoffProblem::Stays(session)) => Ok(leads_to(&format!("/sessions/{session}"))),
        Err(problem) => Err(problem.into()),
    }
}

/// A session that is over, or has a result, or is at a phone that signs while nobody was asked, is shown as it is.
pub(super) async fn cancel(owned: Owned, State(app): State<App>, sure: Sure) -> Result<Response, PageProblem> {
    match app.handoffs.cancel(owned.id, sure.0).await {
        Ok(()) | Err(HandoffProblem::Relay(RelayRefusal::Problem(_))) => Ok(leads_to(&format!("/sessions/{}", owned.id))),
        Err(problem) => Err(problem.into()),
    }
}

/// Leads to a session that was just opened. The cookies live as long as the document, whose lifetime it may have stretched.
pub(super) fn opened(app: &App, headers: &HeaderMap, document: DocumentId, opened: &Opened) -> Response {
    let jar = CookieJar::of(app.handoffs.origin());
    let lifetime = app.clock.now().until(opened.document_until);
    let mut response = leads_to(&format!("/sessions/{}", opened.id));
    response.headers_mut().append(SET, jar.set_session(opened.id, &opened.key, lifetime));
    if let Some(former) = opened.former {
        response.headers_mut().append(SET, jar.forget_session(former));
    }
    if let Some(key) = jar.document_key(&Cookies::of(headers), document) {
        response.headers_mut().append(SET, jar.set_document(document, &key, lifetime));
    }
    response
}

impl Owned {
    pub(super) fn report(&self, app: &App) -> Report {
        let session = &self.session;
        let state = session.state_at(app.clock.now());
        Report {
            state: state_code(state),
            reason: reason_code(state),
            stage: session.stage,
            seconds_left: app.relay.time_left(session).as_secs(),
            second_phone: session.second_device,
            verdict: self.verdict().map(|verdict| verdict.seal),
            sequence: session.sequence,
        }
    }

    fn face(&self, app: &App) -> Result<SessionFace, PageProblem> {
        let session = &self.session;
        let seconds_left = app.relay.time_left(session).as_secs();
        let at_work =
            PhoneAtWork { stage: session.stage.unwrap_or(Stage::Claimed), seconds_left, second_phone: session.second_device };
        Ok(match session.state_at(app.clock.now()) {
            SessionState::Waiting => self.waiting(app, seconds_left),
            SessionState::Claimed => SessionFace::Claimed(at_work),
            SessionState::Signing => SessionFace::Signing(at_work),
            SessionState::Delivered => SessionFace::Delivered,
            SessionState::Completed => SessionFace::Completed(self.signed().ok_or(PageProblem::Broken)?),
            SessionState::Rejected { reason } => self.rejected(reason),
            SessionState::Ended { reason } => {
                SessionFace::Ended(Ending { reason, begun: session.begun, newer: self.handoff.newer_session })
            }
        })
    }

    fn waiting(&self, app: &App, seconds_left: u64) -> SessionFace {
        match &self.key {
            OwnersKey::Session(key) => SessionFace::Waiting {
                link: app.handoffs.link(self.id, key),
                seconds_left,
                practice_phone: app.configuration.practice_phone.as_ref().map(ToString::to_string),
            },
            OwnersKey::Document(_) => SessionFace::WaitingUnseen { seconds_left },
        }
    }

    fn signed(&self) -> Option<SignedView> {
        Some(SignedView {
            verdict: self.verdict()?,
            awaits_time_stamp: self.awaits_time_stamp,
            signed_at: self.handoff.checked.as_ref()?.at.into(),
            deleted_at: self.document.expires.into(),
            file_name: disposition::signed_name(self.document.title()),
        })
    }

    fn rejected(&self, reason: RejectReason) -> SessionFace {
        let told = self.handoff.checked.as_ref().and_then(|checked| checked.tries_left);
        SessionFace::Rejected { reason, tries_left: told }
    }

    fn verdict(&self) -> Option<VerdictView> {
        serde_json::from_str(self.handoff.checked.as_ref()?.verdict.as_ref()?).ok()
    }
}

impl Report {
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("words and numbers have a JSON form")
    }
}

/// Reads the owner's rows anew, as an event stream does for each event. The relay's first: what the service found is
/// stored together with the state that says so, and must not be missing where that is seen.
pub(super) async fn owned(app: &App, id: SessionId, key: OwnersKey) -> Result<Owned, PageProblem> {
    let session = match app.relay.session(id).await {
        Err(RelayRefusal::Problem(_)) => return Err(PageProblem::OtherBrowser),
        session => session.map_err(HandoffProblem::from)?,
    };
    let found = app.handoffs.owned(id, &key).await?;
    let (handoff, document) = found.ok_or(PageProblem::OtherBrowser)?;
    let awaits_time_stamp = app.store.awaits_time_stamp(document.id).await?;
    Ok(Owned { id, key, session, handoff, document, awaits_time_stamp })
}

/// The session's own key, or else that of its document.
async fn key_of(app: &App, id: SessionId, headers: &HeaderMap) -> Result<Option<OwnersKey>, PageProblem> {
    let (jar, cookies) = (CookieJar::of(app.handoffs.origin()), Cookies::of(headers));
    if let Some(key) = jar.session_key(&cookies, id) {
        return Ok(Some(OwnersKey::Session(key)));
    }
    let document = app.handoffs.document(id).await?;
    Ok(document.and_then(|document| jar.document_key(&cookies, document.id)).map(OwnersKey::Document))
}

impl FromRequestParts<App> for Owned {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await;
        let Path(path) = path.map_err(|_| PageProblem::OtherBrowser)?;
        let id = path.iter().find(|(name, _)| name == "id").and_then(|(_, id)| SessionId::parse(id));
        let id = id.ok_or(PageProblem::OtherBrowser)?;
        let key = key_of(app, id, &parts.headers).await?;
        owned(app, id, key.ok_or(PageProblem::OtherBrowser)?).await
    }
}
