use askama::Template;
use wire::{SessionId, Stage};

use super::moment::minutes_and_seconds;
use super::shell::RailPlace;
use super::words::Words;
use super::{PhoneAtWork, SessionFace};

/// The step while a phone has the session: what it is doing, in the place where the QR stood.
#[derive(Template)]
#[template(path = "steps/phone.html")]
pub(super) struct PhoneStep {
    words: Words,
    session: SessionId,
    headline: String,
    body: String,
    stages: Vec<StageLine>,
    clock: Option<String>,
    second_phone: bool,
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

pub(super) struct StageLine {
    pub(super) label: String,
    place: RailPlace,
    /// What is happening, at the stage that is.
    pub(super) doing: Option<String>,
    /// Whether this is where the card signs.
    pub(super) is_act: bool,
}

impl PhoneStep {
    pub(super) fn claimed(session: SessionId, work: PhoneAtWork, words: Words) -> Self {
        Self::at_work(session, work, WayOut::Free, words)
    }

    pub(super) fn signing(session: SessionId, work: PhoneAtWork, words: Words) -> Self {
        Self::at_work(session, work, WayOut::AfterAsking, words)
    }

    pub(super) fn delivered(session: SessionId, words: Words) -> Self {
        Self {
            words,
            session,
            headline: words.say("delivered-headline"),
            body: words.say("delivered-body"),
            stages: stages(CHECKING, words),
            clock: None,
            second_phone: false,
            way_out: WayOut::Closed,
        }
    }

    fn at_work(session: SessionId, work: PhoneAtWork, way_out: WayOut, words: Words) -> Self {
        Self {
            words,
            session,
            headline: words.say("claimed-headline"),
            body: words.say("claimed-body"),
            stages: stages(place_of(work.stage), words),
            clock: Some(minutes_and_seconds(work.seconds_left)),
            second_phone: work.second_phone,
            way_out,
        }
    }

    fn leaves_freely(&self) -> bool {
        self.way_out == WayOut::Free
    }

    fn leaves_after_asking(&self) -> bool {
        self.way_out == WayOut::AfterAsking
    }
}

impl StageLine {
    pub(super) fn is_here(&self) -> bool {
        self.place == RailPlace::Here
    }

    pub(super) fn is_behind(&self) -> bool {
        self.place == RailPlace::Behind
    }
}

/// What is said aloud when the phone gets to this stage.
pub(super) fn announcement(face: &SessionFace, words: Words) -> Option<String> {
    match face {
        SessionFace::Claimed(work) | SessionFace::Signing(work) => Some(words.say(doing_key(place_of(work.stage)))),
        SessionFace::Delivered => Some(words.say(doing_key(CHECKING))),
        _ => None,
    }
}

pub(super) fn stages(here: usize, words: Words) -> Vec<StageLine> {
    let marked = |(line, place): (StageLine, usize)| StageLine { is_act: place == HOLDING_THE_CARD, ..line };
    stage_lines(&STAGES, here, words).into_iter().zip(0..).map(marked).collect()
}

/// A line for each label, with its sentence where the person is.
pub(super) fn stage_lines(stages: &[(&str, &str)], here: usize, words: Words) -> Vec<StageLine> {
    let line = |((label, doing), place): (&(&str, &str), usize)| StageLine {
        label: words.say(label),
        place: RailPlace::from(place.cmp(&here)),
        doing: (place == here).then(|| words.say(doing)),
        is_act: false,
    };
    stages.iter().zip(0..).map(line).collect()
}

fn doing_key(place: usize) -> &'static str {
    STAGES.get(place).map_or("stage-check-doing", |(_, doing)| doing)
}

/// The line of [`STAGES`] on which a stage shows. Fetching and reading are one to the person who watches.
pub(super) fn place_of(stage: Stage) -> usize {
    match stage {
        Stage::Claimed | Stage::Matched => 0,
        Stage::Password => 1,
        Stage::Card => HOLDING_THE_CARD,
        Stage::Sending => 3,
    }
}

const HOLDING_THE_CARD: usize = 2;
/// Place of the check that follows the phone's part.
pub(super) const CHECKING: usize = 4;

/// Labels and sentences of 確認中→パスワード→カード→送信→完了.
const STAGES: [(&str, &str); 5] = [
    ("stage-read", "stage-read-doing"),
    ("stage-password", "stage-password-doing"),
    ("stage-card", "stage-card-doing"),
    ("stage-send", "stage-send-doing"),
    ("stage-check", "stage-check-doing"),
];
