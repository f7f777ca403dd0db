use std::sync::Arc;
use std::time::Duration;

use card::{Signing, SigningPassword};
use wire::{ConsentGiven, Origin, SigningRequest};

use super::{Context, Moment};
use crate::boundary::TrySpent;
use crate::document::OpenDocument;
use crate::relay::Mailbox;

/// What the claim brought.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) origin: Origin,
    pub(super) ends_at_ms: u64,
    /// What the touches so far did to the card's counter.
    pub(super) spent: TrySpent,
}

/// One signing, from the opened document on.
pub(super) struct Case {
    pub(super) session: Session,
    pub(super) request: SigningRequest,
    pub(super) document: Arc<OpenDocument>,
    pub(super) pages_seen: bool,
    /// The relay knows that the card is next; before that no password leaves this device.
    pub(super) begun: bool,
    pub(super) touches: u32,
    /// What the touches so far have given, and the card that gave it.
    pub(super) signing: Signing,
    /// The person was told that a card seems to be another than the one that left.
    pub(super) was_doubted: bool,
    /// As a card said it in an earlier touch.
    pub(super) tries_left: Option<u8>,
}

/// A password in its form, and when it was last of use.
pub(super) struct Typed {
    pub(super) password: Arc<SigningPassword>,
    pub(super) since_ms: u64,
}

impl Session {
    /// Whether there is time left for a touch and the delivery of its result.
    pub(super) fn has_time_to_sign(&self, now: Moment) -> bool {
        self.ends_at_ms.saturating_sub(now.elapsed_ms) >= wire::MIN_SECONDS_TO_SIGN * 1000
    }
}

impl Case {
    pub(super) fn new(session: Session, request: SigningRequest, document: Arc<OpenDocument>) -> Self {
        Self {
            session,
            request,
            document,
            pages_seen: false,
            begun: false,
            touches: 0,
            signing: Signing::one(),
            was_doubted: false,
            tries_left: None,
        }
    }

    pub(super) fn titles(&self) -> Vec<String> {
        self.request.documents.iter().map(|offer| offer.title.clone()).collect()
    }

    pub(super) fn consents_given(&self) -> Vec<ConsentGiven> {
        let given = |consent: &wire::Consent| ConsentGiven { id: consent.id.clone(), text_sha256: consent.text_sha256 };
        self.request.consents.iter().map(given).collect()
    }
}

impl Typed {
    pub(super) fn is_too_old(&self, context: &Context) -> bool {
        u128::from(context.now.elapsed_ms.saturating_sub(self.since_ms)) >= PASSWORD_LIFETIME.as_millis()
    }
}

/// From typing, or from the end of the last touch. card.md, section 4, ruling "In doubt".
pub const PASSWORD_LIFETIME: Duration = Duration::from_secs(60);
