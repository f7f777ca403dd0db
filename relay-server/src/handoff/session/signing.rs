//! What only a signing has beside what every session has.

use std::time::Duration;

use sha2::{Digest, Sha256};
use wire::{Action, Consent, LinkKind, MAX_WRONG_NUMBERS, ProblemCode};

use super::row::Session;
use crate::clock::Moment;

/// Of a rehearsal it stays as it begins.
#[derive(Clone, Default)]
pub struct Signing {
    /// Given on the page, and asked for again on the phone.
    pub consents: Vec<Consent>,
    /// Of the launch link or copied link that was asked for last.
    pub ticket: Option<SealedTicket>,
    pub shown_ticket: Option<ShownTicket>,
    /// Counted before they are compared.
    pub wrong_numbers: u8,
    /// One of 32 bytes for each document, of the upload that is under way.
    pub sealed_content_keys: Option<Vec<u8>>,
    /// Sealed for the phone, once: whatever is put again is these bytes.
    pub request: Option<Vec<u8>>,
    /// Whether the relay has all that the phone will fetch.
    pub is_furnished: bool,
    /// Whether `begin` was ever called: before it no try of the card's password can have been spent.
    pub begun: bool,
    pub delivered: Option<Delivered>,
    /// Sealed for the phone in the update that ended the session; gone when the relay has it.
    pub outcome: Option<Vec<u8>>,
    pub checked: Option<Checked>,
}

#[derive(Clone)]
pub struct SealedTicket {
    pub kind: LinkKind,
    /// `None` while it is not known whether the relay has it: then no page shows it.
    pub until: Option<Moment>,
    pub sealed: Vec<u8>,
}

impl SealedTicket {
    /// Tells one ticket from another, and nothing else.
    #[must_use]
    pub fn tag(&self) -> String {
        let hash = Sha256::digest(&self.sealed);
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The ticket that a page may have shown last: what the relay says of a claim is measured by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownTicket {
    pub kind: LinkKind,
    /// As long as the relay takes it, on this clock.
    pub until: Moment,
}

/// A result as it came.
#[derive(Clone)]
pub struct Delivered {
    pub at: Moment,
    /// What certificates are measured by.
    pub time_of_day: Moment,
    /// As the phone sealed it; gone when it is checked.
    pub sealed: Option<Vec<u8>>,
}

/// What the service found when it checked a result, beside the verdicts on its documents.
#[derive(Debug, Clone, Copy)]
pub struct Checked {
    pub at: Moment,
    /// By the phone's own account, if it could tell.
    pub tries_left: Option<u8>,
}

impl Session {
    /// One more number was typed, whatever it is: stored before it is compared, so that no restart forgets it.
    pub fn with_one_more_number(&self) -> Result<Self, ProblemCode> {
        self.state.apply(self.kind, Action::WrongNumbers)?;
        if self.has_spent_its_numbers() || self.claim.is_none_or(|claim| claim.link_kind == LinkKind::Launch) {
            return Err(ProblemCode::WrongState);
        }
        Ok(self.with(|signing| signing.wrong_numbers += 1))
    }

    #[must_use]
    pub fn has_spent_its_numbers(&self) -> bool {
        self.signing.wrong_numbers >= MAX_WRONG_NUMBERS
    }

    /// The number that was counted last was the right one.
    pub fn matched_by_number(&self) -> Result<Self, ProblemCode> {
        let mut matched = self.after(Action::Match)?;
        matched.signing.wrong_numbers = matched.signing.wrong_numbers.saturating_sub(1);
        Ok(matched)
    }

    /// The return value came, with the cookie and a press of 続ける: of a launch, and of nothing else.
    pub fn matched_by_return(&self) -> Result<Self, ProblemCode> {
        if self.claim.is_none_or(|claim| claim.link_kind != LinkKind::Launch) {
            return Err(ProblemCode::WrongState);
        }
        self.after(Action::Match)
    }

    /// Whether a claim of which this service hears at `now` can have come by such a link. By a launch link or a copied one it
    /// cannot where no page has shown one: the kind of link decides who is asked for digits, and the relay alone names it.
    #[must_use]
    pub fn may_be_claimed_by(&self, kind: LinkKind, now: Moment) -> bool {
        let heard_in_time = |shown: &ShownTicket| shown.kind == kind && now < shown.until.plus(LONGEST_NEWS);
        kind == LinkKind::Moving || self.signing.shown_ticket.as_ref().is_some_and(heard_in_time)
    }

    /// The ticket that a page may show now.
    #[must_use]
    pub fn living_ticket(&self, now: Moment) -> Option<&SealedTicket> {
        self.signing.ticket.as_ref().filter(|ticket| ticket.until.is_some_and(|until| now < until))
    }

    /// The whole sealed result is here.
    pub fn delivered(&self, delivered: Delivered) -> Result<Self, ProblemCode> {
        let mut next = self.after(Action::Deliver)?;
        next.signing.delivered = Some(delivered);
        Ok(next)
    }

    /// The check is over: what it found, and what the phone is told.
    pub fn settled(&self, action: Action, checked: Checked, outcome: Option<Vec<u8>>) -> Result<Self, ProblemCode> {
        let mut next = self.after(action)?;
        next.signing.checked = Some(checked);
        next.signing.outcome = outcome;
        Ok(next)
    }

    /// The same with another signing.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Signing)) -> Self {
        let mut next = self.changed();
        change(&mut next.signing);
        next
    }
}

impl Signing {
    pub(super) fn without_secrets(self) -> Self {
        let delivered = self.delivered.map(|delivered| Delivered { sealed: None, ..delivered });
        Self { ticket: None, shown_ticket: None, sealed_content_keys: None, request: None, delivered, ..self }
    }
}

/// From a claim at the relay until this service hears of it, at most, where it came by a ticket.
const LONGEST_NEWS: Duration = Duration::from_secs(10);
