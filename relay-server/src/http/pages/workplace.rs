use askama::Template;

use super::handoff::Turning;
use super::reading::Reading;
use super::shell::{Shell, rendered};

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
