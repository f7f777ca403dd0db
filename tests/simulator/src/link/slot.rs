//! The place where a card lies, or is missing, seen from link and control socket alike.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Log;
use super::record::Recorder;
use crate::{CardSetup, Counts, Fault, Pace, Response, VirtualCard};

/// Shared by clones.
#[derive(Clone)]
pub struct Slot {
    shared: Arc<Shared>,
}

/// Whether the card can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    In,
    /// A fault tore the link.
    Torn,
    /// Somebody took the card away.
    Out,
}

/// What the control socket says on `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotStatus {
    pub presence: Presence,
    pub powered: bool,
    pub signing_attempts_left: u8,
    pub authentication_attempts_left: u8,
    pub counts: Counts,
    /// Counts from the last mark on.
    pub since_mark: Counts,
}

impl Slot {
    /// With the card in it. A card torn away comes back by itself after `back_after`, if that is given.
    pub fn new(setup: CardSetup, back_after: Option<Duration>, log: Log) -> Self {
        let content = Content {
            card: VirtualCard::new(setup.clone()),
            setup,
            presence: Presence::In,
            line: None,
            marked: Counts::default(),
        };
        Self {
            shared: Arc::new(Shared { content: Mutex::new(content), changed: Condvar::new(), back_after, log, recorder: None }),
        }
    }

    /// Also writes everything on the wire into a file, passwords masked. Nobody else may read it.
    pub fn recorded_in(mut self, path: &Path) -> io::Result<Self> {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.recorder = Some(Recorder::to(path)?);
        }
        Ok(self)
    }

    /// Puts back the card that was taken away.
    pub fn insert(&self) {
        self.change(|content| content.presence = Presence::In);
    }

    /// Puts in a new card in place of whatever lay there.
    pub fn replace(&self, setup: CardSetup) {
        self.eject();
        self.change(|content| {
            content.card = VirtualCard::new(setup.clone());
            content.setup = setup;
            content.marked = Counts::default();
            content.presence = Presence::In;
        });
    }

    /// Takes the card away in the middle of whatever it does.
    pub fn eject(&self) {
        self.change(|content| content.leave(Presence::Out));
    }

    pub fn arm(&self, fault: Fault) {
        self.change(|content| content.card.arm(fault));
    }

    pub fn set_pace(&self, pace: Pace) {
        self.change(|content| content.card.set_pace(pace));
    }

    /// Starts `since_mark` anew and writes the name into the log.
    pub fn mark(&self, name: &str) {
        self.change(|content| content.marked = content.card.counts());
        self.note(&format!("# {name}"));
    }

    pub fn status(&self) -> SlotStatus {
        let content = self.content();
        let counts = content.card.counts();
        SlotStatus {
            presence: content.presence,
            powered: content.card.is_powered(),
            signing_attempts_left: content.card.signing_attempts_left(),
            authentication_attempts_left: content.card.authentication_attempts_left(),
            counts,
            since_mark: counts.since(&content.marked),
        }
    }

    /// The setup of the card that lies there.
    pub fn setup(&self) -> CardSetup {
        self.content().setup.clone()
    }

    /// Waits until a card lies there; a torn one comes back in its time.
    pub(super) fn wait_for_card(&self) {
        let mut content = self.content();
        while content.presence != Presence::In {
            content = match (content.presence, self.shared.back_after) {
                (Presence::Torn, Some(time)) => self.wait_for_return(content, time),
                _ => self.shared.changed.wait(content).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Brings back a torn card, but not one that was taken away.
    pub(super) fn hold_again(&self) {
        let mut content = self.content();
        if content.presence == Presence::Torn {
            content.presence = Presence::In;
        }
    }

    /// The line ends when the card leaves. `false`: the card has left already.
    pub(super) fn attach(&self, line: TcpStream) -> bool {
        let mut content = self.content();
        content.line = Some(line);
        content.presence == Presence::In
    }

    /// The line has ended, and the card lost its power with it.
    pub(super) fn detach(&self) {
        let mut content = self.content();
        content.line = None;
        content.card.power_off();
    }

    pub(super) fn power_on(&self) {
        self.note("* on");
        self.content().card.power_on();
    }

    pub(super) fn power_off(&self) {
        self.note("* off");
        self.content().card.power_off();
    }

    pub(super) fn reset(&self) {
        self.note("* reset");
        self.content().card.reset();
    }

    pub(super) fn atr(&self) -> Vec<u8> {
        self.content().card.atr()
    }

    /// An empty answer leaves the card torn away. Written down before the other end can see it.
    pub(super) fn respond(&self, command: &[u8]) -> Response {
        let mut content = self.content();
        let response = content.card.respond(command);
        self.shared.log.exchange(command, &response.bytes);
        if let Some(recorder) = &self.shared.recorder {
            recorder.exchange(command, &response.bytes);
        }
        if response.bytes.is_empty() && content.presence == Presence::In {
            content.leave(Presence::Torn);
        }
        response
    }

    fn note(&self, what: &str) {
        self.shared.log.line(what);
        if let Some(recorder) = &self.shared.recorder {
            recorder.note(what);
        }
    }

    fn wait_for_return<'a>(&self, content: MutexGuard<'a, Content>, time: Duration) -> MutexGuard<'a, Content> {
        let waited = self.shared.changed.wait_timeout(content, time).unwrap_or_else(PoisonError::into_inner);
        let (mut content, timeout) = waited;
        if timeout.timed_out() {
            content.presence = Presence::In;
        }
        content
    }

    fn change(&self, change: impl FnOnce(&mut Content)) {
        change(&mut self.content());
        self.shared.changed.notify_all();
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.shared.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    fn leave(&mut self, presence: Presence) {
        self.presence = presence;
        self.card.power_off();
        if let Some(line) = self.line.take() {
            // The other end may have closed it first, which is as good.
            let _ = line.shutdown(Shutdown::Both);
        }
    }
}

struct Shared {
    content: Mutex<Content>,
    changed: Condvar,
    back_after: Option<Duration>,
    log: Log,
    recorder: Option<Recorder>,
}

struct Content {
    card: VirtualCard,
    setup: CardSetup,
    presence: Presence,
    line: Option<TcpStream>,
    marked: Counts,
}
