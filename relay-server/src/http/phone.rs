//! The phone's calls. Every one but the first claim shows the claim token; a session's id alone opens nothing.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use wire::{
    Begun, Claim, ClaimToken, Claimed, CredentialHash, Message, Outcome, OutcomeState, ProblemCode, Progress, Refusal, SessionId,
    SigningResult, VERSION,
};

use super::App;
use super::answer::{Refused, message};
use super::relay::asked::{IDEMPOTENCY_KEY, bearer, patience};
use crate::document::Piece;

/// What the path names, and the token that the call shows, if it shows one.
pub(super) struct Call {
    session: SessionId,
    document: Option<String>,
    shown: Option<CredentialHash>,
}

pub(super) async fn claim(call: Call, State(app): State<App>, body: MessageBody) -> Result<Response, Refused> {
    let claim: Claim = body.read()?;
    let left = app.relay.claim(call.session, &claim, call.shown).await?;
    let claimed = Claimed { version: VERSION, origin: app.handoffs.origin().clone(), seconds_left: left.as_secs() };
    tracing::info!(session = %call.session, "claimed");
    Ok(message(StatusCode::OK, &claimed))
}

pub(super) async fn request(call: Call, State(app): State<App>) -> Result<Response, Refused> {
    let request = app.relay.request(call.session, call.token()?).await?;
    Ok((StatusCode::OK, [(CONTENT_TYPE, "application/json")], request).into_response())
}

/// The prepared revision: what was dropped and what was appended, one after the other.
pub(super) async fn document(call: Call, State(app): State<App>) -> Result<Response, Refused> {
    app.relay.may_read(call.session, call.token()?).await?;
    let is_first = call.document.as_deref() == Some("0");
    let document = app.handoffs.document(call.session).await?.filter(|_| is_first);
    let document = document.ok_or(Refused(ProblemCode::UnknownSession))?;
    let bytes = document.original_bytes + document.appended_bytes;
    let stream = app.documents.stream(document.id, &[Piece::Original, Piece::Appended]).await?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/pdf")), (CONTENT_LENGTH, bytes.into())];
    Ok((headers, Body::from_stream(stream)).into_response())
}

pub(super) async fn progress(call: Call, State(app): State<App>, body: MessageBody) -> Result<StatusCode, Refused> {
    let progress: Progress = body.read()?;
    app.relay.progress(call.session, call.token()?, progress.stage).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn begin(call: Call, State(app): State<App>) -> Result<Response, Refused> {
    let left = app.relay.begin(call.session, call.token()?).await?;
    Ok(message(StatusCode::OK, &Begun { version: VERSION, seconds_left: left.as_secs() }))
}

pub(super) async fn result(
    call: Call,
    State(app): State<App>,
    headers: HeaderMap,
    body: MessageBody,
) -> Result<Response, Refused> {
    let shown = call.token()?;
    let _: SigningResult = body.read()?;
    let body = body.bytes()?;
    if headers.get(IDEMPOTENCY_KEY).is_none_or(|key| key != wire::idempotency_key(&body).as_str()) {
        return Err(Refused(ProblemCode::BadMessage));
    }
    let state = app.relay.deliver(call.session, shown, &body).await?;
    if state == OutcomeState::Pending {
        app.handoffs.settle_soon(call.session);
    }
    tracing::info!(session = %call.session, "result delivered");
    Ok(message(StatusCode::ACCEPTED, &Outcome { version: VERSION, state }))
}

pub(super) async fn refusal(call: Call, State(app): State<App>, body: MessageBody) -> Result<StatusCode, Refused> {
    let refusal: Refusal = body.read()?;
    app.relay.refuse(call.session, call.token()?, refusal.kind).await?;
    tracing::info!(session = %call.session, kind = refusal.kind.code(), "refused by the phone");
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn outcome(call: Call, State(app): State<App>, headers: HeaderMap) -> Result<Response, Refused> {
    let state = app.relay.outcome(call.session, call.token()?, patience(&headers)).await?;
    Ok(message(StatusCode::OK, &Outcome { version: VERSION, state }))
}

impl Call {
    fn token(&self) -> Result<CredentialHash, Refused> {
        self.shown.ok_or(Refused(ProblemCode::NotAllowed))
    }
}

impl FromRequestParts<App> for Call {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await;
        let Path(path) = path.map_err(|_| Refused(ProblemCode::UnknownSession))?;
        let named = |wanted: &str| path.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let session = named("id").and_then(SessionId::parse).ok_or(Refused(ProblemCode::UnknownSession))?;
        Ok(Self { session, document: named("index").map(str::to_owned), shown: shown(&parts.headers) })
    }
}

/// A body that arrived whole and within its limit.
pub(super) struct MessageBody(Result<Bytes, BytesRejection>);

impl MessageBody {
    fn read<M: Message>(&self) -> Result<M, Refused> {
        wire::decode(&self.bytes()?).map_err(Refused)
    }

    fn bytes(&self) -> Result<Bytes, Refused> {
        self.0.as_ref().cloned().map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refused(ProblemCode::TooLarge),
            // Cut off on its way, which says nothing about the message: a result must not be given up for it.
            _ => Refused(ProblemCode::Unavailable),
        })
    }
}

impl<S: Send + Sync> axum::extract::FromRequest<S> for MessageBody {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Bytes::from_request(request, state).await))
    }
}

fn shown(headers: &HeaderMap) -> Option<CredentialHash> {
    Some(ClaimToken::parse(bearer(headers)?)?.hash())
}
