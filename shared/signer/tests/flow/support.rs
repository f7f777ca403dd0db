//! A phone without a screen: it performs effects, and answers them from a card and a script.

mod page;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, OnceLock};

use signer::{CallKind, CardStage, Effect, Event, Failure, FailureKind, RelayAnswer, RelayCall, Screen, Setup, SigningFlow};
use simulator::VirtualCard;
use wire::{ProblemCode, Proof, SessionId, SessionKind, Ticket};

use crate::far_side::{FarSide, refuses, revision};

pub(crate) struct Phone {
    pub(crate) flow: Arc<SigningFlow>,
    pub(crate) far: FarSide,
    pub(crate) now_ms: u64,
    pub(crate) calls: Vec<CallKind>,
    /// Bodies of the calls, in the same order.
    pub(crate) bodies: Vec<Vec<u8>>,
    /// What the person types into the page in place of the digits that the phone shows, each once.
    pub(crate) mistypes: VecDeque<&'static str>,
    /// Nobody sits before the page: the question whether it has turned is left open.
    pub(crate) is_page_idle: bool,
    pub(crate) watching: Option<u64>,
    /// One bit of this byte of each answer to such calls is another on arrival.
    pub(crate) altered: Option<(CallKind, usize)>,
    /// In the shell's store.
    pub(crate) kept: Option<Vec<u8>>,
    /// Addresses that the system was asked to open.
    pub(crate) opened: Vec<String>,
    /// Answers other than the usual ones, in the order they are given.
    pub(crate) script: HashMap<CallKind, VecDeque<RelayAnswer>>,
    /// Of the last `WaitForCard`.
    pub(crate) awaited: Option<u64>,
    pub(crate) released: bool,
    pub(crate) told: Vec<Failure>,
    /// The next call that somebody waits for is refused with this.
    pub(crate) refuse_next: Option<ProblemCode>,
    /// While the relay is down: which calls have failed, and those that wait for its return.
    down: Option<(HashSet<CallKind>, Vec<Effect>)>,
}

impl Phone {
    pub(crate) fn new() -> Self {
        Self::with_revision(practice_revision().to_vec())
    }

    pub(crate) fn with_revision(revision: Vec<u8>) -> Self {
        Self::before(asking_for(vec![revision]))
    }

    pub(crate) fn before(far: FarSide) -> Self {
        let setup = Setup { app_version: "test 0.1.0".into(), gothic_font: None, mincho_font: None };
        Self {
            flow: SigningFlow::on_desktop(setup),
            far,
            now_ms: 1_000_000,
            calls: vec![],
            bodies: vec![],
            mistypes: VecDeque::new(),
            is_page_idle: false,
            watching: None,
            altered: None,
            kept: None,
            opened: vec![],
            script: HashMap::new(),
            awaited: None,
            released: false,
            told: vec![],
            refuse_next: None,
            down: None,
        }
    }

    pub(crate) fn at_review() -> Self {
        let mut phone = Self::new();
        phone.send(Event::LinkScanned { text: link_text() });
        phone
    }

    pub(crate) fn at_password() -> Self {
        Self::at_review().to_password()
    }

    pub(crate) fn to_password(mut self) -> Self {
        for event in steps_to_password() {
            self.send(event);
        }
        self
    }

    pub(crate) fn at_card() -> Self {
        let mut phone = Self::at_password();
        phone.enter(PASSWORD);
        phone
    }

    /// The app ends, whatever it did, and is started anew.
    pub(crate) fn restart(self) -> Self {
        let Self { far, kept, now_ms, bodies, calls, script, .. } = self;
        let mut phone = Self { kept: kept.clone(), calls, bodies, script, now_ms: now_ms / 2, ..Self::before(far) };
        if let Some(kept) = kept {
            phone.send(Event::ResultKept { kept });
        }
        phone
    }

    /// The next call of this kind gets this answer, and later ones the answers given after it.
    pub(crate) fn relay_answers(&mut self, kind: CallKind, answer: RelayAnswer) {
        self.script.entry(kind).or_default().push_back(answer);
    }

    pub(crate) fn send(&mut self, event: Event) {
        let effects = self.flow.handle(event, self.now_ms);
        self.perform(effects);
    }

    pub(crate) fn enter(&mut self, password: &str) {
        let effects = self.flow.enter_password(password.as_bytes(), self.now_ms);
        self.perform(effects);
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now_ms += seconds * 1000;
        self.send(Event::Ticked);
    }

    /// Holds the card to the phone until it is released or torn.
    pub(crate) fn touch(&mut self, card: &mut VirtualCard) {
        let effects = self.touch_and_keep(card);
        self.perform(effects);
    }

    /// A touch whose last effects are handed back instead of performed.
    pub(crate) fn touch_and_keep(&mut self, card: &mut VirtualCard) -> Vec<Effect> {
        self.touch_and_hear(card, |_, response, _| response)
    }

    /// A touch in which each answer is heard through a function of phone, answer and command. Empty is lost.
    pub(crate) fn touch_and_hear(
        &mut self,
        card: &mut VirtualCard,
        mut hear: impl FnMut(&mut Self, Vec<u8>, &[u8]) -> Vec<u8>,
    ) -> Vec<Effect> {
        let id = self.awaited.take().expect("the flow waits for a card");
        card.power_on();
        let mut effects = self.flow.handle(touched(id), self.now_ms);
        while let [Effect::Transmit { id, command }] = effects.as_slice() {
            let (id, answer) = (*id, card.transmit(command));
            let response = hear(self, answer, command);
            let event = if response.is_empty() { Event::CardLost { id } } else { Event::CardAnswered { id, response } };
            effects = self.flow.handle(event, self.now_ms);
        }
        card.power_off();
        effects
    }

    pub(crate) fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::WaitForCard { id } => self.awaited = Some(id),
                Effect::ReleaseCard => self.released = true,
                Effect::KeepResult { kept } => self.kept = Some(kept),
                Effect::ForgetResult => self.kept = None,
                Effect::OpenReturn { url } => self.opened.push(url),
                Effect::Tell { failure } => self.told.push(failure),
                Effect::Transmit { .. } => panic!("a command outside of a touch"),
                Effect::Inspect { task, .. } => self.send(task.run()),
                Effect::Call { id, call } => self.call(id, &call),
            }
        }
    }

    pub(crate) fn relay_goes_down(&mut self) {
        self.down = Some(Default::default());
    }

    pub(crate) fn relay_comes_up(&mut self) {
        let (_, held) = self.down.take().expect("it was down");
        self.perform(held);
    }

    /// A relay that is down fails each call once. Its repetition waits, else it would go on for ever.
    fn call(&mut self, id: u64, call: &Arc<RelayCall>) {
        let kind = call.kind();
        if let Some((failed, held)) = &mut self.down {
            if !failed.insert(kind) {
                held.push(Effect::Call { id, call: Arc::clone(call) });
                return;
            }
            return self.send(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable });
        }
        let (address, body) = call.letter();
        self.calls.push(kind);
        self.bodies.push(body.clone());
        if self.is_page_idle && kind == CallKind::AskState && self.is_page_awaited() {
            self.watching = Some(id);
            return;
        }
        let answer = match self.refuse_next {
            Some(code) if kind != CallKind::ReportProgress => {
                self.refuse_next = None;
                refuses(code)
            }
            _ => self.answer(kind, &address, &body),
        };
        self.send(Event::RelayAnswered { id, answer: self.taken_in(call, answer) });
    }

    fn answer(&mut self, kind: CallKind, address: &str, body: &[u8]) -> RelayAnswer {
        match kind {
            CallKind::Claim => self.page_begins_anew(body),
            CallKind::AskState => self.page_goes_on(),
            _ => {}
        }
        match self.script.get_mut(&kind).and_then(VecDeque::pop_front) {
            Some(scripted) => scripted,
            None => self.far.hear_at(address, kind, body),
        }
    }

    pub(crate) fn count(&self, kind: CallKind) -> usize {
        self.calls.iter().filter(|made| **made == kind).count()
    }

    /// The failure that the screen shows, whichever screen that is.
    pub(crate) fn failure(&self) -> Option<Failure> {
        match self.flow.screen() {
            Screen::Scan { problem } | Screen::EnterPassword { problem, .. } => problem,
            Screen::HoldCard { stage: CardStage::Waiting { problem }, .. } => problem,
            Screen::Fetching { trouble, .. }
            | Screen::Claiming { trouble }
            | Screen::Number { trouble, .. }
            | Screen::Return { trouble, .. }
            | Screen::Beginning { trouble, .. }
            | Screen::Sending { trouble, .. }
            | Screen::Checking { trouble } => trouble,
            Screen::Failed { failure, .. } => Some(failure),
            _ => None,
        }
    }

    pub(crate) fn failure_kind(&self) -> Option<FailureKind> {
        self.failure().map(|failure| failure.kind)
    }
}

/// Everything that the person does between the first page and the password.
pub(crate) fn steps_to_password() -> [Event; 5] {
    [Event::PagesSeen { document: 0 }, Event::Proceed, Event::Proceed, Event::ConsentsGiven, Event::Proceed]
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    pades::digest_of_everything(&bytes.to_vec()).expect("memory can be read")
}

/// A service that asks for these revisions to be signed.
pub(crate) fn asking_for(revisions: Vec<Vec<u8>>) -> FarSide {
    let mut far = FarSide::new(SessionKind::Signing, ORIGIN, LINK_HOST);
    far.signing.revisions = revisions;
    far
}

/// What the page of the first session draws.
pub(crate) fn link_text() -> String {
    link_to([1; 16])
}

pub(crate) fn link_to(session: [u8; 16]) -> String {
    let mut far = asking_for(vec![]);
    far.meeting.session = SessionId::from_bytes(session);
    far.moving(far.step)
}

pub(crate) fn copied_link() -> String {
    asking_for(vec![]).link(Proof::Copied(Ticket::from_bytes([3; 16])))
}

pub(crate) fn launch_link() -> String {
    asking_for(vec![]).link(Proof::Launch(Ticket::from_bytes([3; 16])))
}

/// One page that waits for the signature of the practice card's holder.
pub(crate) fn practice_revision() -> &'static [u8] {
    static REVISION: OnceLock<Vec<u8>> = OnceLock::new();
    REVISION.get_or_init(|| revision(Some(&simulator::CardHolder::hanako().name), ORIGIN))
}

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8080";
const LINK_HOST: &str = "127.0.0.1:8080";
pub(crate) const PASSWORD: &str = simulator::PRACTICE_PASSWORD;
pub(crate) const WRONG: &str = "WRONG12";

/// By a phone that carries long answers.
pub(crate) fn touched(id: u64) -> Event {
    Event::CardTouched { id, extended_length: true, application_selected: false }
}
