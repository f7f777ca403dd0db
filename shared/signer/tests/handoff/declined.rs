//! The person says no while the reveal is on its way.

use signer::{CallKind, Event, Screen, Sent};
use wire::{RefusalKind, SessionKind};

use crate::far_side::{FarSide, LINK_HOST, ORIGIN};
use crate::support::Phone;

#[test]
fn a_refusal_takes_the_reveal_along_that_was_lost_before_it() {
    for kind in [SessionKind::Signing, SessionKind::Rehearsal] {
        let mut phone = Phone::new(FarSide::new(kind, ORIGIN, LINK_HOST));
        phone.held = Some((CallKind::Reveal, None));
        phone.scan();
        phone.send(Event::Declined);
        let Screen::Declined { facts } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        assert_eq!((facts.sent, phone.count(CallKind::Reveal)), (Sent::Refusal, 2));
        let refusals: Vec<RefusalKind> = phone.far.refusals.iter().map(|refusal| refusal.kind).collect();
        assert_eq!(refusals, [RefusalKind::Declined]);
    }
}

#[test]
fn a_reveal_that_arrived_is_not_sent_again() {
    let mut phone = Phone::new(FarSide::new(SessionKind::Signing, ORIGIN, LINK_HOST));
    phone.held = Some((CallKind::Reveal, None));
    phone.scan();
    let reveal = phone.bodies.last().cloned().unwrap_or_default();
    phone.far.hear(CallKind::Reveal, &reveal);
    phone.send(Event::Declined);
    assert_eq!((phone.far.refusals.len(), phone.count(CallKind::Reveal), phone.count(CallKind::Refuse)), (1, 1, 1));
}
