//! Between the reveal and the request: the page makes sure of the person before the phone, and the phone of the page.

use signer::{CallKind, Effect, Event, Facts, FailureKind, RelayAnswer, Screen, Sent};
use wire::{EndReason, LinkKind, RefusalKind, SessionState};

use crate::support::{ORIGIN, Phone, copied_link, launch_link, link_text};

/// A phone that shows its digits to a person whose page nobody has touched.
fn at_number() -> Phone {
    let mut phone = Phone::new();
    phone.is_page_idle = true;
    phone.send(Event::LinkScanned { text: link_text() });
    phone
}

fn at_return() -> Phone {
    let mut phone = Phone::new();
    phone.is_page_idle = true;
    phone.send(Event::LinkPasted { text: launch_link() });
    phone
}

fn number_on(phone: &Phone) -> String {
    match phone.flow.screen() {
        Screen::Number { number, .. } => number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_digits_stand_with_the_address_where_alone_they_are_typed() {
    let mut phone = at_number();
    let Screen::Number { number, page, trouble: None } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((page.origin.as_str(), page.name.as_str(), page.ends_at_ms), (ORIGIN, "見本銀行", phone.now_ms + 600_000));
    let digits: Vec<&str> = number.split(' ').collect();
    assert!(matches!(digits[..], [a, b] if a.len() == 3 && b.len() == 3), "{number}");
    assert_eq!(phone.count(CallKind::FetchRequest), 0, "nothing of the document is fetched before");
    phone.page_types(&number);
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }), "{:?}", phone.flow.screen());
}

#[test]
fn a_copied_link_has_its_digits_typed_too_and_opens_no_browser() {
    let mut phone = Phone::new();
    phone.send(Event::LinkPasted { text: copied_link() });
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
    assert_eq!((phone.far.meeting.link_kind, phone.opened.len()), (LinkKind::Copied, 0));
}

#[test]
fn a_launch_has_no_digits_and_returns_to_the_browser_that_asked_for_it() {
    let mut phone = at_return();
    assert!(matches!(phone.flow.screen(), Screen::Return { .. }), "{:?}", phone.flow.screen());
    phone.send(Event::ReturnWanted);
    let [first, again] = phone.opened.as_slice() else { panic!("{}", phone.opened.len()) };
    assert_eq!(first, again);
    assert!(first.starts_with(&format!("{ORIGIN}/return#")));
    let address = first.clone();
    phone.far.come_back(&address);
    phone.page_has_news();
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
    phone.send(Event::ReturnWanted);
    assert_eq!(phone.opened.len(), 2, "there is nothing to return to any more");
}

#[test]
fn the_address_of_the_return_is_in_no_log() {
    let effect = Effect::OpenReturn { url: "https://bank.example/return#secret".into() };
    assert_eq!(format!("{effect:?}"), "OpenReturn");
}

#[test]
fn two_wrong_numbers_are_the_page_s_affair_and_the_third_ends_it_by_name() {
    let mut phone = at_number();
    let shown = phone.flow.screen();
    for _ in 0..2 {
        phone.far.type_number("not the digits");
    }
    phone.page_has_news();
    assert_eq!(phone.flow.screen(), shown);
    phone.page_types("000000x");
    let failure = phone.failure().expect("a failure");
    assert_eq!((failure.code.as_str(), failure.facts), ("E-QR-08", Facts::NOTHING_HAPPENED));
}

#[test]
fn two_wrong_numbers_and_then_the_right_one_go_on() {
    let mut phone = Phone::new();
    phone.mistypes = ["000", "000 00x"].into();
    phone.send(Event::LinkScanned { text: link_text() });
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
}

#[test]
fn saying_no_to_the_digits_is_told_sealed() {
    for mut phone in [at_number(), at_return()] {
        phone.send(Event::Declined);
        assert_eq!(phone.far.refusals.iter().map(|refusal| refusal.kind).collect::<Vec<_>>(), [RefusalKind::Declined]);
        assert_eq!(phone.flow.screen(), Screen::Declined { facts: Facts { sent: Sent::Refusal, ..Facts::NOTHING_HAPPENED } });
    }
}

#[test]
fn a_page_that_ends_the_session_is_named() {
    for (reason, kind) in [
        (EndReason::Cancelled, FailureKind::SessionCancelled),
        (EndReason::Replaced, FailureKind::SessionCancelled),
        (EndReason::Expired, FailureKind::QrExpired),
        (EndReason::BadReveal, FailureKind::PhoneNotProven),
    ] {
        let mut phone = at_number();
        phone.far.state = SessionState::Ended { reason };
        phone.page_has_news();
        assert_eq!(phone.failure_kind(), Some(kind), "{reason:?}");
    }
}

#[test]
fn the_ten_minutes_run_on_this_device_s_clock_too() {
    let mut phone = at_number();
    phone.wait(599);
    number_on(&phone);
    phone.wait(1);
    assert_eq!(phone.failure_kind(), Some(FailureKind::QrExpired));
}

#[test]
fn later_answers_can_only_shorten_the_time() {
    for (told, left) in [(30, 30), (9_999, 600)] {
        let mut phone = at_number();
        phone.far.seconds_left = told;
        phone.page_has_news();
        let Screen::Number { page, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        assert_eq!(page.ends_at_ms, phone.now_ms + left * 1000);
    }
}

#[test]
fn a_relay_out_of_reach_is_asked_again_and_the_digits_stay() {
    let mut phone = at_number();
    let number = number_on(&phone);
    let id = phone.watching.take().expect("the phone waits for the page");
    phone.send(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable });
    assert_eq!((number_on(&phone), phone.failure_kind()), (number, Some(FailureKind::RelayUnreachable)));
    assert!(phone.watching.is_some());
}

#[test]
fn a_relay_that_leaves_the_match_out_is_not_followed() {
    for state in [SessionState::Claimed, SessionState::Signing, SessionState::Delivered, SessionState::Completed] {
        let mut phone = at_number();
        phone.far.state = state;
        phone.page_has_news();
        assert!(phone.failure_kind().is_some(), "{state:?}: {:?}", phone.flow.screen());
        assert_eq!(phone.count(CallKind::FetchRequest), 0);
    }
}
