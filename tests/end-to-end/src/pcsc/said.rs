//! What the programs in the namespace have said so far.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

#[derive(Default)]
pub(super) struct Said {
    content: Mutex<Content>,
    changed: Condvar,
}

#[derive(Default)]
struct Content {
    text: String,
    has_ended: bool,
}

impl Said {
    /// Collects every line on a thread of its own, so that nobody who speaks ever blocks.
    pub(super) fn by(speaker: impl Read + Send + 'static) -> Arc<Self> {
        let said = Arc::new(Self::default());
        let collected = Arc::clone(&said);
        thread::spawn(move || {
            for line in BufReader::new(speaker).lines().map_while(Result::ok) {
                collected.change(|content| content.text += &format!("{line}\n"));
            }
            collected.change(|content| content.has_ended = true);
        });
        said
    }

    /// `false` when everybody has ended, or the time is over, without it.
    pub(super) fn await_text(&self, text: &str, limit: Duration) -> bool {
        let is_pending = |content: &mut Content| !content.has_ended && !content.text.contains(text);
        let waited = self.changed.wait_timeout_while(self.content(), limit, is_pending);
        let (content, _) = waited.unwrap_or_else(PoisonError::into_inner);
        content.text.contains(text)
    }

    pub(super) fn text(&self) -> String {
        self.content().text.clone()
    }

    fn change(&self, change: impl FnOnce(&mut Content)) {
        change(&mut self.content());
        self.changed.notify_all();
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
