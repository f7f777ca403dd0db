use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use card::{Signing, SigningPassword};
use wire::{Consent, ConsentGiven, OpeningKey, Origin, Outcome, Refusal, SealingKey, SigningResult};

use super::{Context, Moment};
use crate::boundary::{AskingPage, BatchProgress, TrySpent};
use crate::document::OpenDocument;
use crate::relay::Mailbox;

/// What claim and answer brought.
pub(super) struct Session {
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) origin: Origin,
    /// What the origin calls itself.
    pub(super) name: String,
    pub(super) ends_at_ms: u64,
    /// What the touches so far did to the card's counter.
    pub(super) spent: TrySpent,
}

/// What can be sealed and opened from the request on, each once.
pub(super) struct Envelopes {
    pub(super) refusal: SealingKey<Refusal>,
    pub(super) result: SealingKey<SigningResult>,
    pub(super) outcome: OpeningKey<Outcome>,
}

/// One signing, from the opened documents on.
pub(super) struct Case {
    pub(super) session: Session,
    pub(super) envelopes: Envelopes,
    /// One at least, in the order of the request.
    pub(super) documents: Vec<Offered>,
    pub(super) consents: Vec<Consent>,
    /// The person will sign the documents that they have not opened, too, and has said so.
    pub(super) accepts_unopened: bool,
    pub(super) touches: u32,
    /// What the touches so far have given, and the card that gave it.
    pub(super) signing: Signing,
    /// The person was told that a card seems to be another than the one that left.
    pub(super) was_doubted: bool,
    /// As a card said it in an earlier touch.
    pub(super) tries_left: Option<u8>,
}

/// One document of the request, found right.
pub(super) struct Offered {
    pub(super) title: String,
    pub(super) parties: Vec<String>,
    pub(super) document: Arc<OpenDocument>,
    /// The person reached its end, or said that they have seen all of it.
    pub(super) is_opened: bool,
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

    pub(super) fn asking(&self) -> AskingPage {
        AskingPage {
            origin: self.origin.to_string(),
            is_origin_checked: !self.origin.is_loopback(),
            name: self.name.clone(),
            ends_at_ms: self.ends_at_ms,
        }
    }
}

impl Case {
    pub(super) fn new(session: Session, envelopes: Envelopes, documents: Vec<Offered>, consents: Vec<Consent>) -> Self {
        Self {
            session,
            envelopes,
            signing: signing_of(&documents),
            documents,
            consents,
            accepts_unopened: false,
            touches: 0,
            was_doubted: false,
            tries_left: None,
        }
    }

    /// What does not fit is not kept for the next touch.
    pub(super) fn forget_signatures(&mut self) {
        self.signing = signing_of(&self.documents);
    }

    pub(super) fn titles(&self) -> Vec<String> {
        self.documents.iter().map(|offered| wire::shown(&offered.title)).collect()
    }

    pub(super) fn consents_given(&self) -> Vec<ConsentGiven> {
        let given = |consent: &Consent| ConsentGiven { id: consent.id.clone(), text_sha256: consent.text_sha256 };
        self.consents.iter().map(given).collect()
    }

    pub(super) fn are_all_opened(&self) -> bool {
        self.documents.iter().all(|offered| offered.is_opened)
    }

    /// What nobody looked at may be signed as one of many.
    pub(super) fn may_accept_unopened(&self) -> bool {
        self.documents.len() > 1
    }

    pub(super) fn progress(&self) -> BatchProgress {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        BatchProgress { signed: number(self.signing.done()), documents: number(self.signing.documents()) }
    }
}

fn signing_of(documents: &[Offered]) -> Signing {
    Signing::of(NonZeroUsize::new(documents.len()).unwrap_or(NonZeroUsize::MIN))
}

impl Typed {
    pub(super) fn is_too_old(&self, context: &Context) -> bool {
        u128::from(context.now.elapsed_ms.saturating_sub(self.since_ms)) >= PASSWORD_LIFETIME.as_millis()
    }
}

/// From typing, or from the end of the last touch. card.md, section 4, ruling "In doubt".
pub const PASSWORD_LIFETIME: Duration = Duration::from_secs(60);
