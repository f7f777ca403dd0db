//! The ends of a flow, and what may still be on its way then.

use std::sync::Arc;

use wire::{Purpose, Refusal, RefusalKind, SealingKey, SessionId, VersionOne};

use super::case::Session;
use super::delivery::Delivering;
use super::refusing::Refusing;
use super::{Context, State, Turn};
use crate::boundary::{Effect, Event, Facts, Failure, FailureKind, Sent};
use crate::relay::Errand;

/// Nothing more happens until the person starts over.
pub(super) struct Over {
    pub(super) ending: Ending,
    /// The session whose service is being told that it ends here.
    refused: Option<SessionId>,
}

pub(super) enum Ending {
    Done {
        titles: Vec<String>,
        touches: u32,
    },
    Declined {
        facts: Facts,
    },
    /// A signature that could not be delivered is kept.
    Failed {
        failure: Failure,
        kept: Option<Box<Delivering>>,
    },
}

impl Over {
    pub(super) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match event {
            Event::StartOver if !self.ending.keeps_signature() => (State::Scan { problem: None }, vec![]),
            Event::SignatureGivenUp if self.ending.keeps_signature() => {
                (State::Scan { problem: None }, vec![Effect::ForgetResult])
            }
            Event::TryAgain => self.send_again(context),
            _ => (State::Over(self), vec![]),
        }
    }

    /// The relay has a refusal: where it is the one of this end, the screen says so.
    pub(super) fn refusal_arrived(&mut self, of: SessionId) {
        if self.refused.take_if(|refused| *refused == of).is_some() {
            self.ending.refusal_arrived();
        }
    }

    fn send_again(self, context: &mut Context) -> Turn {
        match self.ending {
            Ending::Failed { kept: Some(kept), .. } => kept.send_again(context),
            ending => (State::Over(Self { ending, ..self }), vec![]),
        }
    }
}

impl Ending {
    fn keeps_signature(&self) -> bool {
        matches!(self, Self::Failed { kept: Some(_), .. })
    }

    fn refusal_arrived(&mut self) {
        match self {
            Self::Declined { facts } | Self::Failed { failure: Failure { facts, .. }, .. } => facts.sent = Sent::Refusal,
            Self::Done { .. } => {}
        }
    }
}

pub(super) fn end(ending: Ending) -> State {
    State::Over(Over { ending, refused: None })
}

/// Fails before anything was signed, spent or sent.
pub(super) fn fail(kind: FailureKind) -> Turn {
    fail_with(Failure::without_effect(kind))
}

pub(super) fn fail_with(failure: Failure) -> Turn {
    (end(Ending::Failed { failure, kept: None }), vec![])
}

/// E-APP-01: a fault of this program, found by a step that did not come to its end. Whatever it held is gone; a card
/// may lie there with its password taken.
pub(super) fn break_off(facts: Facts) -> Turn {
    let failure = Failure::new(FailureKind::AppBroken, facts);
    (end(Ending::Failed { failure, kept: None }), vec![Effect::ReleaseCard])
}

/// E-QR-02, for a session that ran out while the person was reading or looking for the card.
pub(super) fn expire(session: &Session, is_card_awaited: bool) -> Turn {
    let facts = Facts { signed: false, try_spent: session.spent, sent: Sent::Nothing };
    let failure = Failure::new(FailureKind::QrExpired, facts);
    let effects = if is_card_awaited { vec![Effect::ReleaseCard] } else { vec![] };
    (end(Ending::Failed { failure, kept: None }), effects)
}

/// The person said no before anything could be told to the service.
pub(super) fn stop() -> Turn {
    (end(Ending::Declined { facts: Facts::NOTHING_HAPPENED }), vec![])
}

/// The person said no; the service is told so that nobody else can read it.
pub(super) fn decline(session: &Session, key: SealingKey<Refusal>, context: &mut Context) -> Turn {
    decline_with(session, key, None, context)
}

/// The same, before anybody has said that the reveal arrived.
pub(super) fn decline_with(session: &Session, key: SealingKey<Refusal>, reveal: Option<Errand>, context: &mut Context) -> Turn {
    let facts = Facts { signed: false, try_spent: session.spent, sent: Sent::Unknown };
    let refusal = Refusal { version: VersionOne, kind: RefusalKind::Declined };
    refuse(session, key.seal(context.envelope_nonce(), &refusal), reveal, Ending::Declined { facts }, context)
}

/// A fetched document is not signed; the service is told why in one word.
pub(super) fn refuse_document(session: &Session, key: SealingKey<Refusal>, kind: FailureKind, context: &mut Context) -> Turn {
    let refusal = match kind {
        FailureKind::DocumentDiffers | FailureKind::OriginNotProven => RefusalKind::DocumentDiffers,
        _ => RefusalKind::CannotBeDrawn,
    };
    refuse_for(session, key, refusal, kind, context)
}

/// This device will not sign; the service is told why in one word.
pub(super) fn refuse_for(
    session: &Session,
    key: SealingKey<Refusal>,
    refusal: RefusalKind,
    kind: FailureKind,
    context: &mut Context,
) -> Turn {
    let failure = Failure::new(kind, Facts { signed: false, try_spent: session.spent, sent: Sent::Unknown });
    let refusal = Refusal { version: VersionOne, kind: refusal };
    refuse(session, key.seal(context.envelope_nonce(), &refusal), None, Ending::Failed { failure, kept: None }, context)
}

/// Counts as sent when the relay has said so. It is sent until then, also when the person has gone on.
fn refuse(session: &Session, sealed: Vec<u8>, reveal: Option<Errand>, ending: Ending, context: &mut Context) -> Turn {
    let (mailbox, body) = (Arc::clone(&session.mailbox), Arc::new(sealed));
    let (pending, effect) = context.call(&mailbox, Errand::SendSealed { purpose: Purpose::Refusal, body });
    let refused = Some(mailbox.session);
    context.refusals.add(Refusing { mailbox, pending, ends_at_ms: session.ends_at_ms, reveal });
    (State::Over(Over { ending, refused }), vec![effect])
}
