//! What the person sees next. Pure: time and randomness come in, effects go out.

mod calls;
mod case;
mod delivery;
mod facts;
mod fetching;
mod handoff;
mod over;
mod password;
mod reading;
mod refusing;
mod rehearsing;
mod touch;
mod view;

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::SystemTime;

use pages::Fonts;
use wire::AcceptedHosts;

use crate::boundary::{Effect, Event, Facts, Failure, FailureKind, RelayAnswer, Screen};
use crate::document::OpenDocument;
pub use crate::flow::case::PASSWORD_LIFETIME;
use crate::flow::case::Session;
use crate::flow::delivery::Delivering;
use crate::flow::fetching::Fetching;
use crate::flow::handoff::{KeptKeys, Knocking, Matching, Proving, Revealing, Way};
use crate::flow::over::Over;
use crate::flow::password::{Asking, Beginning};
use crate::flow::reading::Reading;
use crate::flow::refusing::Refusals;
use crate::flow::rehearsing::Rehearsing;
use crate::flow::touch::{Holding, Talking};

/// One signing after another, and what all its steps share.
pub(crate) struct Flow {
    state: State,
    context: Context,
}

/// When an event happened: on the shell's clock that runs in sleep, and on the wall.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) elapsed_ms: u64,
    pub(crate) wall: SystemTime,
}

pub(crate) struct Settings {
    pub(crate) app_version: String,
    pub(crate) fonts: Fonts,
    /// Whose links are taken up.
    pub(crate) hosts: AcceptedHosts,
}

/// Gives the bytes of a claim token, a key or a nonce.
pub(crate) type Random = Box<dyn FnMut() -> [u8; 32] + Send>;

/// What a step may use besides what it knows itself.
struct Context {
    settings: Settings,
    random: Random,
    now: Moment,
    last_id: u64,
    /// Of the origin that asked last.
    kept_keys: Option<KeptKeys>,
    /// Of this flow and of those before it.
    refusals: Refusals,
}

/// Named by what it waits for.
enum State {
    Scan { problem: Option<Failure> },
    Knock(Knocking),
    Prove(Proving),
    Reveal(Revealing),
    Rehearse(Rehearsing),
    Match(Matching),
    Fetch(Fetching),
    Read(Reading),
    Password(Asking),
    Begin(Beginning),
    Hold(Holding),
    Talk(Talking),
    Deliver(Delivering),
    Over(Over),
}

/// Where an event leads, and what the shell has to do on the way.
type Turn = (State, Vec<Effect>);

impl Flow {
    pub(crate) fn new(settings: Settings, random: Random) -> Self {
        let now = Moment { elapsed_ms: 0, wall: SystemTime::UNIX_EPOCH };
        let context = Context { settings, random, now, last_id: 0, kept_keys: None, refusals: Refusals::default() };
        Self { state: State::Scan { problem: None }, context }
    }

    pub(crate) fn screen(&self) -> Screen {
        self.state.screen()
    }

    pub(crate) fn facts(&self) -> Facts {
        self.state.facts()
    }

    pub(crate) fn handle(&mut self, event: Event, now: Moment) -> Vec<Effect> {
        match event {
            Event::RelayAnswered { id, answer } if self.context.refusals.await_answer(id) => {
                self.refusal_answered(id, &answer, now)
            }
            event => self.advance(now, |state, context| state.handle(event, context)),
        }
    }

    /// Wherever the flow is by then.
    fn refusal_answered(&mut self, id: u64, answer: &RelayAnswer, now: Moment) -> Vec<Effect> {
        self.context.now = now;
        let (arrived, effects) = self.context.refusal_answered(id, answer);
        if let (State::Over(over), Some(session)) = (&mut self.state, arrived) {
            over.refusal_arrived(session);
        }
        effects
    }

    pub(crate) fn enter_password(&mut self, typed: &[u8], now: Moment) -> Vec<Effect> {
        self.advance(now, |state, context| match state {
            State::Password(asking) => asking.take(typed, context),
            other => (other, vec![]),
        })
    }

    /// The document that is being read, by its place in the request.
    pub(crate) fn document(&self, index: u32) -> Option<Arc<OpenDocument>> {
        let case = match &self.state {
            State::Read(reading) => &reading.case,
            State::Password(asking) => &asking.case,
            _ => return None,
        };
        let offered = case.documents.get(usize::try_from(index).ok()?)?;
        Some(Arc::clone(&offered.document))
    }

    fn advance(&mut self, now: Moment, step: impl FnOnce(State, &mut Context) -> Turn) -> Vec<Effect> {
        self.context.now = now;
        let facts = self.state.facts();
        let state = mem::replace(&mut self.state, State::Scan { problem: None });
        let context = &mut self.context;
        let turn = catch_unwind(AssertUnwindSafe(|| match state.ended_session(now) {
            Some(session) => over::expire(session, matches!(state, State::Hold(_) | State::Rehearse(_))),
            None => step(state, context),
        }));
        // A step that breaks leaves neither its state nor an open card behind.
        let (state, effects) = turn.unwrap_or_else(|_| over::break_off(facts));
        self.state = state;
        effects
    }
}

impl State {
    fn handle(self, event: Event, context: &mut Context) -> Turn {
        match (self, event) {
            (Self::Scan { .. }, Event::LinkScanned { text }) => handoff::take_up(&text, Way::Scanned, context),
            (Self::Scan { .. }, Event::LinkOpened { text }) => handoff::take_up(&text, Way::Opened, context),
            (Self::Scan { .. }, Event::LinkPasted { text }) => handoff::take_up(&text, Way::Pasted, context),
            (Self::Scan { problem }, Event::ResultKept { kept }) => {
                let unreadable = (Self::Scan { problem }, vec![Effect::ForgetResult]);
                Delivering::resume(&kept, context).unwrap_or(unreadable)
            }
            (Self::Scan { .. }, Event::RehearsalWanted) => Rehearsing::begin(None, None, context),
            (Self::Knock(knocking), event @ Event::LinkScanned { .. }) => knocking.handle(event, context),
            (state, Event::LinkScanned { text } | Event::LinkOpened { text } | Event::LinkPasted { text }) => {
                let effects = state.tell_if_another(&text, context);
                (state, effects)
            }
            (Self::Knock(knocking), event) => knocking.handle(event, context),
            (Self::Prove(proving), event) => proving.handle(event, context),
            (Self::Reveal(revealing), event) => revealing.handle(event, context),
            (Self::Rehearse(rehearsing), event) => rehearsing.handle(event, context),
            (Self::Match(matching), event) => matching.handle(event, context),
            (Self::Fetch(fetching), event) => fetching.handle(event, context),
            (Self::Read(reading), event) => reading.handle(event, context),
            (Self::Password(asking), event) => asking.handle(event, context),
            (Self::Begin(beginning), event) => beginning.handle(event, context),
            (Self::Hold(holding), event) => holding.handle(event, context),
            (Self::Talk(talking), event) => talking.handle(event, context),
            (Self::Deliver(delivering), event) => delivering.handle(event, context),
            (Self::Over(over), event) => over.handle(event, context),
            (state, _) => (state, vec![]),
        }
    }

    /// The session whose deadline has passed, where nothing has been signed. A touch ends by its own rule.
    fn ended_session(&self, now: Moment) -> Option<&Session> {
        self.unsigned_session().filter(|session| now.elapsed_ms >= session.ends_at_ms)
    }

    fn unsigned_session(&self) -> Option<&Session> {
        match self {
            Self::Reveal(revealing) => Some(&revealing.session),
            Self::Rehearse(rehearsing) => rehearsing.awaited_session(),
            Self::Match(matching) => Some(&matching.session),
            Self::Fetch(fetching) => Some(&fetching.session),
            Self::Read(reading) => Some(&reading.case.session),
            Self::Password(asking) => Some(&asking.case.session),
            Self::Begin(beginning) => Some(&beginning.case.session),
            Self::Hold(holding) => Some(&holding.case.session),
            Self::Scan { .. } | Self::Knock(_) | Self::Prove(_) => None,
            Self::Talk(_) | Self::Deliver(_) | Self::Over(_) => None,
        }
    }

    /// E-QR-13. The camera sees one QR many times: only another session's link is worth a word.
    fn tell_if_another(&self, text: &str, context: &Context) -> Vec<Effect> {
        let own = match self {
            Self::Knock(knocking) => Some(knocking.session_id()),
            Self::Prove(proving) => Some(proving.session_id()),
            Self::Rehearse(rehearsing) => rehearsing.session_id(),
            Self::Talk(talking) => Some(talking.case.session.mailbox.session),
            Self::Deliver(delivering) => Some(delivering.session_id()),
            Self::Scan { .. } | Self::Over(_) => None,
            _ => self.unsigned_session().map(|session| session.mailbox.session),
        };
        match (own, handoff::session_in(text, &context.settings.hosts)) {
            (Some(own), Some(other)) if other != own => {
                vec![Effect::Tell { failure: Failure::new(FailureKind::FlowRunning, self.facts()) }]
            }
            _ => vec![],
        }
    }
}

impl Context {
    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn has_passed(&self, duration_ms: u64, since_ms: u64) -> bool {
        self.now.elapsed_ms.saturating_sub(since_ms) >= duration_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_breaks_ends_in_words_and_with_the_card_let_go() {
        let hosts = AcceptedHosts::of_desktop();
        let settings = Settings { app_version: "test".into(), fonts: Fonts::built_in(), hosts };
        let mut flow = Flow::new(settings, Box::new(|| panic!("as any code may")));
        let now = Moment { elapsed_ms: 0, wall: SystemTime::UNIX_EPOCH };
        let link = wire::Link {
            base: wire::Origin::parse("http://127.0.0.1:8080").expect("loopback"),
            session: wire::SessionId::from_bytes([1; 16]),
            secret: wire::LinkSecret::from_bytes([2; 32]),
            proof: wire::Proof::Copied(wire::Ticket::from_bytes([3; 16])),
        };
        let effects = flow.handle(Event::LinkPasted { text: link.to_text().to_string() }, now);
        assert!(matches!(effects[..], [Effect::ReleaseCard]));
        let Screen::Failed { failure, .. } = flow.screen() else { panic!("{:?}", flow.screen()) };
        assert_eq!(failure.code, "E-APP-01");
        flow.handle(Event::StartOver, now);
        assert_eq!(flow.screen(), Screen::Scan { problem: None });
    }
}
