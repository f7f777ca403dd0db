use askama::Template;

use super::reading::Reading;
use super::shell::{Shell, rendered};

/// The page of a document or a session: the document on one side, the step on the other.
#[derive(Template)]
#[template(path = "workplace.html")]
pub(super) struct Workplace<'a> {
    shell: Shell,
    reading: &'a Reading<'a>,
    live: Option<Live>,
    /// HTML of the step's own template.
    step: String,
}

/// What the running script needs to know of a session's page.
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
    pub(super) fn still(shell: Shell, reading: &'a Reading<'a>, step: &impl Template) -> Self {
        Self { shell, reading, live: None, step: rendered(step) }
    }

    /// A step that turns by itself.
    pub(super) fn live(shell: Shell, reading: &'a Reading<'a>, live: Live, step: &impl Template) -> Self {
        Self { shell, reading, live: Some(live), step: rendered(step) }
    }

    pub(super) fn page(&self) -> String {
        rendered(self)
    }
}
