//! The phones' own signing flow with its own HTTP client, a practice card, and the person who holds both.

use std::collections::VecDeque;
use std::sync::Arc;

use signer::{CardStage, Effect, Event, Relay, RelayCall, Screen, Setup, SigningFlow};
use simulator::{CardSetup, Counts, Fault, FaultEffect, FaultPoint, PRACTICE_PASSWORD, VirtualCard};

use super::net::Dice;

pub(crate) struct Signer {
    flow: Arc<SigningFlow>,
    client: Arc<Relay>,
    calls: VecDeque<(u64, Arc<RelayCall>)>,
    awaited: Option<u64>,
    kept: Option<Vec<u8>>,
    card: VirtualCard,
    dice: Dice,
    now_ms: u64,
    typings: u64,
    wrong_typings: u64,
    /// Touches in which the card left: a password in doubt may go once more to the card that has lost no try by it.
    torn: u64,
    /// A signature has left the card, and its delivery has begun.
    pub(crate) has_signed: bool,
}

impl Signer {
    pub(crate) fn new(client: &Arc<Relay>, dice: &Dice) -> Self {
        Self {
            flow: flow(),
            client: Arc::clone(client),
            calls: VecDeque::new(),
            awaited: None,
            kept: None,
            card: VirtualCard::new(CardSetup::good()),
            dice: dice.clone(),
            now_ms: 1_000_000,
            typings: 0,
            wrong_typings: 0,
            torn: 0,
            has_signed: false,
        }
    }

    pub(crate) fn screen(&self) -> Screen {
        self.flow.screen()
    }

    /// What the person reads off it and types elsewhere.
    pub(crate) fn number(&self) -> Option<String> {
        match self.screen() {
            Screen::Number { number, .. } => Some(number),
            _ => None,
        }
    }

    pub(crate) fn keeps_a_result(&self) -> bool {
        self.kept.is_some()
    }

    pub(crate) fn put_forward(&mut self, ms: u64) {
        self.now_ms += ms;
    }

    /// The next thing that it, or whoever holds it, has to do. `link` is what the page shows now.
    pub(crate) async fn step(&mut self, link: &str) {
        self.send(Event::Ticked);
        match self.calls.pop_front() {
            Some((id, call)) => {
                let event = self.client.perform(id, call).await;
                self.send(event);
            }
            None => self.act(link),
        }
    }

    /// The app ends, whatever it did, and is started anew.
    pub(crate) fn end_and_start(&mut self) {
        self.flow = flow();
        self.calls.clear();
        self.awaited = None;
        if let Some(kept) = self.kept.clone() {
            self.send(Event::ResultKept { kept });
        }
    }

    pub(crate) fn try_again(&mut self) {
        self.send(Event::TryAgain);
    }

    /// No password goes to the card twice but for a torn touch, and no try goes that was not typed for.
    pub(crate) fn judge_card(&self, named: &str) {
        let Counts { verifies, verifies_repeated, attempts_spent, .. } = self.card.counts();
        assert!(verifies <= self.typings + self.torn && verifies_repeated == 0, "one VERIFY a password: {named}");
        assert!(attempts_spent <= self.wrong_typings, "{named}");
    }

    fn act(&mut self, link: &str) {
        match self.screen() {
            Screen::Scan { .. } | Screen::Claiming { .. } => self.send(Event::LinkScanned { text: link.to_owned() }),
            Screen::Review { .. } | Screen::Disclosure { .. } if self.dice.throw(60) == 0 => self.send(Event::Declined),
            Screen::Review { review, .. } => {
                let documents = u32::try_from(review.documents.len()).unwrap();
                (0..documents).for_each(|document| self.send(Event::PagesSeen { document }));
                self.send(Event::Proceed);
            }
            Screen::FlowExplained { .. } | Screen::Disclosure { .. } => self.send(Event::Proceed),
            Screen::Consents { .. } => self.send(Event::ConsentsGiven),
            Screen::EnterPassword { must_confirm_last_try: true, .. } => self.send(Event::LastTryConfirmed { typed: "1".into() }),
            Screen::EnterPassword { .. } => self.type_password(),
            Screen::HoldCard { stage: CardStage::Waiting { .. }, .. } => self.touch(),
            // A newer QR stands on the page: the person begins anew, unless a signature waits.
            Screen::Failed { can_send_again: false, .. } => self.send(Event::StartOver),
            _ => {}
        }
    }

    fn type_password(&mut self) {
        let is_wrong = self.dice.throw(5) == 0 && self.wrong_typings < 2;
        self.typings += 1;
        self.wrong_typings += u64::from(is_wrong);
        let typed = if is_wrong { "WRONG12" } else { PRACTICE_PASSWORD };
        let effects = self.flow.enter_password(typed.as_bytes(), self.now_ms);
        self.take_up(effects);
    }

    fn touch(&mut self) {
        let Some(id) = self.awaited.take() else { return };
        if self.dice.throw(4) == 0 {
            let effect = if self.dice.throw(2) == 0 { FaultEffect::TearBefore } else { FaultEffect::TearAfter };
            let nth = u32::try_from(self.dice.throw(9)).unwrap() + 1;
            self.card.arm(Fault { at: FaultPoint::Command(nth), effect });
        }
        self.card.power_on();
        let touched = Event::CardTouched { id, extended_length: true, application_selected: false };
        let mut effects = self.flow.handle(touched, self.now_ms);
        while let [Effect::Transmit { id, command }] = effects.as_slice() {
            let (id, response) = (*id, self.card.transmit(command));
            self.torn += u64::from(response.is_empty());
            let event = if response.is_empty() { Event::CardLost { id } } else { Event::CardAnswered { id, response } };
            effects = self.flow.handle(event, self.now_ms);
        }
        self.card.power_off();
        self.take_up(effects);
    }

    fn send(&mut self, event: Event) {
        let effects = self.flow.handle(event, self.now_ms);
        self.take_up(effects);
    }

    fn take_up(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::WaitForCard { id } => self.awaited = Some(id),
                Effect::Call { id, call } => self.calls.push_back((id, call)),
                Effect::Inspect { task, .. } => self.send(task.run()),
                Effect::KeepResult { kept } => {
                    self.has_signed = true;
                    self.kept = Some(kept);
                }
                Effect::ForgetResult => self.kept = None,
                Effect::ReleaseCard | Effect::OpenReturn { .. } | Effect::Tell { .. } => {}
                Effect::Transmit { .. } => panic!("a command outside of a touch"),
            }
        }
    }
}

fn flow() -> Arc<SigningFlow> {
    SigningFlow::on_desktop(Setup { app_version: "model 1".into(), gothic_font: None, mincho_font: None })
}
