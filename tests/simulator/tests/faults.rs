//! Torn links, delays and what the counters say of them.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use simulator::{CardSetup, Fault, FaultEffect, FaultPoint, VirtualCard};

const SELECT: [u8; 15] = [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const QUERY: [u8; 4] = [0x00, 0x20, 0x00, 0x9B];
const WRONG: [u8; 11] = [0x00, 0x20, 0x00, 0x9B, 6, b'W', b'R', b'O', b'N', b'G', b'1'];
const SUCCESS: [u8; 2] = [0x90, 0x00];

fn selected(setup: CardSetup) -> VirtualCard {
    let mut card = VirtualCard::new(setup);
    touch(&mut card);
    card
}

fn touch(card: &mut VirtualCard) {
    card.power_on();
    assert_eq!(card.transmit(&SELECT), SUCCESS);
}

#[test]
fn a_link_torn_before_verify_spends_no_try() {
    let mut card = selected(CardSetup::good().with_fault(Fault::tear_before_verify()));
    assert!(card.transmit(&WRONG).is_empty());
    assert_eq!((card.counts().verifies, card.counts().attempts_spent), (1, 0));
    assert_eq!(card.signing_attempts_left(), 5);
}

#[test]
fn a_link_torn_after_verify_spends_a_try_that_nobody_hears_of() {
    let mut card = selected(CardSetup::good().with_fault(Fault::tear_after_verify()));
    assert!(card.transmit(&WRONG).is_empty());
    assert_eq!((card.counts().verifies, card.counts().attempts_spent), (1, 1));
    touch(&mut card);
    assert_eq!(card.transmit(&QUERY), [0x63, 0xC4]);
}

#[test]
fn a_torn_card_stays_silent_until_it_is_held_again() {
    let mut card = selected(CardSetup::good().with_fault(Fault::tear_after_command(2)));
    assert!(card.transmit(&QUERY).is_empty());
    assert!(!card.is_powered());
    assert!(card.transmit(&QUERY).is_empty());
    touch(&mut card);
    assert_eq!(card.transmit(&QUERY), [0x63, 0xC5]);
}

#[test]
fn a_fault_can_wait_for_the_nth_command_and_strikes_once() {
    let mut card = selected(CardSetup::good());
    card.arm(Fault { at: FaultPoint::Command(2), effect: FaultEffect::Answer(0x6400) });
    assert_eq!(card.transmit(&QUERY), [0x63, 0xC5]);
    assert_eq!(card.transmit(&QUERY), [0x64, 0x00]);
    assert_eq!(card.transmit(&QUERY), [0x63, 0xC5]);
}

#[test]
fn a_refused_verify_was_never_compared() {
    let fault = Fault { at: FaultPoint::Verify(1), effect: FaultEffect::Answer(0x6581) };
    let mut card = selected(CardSetup::good().with_fault(fault));
    assert_eq!(card.transmit(&WRONG), [0x65, 0x81]);
    assert_eq!(card.counts().attempts_spent, 0);
}

#[test]
fn a_slow_card_says_how_long_it_takes() {
    let setup =
        CardSetup::slow().with_fault(Fault { at: FaultPoint::Command(2), effect: FaultEffect::Delay(Duration::from_secs(3)) });
    let mut card = VirtualCard::new(setup);
    card.power_on();
    assert_eq!(card.respond(&SELECT).takes, Duration::from_millis(20));
    assert_eq!(card.respond(&QUERY).takes, Duration::from_millis(3_020));
    assert_eq!(card.respond(&QUERY).takes, Duration::from_millis(20));
}

#[test]
fn a_client_that_sends_everything_twice_is_caught() {
    let mut card = selected(CardSetup::good());
    card.transmit(&WRONG);
    assert_eq!(card.counts().verifies_repeated, 0);
    card.transmit(&WRONG);
    assert_eq!((card.counts().verifies_repeated, card.counts().attempts_spent), (1, 2));
}

#[test]
fn bytes_are_counted_both_ways() {
    let mut card = selected(CardSetup::good());
    card.transmit(&QUERY);
    let counts = card.counts();
    assert_eq!((counts.commands, counts.bytes_to_card, counts.bytes_from_card), (2, 19, 4));
    assert_eq!(counts.power_ons, 1);
}
