use signer::{CallKind, Event, FailureKind, RelayAnswer, Screen, TrySpent};
use simulator::{CardSetup, VirtualCard};
use wire::ProblemCode;

use crate::far_side::refuses;
use crate::support::{PASSWORD, Phone, WRONG, touched};

#[test]
fn a_password_of_the_wrong_form_reaches_neither_relay_nor_card() {
    for (typed, kind) in [
        ("1234", FailureKind::PasswordLooksLikeFourDigits),
        ("short", FailureKind::PasswordFormat),
        ("SEVENTEENLETTERSX", FailureKind::PasswordFormat),
        ("PRACTICE 1", FailureKind::PasswordFormat),
        ("ＰＲＡＣＴＩＣＥ１", FailureKind::PasswordFormat),
        ("", FailureKind::PasswordFormat),
    ] {
        let mut phone = Phone::at_password();
        phone.enter(typed);
        assert_eq!(phone.failure_kind(), Some(kind), "{typed}");
        assert_eq!(phone.failure().map(|failure| failure.facts.try_spent), Some(TrySpent::No));
        assert_eq!(phone.count(CallKind::Begin), 0);
        assert_eq!(phone.awaited, None);
    }
}

#[test]
fn the_card_is_awaited_only_after_the_relay_agreed() {
    let mut phone = Phone::at_password();
    let effects = phone.flow.enter_password(PASSWORD.as_bytes(), phone.now_ms);
    assert!(matches!(phone.flow.screen(), Screen::Beginning { .. }));
    assert!(!effects.iter().any(|effect| matches!(effect, signer::Effect::WaitForCard { .. })));
    phone.perform(effects);
    assert!(matches!(phone.flow.screen(), Screen::HoldCard { .. }));
    assert!(phone.awaited.is_some());
}

#[test]
fn begin_is_tried_again_and_the_screen_says_so() {
    let mut phone = Phone::at_password();
    phone.relay_answers(CallKind::Begin, RelayAnswer::Unreachable);
    phone.enter(PASSWORD);
    assert_eq!(phone.count(CallKind::Begin), 2);
    assert!(matches!(phone.flow.screen(), Screen::HoldCard { .. }));
}

#[test]
fn a_session_that_was_cancelled_meanwhile_ends_before_the_card() {
    let mut phone = Phone::at_password();
    phone.relay_answers(CallKind::Begin, refuses(ProblemCode::Cancelled));
    phone.enter(PASSWORD);
    assert_eq!(phone.failure_kind(), Some(FailureKind::SessionCancelled));
    assert_eq!(phone.awaited, None);
}

#[test]
fn a_session_that_was_cancelled_after_a_wrong_password_costs_no_second_try() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_password();
    phone.enter(WRONG);
    phone.touch(&mut card);
    phone.relay_answers(CallKind::Begin, refuses(ProblemCode::Cancelled));
    phone.enter(PASSWORD);
    assert_eq!(phone.failure_kind(), Some(FailureKind::SessionCancelled));
    assert_eq!((phone.awaited, card.counts().verifies), (None, 1));
}

#[test]
fn begin_may_shorten_the_time_and_not_prolong_it() {
    for (told, left) in [(30, 30), (9_999, 600)] {
        let mut phone = Phone::at_password();
        phone.far.signing.begun_seconds_left = told;
        phone.enter(PASSWORD);
        let Screen::HoldCard { ends_at_ms, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        assert_eq!(ends_at_ms, phone.now_ms + left * 1000);
    }
}

#[test]
fn a_password_dies_after_a_minute_and_in_the_background() {
    let mut phone = Phone::at_card();
    phone.wait(59);
    assert!(matches!(phone.flow.screen(), Screen::HoldCard { .. }));
    phone.wait(1);
    assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordForgotten));
    assert!(phone.released);

    let mut phone = Phone::at_card();
    phone.send(Event::WentToBackground);
    assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordForgotten));
}

#[test]
fn a_forgotten_password_is_not_sent_by_a_late_touch() {
    let mut phone = Phone::at_card();
    phone.now_ms += 60_000;
    let id = phone.awaited.expect("waiting");
    let effects = phone.flow.handle(touched(id), phone.now_ms);
    assert!(!effects.iter().any(|effect| matches!(effect, signer::Effect::Transmit { .. })));
}

#[test]
fn the_last_try_wants_a_typed_confirmation() {
    let mut card = VirtualCard::new(CardSetup::last_try());
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    assert_eq!(card.counts().verifies, 0);
    assert_eq!(phone.failure_kind(), Some(FailureKind::LastTry));
    assert!(must_confirm(&phone));

    phone.enter(PASSWORD);
    assert!(must_confirm(&phone), "no password before the confirmation");
    phone.send(Event::LastTryConfirmed { typed: "yes".into() });
    assert!(must_confirm(&phone));
    phone.send(Event::LastTryConfirmed { typed: "１".into() });
    assert!(!must_confirm(&phone));

    phone.enter(PASSWORD);
    phone.touch(&mut card);
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
    assert_eq!(card.counts().verifies, 1);
}

#[test]
fn a_confirmation_serves_one_password_only() {
    let mut card = VirtualCard::new(CardSetup::last_try());
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    phone.send(Event::LastTryConfirmed { typed: "1".into() });
    assert!(!must_confirm(&phone));
    phone.enter(WRONG);
    assert!(matches!(phone.flow.screen(), Screen::HoldCard { .. }), "{:?}", phone.flow.screen());

    phone.wait(60);
    assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordForgotten));
    assert!(must_confirm(&phone));
    phone.awaited = None;
    phone.enter(PASSWORD);
    assert_eq!(phone.awaited, None, "the confirmation was for the password before");
    assert_eq!(card.counts().verifies, 0);
}

fn must_confirm(phone: &Phone) -> bool {
    matches!(phone.flow.screen(), Screen::EnterPassword { must_confirm_last_try: true, tries_left: Some(1), .. })
}
