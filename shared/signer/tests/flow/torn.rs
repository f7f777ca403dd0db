//! The card is torn away at every command, before and after it did its work.

use signer::{CallKind, CardStage, Event, FailureKind, Screen, TrySpent};
use simulator::{CardSetup, Fault, FaultEffect, FaultPoint, VirtualCard};

use crate::support::{PASSWORD, Phone, WRONG, touched};

#[test]
fn wherever_the_card_is_torn_no_password_is_spent_unasked() {
    for typed in [PASSWORD, WRONG] {
        for fault in every_tear() {
            let mut card = VirtualCard::new(CardSetup::good().with_fault(fault));
            let mut phone = Phone::at_password();
            let typings = sign_in_the_end(&mut phone, &mut card, typed);
            let counts = card.counts();
            assert!(counts.verifies <= typings, "{fault:?}: {} VERIFYs for {typings} typed passwords", counts.verifies);
            assert_eq!(counts.verifies_repeated, 0, "{fault:?}");
            assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{fault:?}: {:?}", phone.flow.screen());
        }
    }
}

#[test]
fn torn_before_the_password_was_sent_the_same_password_serves_the_next_touch() {
    for fault in [Fault::tear_before_command(1), Fault::tear_after_command(1), Fault::tear_after_command(2)] {
        let mut card = VirtualCard::new(CardSetup::good().with_fault(fault));
        let mut phone = Phone::at_card();
        phone.touch(&mut card);
        let failure = phone.failure().expect("a word about it");
        assert_eq!((failure.code.as_str(), failure.facts.try_spent), ("E-NFC-06", TrySpent::No));
        assert_eq!(card.counts().verifies, 0);
        phone.touch(&mut card);
        assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{fault:?}");
        assert_eq!(card.counts().verifies, 1);
    }
}

#[test]
fn torn_in_verify_the_next_touch_asks_the_counter_and_the_person() {
    // An equal count proves nothing: it may be another card's.
    for (typed, fault, spent, left) in [
        (PASSWORD, Fault::tear_before_verify(), TrySpent::Unknown, 5),
        (PASSWORD, Fault::tear_after_verify(), TrySpent::Unknown, 5),
        (WRONG, Fault::tear_before_verify(), TrySpent::Unknown, 5),
        (WRONG, Fault::tear_after_verify(), TrySpent::Yes { left: 4 }, 4),
    ] {
        let mut card = VirtualCard::new(CardSetup::good().with_fault(fault));
        let mut phone = Phone::at_password();
        phone.enter(typed);
        phone.touch(&mut card);
        let failure = phone.failure().expect("a word about it");
        assert_eq!((failure.code.as_str(), failure.facts.try_spent), ("E-PIN-06", TrySpent::Unknown));
        assert!(matches!(phone.flow.screen(), Screen::HoldCard { stage: CardStage::Waiting { .. }, .. }));

        let verifies = card.counts().verifies;
        phone.touch(&mut card);
        assert_eq!(card.counts().verifies, verifies, "the counter is asked without a password");
        let Screen::EnterPassword { tries_left, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        assert_eq!(tries_left, Some(left));
        assert_eq!(phone.failure().map(|failure| failure.facts.try_spent), Some(spent));
    }
}

#[test]
fn torn_after_the_password_was_right_it_is_asked_for_again() {
    let whole = commands_of_a_touch();
    for number in 4..=whole {
        let mut card = VirtualCard::new(CardSetup::good().with_fault(Fault::tear_before_command(number)));
        let mut phone = Phone::at_card();
        phone.touch(&mut card);
        assert_eq!(phone.failure_kind(), Some(FailureKind::CardLost));
        phone.touch(&mut card);
        assert!(matches!(phone.flow.screen(), Screen::EnterPassword { tries_left: Some(5), .. }), "command {number}");
        assert_eq!(card.counts().verifies, 1);
    }
}

#[test]
fn a_card_that_locked_itself_in_the_dark_is_found_locked() {
    let setup = CardSetup::last_try().with_fault(Fault::tear_after_verify());
    let mut card = VirtualCard::new(setup);
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    phone.send(Event::LastTryConfirmed { typed: "1".into() });
    phone.enter(WRONG);
    phone.touch(&mut card);
    assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordInDoubt));
    phone.touch(&mut card);
    let failure = phone.failure().expect("a failure");
    assert_eq!((failure.kind, failure.facts.try_spent), (FailureKind::PasswordLocked, TrySpent::Yes { left: 0 }));
}

#[test]
fn a_password_torn_in_the_background_is_not_kept() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_card();
    let id = phone.awaited.take().expect("waiting");
    card.power_on();
    let effects = phone.flow.handle(touched(id), phone.now_ms);
    let [signer::Effect::Transmit { id, .. }] = effects[..] else { panic!("a command") };
    phone.send(Event::WentToBackground);
    phone.send(Event::CardLost { id });
    assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordForgotten));
    assert_eq!(phone.awaited, None);
}

#[test]
fn a_card_that_cannot_be_the_one_before_is_not_counted_for_it() {
    let stranger = |left: u8| CardSetup::other_person().with_signing_attempts_left(left);
    for other in [stranger(0), stranger(3), CardSetup::held_by_phone(simulator::TokenKind::AndroidPhone)] {
        let mut card = VirtualCard::new(CardSetup::good().with_fault(Fault::tear_after_verify()));
        let mut phone = Phone::at_password();
        phone.enter(WRONG);
        phone.touch(&mut card);
        phone.touch(&mut VirtualCard::new(other));
        assert!(matches!(phone.flow.screen(), Screen::HoldCard { .. }), "{:?}", phone.flow.screen());
        let failure = phone.failure().expect("a word about it");
        assert!(["E-NFC-13", "E-NFC-14"].contains(&failure.code.as_str()), "{}", failure.code);
        assert_eq!((failure.facts.try_spent, phone.count(CallKind::Refuse)), (TrySpent::Unknown, 0));

        phone.touch(&mut card);
        assert_eq!(phone.failure().map(|failure| failure.facts.try_spent), Some(TrySpent::Yes { left: 4 }));
    }
}

#[test]
fn a_locked_card_after_a_right_password_is_another_one() {
    let mut card = VirtualCard::new(CardSetup::good().with_fault(Fault::tear_before_command(5)));
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    phone.touch(&mut VirtualCard::new(CardSetup::locked()));
    assert_eq!(phone.failure().map(|failure| failure.code), Some("E-NFC-13".into()));
    phone.touch(&mut card);
    assert!(matches!(phone.flow.screen(), Screen::EnterPassword { .. }));
}

#[test]
fn a_right_password_ends_what_the_wrong_one_did_to_the_counter() {
    for point in [FaultPoint::Command(4), FaultPoint::Signature(1)] {
        let mut card = VirtualCard::new(CardSetup::good());
        let mut phone = Phone::at_password();
        phone.enter(WRONG);
        phone.touch(&mut card);
        phone.enter(PASSWORD);
        card.arm(Fault { at: point, effect: FaultEffect::TearAfter });
        phone.touch(&mut card);
        let failure = phone.failure().expect("a word about it");
        assert_eq!((failure.code.as_str(), failure.facts.try_spent), ("E-NFC-06", TrySpent::No), "{point:?}");
    }
}

#[test]
fn a_form_that_is_no_password_does_not_hide_the_try_before_it() {
    let mut phone = Phone::at_password();
    phone.enter(WRONG);
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    phone.enter("1234");
    let failure = phone.failure().expect("a word about it");
    assert_eq!((failure.code.as_str(), failure.facts.try_spent), ("E-PIN-02", TrySpent::Yes { left: 4 }));
}

/// Touches, and types whenever asked: once what the test is about, then the right password.
fn sign_in_the_end(phone: &mut Phone, card: &mut VirtualCard, first: &str) -> u64 {
    let mut typings = 0;
    for _ in 0..12 {
        match phone.flow.screen() {
            Screen::EnterPassword { .. } => {
                phone.enter(if typings == 0 { first } else { PASSWORD });
                typings += 1;
            }
            Screen::HoldCard { .. } => phone.touch(card),
            _ => break,
        }
    }
    typings
}

fn every_tear() -> Vec<Fault> {
    let commands = 1..=commands_of_a_touch();
    commands.flat_map(|number| [Fault::tear_before_command(number), Fault::tear_after_command(number)]).collect()
}

fn commands_of_a_touch() -> u32 {
    let mut card = VirtualCard::new(CardSetup::good());
    Phone::at_card().touch(&mut card);
    u32::try_from(card.counts().commands).expect("a dozen")
}
