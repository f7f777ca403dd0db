use askama::Template;
use wire::{SESSION_LIFETIME, SessionId};

use super::moment::minutes_and_seconds;
use super::qr::Qr;
use super::words::Words;

/// The step in which the page waits for a phone: QR, remaining time, ways to try again.
#[derive(Template)]
#[template(path = "steps/waiting.html")]
pub(super) struct WaitingStep<'a> {
    pub(super) words: Words,
    pub(super) session: SessionId,
    pub(super) link: &'a str,
    pub(super) seconds_left: u64,
    pub(super) practice_phone: Option<&'a str>,
}

/// The same step in a browser that cannot draw the QR.
#[derive(Template)]
#[template(path = "steps/unseen.html")]
pub(super) struct UnseenStep {
    pub(super) words: Words,
    pub(super) session: SessionId,
    pub(super) seconds_left: u64,
}

impl UnseenStep {
    fn clock(&self) -> String {
        minutes_and_seconds(self.seconds_left)
    }
}

impl WaitingStep<'_> {
    fn qr(&self) -> Qr {
        Qr::of(self.link)
    }

    fn clock(&self) -> String {
        minutes_and_seconds(self.seconds_left)
    }

    fn lifetime_s(&self) -> u64 {
        SESSION_LIFETIME.as_secs()
    }

    /// How much of the ring is empty, in seconds.
    fn spent_s(&self) -> u64 {
        self.lifetime_s().saturating_sub(self.seconds_left)
    }

    fn late_from_s(&self) -> u64 {
        LATE_FROM_S
    }

    fn is_late(&self) -> bool {
        self.seconds_left <= LATE_FROM_S
    }
}

/// From here on the page says that time is running out and offers a new QR. experience.md's copy rules: 2:00.
pub(super) const LATE_FROM_S: u64 = 120;
