//! The steps of a signing between 「次へ」 and the check.

use askama::Template;
use wire::{LinkKind, MAX_WRONG_NUMBERS, Stage};

use super::handoff::{AtWork, Clock, MovingLink};
use super::moment::minutes_and_seconds;
use super::phone::{self, StageLine, stage_lines};
use super::reading::Reading;
use super::words::Words;

/// The page waits for a phone: QR, remaining time, other ways to bring the link there.
#[derive(Template)]
#[template(path = "steps/signing_waiting.html")]
pub(super) struct WaitingStep<'a> {
    pub(super) words: Words,
    pub(super) path: &'a str,
    pub(super) link: MovingLink,
    pub(super) clock: Clock,
    pub(super) practice_phone: Option<String>,
    pub(super) in_app: bool,
}

/// The same in a browser that may not show the session's links.
#[derive(Template)]
#[template(path = "steps/unseen.html")]
pub(super) struct UnseenStep<'a> {
    pub(super) words: Words,
    pub(super) path: &'a str,
    pub(super) clock: Clock,
}

/// A link in the QR's place, to be tapped or copied.
#[derive(Template)]
#[template(path = "steps/signing_ticket.html")]
pub(super) struct TicketStep<'a> {
    pub(super) words: Words,
    pub(super) path: &'a str,
    pub(super) kind: LinkKind,
    pub(super) text: String,
    /// Tells this ticket from another.
    pub(super) tag: String,
    pub(super) ticket_seconds_left: u64,
    pub(super) clock: Clock,
    pub(super) practice_phone: Option<String>,
    pub(super) in_app: bool,
}

/// The field for the digits that the phone shows.
#[derive(Template)]
#[template(path = "steps/signing_number.html")]
pub(super) struct NumberStep<'a> {
    pub(super) words: Words,
    pub(super) path: &'a str,
    pub(super) wrong: u8,
    pub(super) was_malformed: bool,
    pub(super) second_device: bool,
    pub(super) clock: Clock,
}

/// What the phone is doing, in the place where the QR stood.
#[derive(Template)]
#[template(path = "steps/signing_phone.html")]
pub(super) struct PhoneStep<'a> {
    words: Words,
    path: &'a str,
    headline: String,
    lead: String,
    stages: Vec<StageLine>,
    clock: Option<Clock>,
    second_device: bool,
    /// Title and short fingerprint of each document, once the phone may show them too.
    fingerprints: Vec<(&'a str, String)>,
    way_out: WayOut,
}

/// How the person may stop from the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WayOut {
    Free,
    /// The card may be at the phone.
    AfterAsking,
    /// The result is here: the check decides.
    Closed,
}

impl TicketStep<'_> {
    /// The word of the link's kind, as `/sessions/{id}/state` has it.
    pub(super) fn code(&self) -> &'static str {
        if self.is_launch() { "launch" } else { "copied" }
    }

    /// A sentence of this kind of link.
    pub(super) fn key(&self, part: &str) -> String {
        format!("ticket-{}-{part}", self.code())
    }

    fn is_launch(&self) -> bool {
        self.kind == LinkKind::Launch
    }

    /// A link to tap is copied only into a practice phone, which no system opens.
    fn shows_text(&self) -> bool {
        !self.is_launch() || self.practice_phone.is_some()
    }

    fn ticket_left(&self) -> String {
        minutes_and_seconds(self.ticket_seconds_left)
    }
}

impl NumberStep<'_> {
    pub(super) fn announcement(&self) -> String {
        self.problem().unwrap_or_else(|| self.words.say("number-title"))
    }

    fn has_problem(&self) -> bool {
        self.was_malformed || self.wrong > 0
    }

    fn problem(&self) -> Option<String> {
        let left = MAX_WRONG_NUMBERS.saturating_sub(self.wrong);
        if self.was_malformed {
            return Some(self.words.say("number-malformed"));
        }
        (self.wrong > 0).then(|| self.words.fill("number-wrong", "n", left))
    }
}

impl<'a> PhoneStep<'a> {
    pub(super) fn claimed(path: &'a str, work: &AtWork, words: Words) -> Self {
        Self {
            headline: words.say("claimed-headline"),
            lead: words.say("claimed-lead"),
            ..Self::at_work(path, work, &MEETING, 1, words)
        }
    }

    /// The phone is about to open the page of the return.
    pub(super) fn returning(path: &'a str, work: &AtWork, words: Words) -> Self {
        Self {
            headline: words.say("return-wait-title"),
            lead: words.say("return-wait-lead"),
            ..Self::at_work(path, work, &RETURNING, 1, words)
        }
    }

    pub(super) fn staged(
        path: &'a str,
        readings: &'a [Reading<'a>],
        has_begun: bool,
        work: &AtWork,
        stage: Stage,
        words: Words,
    ) -> Self {
        Self {
            stages: phone::stages(phone::place_of(stage), words),
            fingerprints: fingerprints(readings),
            way_out: if has_begun { WayOut::AfterAsking } else { WayOut::Free },
            ..Self::at_work(path, work, &[], 0, words)
        }
    }

    pub(super) fn delivered(path: &'a str, readings: &'a [Reading<'a>], words: Words) -> Self {
        Self {
            words,
            path,
            headline: words.say("delivered-headline"),
            lead: words.say("delivered-body"),
            stages: phone::stages(phone::CHECKING, words),
            clock: None,
            second_device: false,
            fingerprints: fingerprints(readings),
            way_out: WayOut::Closed,
        }
    }

    /// What is said aloud: what the phone is doing.
    pub(super) fn announcement(&self) -> String {
        self.stages.iter().find_map(|stage| stage.doing.clone()).unwrap_or_else(|| self.headline.clone())
    }

    fn at_work(path: &'a str, work: &AtWork, stages: &[(&str, &str)], here: usize, words: Words) -> Self {
        Self {
            words,
            path,
            headline: words.say("matched-headline"),
            lead: words.say("claimed-body"),
            stages: stage_lines(stages, here, words),
            clock: Some(Clock { seconds_left: work.seconds_left }),
            second_device: work.second_device,
            fingerprints: Vec::new(),
            way_out: WayOut::Free,
        }
    }

    fn is_late(&self) -> bool {
        self.clock.is_some_and(Clock::is_late)
    }

    fn are_many(&self) -> bool {
        self.fingerprints.len() > 1
    }

    fn leaves_freely(&self) -> bool {
        self.way_out == WayOut::Free
    }

    fn leaves_after_asking(&self) -> bool {
        self.way_out == WayOut::AfterAsking
    }
}

fn fingerprints<'a>(readings: &'a [Reading<'a>]) -> Vec<(&'a str, String)> {
    readings.iter().map(|reading| (reading.title, reading.short_fingerprint.clone())).collect()
}

/// Labels and sentences of 読み取り→たがいの確認.
const MEETING: [(&str, &str); 2] = [("stage-scan", "stage-scan"), ("stage-meet", "stage-meet-doing")];
/// Labels and sentences of アプリの起動→ブラウザーに戻る.
const RETURNING: [(&str, &str); 2] = [("stage-launch", "stage-launch"), ("stage-return", "stage-return-doing")];
