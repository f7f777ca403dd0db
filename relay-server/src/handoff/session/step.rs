//! What is to be done next for a session, by both rows of it: pure, so that a service that was killed at any moment finds
//! its way again from the rows alone.

#[cfg(test)]
mod tests;

use wire::{Action, ActionKind, EndReason, Phase, Purpose, SessionState, Turn};

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
    /// The relay names a link of which no page has shown one.
    GiveUp,
    /// The commitment is stored: now there may be a key.
    Answer,
    /// The answer is stored: now it may be told.
    TellAnswer,
    CheckReveal,
    /// A sealed message of the phone waits.
    Open(Purpose),
    /// What the relay has decided.
    Follow(Action),
    /// As many wrong numbers were counted as a session has.
    EndOfNumbers,
    /// The phone waits for its request. Takes long, and nobody waits for it here.
    Furnish,
    /// The relay has the phone's result.
    TakeResult,
    /// The result is here. Takes long, and nobody waits for it here.
    Settle,
    /// The phone is to learn what became of its result, before the relay forgets all else.
    TellOutcome,
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
    if own.state == SessionState::Delivered {
        return Step::Settle;
    }
    let Some(relay) = relay else { return Step::Follow(Action::Expire) };
    if let Some(step) = decided_by_relay(own, relay, now) {
        return step;
    }
    match (&own.claim, &relay.claim) {
        (None, Some(claim)) if !own.may_be_claimed_by(claim.link_kind, now) => Step::GiveUp,
        (None, Some(claim)) => Step::Take(Claim { link_kind: claim.link_kind, commitment: claim.commitment }),
        (None, None) => Step::Rest,
        (Some(_), _) => after_the_claim(own, relay),
    }
}

fn after_the_end(own: &Session, relay: Option<&RelayRow>) -> Step {
    match relay {
        _ if own.is_told => Step::Rest,
        None => Step::NoteTold,
        Some(relay) if relay.state.phase().is_over() => Step::NoteTold,
        Some(relay) if relay.state == SessionState::Delivered => match &own.signing.outcome {
            Some(_) if !has(relay, Purpose::Outcome.code()) => Step::TellOutcome,
            Some(_) => Step::TellState,
            // A result without a key that could tell of it: nobody asks for it.
            None => Step::NoteTold,
        },
        Some(_) => Step::TellState,
    }
}

/// The relay's own turns: begin, delivery, expiry. Whatever else has ended there ends here too.
fn decided_by_relay(own: &Session, relay: &RelayRow, now: Moment) -> Option<Step> {
    let may = |action: Action| own.state.apply(own.kind, action).is_ok().then_some(Step::Follow(action));
    // The service refuses what the relay hands over too late by its own clock. protocol.md, section Session.
    match relay.state {
        _ if own.is_past_grace(now) => may(Action::Expire),
        SessionState::Ended { reason: EndReason::Expired } => may(Action::Expire),
        state if state.phase().is_over() => may(Action::Cancel),
        SessionState::Delivered if own.state == SessionState::Signing => Some(Step::TakeResult),
        SessionState::Signing | SessionState::Delivered if own.state != SessionState::Signing => may(Action::Begin),
        _ => None,
    }
}

fn after_the_claim(own: &Session, relay: &RelayRow) -> Step {
    match own.state.phase() {
        Phase::Claimed if own.answered.is_none() => Step::Answer,
        Phase::Claimed if !has(relay, ANSWER) => Step::TellAnswer,
        Phase::Claimed if has(relay, REVEAL) => Step::CheckReveal,
        Phase::Numbered if own.has_spent_its_numbers() => Step::EndOfNumbers,
        Phase::Numbered | Phase::Matched if own.state != relay.state && !own.is_told => Step::TellState,
        phase if has(relay, Purpose::Refusal.code()) && may(own, phase, ActionKind::Refuse) => Step::Open(Purpose::Refusal),
        phase if has(relay, Purpose::Rehearsal.code()) && may(own, phase, ActionKind::Report) => Step::Open(Purpose::Rehearsal),
        _ if !own.is_told => Step::NoteTold,
        Phase::Matched if !own.signing.is_furnished => Step::Furnish,
        _ => Step::Rest,
    }
}

fn has(relay: &RelayRow, name: &str) -> bool {
    relay.boxes.iter().any(|full| full == name)
}

fn may(own: &Session, phase: Phase, action: ActionKind) -> bool {
    Turn::find(own.kind, phase, action).is_some()
}

/// As the relay calls the boxes.
const ANSWER: &str = "answer";
const REVEAL: &str = "reveal";
