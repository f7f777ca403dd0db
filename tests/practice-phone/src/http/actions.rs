//! What the person does: one route for each kind of thing.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use clap::ValueEnum;
use serde::Deserialize;
use serde_json::json;
use signer::Event;
use simulator::CardKind;
use tokio::task::spawn_blocking;

use super::found;
use crate::intake::{IntakeProblem, check_link, read_qr};
use crate::phones::Phones;

#[derive(Deserialize)]
pub(super) struct Link {
    text: String,
}

pub(super) async fn link(
    State(phones): State<Arc<Phones>>,
    Path(name): Path<String>,
    Json(link): Json<Link>,
) -> Result<Response, StatusCode> {
    let phone = found(&phones, &name)?;
    Ok(match check_link(&link.text) {
        Ok(text) => {
            phone.handle(Event::LinkPasted { text: text.to_owned() });
            StatusCode::NO_CONTENT.into_response()
        }
        Err(problem) => refused(problem),
    })
}

/// A picture of the QR, as PNG: one that was chosen, or one frame of a screen that is being shared.
pub(super) async fn picture(
    State(phones): State<Arc<Phones>>,
    Path(name): Path<String>,
    png: Bytes,
) -> Result<Response, StatusCode> {
    let phone = found(&phones, &name)?;
    let read = spawn_blocking(move || read_qr(&png)).await.unwrap_or(Err(IntakeProblem::NotAPicture));
    let taken = read.and_then(|text| check_link(&text).map(str::to_owned));
    Ok(match taken {
        Ok(text) => {
            phone.handle(Event::LinkScanned { text });
            StatusCode::NO_CONTENT.into_response()
        }
        Err(problem) => refused(problem),
    })
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Action {
    RehearsalWanted,
    ReturnWanted,
    PagesSeen { document: u32 },
    UnopenedAccepted { accepted: bool },
    Proceed,
    ConsentsGiven,
    LastTryConfirmed { typed: String },
    Declined,
    TryAgain,
    StartOver,
    SignatureGivenUp,
}

pub(super) async fn event(
    State(phones): State<Arc<Phones>>,
    Path(name): Path<String>,
    Json(action): Json<Action>,
) -> Result<StatusCode, StatusCode> {
    let event = match action {
        Action::RehearsalWanted => Event::RehearsalWanted,
        Action::ReturnWanted => Event::ReturnWanted,
        Action::PagesSeen { document } => Event::PagesSeen { document },
        Action::UnopenedAccepted { accepted } => Event::UnopenedAccepted { accepted },
        Action::Proceed => Event::Proceed,
        Action::ConsentsGiven => Event::ConsentsGiven,
        Action::LastTryConfirmed { typed } => Event::LastTryConfirmed { typed },
        Action::Declined => Event::Declined,
        Action::TryAgain => Event::TryAgain,
        Action::StartOver => Event::StartOver,
        Action::SignatureGivenUp => Event::SignatureGivenUp,
    };
    found(&phones, &name)?.handle(event);
    Ok(StatusCode::NO_CONTENT)
}

/// The body is the password, as it was typed.
pub(super) async fn password(
    State(phones): State<Arc<Phones>>,
    Path(name): Path<String>,
    typed: Bytes,
) -> Result<StatusCode, StatusCode> {
    found(&phones, &name)?.enter_password(&typed);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub(super) enum CardAction {
    Hold { card: String },
    Lift,
}

pub(super) async fn card(
    State(phones): State<Arc<Phones>>,
    Path(name): Path<String>,
    Json(action): Json<CardAction>,
) -> Result<StatusCode, StatusCode> {
    let phone = found(&phones, &name)?;
    match action {
        CardAction::Hold { card } => {
            let kind = CardKind::from_str(&card, false).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
            phone.hold(kind);
        }
        CardAction::Lift => phone.lift(),
    }
    Ok(StatusCode::NO_CONTENT)
}

fn refused(problem: IntakeProblem) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "problem": problem.code() }))).into_response()
}
