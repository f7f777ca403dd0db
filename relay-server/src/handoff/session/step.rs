//! What is to be done next for a session, by both rows of it: pure, so that a service that was killed at any moment finds
//! its way again from the rows alone.

use std::time::Duration;

use wire::one::{Action, EndReason, SessionState};
use wire::{ActionKind, Phase, Purpose, Turn};

use super::row::{Claim, Session};
use crate::clock::Moment;
use crate::relay::door::RelayRow;

/// One step. After each the rows are read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The rows agree, and nothing waits to be looked at.
    Rest,
    /// The relay has admitted a phone.
    Take(Claim),
    /// The commitment is stored: now there may be a key.
    Answer,
    /// The answer is stored: now it may be told.
    TellAnswer,
    CheckReveal,
    /// A sealed message of the phone waits.
    Open(Purpose),
    /// What the relay has decided.
    Follow(Action),
    /// The relay does not know yet what this service has decided.
    TellState,
    /// The relay knows.
    NoteTold,
}

/// `relay` is the relay's row, `None` where it has forgotten the session.
#[must_use]
pub(super) fn next(own: &Session, relay: Option<&RelayRow>, now: Moment) -> Step {
    if own.is_over() {
        return after_the_end(own, relay);
    }
    let Some(relay) = relay else { return Step::Follow(Action::Expire) };
    if let Some(action) = decided_by_relay(own, relay, now) {
        return Step::Follow(action);
    }
    match (&own.claim, &relay.claim) {
        (None, Some(claim)) => Step::Take(Claim { link_kind: claim.link_kind, commitment: claim.commitment }),
        (None, None) => Step::Rest,
        (Some(_), _) => after_the_claim(own, relay),
    }
}

fn after_the_end(own: &Session, relay: Option<&RelayRow>) -> Step {
    match relay {
        _ if own.is_told => Step::Rest,
        Some(relay) if !relay.state.phase().is_over() => Step::TellState,
        _ => Step::NoteTold,
    }
}

/// The relay's own turns: begin, delivery, expiry. Whatever else has ended there ends here too.
fn decided_by_relay(own: &Session, relay: &RelayRow, now: Moment) -> Option<Action> {
    let may = |action: Action| own.state.apply(own.kind, action).is_ok().then_some(action);
    // The service refuses what the relay hands over too late by its own clock. protocol.md, section Session.
    let is_too_late = now >= own.deadline.plus(GRACE);
    match relay.state {
        _ if is_too_late => may(Action::Expire),
        SessionState::Ended { reason: EndReason::Expired } => may(Action::Expire),
        state if state.phase().is_over() => may(Action::Cancel),
        SessionState::Signing if own.state != SessionState::Signing => may(Action::Begin),
        SessionState::Delivered => may(Action::Begin).filter(|_| own.state != SessionState::Signing).or(may(Action::Deliver)),
        _ => None,
    }
}

fn after_the_claim(own: &Session, relay: &RelayRow) -> Step {
    let has = |name: &str| relay.boxes.iter().any(|full| full == name);
    match own.state.phase() {
        Phase::Claimed if own.answered.is_none() => Step::Answer,
        Phase::Claimed if !has(ANSWER) => Step::TellAnswer,
        Phase::Claimed if has(REVEAL) => Step::CheckReveal,
        Phase::Numbered | Phase::Matched if own.state != relay.state && !own.is_told => Step::TellState,
        phase if has(Purpose::Refusal.code()) && may(own, phase, ActionKind::Refuse) => Step::Open(Purpose::Refusal),
        phase if has(Purpose::Rehearsal.code()) && may(own, phase, ActionKind::Report) => Step::Open(Purpose::Rehearsal),
        _ if !own.is_told => Step::NoteTold,
        _ => Step::Rest,
    }
}

fn may(own: &Session, phase: Phase, action: ActionKind) -> bool {
    Turn::find(own.kind, phase, action).is_some()
}

/// As the relay calls the boxes.
const ANSWER: &str = "answer";
const REVEAL: &str = "reveal";
/// protocol.md, section Session: "more than 30 s after the deadline on its own clock".
pub(super) const GRACE: Duration = Duration::from_secs(30);
