use askama::Template;

use super::moment::minutes_and_seconds;
use super::words::Words;

/// Of a session that waits for a phone, in a browser that may not show its links.
#[derive(Template)]
#[template(path = "steps/unseen.html")]
pub(super) struct UnseenStep<'a> {
    pub(super) words: Words,
    pub(super) path: &'a str,
    pub(super) seconds_left: u64,
}

impl UnseenStep<'_> {
    fn clock(&self) -> String {
        minutes_and_seconds(self.seconds_left)
    }
}

/// From here on the page says that time is running out and offers a new QR. experience.md's copy rules: 2:00.
pub(super) const LATE_FROM_S: u64 = 120;
