//! What a phone is doing, as a page shows it: stage by stage.

use wire::Stage;

use super::shell::RailPlace;
use super::words::Words;

pub(super) struct StageLine {
    pub(super) label: String,
    place: RailPlace,
    /// What is happening, at the stage that is.
    pub(super) doing: Option<String>,
    /// Whether this is where the card signs.
    pub(super) is_act: bool,
}

impl StageLine {
    pub(super) fn is_here(&self) -> bool {
        self.place == RailPlace::Here
    }

    pub(super) fn is_behind(&self) -> bool {
        self.place == RailPlace::Behind
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
