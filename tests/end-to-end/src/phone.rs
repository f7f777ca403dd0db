//! A phone without a screen: the real signing flow, and a card in software.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use signer::{CallKind, Effect, Event, Relay, RelayCall, Screen, Setup, SigningFlow};
use simulator::VirtualCard;

use crate::held::HeldCard;
use crate::page::Page;
use crate::person::{Deed, Person};

/// One phone with one card lying beside it.
pub struct Phone<C = VirtualCard> {
    flow: Arc<SigningFlow>,
    relay: Arc<Relay>,
    card: C,
    /// The wait for a card that the flow has asked for.
    waits: Option<u64>,
    /// The question whether the page has turned, while somebody has to act there.
    open_question: Option<(u64, Arc<RelayCall>)>,
    /// Where the launching browser is confirmed.
    return_address: Option<String>,
    started: Instant,
    result_sent: Option<SystemTime>,
}

impl<C: HeldCard> Phone<C> {
    pub fn with(card: C) -> Self {
        let setup = Setup { app_version: "end-to-end".to_owned(), gothic_font: None, mincho_font: None };
        let (flow, relay) = (SigningFlow::on_desktop(setup), Relay::new());
        let (waits, open_question, return_address) = (None, None, None);
        Self { flow, relay, card, waits, open_question, return_address, started: Instant::now(), result_sent: None }
    }

    /// Follows the link to the screen where somebody who types this once would stop, and does at the page what it asks.
    pub async fn sign(&mut self, link: &str, password: &str, page: &impl Page) -> Screen {
        self.sign_at(&mut Person::knowing(password), link, page).await
    }

    /// Follows the link to the screen where this person stops, who also sits before the page.
    pub async fn sign_at(&mut self, person: &mut Person, link: &str, page: &impl Page) -> Screen {
        match self.sign_as(person, link).await {
            Screen::Number { number, .. } => page.type_number(&number).await,
            Screen::Return { .. } => page.come_back(self.return_address.as_deref().unwrap_or_default()).await,
            other => return other,
        }
        self.go_on(person).await
    }

    /// Follows the link to the screen where this person stops, who does nothing at the page.
    pub async fn sign_as(&mut self, person: &mut Person, link: &str) -> Screen {
        let text = link.to_owned();
        let event = if is_moving(link) { Event::LinkScanned { text } } else { Event::LinkPasted { text } };
        self.carry_out(self.flow.handle(event, self.now_ms())).await;
        self.do_what_is_asked(person).await
    }

    /// From the screen as it is, once the page has turned, to the one where this person stops.
    pub async fn go_on(&mut self, person: &mut Person) -> Screen {
        if let Some((id, call)) = self.open_question.take() {
            let event = self.relay.perform(id, call).await;
            self.carry_out(self.flow.handle(event, self.now_ms())).await;
        }
        self.do_what_is_asked(person).await
    }

    async fn do_what_is_asked(&mut self, person: &mut Person) -> Screen {
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
            Effect::Call { id, call } if call.kind() == CallKind::AskState && self.is_page_awaited() => {
                self.open_question = Some((id, call));
                None
            }
            Effect::OpenReturn { url } => {
                self.return_address = Some(url);
                None
            }
            Effect::Call { id, call } => {
                if call.kind() == CallKind::SendResult {
                    self.result_sent = Some(SystemTime::now());
                }
                Some(self.relay.perform(id, call).await)
            }
            Effect::Inspect { task, .. } => Some(task.run()),
            Effect::KeepResult { .. } | Effect::ForgetResult | Effect::Tell { .. } => None,
        }
    }

    fn is_page_awaited(&self) -> bool {
        matches!(self.flow.screen(), Screen::Number { .. } | Screen::Return { .. })
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Seen by the scanner; any other link is pasted.
fn is_moving(link: &str) -> bool {
    wire::Link::parse(link, &wire::AcceptedHosts::of_desktop()).is_ok_and(|link| link.kind() == wire::LinkKind::Moving)
}

/// How long a whole job may take before a test calls it stuck.
pub const JOB_LIMIT: Duration = Duration::from_secs(60);
