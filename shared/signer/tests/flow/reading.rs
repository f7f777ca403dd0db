use signer::{CallKind, Effect, Event, FailureKind, PersonalItem, RelayAnswer, Screen, Sent, TrySpent};
use wire::ProblemCode;

use crate::far_side::refuses;
use crate::support::{PASSWORD, Phone, steps_to_password};

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
    let mut effects = phone.flow.handle(Event::Declined, phone.now_ms);
    for lost in [RelayAnswer::Unreachable, refuses(ProblemCode::Unavailable)] {
        assert_eq!(sent(&phone), Sent::Unknown, "no answer, no claim");
        let id = refusal_in(&effects);
        effects = phone.flow.handle(Event::RelayAnswered { id, answer: lost }, phone.now_ms);
    }
    refusal_in(&effects);
    assert_eq!(sent(&phone), Sent::Unknown);
    phone.perform(effects);
    assert_eq!(sent(&phone), Sent::Refusal);
}

#[test]
fn a_refusal_that_never_arrived_is_not_claimed() {
    let mut phone = Phone::at_review();
    let effects = phone.flow.handle(Event::Declined, phone.now_ms);
    phone.now_ms += 700_000;
    let answered = Event::RelayAnswered { id: refusal_in(&effects), answer: RelayAnswer::Unreachable };
    assert!(phone.flow.handle(answered, phone.now_ms).is_empty(), "the session is over");
    assert_eq!(sent(&phone), Sent::Unknown);
}

#[test]
fn a_refusal_that_the_relay_did_not_take_is_not_claimed() {
    for code in [ProblemCode::UnknownSession, ProblemCode::Ended, ProblemCode::Cancelled] {
        let mut phone = Phone::at_review();
        phone.relay_answers(CallKind::Refuse, refuses(code));
        phone.send(Event::Declined);
        assert_eq!((sent(&phone), phone.count(CallKind::Refuse)), (Sent::Unknown, 1), "{code:?}");
    }
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

fn sent(phone: &Phone) -> Sent {
    let Screen::Declined { facts } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(facts, phone.flow.facts());
    facts.sent
}

fn refusal_in(effects: &[Effect]) -> u64 {
    let [Effect::Call { id, call }] = effects else { panic!("{effects:?}") };
    assert_eq!(call.kind(), CallKind::Refuse);
    *id
}
