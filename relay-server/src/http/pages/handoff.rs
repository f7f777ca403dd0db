//! What the pages of both kinds of session share: what draws the QR, what the page listens to, what it shows of time.

use askama::Template;
use wire::{SESSION_LIFETIME, SessionId};

use super::moment::minutes_and_seconds;
use super::qr::Qr;
use super::signing_steps::TicketStep;
use super::words::Words;

/// A phone has claimed, and the page follows it. Has no `Debug`: it holds what reads the session's events.
pub(crate) struct AtWork {
    pub(crate) live: PageEvents,
    pub(crate) seconds_left: u64,
    /// Whether another phone tried to claim after this one (E-QR-04).
    pub(crate) second_device: bool,
}

/// What draws the frames of a moving QR. Each field as it stands in the page.
pub(crate) struct MovingLink {
    pub(crate) base: String,
    pub(crate) session: SessionId,
    pub(crate) secret: String,
    pub(crate) frame_key: String,
    /// The frame that comes drawn with the page.
    pub(crate) step: u32,
    pub(crate) text: String,
}

/// Where the page hears of its session, and what it shows there.
pub(crate) struct PageEvents {
    pub(crate) events: String,
    pub(crate) token: String,
}

impl MovingLink {
    pub(super) fn qr(&self) -> Qr {
        Qr::moving(&self.text)
    }
}

/// A step that turns by itself, with what the script must know of it.
#[derive(Template)]
#[template(path = "turning.html")]
pub(super) struct Turning<'a> {
    pub(super) words: Words,
    pub(super) path: &'a str,
    /// As in `{path}/state`, together with `told`: the page is fetched anew when that says anything else.
    pub(super) state: &'static str,
    pub(super) told: Told,
    /// Said aloud when this step takes the place of another.
    pub(super) announcement: String,
    pub(super) seconds_left: Option<u64>,
    /// None when nothing can follow, so that nobody needs to listen.
    pub(super) live: Option<PageEvents>,
    /// HTML of the step's own template.
    pub(super) step: String,
}

/// What tells one face of a state from another.
#[derive(Debug, Default, Clone)]
pub(super) struct Told {
    /// Of a phone at work: from the relay's events, as nothing is decided by it.
    pub(super) stage: Option<&'static str>,
    /// The ticket that has taken the QR's place.
    pub(super) ticket: Option<ToldTicket>,
    pub(super) wrong_numbers: u8,
}

#[derive(Debug, Clone)]
pub(super) struct ToldTicket {
    pub(super) kind: &'static str,
    pub(super) tag: String,
    pub(super) seconds_left: u64,
}

impl ToldTicket {
    pub(super) fn of(step: &TicketStep<'_>) -> Self {
        Self { kind: step.code(), tag: step.tag.clone(), seconds_left: step.ticket_seconds_left }
    }
}

/// What is left of a session's ten minutes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) seconds_left: u64,
}

impl Clock {
    pub(super) fn in_figures(self) -> String {
        minutes_and_seconds(self.seconds_left)
    }

    pub(super) fn lifetime_s(self) -> u64 {
        SESSION_LIFETIME.as_secs()
    }

    /// How much of the ring is empty, in seconds.
    pub(super) fn spent_s(self) -> u64 {
        self.lifetime_s().saturating_sub(self.seconds_left)
    }

    pub(super) fn is_late(self) -> bool {
        self.seconds_left <= LATE_FROM_S
    }
}

/// From here on the page says that time is running out and offers a new QR. experience.md's copy rules: 2:00.
const LATE_FROM_S: u64 = 120;
