//! Live events. Each carries the whole state, so a browser that missed some needs only the last; its number is the event's
//! id, by which a browser that comes back says what it knows.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use http::{HeaderMap, HeaderName};
use wire::SessionId;

use super::App;
use super::answer::unbuffered;
use super::sessions::{Owned, owned};
use crate::handoff::OwnersKey;
use crate::relay::Listener;

pub(super) async fn stream(session: Owned, State(app): State<App>, headers: HeaderMap) -> Response {
    let known = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse().ok()).unwrap_or(0);
    let waiter = Waiter { listener: app.relay.live().listen(session.id), id: session.id, key: session.key, known, app };
    unbuffered(Sse::new(waiter.events()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// One browser that waits for one session.
struct Waiter {
    app: App,
    id: SessionId,
    key: OwnersKey,
    listener: Listener,
    /// The number of the last change that the browser was told.
    known: i64,
}

impl Waiter {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures::stream::unfold(self, |mut waiter| async move {
            let event = waiter.next().await?;
            Some((Ok(event), waiter))
        })
    }

    /// Ends when the document is gone or the server is about to stop; the browser then asks again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let report = owned(&self.app, self.id, self.key.clone()).await.ok()?.report(&self.app);
            if report.sequence > self.known {
                self.known = report.sequence;
                return Some(Event::default().id(report.sequence.to_string()).data(report.to_json()));
            }
            if self.app.relay.live().is_closed() {
                return None;
            }
            self.listener.changed().await;
        }
    }
}

/// WHATWG HTML, section Server-sent events.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Often enough for proxies, which cut what is silent for a minute; seldom enough for ten thousand waiters.
const KEEP_ALIVE: Duration = Duration::from_secs(45);
