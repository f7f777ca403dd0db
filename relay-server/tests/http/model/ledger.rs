//! What really happened at the relay, by somebody who saw every call go in and every answer come out.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use http::{Method, StatusCode};
use relay_server::clock::{Clock, Moment};
use wire::SessionId;

use super::net::Call;

/// Clones are the same book.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    /// Of relay and service.
    clocks: Option<[Clock; 2]>,
    forged: BTreeSet<Vec<u8>>,
    sessions: HashMap<String, Facts>,
}

/// Of one session.
#[derive(Clone, Default, Debug)]
pub(crate) struct Facts {
    /// The first result that the relay has said it took: whether it is the phone's own, and the latest moment at which the
    /// relay can have begun to take it.
    pub(crate) accepted: Option<(bool, Moment)>,
    /// When the service was handed a result for the first time, by its own clock.
    pub(crate) fetched: Option<Moment>,
    /// Sealed by the service and taken by the relay.
    pub(crate) outcomes: BTreeSet<Vec<u8>>,
    /// The phone was given what it asked for of the document.
    pub(crate) was_requested: bool,
    pub(crate) claims: BTreeSet<Vec<u8>>,
    /// What the phone was told of a result that the relay had taken before, when it was not the same answer.
    pub(crate) denied: Option<u16>,
}

impl Ledger {
    pub(crate) fn read(&self, clocks: [Clock; 2]) {
        self.0.lock().unwrap().clocks = Some(clocks);
    }

    pub(super) fn now(&self) -> Option<[Moment; 2]> {
        self.0.lock().unwrap().clocks.as_ref().map(|clocks| clocks.each_ref().map(Clock::now))
    }

    pub(crate) fn facts(&self, session: SessionId) -> Facts {
        self.0.lock().unwrap().sessions.get(&session.to_string()).cloned().unwrap_or_default()
    }

    pub(super) fn note_forgery(&self, call: &Call) {
        self.0.lock().unwrap().forged.insert(call.body.to_vec());
    }

    /// `before` is when the call went in.
    pub(super) fn note(&self, call: &Call, status: StatusCode, before: Option<[Moment; 2]>) {
        let (Some([at_relay, at_service]), Some((session, what))) = (before, named(&call.path)) else { return };
        let mut book = self.0.lock().unwrap();
        let is_own = !book.forged.contains(&call.body.to_vec());
        let facts = book.sessions.entry(session).or_default();
        match (&call.method, what, status.as_u16()) {
            (&Method::POST, "result", 202) => drop(facts.accepted.get_or_insert((is_own, at_relay))),
            (&Method::POST, "result", 400..500) if is_own && matches!(facts.accepted, Some((true, _))) => {
                facts.denied = Some(status.as_u16());
            }
            (&Method::POST, "claim", 202) => drop(facts.claims.insert(call.body.to_vec())),
            (&Method::GET, "result", 200) => drop(facts.fetched.get_or_insert(at_service)),
            (&Method::PUT, "outcome", 204) => drop(facts.outcomes.insert(call.body.to_vec())),
            (&Method::GET, "request" | "documents/0", 200) => facts.was_requested = true,
            _ => {}
        }
    }
}

/// `…/sessions/{id}/{what}`
fn named(path: &str) -> Option<(String, &str)> {
    let (id, what) = path.split_once("/sessions/")?.1.split_once('/')?;
    Some((id.to_owned(), what))
}
