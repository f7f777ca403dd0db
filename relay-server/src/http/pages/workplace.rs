use askama::Template;

use super::handoff::Turning;
use super::reading::Reading;
use super::shell::{Shell, rendered};
use super::words::Words;

/// The page of a document or a session: the document on one side, the step on the other.
#[derive(Template)]
#[template(path = "workplace.html")]
pub(super) struct Workplace<'a> {
    shell: Shell,
    readings: &'a [Reading<'a>],
    script: Option<&'static str>,
    /// HTML of the step with what stands around it.
    section: String,
}

/// What the running script needs to know of a session's page of version 0.
pub(super) struct Live {
    /// `/sessions/{id}`.
    pub(super) path: String,
    /// As in `/sessions/{id}/state`: the page is fetched anew when an event says another one.
    pub(super) state: &'static str,
    /// Empty unless a phone is at work.
    pub(super) stage: &'static str,
    pub(super) second_phone: bool,
    /// Said aloud when this step takes the place of another.
    pub(super) announcement: String,
    pub(super) seconds_left: Option<u64>,
    /// Whether nothing can follow, so that nobody needs to listen.
    pub(super) is_over: bool,
}

impl<'a> Workplace<'a> {
    /// A step that changes only when the person does something.
    pub(super) fn still(shell: Shell, readings: &'a [Reading<'a>], step: &impl Template) -> Self {
        Self { shell, readings, script: None, section: rendered(&Still { step: rendered(step) }) }
    }

    /// A step that turns by itself.
    pub(super) fn turning(shell: Shell, readings: &'a [Reading<'a>], turning: &Turning<'_>) -> Self {
        let script = turning.live.is_some().then_some("handoff.js");
        Self { shell, readings, script, section: rendered(turning) }
    }

    /// The same for version 0.
    pub(super) fn live(shell: Shell, readings: &'a [Reading<'a>], live: Live, step: &impl Template) -> Self {
        let section = rendered(&LiveZero { words: shell.words, live, step: rendered(step) });
        Self { shell, readings, script: Some("session.js"), section }
    }

    pub(super) fn page(&self) -> String {
        rendered(self)
    }

    fn page_count(&self) -> usize {
        self.readings.iter().map(|reading| reading.page_count).sum()
    }
}

#[derive(Template)]
#[template(path = "still.html")]
struct Still {
    step: String,
}

#[derive(Template)]
#[template(path = "live_zero.html")]
struct LiveZero {
    words: Words,
    live: Live,
    step: String,
}
