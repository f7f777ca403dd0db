//! The phone's calls. Every one but the first claim shows the claim token; a session's id alone opens nothing.

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use wire::{
    Begun, Claim, ClaimAnswer, ClaimToken, CredentialHash, HANDOFF_VERSION, ProblemCode, Progress, Reveal, ServiceAnswer,
    SessionId, Standing, VersionOne,
};

use super::super::answer::{Refused, message};
use super::asked::{IDEMPOTENCY_KEY, LONGEST_WORD, bearer, known_sequence, message_in, nothing_in, patience, whole};
use super::{RelayApp, held, nothing_yet};
use crate::relay::mailbox::{BoxName, ClaimAttempt, Content, LONGEST_RESULT, Reading, Session, TakenClaim, sha256};
use crate::store::relay::StoredBox;

/// What the path names, and the token that the call shows, if it shows one.
pub(super) struct Call {
    session: SessionId,
    index: Option<u16>,
    shown: Option<CredentialHash>,
}

pub(super) async fn claim(call: Call, State(app): State<RelayApp>, body: Body) -> Result<Response, Refused> {
    let (claim, bytes) = message_in::<Claim>(body).await?;
    if claim.session != call.session {
        return Err(Refused(ProblemCode::BadMessage));
    }
    let taken = TakenClaim {
        link_kind: claim.proof.kind(),
        commitment: claim.commitment,
        token_hash: claim.token_hash,
        sha256: sha256(&bytes),
        app_version: claim.app_version,
    };
    let attempt = ClaimAttempt { proof: claim.proof, claim: taken, shown: call.shown };
    let session = app.mailbox.claim(call.session, attempt).await?;
    tracing::info!(session = %call.session, "claimed");
    Ok(message(StatusCode::ACCEPTED, &standing(&app.mailbox.reading(session))))
}

/// The service's answer, with what the relay adds of its own.
pub(super) async fn answer(call: Call, State(app): State<RelayApp>, headers: HeaderMap) -> Result<Response, Refused> {
    let (full, reading) = held_for(&call, &app, &headers, BoxName::Answer).await?;
    let Some(full) = full else { return Ok(nothing_yet()) };
    let Content::InRow(bytes) = full.content else { return Err(Refused(ProblemCode::Unavailable)) };
    let answer: ServiceAnswer = serde_json::from_slice(&bytes).map_err(|_| Refused(ProblemCode::Unavailable))?;
    let told = ClaimAnswer { version: VersionOne, answer, seconds_left: reading.seconds_left, versions: vec![HANDOFF_VERSION] };
    Ok(message(StatusCode::OK, &told))
}

pub(super) async fn reveal(call: Call, State(app): State<RelayApp>, body: Body) -> Result<StatusCode, Refused> {
    let (shown, _) = admitted(&call, &app).await?;
    let (_, bytes) = message_in::<Reveal>(body).await?;
    app.mailbox.reveal(call.session, shown, bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All that a phone may know, as soon as it is other than what it knows.
pub(super) async fn state(call: Call, State(app): State<RelayApp>, headers: HeaderMap) -> Result<Response, Refused> {
    let known = known_sequence(&headers);
    let is_news = |reading: &Reading| known.is_none_or(|known| known != reading.sequence);
    let patience = if known.is_some() { patience(&headers) } else { std::time::Duration::ZERO };
    let reading = app.mailbox.wait(call.session, call.token()?, patience, is_news).await?;
    let mut response = message(StatusCode::OK, &standing(&reading));
    let tag = HeaderValue::from_str(&format!("\"{}\"", reading.sequence)).expect("made of digits");
    response.headers_mut().insert(ETAG, tag);
    Ok(response)
}

pub(super) async fn progress(call: Call, State(app): State<RelayApp>, body: Body) -> Result<StatusCode, Refused> {
    let (shown, _) = admitted(&call, &app).await?;
    let (progress, _) = message_in::<Progress>(body).await?;
    app.mailbox.progress(call.session, shown, progress.stage).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn request(call: Call, State(app): State<RelayApp>, headers: HeaderMap) -> Result<Response, Refused> {
    sealed(&call, &app, &headers, BoxName::Request).await
}

pub(super) async fn document(call: Call, State(app): State<RelayApp>, headers: HeaderMap) -> Result<Response, Refused> {
    let name = call.index.and_then(BoxName::document).ok_or(Refused(ProblemCode::UnknownSession))?;
    sealed(&call, &app, &headers, name).await
}

pub(super) async fn begin(call: Call, State(app): State<RelayApp>, body: Body) -> Result<Response, Refused> {
    let (shown, _) = admitted(&call, &app).await?;
    nothing_in(body).await?;
    let session = app.mailbox.begin(call.session, shown).await?;
    let seconds_left = app.mailbox.reading(session).seconds_left;
    Ok(message(StatusCode::OK, &Begun { version: VersionOne, seconds_left }))
}

pub(super) async fn result(call: Call, State(app): State<RelayApp>, headers: HeaderMap, body: Body) -> Result<Response, Refused> {
    let (shown, _) = admitted(&call, &app).await?;
    let bytes = envelope(body, &headers, LONGEST_RESULT).await?;
    app.mailbox.deliver(call.session, shown, bytes).await?;
    tracing::info!(session = %call.session, "result delivered");
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(super) async fn refusal(
    call: Call,
    State(app): State<RelayApp>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let (shown, _) = admitted(&call, &app).await?;
    let bytes = envelope(body, &headers, LONGEST_WORD).await?;
    app.mailbox.refuse(call.session, shown, bytes).await?;
    tracing::info!(session = %call.session, "refused by the phone");
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(super) async fn rehearsal(
    call: Call,
    State(app): State<RelayApp>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let (shown, _) = admitted(&call, &app).await?;
    let bytes = envelope(body, &headers, LONGEST_WORD).await?;
    app.mailbox.report(call.session, shown, bytes).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

pub(super) async fn outcome(call: Call, State(app): State<RelayApp>, headers: HeaderMap) -> Result<Response, Refused> {
    sealed(&call, &app, &headers, BoxName::Outcome).await
}

async fn sealed(call: &Call, app: &RelayApp, headers: &HeaderMap, name: BoxName) -> Result<Response, Refused> {
    match held_for(call, app, headers, name).await?.0 {
        Some(full) => held::part(app.mailbox.shelf(), full, headers).await,
        None => Ok(nothing_yet()),
    }
}

async fn held_for(
    call: &Call,
    app: &RelayApp,
    headers: &HeaderMap,
    name: BoxName,
) -> Result<(Option<StoredBox>, Reading), Refused> {
    Ok(app.mailbox.held_for_phone(call.session, call.token()?, name, patience(headers)).await?)
}

/// Asked before a body is read: nobody else's is taken.
async fn admitted(call: &Call, app: &RelayApp) -> Result<(CredentialHash, Session), Refused> {
    let shown = call.token()?;
    Ok((shown, app.mailbox.admitted(call.session, shown).await?))
}

/// Sealed bytes that came whole, by the hash that came with them.
async fn envelope(body: Body, headers: &HeaderMap, longest_bytes: usize) -> Result<Vec<u8>, Refused> {
    let is_sealed = headers.get(CONTENT_TYPE).is_some_and(|form| form == "application/octet-stream");
    let bytes = whole(body, longest_bytes).await?;
    let is_whole = headers.get(IDEMPOTENCY_KEY).is_some_and(|key| key == wire::idempotency_key(&bytes).as_str());
    if is_sealed && is_whole && !bytes.is_empty() { Ok(bytes) } else { Err(Refused(ProblemCode::BadMessage)) }
}

fn standing(reading: &Reading) -> Standing {
    Standing { version: VersionOne, state: reading.state, seconds_left: reading.seconds_left }
}

impl Call {
    fn token(&self) -> Result<CredentialHash, Refused> {
        self.shown.ok_or(Refused(ProblemCode::NotAllowed))
    }
}

impl FromRequestParts<RelayApp> for Call {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &RelayApp) -> Result<Self, Refused> {
        let (session, index) = named(parts, app).await?;
        let shown = bearer(&parts.headers).and_then(ClaimToken::parse).map(|token| token.hash());
        Ok(Self { session, index, shown })
    }
}

/// The session, and the document if the path names one. A name that none can have is an unknown session.
pub(super) async fn named(parts: &mut Parts, app: &RelayApp) -> Result<(SessionId, Option<u16>), Refused> {
    let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await;
    let Path(path) = path.map_err(|_| Refused(ProblemCode::UnknownSession))?;
    let value = |wanted: &str| path.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let session = value("id").and_then(SessionId::parse).ok_or(Refused(ProblemCode::UnknownSession))?;
    let index = value("index").and_then(|text| text.parse::<u16>().ok().filter(|index| index.to_string() == text));
    Ok((session, index))
}
