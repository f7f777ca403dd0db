//! A phone without a screen, whose calls go to a [`FarSide`] through a net that a test may tear.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use signer::{CallKind, Effect, Event, Failure, FailureKind, RelayAnswer, Screen, Setup, SigningFlow};
use simulator::{CardSetup, VirtualCard};

use wire::{EndReason, SessionState};

use crate::far_side::FarSide;

pub(crate) struct Phone {
    pub(crate) flow: Arc<SigningFlow>,
    pub(crate) far: FarSide,
    pub(crate) now_ms: u64,
    /// What each call takes.
    pub(crate) lag_ms: u64,
    pub(crate) calls: Vec<CallKind>,
    pub(crate) bodies: Vec<Vec<u8>>,
    pub(crate) addresses: Vec<String>,
    /// Answers in place of the far side's, in the order they are given.
    pub(crate) script: HashMap<CallKind, VecDeque<RelayAnswer>>,
    /// What becomes of the calls to come; then all arrive.
    pub(crate) fates: VecDeque<Fate>,
    pub(crate) awaited: Option<u64>,
    pub(crate) told: Vec<Failure>,
    /// Every screen that named an origin.
    pub(crate) named: Vec<Screen>,
    /// The state that the relay has told, and a question that waits for another.
    known: Option<SessionState>,
    pub(crate) watching: Option<u64>,
    /// A call that is not answered before a test says so.
    pub(crate) held: Option<(CallKind, Option<u64>)>,
}

/// What the net does to a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    Arrives,
    RequestLost,
    AnswerLost,
    Doubled,
}

impl Phone {
    pub(crate) fn new(far: FarSide) -> Self {
        let setup = Setup { app_version: "test 0.1.0".into(), gothic_font: None, mincho_font: None };
        let is_here = far.meeting.origin.is_loopback();
        Self {
            flow: if is_here { SigningFlow::on_desktop(setup) } else { SigningFlow::new(setup) },
            far,
            now_ms: 1_000_000,
            lag_ms: 50,
            calls: vec![],
            bodies: vec![],
            addresses: vec![],
            script: HashMap::new(),
            fates: VecDeque::new(),
            awaited: None,
            told: vec![],
            named: vec![],
            known: None,
            watching: None,
            held: None,
        }
    }

    /// By the frame that the page shows.
    pub(crate) fn scan(&mut self) {
        let text = self.far.moving(self.far.step);
        self.send(Event::LinkScanned { text });
    }

    pub(crate) fn scanned(far: FarSide) -> Self {
        let mut phone = Self::new(far);
        phone.scan();
        phone
    }

    pub(crate) fn answers(mut self, kind: CallKind, answer: RelayAnswer) -> Self {
        self.script.entry(kind).or_default().push_back(answer);
        self
    }

    pub(crate) fn send(&mut self, event: Event) {
        let effects = self.flow.handle(event, self.now_ms);
        self.perform(effects);
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.now_ms += 1000;
            self.send(Event::Ticked);
        }
    }

    /// Holds a card to the phone until it is released or torn.
    pub(crate) fn touch(&mut self, setup: CardSetup) {
        let mut card = VirtualCard::new(setup);
        let id = self.awaited.take().expect("the flow waits for a card");
        card.power_on();
        let event = Event::CardTouched { id, extended_length: true, application_selected: false };
        let mut effects = self.flow.handle(event, self.now_ms);
        while let [Effect::Transmit { id, command }] = effects.as_slice() {
            let (id, response) = (*id, card.transmit(command));
            let event = if response.is_empty() { Event::CardLost { id } } else { Event::CardAnswered { id, response } };
            effects = self.flow.handle(event, self.now_ms);
        }
        assert_eq!((card.counts().verifies, card.counts().attempts_spent), (0, 0));
        self.perform(effects);
    }

    pub(crate) fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting = VecDeque::from(effects);
        self.look();
        while let Some(effect) = waiting.pop_front() {
            match effect {
                Effect::WaitForCard { id } => self.awaited = Some(id),
                Effect::ReleaseCard => {}
                Effect::Tell { failure } => self.told.push(failure),
                Effect::Call { id, call } => {
                    let (address, body) = call.letter();
                    self.addresses.push(address);
                    waiting.extend(self.call(id, call.kind(), &body));
                }
                other => panic!("{other:?}"),
            }
            self.look();
        }
    }

    /// Lets the held call go through.
    pub(crate) fn let_go(&mut self) {
        let Some((kind, Some(id))) = self.held.take() else { panic!("nothing is held") };
        let body = self.bodies.last().cloned().unwrap_or_default();
        let answer = self.far.hear(kind, &body);
        self.send(Event::RelayAnswered { id, answer });
    }

    /// The page ends the session, and the relay tells who waits for it.
    pub(crate) fn page_ends(&mut self, reason: EndReason) {
        self.far.state = SessionState::Ended { reason };
        let id = self.watching.take().expect("the phone waits for news");
        let answer = self.far.hear(CallKind::AskState, &[]);
        self.send(Event::RelayAnswered { id, answer });
    }

    fn call(&mut self, id: u64, kind: CallKind, body: &[u8]) -> Vec<Effect> {
        self.calls.push(kind);
        self.bodies.push(body.to_vec());
        assert!(self.calls.len() < 500, "the flow goes round in circles");
        if let Some((wanted, held)) = &mut self.held
            && *wanted == kind
            && held.is_none()
        {
            *held = Some(id);
            return vec![];
        }
        if kind == CallKind::Claim {
            self.known = None;
        }
        if kind == CallKind::AskState && self.far.state == SessionState::Numbered && self.known == Some(self.far.state) {
            self.watching = Some(id);
            return vec![];
        }
        let fate = self.fates.pop_front().unwrap_or(Fate::Arrives);
        let answer = match fate {
            Fate::RequestLost => RelayAnswer::Unreachable,
            Fate::AnswerLost => {
                self.answer(kind, body);
                RelayAnswer::Unreachable
            }
            Fate::Doubled => {
                self.answer(kind, body);
                self.answer(kind, body)
            }
            Fate::Arrives => self.answer(kind, body),
        };
        if kind == CallKind::AskState && !matches!(answer, RelayAnswer::Unreachable) {
            self.known = Some(self.far.state);
        }
        // A relay that was asked to wait waits.
        let has_news = kind != CallKind::AskState || self.far.state != SessionState::Claimed;
        self.now_ms += if has_news { self.lag_ms } else { 20_000 };
        self.flow.handle(Event::RelayAnswered { id, answer }, self.now_ms)
    }

    fn answer(&mut self, kind: CallKind, body: &[u8]) -> RelayAnswer {
        match self.script.get_mut(&kind).and_then(VecDeque::pop_front) {
            Some(scripted) => scripted,
            None => self.far.hear(kind, body),
        }
    }

    fn look(&mut self) {
        let screen = self.flow.screen();
        let names = match &screen {
            Screen::Fetching { origin, .. } => origin.is_some(),
            Screen::Rehearsing { page, .. } => page.is_some(),
            Screen::Rehearsed { report, .. } => report.is_some(),
            Screen::Review { .. } => true,
            _ => false,
        };
        if names {
            self.named.push(screen);
        }
    }

    pub(crate) fn count(&self, kind: CallKind) -> usize {
        self.calls.iter().filter(|made| **made == kind).count()
    }

    pub(crate) fn failed(&self) -> Option<FailureKind> {
        match self.flow.screen() {
            Screen::Failed { failure, can_send_again: false } => Some(failure.kind),
            Screen::Scan { problem } => problem.map(|problem| problem.kind),
            _ => None,
        }
    }

    /// Ended with this, before anybody was named and anything was revealed.
    pub(crate) fn is_refused(&self, kind: &FailureKind) -> bool {
        self.failed().as_ref() == Some(kind) && self.named.is_empty() && self.count(CallKind::Reveal) == 0
    }
}
