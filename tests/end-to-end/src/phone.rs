//! A phone without a screen: the real signing flow, a card in software, and a person who agrees to everything.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use signer::{CallKind, CardStage, Effect, Event, Relay, Screen, Setup, SigningFlow};
use simulator::VirtualCard;

/// One phone with one card lying on it.
pub struct Phone {
    flow: Arc<SigningFlow>,
    relay: Arc<Relay>,
    card: VirtualCard,
    started: Instant,
    result_sent: Option<SystemTime>,
}

impl Phone {
    pub fn with(card: VirtualCard) -> Self {
        let setup = Setup { app_version: "end-to-end".to_owned(), gothic_font: None, mincho_font: None };
        Self { flow: SigningFlow::new(setup), relay: Relay::new(), card, started: Instant::now(), result_sent: None }
    }

    /// Follows the link to the screen where the person would stop: done, failed, or a password that was refused.
    pub async fn sign(&mut self, link: &str, password: &str) -> Screen {
        let scanned = Event::LinkScanned { text: link.to_owned() };
        self.carry_out(self.flow.handle(scanned, self.now_ms())).await;
        while let Some(effects) = self.agree(password) {
            self.carry_out(effects).await;
        }
        self.flow.screen()
    }

    pub fn card(&self) -> &VirtualCard {
        &self.card
    }

    /// When the result's call was begun, by the wall clock that a browser on this machine shares.
    pub fn result_sent(&self) -> Option<SystemTime> {
        self.result_sent
    }

    /// The screen as it is.
    pub fn screen(&self) -> Screen {
        self.flow.screen()
    }

    /// What a person who agrees does on this screen; none where there is nothing left to agree to.
    fn agree(&self, password: &str) -> Option<Vec<Effect>> {
        let now_ms = self.now_ms();
        let event = match self.flow.screen() {
            Screen::Review { review, .. } if review.all_pages_seen => Event::Proceed,
            Screen::Review { review, .. } => {
                let unseen = review.documents.iter().position(|document| !document.pages_seen)?;
                Event::PagesSeen { document: u32::try_from(unseen).ok()? }
            }
            Screen::FlowExplained { .. } | Screen::Disclosure { .. } => Event::Proceed,
            Screen::Consents { .. } => Event::ConsentsGiven,
            Screen::EnterPassword { problem: None, must_confirm_last_try: false, .. } => {
                return Some(self.flow.enter_password(password.as_bytes(), now_ms));
            }
            _ => return None,
        };
        Some(self.flow.handle(event, now_ms))
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            if let Some(event) = self.perform(effect).await {
                waiting.extend(self.flow.handle(event, self.now_ms()));
            }
        }
    }

    async fn perform(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::WaitForCard { id } => self.hold_the_card(id),
            Effect::Transmit { id, command } => Some(match self.card.transmit(&command) {
                answer if answer.is_empty() => Event::CardLost { id },
                response => Event::CardAnswered { id, response },
            }),
            Effect::ReleaseCard => {
                self.card.power_off();
                None
            }
            Effect::Call { id, call } => {
                if call.kind() == CallKind::SendResult {
                    self.result_sent = Some(SystemTime::now());
                }
                Some(self.relay.perform(id, call).await)
            }
            Effect::Inspect { task, .. } => Some(task.run()),
            Effect::Tell { .. } => None,
        }
    }

    /// The card is held again only where the person is not told of a problem first.
    fn hold_the_card(&mut self, id: u64) -> Option<Event> {
        if matches!(self.flow.screen(), Screen::HoldCard { stage: CardStage::Waiting { problem: Some(_) }, .. }) {
            return None;
        }
        self.card.power_on();
        Some(Event::CardTouched { id })
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// How long a whole job may take before a test calls it stuck.
pub const JOB_LIMIT: Duration = Duration::from_secs(60);
