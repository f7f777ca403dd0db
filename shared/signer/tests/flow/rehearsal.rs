//! 「準備チェック」: every wrong card maps to a line, and no try is spent.

use signer::{ApplicationLine, CardStage, CertificateLine, Event, FailureKind, Rehearsal, Screen, Verdict};
use simulator::{CardSetup, Fault, Pace, TokenKind, Validity, VirtualCard};
use std::time::Duration;

use crate::support::Phone;

fn rehearsed(phone: &mut Phone, card: &mut VirtualCard) -> Option<Rehearsal> {
    phone.touch(card);
    assert_eq!((card.counts().verifies, card.counts().attempts_spent), (0, 0));
    match phone.flow.screen() {
        Screen::Rehearsed { rehearsal, report: None } => Some(rehearsal),
        _ => None,
    }
}

fn at_rehearsal() -> Phone {
    let mut phone = Phone::new();
    phone.send(Event::RehearsalWanted);
    phone
}

fn told_of(setup: CardSetup) -> Rehearsal {
    rehearsed(&mut at_rehearsal(), &mut VirtualCard::new(setup)).expect("a result")
}

#[test]
fn a_good_card_is_ready() {
    let told = told_of(CardSetup::good());
    assert_eq!((told.application, told.attempts_left), (ApplicationLine::MyNumberCard, Some(5)));
    assert_eq!(told.authentication_attempts_left, Some(3));
    assert_eq!((told.certificate, told.verdict()), (CertificateLine::Valid, Verdict::Ready));
    assert!(told.certificate_until_s.is_some());
}

#[test]
fn each_wrong_card_maps_to_a_line_that_is_not_ready() {
    for (setup, application) in [
        (CardSetup::not_a_my_number_card(), ApplicationLine::OtherCard),
        (CardSetup::without_signing_certificate(), ApplicationLine::NoSigningCertificate),
        (CardSetup::old_resident_card(), ApplicationLine::ResidentCard),
        (CardSetup::held_by_phone(TokenKind::AndroidPhone), ApplicationLine::HeldByPhone),
        (CardSetup::held_by_phone(TokenKind::Iphone), ApplicationLine::HeldByPhone),
    ] {
        let told = told_of(setup);
        assert_eq!((told.application, told.verdict()), (application, Verdict::NotReady));
    }
}

#[test]
fn tries_and_age_of_the_certificate_are_told() {
    let locked = told_of(CardSetup::locked());
    assert_eq!((locked.attempts_left, locked.attempts, locked.verdict()), (Some(0), Verdict::NotReady, Verdict::NotReady));
    let few = told_of(CardSetup::good().with_signing_attempts_left(2));
    assert_eq!((few.attempts_left, few.verdict()), (Some(2), Verdict::Attention));
    assert_eq!(told_of(CardSetup::expired()).certificate, CertificateLine::Expired);

    let around = Validity::around_today();
    let last_day = around.first_day.saturating_add(jiff::Span::new().years(1).days(30));
    let ending = CardSetup::good().with_validity(Validity { last_day, ..around });
    assert_eq!(told_of(ending).certificate, CertificateLine::UnderThreeMonths);
}

#[test]
fn a_slow_link_is_told() {
    let mut phone = at_rehearsal();
    let pace = Pace { command: Duration::from_millis(1), ..Pace::default() };
    let mut card = VirtualCard::new(CardSetup::good().with_pace(pace));
    let effects = phone.touch_and_hear(&mut card, |phone, answer, _| {
        phone.now_ms += 200;
        answer
    });
    phone.perform(effects);
    let Screen::Rehearsed { rehearsal, report: None } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((rehearsal.reader, rehearsal.verdict()), (signer::ReaderLine::Slow, Verdict::Attention));
}

#[test]
fn a_card_lost_in_a_rehearsal_is_held_again() {
    let commands = {
        let mut card = VirtualCard::new(CardSetup::good());
        rehearsed(&mut at_rehearsal(), &mut card);
        u32::try_from(card.counts().commands).expect("a dozen")
    };
    for nth in 1..=commands {
        let mut phone = at_rehearsal();
        let mut card = VirtualCard::new(CardSetup::good().with_fault(Fault::tear_before_command(nth)));
        assert_eq!(rehearsed(&mut phone, &mut card), None);
        let Screen::Rehearsing { stage: CardStage::Waiting { problem }, page: None } = phone.flow.screen() else {
            panic!("command {nth}")
        };
        assert_eq!(problem.map(|problem| problem.kind), Some(FailureKind::CardLost));
        assert!(rehearsed(&mut phone, &mut card).is_some(), "command {nth}");
    }
}

#[test]
fn the_way_back_and_once_more_are_open() {
    let mut phone = at_rehearsal();
    phone.send(Event::StartOver);
    assert_eq!(phone.flow.screen(), Screen::Scan { problem: None });
    phone.send(Event::RehearsalWanted);
    assert!(rehearsed(&mut phone, &mut VirtualCard::new(CardSetup::good())).is_some());
    phone.send(Event::RehearsalWanted);
    assert!(rehearsed(&mut phone, &mut VirtualCard::new(CardSetup::locked())).is_some());
}
