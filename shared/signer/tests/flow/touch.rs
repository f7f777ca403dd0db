use signer::{CallKind, CardStage, CardStep, Effect, Event, FailureKind, Screen, Sent, TrySpent};
use simulator::{CardSetup, Fault, FaultEffect, FaultPoint, PolicyIdentifier, TokenKind, VirtualCard};

use crate::far_side::revision;
use crate::support::{ORIGIN, PASSWORD, Phone, WRONG, link_text, steps_to_password, touched};

#[test]
fn a_contract_is_signed_in_one_touch() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    assert_eq!(phone.flow.screen(), Screen::Done { titles: vec!["業務委託契約書".into()], touches: 1 });
    assert_eq!((card.counts().verifies, card.counts().signatures), (1, 1));
    assert_eq!(phone.count(CallKind::SendResult), 1);
    assert!(phone.released);
}

#[test]
fn a_wrong_password_is_said_with_the_count_and_forgotten() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_password();
    phone.enter(WRONG);
    phone.touch(&mut card);
    let Screen::EnterPassword { problem: Some(problem), tries_left: Some(4), .. } = phone.flow.screen() else {
        panic!("{:?}", phone.flow.screen())
    };
    assert_eq!((problem.code.as_str(), problem.facts.try_spent), ("E-PIN-03", TrySpent::Yes { left: 4 }));
    assert_eq!(phone.awaited, None, "no touch without a password typed anew");

    phone.enter(PASSWORD);
    phone.touch(&mut card);
    assert_eq!(phone.flow.screen(), Screen::Done { titles: vec!["業務委託契約書".into()], touches: 2 });
    assert_eq!(phone.count(CallKind::Begin), 2, "each password asks first whether the session still stands");
}

#[test]
fn a_locked_card_gets_no_password_and_ends_the_signing() {
    let mut card = VirtualCard::new(CardSetup::locked());
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    let failure = phone.failure().expect("a failure");
    assert_eq!((failure.code.as_str(), failure.facts.try_spent), ("E-PIN-05", TrySpent::No));
    assert_eq!(card.counts().verifies, 0);
    assert_eq!(phone.count(CallKind::Refuse), 1);
}

#[test]
fn the_wrong_password_on_the_last_try_says_that_it_locked() {
    let mut card = VirtualCard::new(CardSetup::last_try());
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    phone.send(Event::LastTryConfirmed { typed: "1".into() });
    phone.enter(WRONG);
    phone.touch(&mut card);
    let failure = phone.failure().expect("a failure");
    assert_eq!((failure.kind, failure.facts.try_spent), (FailureKind::PasswordLocked, TrySpent::Yes { left: 0 }));
}

#[test]
fn another_kind_of_card_is_named_and_a_proper_one_may_follow() {
    let mut phone = Phone::at_card();
    phone.touch(&mut VirtualCard::new(CardSetup::not_a_my_number_card()));
    assert_eq!(phone.failure_kind(), Some(FailureKind::WrongCard));
    assert!(phone.released);
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn certificates_that_may_not_sign_this_contract_sign_nothing() {
    for (setup, kind) in [
        (CardSetup::expired(), FailureKind::CertificateExpired),
        (CardSetup::other_person(), FailureKind::OtherSigner),
        (CardSetup::without_signing_certificate(), FailureKind::NoSigningCertificate),
    ] {
        let mut card = VirtualCard::new(setup);
        let mut phone = Phone::at_card();
        phone.touch(&mut card);
        let failure = phone.failure().expect("a failure");
        assert_eq!((failure.kind, failure.facts.signed, failure.facts.sent), (kind, false, Sent::Refusal));
        assert_eq!(card.counts().signatures, 0);
        assert_eq!(phone.count(CallKind::Refuse), 1);
        assert_eq!(phone.count(CallKind::SendResult), 0);
    }
}

#[test]
fn a_phone_s_certificate_is_known_in_the_first_touch() {
    let held = CardSetup::held_by_phone(TokenKind::AndroidPhone);
    let mut other = VirtualCard::new(held.reordered(|order| order.policy = PolicyIdentifier::PhoneHeld).expect("a phone"));
    let mut phone = Phone::at_card();
    phone.touch(&mut other);
    let failure = phone.failure().expect("a word about it");
    assert_eq!((failure.code.as_str(), failure.facts.signed, other.counts().signatures), ("E-NFC-14", false, 0));
    assert_eq!(phone.awaited, None, "the password of the phone is not the card's");
    phone.enter(PASSWORD);
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn a_document_that_declares_no_name_is_signed_by_whoever_holds_the_card() {
    let mut phone = Phone::with_revision(revision(None, ORIGIN));
    phone.send(Event::LinkScanned { text: link_text() });
    steps_to_password().into_iter().for_each(|event| phone.send(event));
    phone.enter(PASSWORD);
    phone.touch(&mut VirtualCard::new(CardSetup::other_person()));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn an_answer_without_meaning_is_reported_and_nothing_is_sent() {
    let fault = Fault { at: FaultPoint::Signature(1), effect: FaultEffect::Answer(0x6F00) };
    let mut card = VirtualCard::new(CardSetup::good().with_fault(fault));
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    assert_eq!(phone.failure_kind(), Some(FailureKind::CardUnexpected { status: Some(0x6F00) }));
    assert_eq!(phone.count(CallKind::SendResult), 0);
}

#[test]
fn a_signature_that_does_not_fit_the_certificate_is_not_sent() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_card();
    talk(&mut phone, &mut card, |_, mut response, command| {
        if command.first() == Some(&PROPRIETARY_CLASS) {
            response[0] ^= 1;
        }
        response
    });
    let failure = phone.failure().expect("a failure");
    assert_eq!((failure.code.as_str(), failure.facts.signed), ("E-SIG-02", false));
    assert_eq!(phone.count(CallKind::SendResult), 0);
}

#[test]
fn with_less_than_twenty_seconds_left_no_touch_begins() {
    for (left_ms, begins) in [(20_000, true), (19_999, false)] {
        let mut card = VirtualCard::new(CardSetup::good());
        let mut phone = with_milliseconds_left(left_ms);
        phone.touch(&mut card);
        assert_eq!(card.counts().commands > 0, begins, "{left_ms}");
        assert_eq!(phone.failure_kind().is_none(), begins, "{left_ms}");
    }
    let mut phone = with_milliseconds_left(19_999);
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert_eq!(phone.failure_kind(), Some(FailureKind::DeadlinePassed));
}

#[test]
fn time_that_runs_out_during_the_touch_stops_it_before_the_password_or_the_signature() {
    let whole = commands_of_a_touch();
    for slow_at in 1..whole {
        let mut card = VirtualCard::new(CardSetup::good());
        let mut phone = with_milliseconds_left(30_000);
        let mut answers = 0;
        talk(&mut phone, &mut card, |phone, response, _| {
            answers += 1;
            if answers == slow_at {
                phone.now_ms += 15_000;
            }
            response
        });
        assert_eq!(phone.failure_kind(), Some(FailureKind::DeadlinePassed), "command {slow_at}");
        assert_eq!(card.counts().signatures, 0);
        assert_eq!(card.counts().commands, slow_at);
        assert_eq!(phone.count(CallKind::SendResult), 0);
    }
}

#[test]
fn a_signature_that_was_made_is_sent_even_in_the_last_seconds() {
    let whole = commands_of_a_touch();
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = with_milliseconds_left(30_000);
    let mut answers = 0;
    talk(&mut phone, &mut card, |phone, response, _| {
        answers += 1;
        if answers == whole {
            phone.now_ms += 15_000;
        }
        response
    });
    assert_eq!(phone.count(CallKind::SendResult), 1);
}

#[test]
fn the_dots_follow_the_card() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_card();
    let mut steps = vec![];
    talk(&mut phone, &mut card, |phone, response, _| {
        let Screen::HoldCard { stage: CardStage::Talking { step }, .. } = phone.flow.screen() else { panic!("talking") };
        steps.push(step);
        response
    });
    steps.dedup();
    assert_eq!(steps, [CardStep::Detected, CardStep::CheckingPassword, CardStep::Signing]);
}

#[test]
fn late_and_doubled_card_events_change_nothing() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_card();
    let touch = phone.awaited.expect("waiting");
    let mut earlier: Vec<(u64, Vec<u8>)> = vec![];
    card.power_on();
    let mut effects = phone.flow.handle(touched(touch), phone.now_ms);
    while let [Effect::Transmit { id, command }] = effects.as_slice() {
        let (id, response) = (*id, card.transmit(command));
        let screen = phone.flow.screen();
        let mut stray = vec![touched(touch), Event::Declined, Event::Proceed, Event::StartOver];
        stray.extend(earlier.iter().map(|(id, response)| Event::CardAnswered { id: *id, response: response.clone() }));
        stray.extend(earlier.iter().map(|(id, _)| Event::CardLost { id: *id }));
        for event in stray {
            assert!(phone.flow.handle(event, phone.now_ms).is_empty());
            assert_eq!(phone.flow.screen(), screen);
        }
        earlier.push((id, response.clone()));
        effects = phone.flow.handle(Event::CardAnswered { id, response }, phone.now_ms);
    }
    phone.perform(effects);
    assert_eq!((card.counts().verifies, card.counts().signatures), (1, 1));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn a_card_that_is_not_found_for_a_while_opens_the_alternatives() {
    let mut phone = Phone::at_card();
    phone.wait(14);
    assert_eq!(phone.failure_kind(), None);
    phone.wait(1);
    assert_eq!(phone.failure_kind(), Some(FailureKind::CardNotFound));
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

/// Like `Phone::touch`, with a word in each answer.
fn talk(phone: &mut Phone, card: &mut VirtualCard, heard: impl FnMut(&mut Phone, Vec<u8>, &[u8]) -> Vec<u8>) {
    let effects = phone.touch_and_hear(card, heard);
    phone.perform(effects);
}

/// At the card, with a password typed a moment ago.
fn with_milliseconds_left(left_ms: u64) -> Phone {
    let mut phone = Phone::at_password();
    let Screen::EnterPassword { ends_at_ms, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    phone.now_ms = ends_at_ms - left_ms;
    phone.enter(PASSWORD);
    phone
}

fn commands_of_a_touch() -> u64 {
    let mut card = VirtualCard::new(CardSetup::good());
    Phone::at_card().touch(&mut card);
    card.counts().commands
}

/// Of the command that computes a signature.
const PROPRIETARY_CLASS: u8 = 0x80;
