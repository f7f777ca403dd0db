use signer::{CallKind, Event, FailureKind, PersonalItem, Screen, Sent, TrySpent};
use wire::ProblemCode;

use crate::support::{PASSWORD, Phone, refuses, steps_to_password};

#[test]
fn the_steps_come_in_their_order() {
    let mut phone = Phone::at_review();
    phone.send(Event::PagesSeen { document: 0 });
    phone.send(Event::Proceed);
    assert!(matches!(phone.flow.screen(), Screen::FlowExplained { .. }));
    phone.send(Event::Proceed);
    let Screen::Consents { consents, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(consents[0].text_en, "Four items are disclosed.");
    phone.send(Event::ConsentsGiven);
    let Screen::Disclosure { items, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(items, [PersonalItem::Name, PersonalItem::Address, PersonalItem::BirthDate, PersonalItem::Sex]);
    phone.send(Event::Proceed);
    assert!(matches!(phone.flow.screen(), Screen::EnterPassword { problem: None, tries_left: None, .. }));
}

#[test]
fn nobody_goes_on_before_the_last_page() {
    let mut phone = Phone::at_review();
    phone.send(Event::Proceed);
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
    phone.send(Event::PagesSeen { document: 1 });
    phone.send(Event::Proceed);
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
}

#[test]
fn consents_are_not_given_by_going_on() {
    let mut phone = Phone::at_review();
    for event in [Event::PagesSeen { document: 0 }, Event::Proceed, Event::Proceed, Event::Proceed] {
        phone.send(event);
    }
    assert!(matches!(phone.flow.screen(), Screen::Consents { .. }));
}

#[test]
fn the_person_may_decline_at_each_screen_and_the_service_is_told() {
    for steps in 0..=steps_to_password().len() {
        let mut phone = Phone::at_review();
        for event in steps_to_password().into_iter().take(steps) {
            phone.send(event);
        }
        declines(phone);
    }
    declines(Phone::at_card());
}

#[test]
fn a_refusal_is_sent_again_until_the_relay_has_it() {
    let mut phone = Phone::at_review();
    phone.relay_answers(CallKind::Refuse, signer::RelayAnswer::Unreachable);
    phone.relay_answers(CallKind::Refuse, refuses(ProblemCode::Unavailable));
    phone.send(Event::Declined);
    assert_eq!(phone.count(CallKind::Refuse), 3);
}

#[test]
fn nothing_is_signed_after_ten_minutes_of_reading() {
    for steps in 0..=steps_to_password().len() {
        let mut phone = Phone::at_review();
        for event in steps_to_password().into_iter().take(steps) {
            phone.send(event);
        }
        phone.wait(600);
        assert_eq!(phone.failure_kind(), Some(FailureKind::QrExpired));
    }
}

#[test]
fn the_deadline_holds_without_a_tick_too() {
    let mut phone = Phone::at_password();
    phone.now_ms += 600_000;
    phone.enter(PASSWORD);
    assert_eq!(phone.failure_kind(), Some(FailureKind::QrExpired));
    assert_eq!(phone.count(CallKind::Begin), 0);
}

fn declines(mut phone: Phone) {
    phone.send(Event::Declined);
    let Screen::Declined { facts } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((facts.signed, facts.try_spent, facts.sent), (false, TrySpent::No, Sent::Refusal));
    assert_eq!(phone.count(CallKind::Refuse), 1);
    assert_eq!(phone.count(CallKind::SendResult), 0);
    phone.send(Event::StartOver);
    assert_eq!(phone.flow.screen(), Screen::Scan { problem: None });
}
