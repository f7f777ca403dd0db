//! A phone without a screen: the real signing flow, and a card in software.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use signer::{CallKind, Effect, Event, Relay, Screen, Setup, SigningFlow};
use simulator::VirtualCard;

use crate::held::HeldCard;
use crate::person::{Deed, Person};

/// One phone with one card lying beside it.
pub struct Phone<C = VirtualCard> {
    flow: Arc<SigningFlow>,
    relay: Arc<Relay>,
    card: C,
    /// The wait for a card that the flow has asked for.
    waits: Option<u64>,
    started: Instant,
    result_sent: Option<SystemTime>,
}

impl<C: HeldCard> Phone<C> {
    pub fn with(card: C) -> Self {
        let setup = Setup { app_version: "end-to-end".to_owned(), gothic_font: None, mincho_font: None };
        let (flow, relay) = (SigningFlow::on_desktop(setup), Relay::new());
        Self { flow, relay, card, waits: None, started: Instant::now(), result_sent: None }
    }

    /// Follows the link to the screen where somebody who types this once would stop.
    pub async fn sign(&mut self, link: &str, password: &str) -> Screen {
        self.sign_as(&mut Person::knowing(password), link).await
    }

    /// Follows the link to the screen where this person stops.
    pub async fn sign_as(&mut self, person: &mut Person, link: &str) -> Screen {
        let scanned = Event::LinkScanned { text: link.to_owned() };
        self.carry_out(self.flow.handle(scanned, self.now_ms())).await;
        while let Some(deed) = person.deed(&self.flow.screen()) {
            let Some(effects) = self.done(deed) else { break };
            self.carry_out(effects).await;
        }
        self.flow.screen()
    }

    pub fn card(&self) -> &C {
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

    /// `None` where no card came.
    fn done(&mut self, deed: Deed) -> Option<Vec<Effect>> {
        let now_ms = self.now_ms();
        match deed {
            Deed::Tell(event) => Some(self.flow.handle(event, now_ms)),
            Deed::Type(password) => Some(self.flow.enter_password(password.as_bytes(), now_ms)),
            Deed::Hold => {
                let id = self.waits.take().filter(|_| self.card.hold())?;
                Some(self.flow.handle(Event::CardTouched { id, extended_length: true, application_selected: false }, now_ms))
            }
        }
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
            Effect::WaitForCard { id } => {
                self.waits = Some(id);
                None
            }
            Effect::Transmit { id, command } => Some(match self.card.transmit(&command) {
                answer if answer.is_empty() => Event::CardLost { id },
                response => Event::CardAnswered { id, response },
            }),
            Effect::ReleaseCard => {
                self.card.release();
                None
            }
            // News of the session, for whoever waits long for a card. Here it comes at once or never.
            Effect::Call { call, .. } if call.kind() == CallKind::AskState && self.waits.is_some() => None,
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

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// How long a whole job may take before a test calls it stuck.
pub const JOB_LIMIT: Duration = Duration::from_secs(60);
