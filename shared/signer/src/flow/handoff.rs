//! Version 1: from a link to keys that this phone and one service alone have. protocol.md, sections Link and Keys.
//!
//! ```text
//! Scan ─link▶ Knock ─claim taken▶ Prove ─answer signed by its origin▶ Reveal ─Numbered─┬▶ Rehearse ─six lines▶ …
//!                                                                                     └▶ (signing: the digits)
//! ```
//!
//! Each state is named by what it waits for. Nothing of who asks is shown before it is proven, and nothing is revealed
//! to who is not. A signing goes on where `Revealing::numbered` ends, with the same [`wire::PhoneSide`] in its hands:
//! a state that waits for the digits, then the request, and from there what version 0 has from `Fetch` to `Over`.

mod knocking;
mod line;
mod page;
mod proving;
mod revealing;

use std::sync::Arc;

use wire::one::{Claim, Link};
use wire::{
    AcceptedHosts, ClaimToken, EphemeralKey, Frame, HANDOFF_VERSION, LinkKind, LinkProblem, Nonce, PhoneEnd, Proof, SessionId,
    Ticket, VersionOne,
};
use zeroize::Zeroizing;

use super::arrival::{Claiming, link_failure, scan};
use super::calls::Pending;
use super::{Context, Turn};
use crate::boundary::{Effect, FailureKind};
use crate::relay::{Errand, Mailbox};

pub(super) use knocking::Knocking;
pub(super) use page::Page;
pub(super) use proving::{KeptKeys, Proving};
pub(super) use revealing::Revealing;

/// How a link came to the app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Seen by the scanner.
    Scanned,
    /// Pasted, or opened by the system.
    Opened,
}

/// What a link brought, and this phone's end of it until the reveal.
struct Approach {
    link: Link,
    phone: PhoneEnd,
    mailbox: Arc<Mailbox>,
    observed: line::Observed,
}

/// Kinds of links do not stand in for each other: the moving QR is scanned, the others are tapped or pasted.
pub(super) fn take_up(text: &str, way: Way, context: &mut Context) -> Turn {
    let link = match Link::parse(text, &context.settings.hosts) {
        Ok(link) => link,
        Err(LinkProblem::NotOurQr) => return Claiming::begin(text, context),
        Err(problem) => return (scan(link_failure(problem)), vec![]),
    };
    match (link.kind(), way) {
        (LinkKind::Moving, Way::Scanned) | (LinkKind::Launch | LinkKind::Copied, Way::Opened) => Knocking::begin(link, context),
        (LinkKind::Moving, Way::Opened) => (scan(FailureKind::QrStaleFrame), vec![]),
        (LinkKind::Launch | LinkKind::Copied, Way::Scanned) => (scan(FailureKind::NotOurQr), vec![]),
    }
}

/// The session that a text leads to, by a link of either version.
pub(super) fn session_in(text: &str, hosts: &AcceptedHosts) -> Option<SessionId> {
    match Link::parse(text, hosts) {
        Ok(link) => Some(link.session),
        Err(_) => wire::Link::parse(text).ok().map(|link| link.session),
    }
}

impl Approach {
    fn new(link: Link, context: &mut Context) -> Self {
        let key = EphemeralKey::from_bytes(Zeroizing::new((context.random)()));
        let phone = PhoneEnd::new(key, Nonce::from_bytes((context.random)()));
        let token = ClaimToken::from_bytes((context.random)());
        let mailbox = Mailbox { base: link.base.clone(), session: link.session, token, version: HANDOFF_VERSION };
        Self { link, phone, mailbox: Arc::new(mailbox), observed: line::Observed::default() }
    }

    fn claim(&self, context: &mut Context) -> (Pending, Effect) {
        let claim = Claim {
            version: VersionOne,
            session: self.link.session,
            commitment: self.phone.commitment(self.link.session),
            token_hash: self.mailbox.token.hash(),
            proof: copy(&self.link.proof),
            app_version: context.settings.app_version.clone(),
        };
        context.call(&self.mailbox, Errand::Claim { body: Arc::new(wire::encode(&claim)) })
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
