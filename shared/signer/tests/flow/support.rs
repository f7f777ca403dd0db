//! A phone without a screen: it performs effects, and answers them from a card and a script.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use signer::{
    Body, CallKind, CardStage, Effect, Event, Failure, FailureKind, RelayAnswer, RelayCall, Screen, Setup, SigningFlow,
};
use simulator::VirtualCard;
use wire::{
    Begun, Claimed, Consent, DocumentOffer, Link, LinkSecret, Message, Origin, Outcome, OutcomeState, Problem, ProblemCode,
    SessionId, SignatureFormat, SigningRequest, Ticket, VERSION,
};

pub(crate) struct Phone {
    pub(crate) flow: Arc<SigningFlow>,
    pub(crate) now_ms: u64,
    pub(crate) calls: Vec<CallKind>,
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
    revision: Arc<Body>,
}

impl Phone {
    pub(crate) fn new() -> Self {
        Self::with_revision(practice_revision().to_vec())
    }

    pub(crate) fn with_revision(revision: Vec<u8>) -> Self {
        let setup = Setup { app_version: "test 0.1.0".into(), gothic_font: None, mincho_font: None };
        Self {
            flow: SigningFlow::on_desktop(setup),
            now_ms: 1_000_000,
            calls: vec![],
            script: HashMap::new(),
            awaited: None,
            released: false,
            told: vec![],
            refuse_next: None,
            down: None,
            revision: Body::new(revision),
        }
    }

    pub(crate) fn at_review() -> Self {
        let mut phone = Self::new();
        phone.send(Event::LinkScanned { text: link_text() });
        phone
    }

    pub(crate) fn at_password() -> Self {
        let mut phone = Self::at_review();
        for event in steps_to_password() {
            phone.send(event);
        }
        phone
    }

    pub(crate) fn at_card() -> Self {
        let mut phone = Self::at_password();
        phone.enter(PASSWORD);
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
        self.calls.push(kind);
        let answer = match self.refuse_next {
            Some(code) if kind != CallKind::ReportProgress => {
                self.refuse_next = None;
                refuses(code)
            }
            _ => self.answer(kind),
        };
        self.send(Event::RelayAnswered { id, answer });
    }

    fn answer(&mut self, kind: CallKind) -> RelayAnswer {
        let scripted = self.script.get_mut(&kind).and_then(VecDeque::pop_front);
        scripted.unwrap_or_else(|| match kind {
            CallKind::Claim => says(&Claimed { version: VERSION, origin: origin(), seconds_left: 600 }),
            CallKind::FetchRequest => says(&request(self.revision.as_bytes())),
            CallKind::FetchDocument => RelayAnswer::Answered { status: 200, body: Arc::clone(&self.revision) },
            CallKind::ReportProgress | CallKind::Refuse => RelayAnswer::Answered { status: 204, body: Body::new(vec![]) },
            CallKind::Begin => says(&Begun { version: VERSION, seconds_left: 500 }),
            CallKind::SendResult => says(&Outcome { version: VERSION, state: OutcomeState::Pending }),
            CallKind::AskOutcome => says(&Outcome { version: VERSION, state: OutcomeState::Completed }),
            of_version_one => panic!("{of_version_one:?} in version 0"),
        })
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

pub(crate) fn says<M: Message>(message: &M) -> RelayAnswer {
    RelayAnswer::Answered { status: 200, body: Body::new(wire::encode(message)) }
}

pub(crate) fn refuses(code: ProblemCode) -> RelayAnswer {
    RelayAnswer::Answered { status: code.status(), body: Body::new(wire::encode_problem(Problem { code })) }
}

pub(crate) fn request(revision: &[u8]) -> SigningRequest {
    let document = DocumentOffer {
        title: "業務委託契約書".into(),
        parties: vec!["株式会社見本".into(), "練習 花子".into()],
        sha256: sha256(revision),
        bytes: u64::try_from(revision.len()).expect("a test's length"),
        format: SignatureFormat::PadesBB,
    };
    let consents = vec![Consent::new("disclosure", "四つの情報が伝わります。", "Four items are disclosed.")];
    SigningRequest { version: VERSION, documents: vec![document], consents }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    pades::digest_of_everything(&bytes.to_vec()).expect("memory can be read")
}

pub(crate) fn link_text() -> String {
    link_to([1; 16])
}

pub(crate) fn link_to(session: [u8; 16]) -> String {
    let link = Link {
        base: origin(),
        session: SessionId::from_bytes(session),
        secret: LinkSecret::from_bytes([2; 32]),
        ticket: Ticket::from_bytes([3; 16]),
    };
    link.to_text()
}

pub(crate) fn origin() -> Origin {
    Origin::parse(ORIGIN).expect("loopback")
}

/// One page that waits for the signature of the practice card's holder.
pub(crate) fn practice_revision() -> &'static [u8] {
    static REVISION: OnceLock<Vec<u8>> = OnceLock::new();
    REVISION.get_or_init(|| revision(Some(&simulator::CardHolder::hanako().name), ORIGIN))
}

pub(crate) fn revision(declared_name: Option<&str>, location: &str) -> Vec<u8> {
    let options = pades::PrepareOptions {
        declared_name: declared_name.map(str::to_owned),
        location: Some(location.to_owned()),
        ..pades::PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16])
    };
    let original = one_page();
    let prepared = pades::prepare(&original, &options).expect("a plain document");
    [original, prepared.revision].concat()
}

/// A document of one empty page, with its table of contents computed.
fn one_page() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>>>",
    ];
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    file += &format!("{table}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8080";
pub(crate) const PASSWORD: &str = simulator::PRACTICE_PASSWORD;
pub(crate) const WRONG: &str = "WRONG12";

/// By a phone that carries long answers.
pub(crate) fn touched(id: u64) -> Event {
    Event::CardTouched { id, extended_length: true, application_selected: false }
}
