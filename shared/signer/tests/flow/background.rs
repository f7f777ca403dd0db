//! The app leaves the foreground in the middle of a touch.

use signer::{Effect, Event, FailureKind, Screen, TrySpent};
use simulator::{CardSetup, VirtualCard};

use crate::support::{Phone, WRONG};

#[test]
fn no_password_is_sent_from_the_background() {
    for left_at in 1..=2 {
        let mut card = VirtualCard::new(CardSetup::good());
        let mut phone = Phone::at_card();
        leave_before_answer(&mut phone, &mut card, left_at);
        assert_eq!((card.counts().verifies, card.counts().commands), (0, left_at), "left before answer {left_at}");
        assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordForgotten));
        assert!(phone.released);
    }
}

#[test]
fn the_password_does_not_wait_in_the_background_for_a_better_card() {
    let mut phone = Phone::at_card();
    leave_before_answer(&mut phone, &mut VirtualCard::new(CardSetup::not_a_my_number_card()), 1);
    assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordForgotten));
    assert_eq!(phone.awaited, None);
}

#[test]
fn a_password_under_way_is_still_answered_for() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_password();
    phone.enter(WRONG);
    leave_before_answer(&mut phone, &mut card, 3);
    assert_eq!(phone.failure().map(|failure| failure.facts.try_spent), Some(TrySpent::Yes { left: 4 }));

    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_card();
    leave_before_answer(&mut phone, &mut card, 3);
    assert_eq!((card.counts().commands, phone.failure_kind()), (3, Some(FailureKind::PasswordForgotten)));
}

#[test]
fn a_signature_under_way_is_taken_in_the_background() {
    let mut whole = VirtualCard::new(CardSetup::good());
    Phone::at_card().touch(&mut whole);
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_card();
    leave_before_answer(&mut phone, &mut card, whole.counts().commands);
    assert_eq!(card.counts().signatures, 1);
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

/// Goes to the background while the card works on its n-th command.
fn leave_before_answer(phone: &mut Phone, card: &mut VirtualCard, number: u64) {
    let mut answers = 0;
    let effects = phone.touch_and_hear(card, |phone, response, _| {
        answers += 1;
        if answers == number {
            let effects: Vec<Effect> = phone.flow.handle(Event::WentToBackground, phone.now_ms);
            assert!(effects.is_empty());
        }
        response
    });
    phone.perform(effects);
}
