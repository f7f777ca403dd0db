//! What the pages of both kinds of session share: their links, and where they hear of their session.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;
use wire::{Link, LinkSecret, Proof, Step};

use super::App;
use super::pages::{AtWork, MovingLink, PageEvents};
use crate::handoff::session::{LinkKeys, Seen, Session};

/// The frame at hand, by a clock that cannot be ahead of the relay's: the session began there before it began here.
pub(super) fn moving_link(app: &App, session: &Session, keys: &LinkKeys) -> MovingLink {
    let since_created = session.created.until(app.clock.now());
    let step = Step::at(since_created.saturating_sub(BEHIND));
    let link = link(app, session, keys, Proof::Moving(keys.frame_key.frame(session.id, step)));
    MovingLink {
        base: link.base.to_string(),
        session: session.id,
        secret: URL_SAFE_NO_PAD.encode(keys.secret.as_bytes()),
        frame_key: keys.frame_key.to_base64url().to_string(),
        step: step.number(),
        text: link.to_text().to_string(),
    }
}

pub(super) fn link(app: &App, session: &Session, keys: &LinkKeys, proof: Proof) -> Link {
    let secret = LinkSecret::from_bytes(*keys.secret.as_bytes());
    Link { base: app.sessions.link_origin().clone(), session: session.id, secret, proof }
}

pub(super) fn page_events(app: &App, session: &Session, keys: &LinkKeys) -> PageEvents {
    PageEvents {
        events: format!("{}/relay/1/pages/{}/events", app.sessions.link_origin(), session.id),
        token: keys.page_token.to_string(),
    }
}

pub(super) fn at_work(app: &App, seen: &Seen, keys: &LinkKeys) -> AtWork {
    let live = page_events(app, &seen.session, keys);
    AtWork { live, seconds_left: seconds_left(app, seen), second_device: second_device(seen) }
}

pub(super) fn seconds_left(app: &App, seen: &Seen) -> u64 {
    app.clock.now().until(seen.session.deadline).as_secs()
}

pub(super) fn second_device(seen: &Seen) -> bool {
    seen.relay.as_ref().is_some_and(|row| row.second_device)
}

/// As the page's own script draws frames.
const BEHIND: Duration = Duration::from_millis(300);
