//! From a link to keys that this phone and one service alone have. protocol.md, sections Link and Keys.
//!
//! ```text
//! Scan ─link▶ Knock ─claim taken▶ Prove ─answer signed by its origin▶ Reveal ─Numbered─┬▶ Rehearse ─six lines▶ …
//!                                                                                     └▶ Match ─Matched▶ Fetch ▶ …
//! ```
//!
//! Each state is named by what it waits for. Nothing of who asks is shown before it is proven, and nothing is revealed
//! to who is not. Nothing of a document is fetched before the page has confirmed that this is the person before it.

mod knocking;
mod line;
mod matching;
mod page;
mod proving;
mod revealing;

use std::sync::Arc;

use wire::{
    AcceptedHosts, Claim, ClaimToken, EphemeralKey, Frame, HANDOFF_VERSION, Link, LinkKind, LinkProblem, Nonce, PhoneEnd, Proof,
    RelayVersions, SessionId, Ticket, VersionOne,
};
use zeroize::Zeroizing;

use super::calls::Pending;
use super::{Context, State, Turn};
use crate::boundary::{Effect, Failure, FailureKind};
use crate::relay::{Errand, Mailbox};

pub(super) use knocking::Knocking;
pub(super) use matching::Matching;
pub(super) use page::Page;
pub(super) use proving::{KeptKeys, Proving};
pub(super) use revealing::Revealing;

/// How a link came to the app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Seen by the scanner.
    Scanned,
    /// By the system.
    Opened,
    Pasted,
}

/// What a link brought, and this phone's end of it until the reveal.
struct Approach {
    link: Link,
    phone: PhoneEnd,
    mailbox: Arc<Mailbox>,
    observed: line::Observed,
}

/// Kinds of links do not stand in for each other: the moving QR is scanned, the launch tapped, the copied link pasted.
pub(super) fn take_up(text: &str, way: Way, context: &mut Context) -> Turn {
    let link = match Link::parse(text, &context.settings.hosts) {
        Ok(link) => link,
        Err(LinkProblem::NotOurQr) => return (scan(FailureKind::NotOurQr), vec![]),
        Err(LinkProblem::AppTooOld) => return (scan(FailureKind::AppTooOld), vec![]),
    };
    match (link.kind(), way) {
        (LinkKind::Moving, Way::Scanned) | (LinkKind::Launch, Way::Opened) | (LinkKind::Copied, Way::Opened | Way::Pasted) => {
            Knocking::begin(link, context)
        }
        // A desktop has no verified links, and on this machine nobody forwards one.
        (LinkKind::Launch, Way::Pasted) if link.base.is_loopback() => Knocking::begin(link, context),
        (LinkKind::Moving, Way::Opened) => (State::Scan { problem: None }, vec![]),
        (LinkKind::Moving, Way::Pasted) => (scan(FailureKind::QrStaleFrame), vec![]),
        (LinkKind::Launch, Way::Scanned | Way::Pasted) | (LinkKind::Copied, Way::Scanned) => {
            (scan(FailureKind::NotOurQr), vec![])
        }
    }
}

/// The session that a text leads to.
pub(super) fn session_in(text: &str, hosts: &AcceptedHosts) -> Option<SessionId> {
    Link::parse(text, hosts).ok().map(|link| link.session)
}

fn scan(kind: FailureKind) -> State {
    State::Scan { problem: Some(Failure::without_effect(kind)) }
}

/// Why a relay that speaks these versions and this app do not understand each other. `None` where they do.
fn disagreement(versions: &RelayVersions) -> Option<FailureKind> {
    match (versions.has(HANDOFF_VERSION), versions.has_later_than(HANDOFF_VERSION)) {
        (true, _) => None,
        (false, true) => Some(FailureKind::AppTooOld),
        (false, false) => Some(FailureKind::RelayTooOld),
    }
}

impl Approach {
    fn new(link: Link, context: &mut Context) -> Self {
        let key = EphemeralKey::from_bytes(Zeroizing::new((context.random)()));
        let phone = PhoneEnd::new(key, Nonce::from_bytes((context.random)()));
        let token = ClaimToken::from_bytes((context.random)());
        let mailbox = Mailbox { base: link.base.clone(), session: link.session, token };
        Self { link, phone, mailbox: Arc::new(mailbox), observed: line::Observed::default() }
    }

    fn claim(&self, context: &mut Context) -> (Pending, Effect) {
        let errand = self.claim_errand(context);
        context.call(&self.mailbox, errand)
    }

    fn claim_errand(&self, context: &Context) -> Errand {
        let claim = Claim {
            version: VersionOne,
            session: self.link.session,
            commitment: self.phone.commitment(self.link.session),
            token_hash: self.mailbox.token.hash(),
            proof: copy(&self.link.proof),
            app_version: context.settings.app_version.clone(),
        };
        Errand::Claim { body: Arc::new(wire::encode(&claim)) }
    }

    /// The frame in a text that this session's page drew after the one that the link has.
    fn newer_frame(&self, text: &str, hosts: &AcceptedHosts) -> Option<Frame> {
        let seen = Link::parse(text, hosts).ok()?;
        let is_same = seen.session == self.link.session
            && seen.base == self.link.base
            && seen.secret.as_bytes() == self.link.secret.as_bytes();
        match (&self.link.proof, seen.proof) {
            (Proof::Moving(known), Proof::Moving(frame)) if is_same && frame.step > known.step => Some(frame),
            _ => None,
        }
    }
}

/// A proof enters one message; the link keeps its own for the next claim.
fn copy(proof: &Proof) -> Proof {
    let again = |ticket: &Ticket| Ticket::from_bytes(*ticket.as_bytes());
    match proof {
        Proof::Moving(frame) => Proof::Moving(*frame),
        Proof::Launch(ticket) => Proof::Launch(again(ticket)),
        Proof::Copied(ticket) => Proof::Copied(again(ticket)),
    }
}
