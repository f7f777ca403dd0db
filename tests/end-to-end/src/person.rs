//! Who sits before a headless phone, and what they do on each screen.

use std::collections::VecDeque;

use signer::{CardStage, Event, Screen};

/// Agrees to everything, types what they were given, and holds the card again when asked.
pub struct Person {
    passwords: VecDeque<String>,
    spends_last_try: bool,
    /// So often they hold the card, at most.
    patience: u32,
}

/// What a person does.
pub(crate) enum Deed {
    Tell(Event),
    Type(String),
    Hold,
}

impl Person {
    /// Types one password, and holds the card once.
    pub fn knowing(password: &str) -> Self {
        Self { passwords: [password.to_owned()].into(), spends_last_try: false, patience: 1 }
    }

    /// Types these passwords, one each time, and holds the card again after each problem with it.
    pub fn patient(passwords: &[String], spends_last_try: bool) -> Self {
        Self { passwords: passwords.iter().cloned().collect(), spends_last_try, patience: 8 }
    }

    /// `None` where the person stops, or has nothing to do.
    pub(crate) fn deed(&mut self, screen: &Screen) -> Option<Deed> {
        match screen {
            Screen::Review { review, .. } => Some(Deed::Tell(match review.documents.iter().position(|one| !one.pages_seen) {
                Some(unseen) => Event::PagesSeen { document: u32::try_from(unseen).ok()? },
                None => Event::Proceed,
            })),
            Screen::FlowExplained { .. } | Screen::Disclosure { .. } => Some(Deed::Tell(Event::Proceed)),
            Screen::Consents { .. } => Some(Deed::Tell(Event::ConsentsGiven)),
            Screen::EnterPassword { must_confirm_last_try: true, .. } if self.spends_last_try => {
                Some(Deed::Tell(Event::LastTryConfirmed { typed: "1".to_owned() }))
            }
            Screen::EnterPassword { must_confirm_last_try: false, .. } => self.passwords.pop_front().map(Deed::Type),
            Screen::HoldCard { stage: CardStage::Waiting { problem }, .. }
            | Screen::Rehearsing { stage: CardStage::Waiting { problem }, .. } => {
                let is_hopeless = problem.as_ref().is_some_and(|problem| HOPELESS.contains(&problem.code.as_str()));
                self.patience = self.patience.checked_sub(1).filter(|_| !is_hopeless)?;
                Some(Deed::Hold)
            }
            _ => None,
        }
    }
}

/// Only another card would help: E-NFC-04 is no My Number card, E-NFC-14 a phone's or an older one.
const HOPELESS: [&str; 2] = ["E-NFC-04", "E-NFC-14"];
