use signer::{Body, CallKind, Effect, Event, FailureKind, RelayAnswer, Screen, Sent, TrySpent};
use simulator::{CardSetup, VirtualCard};
use wire::{ProblemCode, RejectReason, SessionState, Settlement};

use crate::far_side::{plain, refuses};
use crate::support::{PASSWORD, Phone, WRONG, link_text};

#[test]
fn nothing_counts_as_done_before_the_service_says_so() {
    let mut phone = Phone::at_card();
    phone.far.signing.checks = 3;
    let effects = signed(&mut phone);
    assert!(matches!(phone.flow.screen(), Screen::Sending { trouble: None, .. }));
    let effects = taken(&mut phone, &effects);
    assert_eq!(phone.flow.screen(), Screen::Checking { trouble: None });
    phone.perform(effects);
    assert_eq!(phone.count(CallKind::AskOutcome), 4);
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn a_result_is_sent_again_until_the_relay_has_it() {
    let mut phone = Phone::at_card();
    phone.relay_answers(CallKind::SendResult, RelayAnswer::Unreachable);
    phone.relay_answers(CallKind::SendResult, refuses(ProblemCode::StorageFull));
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert_eq!(phone.count(CallKind::SendResult), 3);
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn while_the_relay_is_away_the_screen_says_what_is_kept() {
    let mut phone = Phone::at_card();
    let effects = signed(&mut phone);
    let id = call_of(&effects, CallKind::SendResult);
    phone.flow.handle(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable }, phone.now_ms);
    let failure = phone.failure().expect("a word about it");
    assert_eq!((failure.code.as_str(), failure.facts.signed, failure.facts.sent), ("E-SRV-02", true, Sent::Unknown));
    phone.send(Event::Declined);
    assert!(matches!(phone.flow.screen(), Screen::Sending { .. }), "a signature that is on its way is not declined");
}

#[test]
fn an_undelivered_result_is_kept_and_sent_again_when_asked() {
    let mut phone = Phone::at_card();
    let id = call_of(&signed(&mut phone), CallKind::SendResult);
    phone.now_ms += 700_000;
    let effects = phone.flow.handle(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable }, phone.now_ms);
    assert!(effects.is_empty());
    let Screen::Failed { failure, can_send_again: true } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((failure.kind, failure.facts.signed), (FailureKind::ResultNotDelivered, true));

    let effects = phone.flow.handle(Event::TryAgain, phone.now_ms);
    assert!(matches!(phone.flow.screen(), Screen::Sending { trouble: None, .. }));
    let effects = taken(&mut phone, &effects);
    phone.perform(effects);
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn a_relay_that_hands_the_signature_on_and_says_that_it_did_not_costs_nothing() {
    for code in words_of_refusal() {
        let mut phone = Phone::at_card();
        let effects = signed(&mut phone);
        phone.far.hear(CallKind::SendResult, &result_in(&effects));
        phone.relay_answers(CallKind::SendResult, refuses(code));
        phone.perform(effects);
        assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{code:?}: {:?}", phone.flow.screen());
    }
}

#[test]
fn nothing_that_the_relay_alone_says_is_told_of_the_signature() {
    for code in words_of_refusal() {
        for outcome in [refuses(code), refuses(ProblemCode::Expired), nothing_yet()] {
            let mut phone = Phone::at_card();
            phone.relay_answers(CallKind::SendResult, refuses(code));
            phone.relay_answers(CallKind::AskOutcome, outcome);
            phone.touch(&mut VirtualCard::new(CardSetup::good()));
            let Screen::Failed { failure, can_send_again: true } = phone.flow.screen() else { panic!("{code:?}") };
            let facts = (failure.facts.signed, failure.facts.sent);
            assert_eq!((failure.code.as_str(), facts), ("E-SRV-10", (true, Sent::Unknown)), "{code:?}");
        }
    }
}

/// All that asking again does not help against.
fn words_of_refusal() -> impl Iterator<Item = ProblemCode> {
    ProblemCode::ALL.into_iter().filter(|code| !code.may_pass())
}

#[test]
fn a_signature_that_arrived_stays_arrived_however_often_it_is_sent_again() {
    let mut phone = Phone::at_card();
    let effects = signed(&mut phone);
    let mut effects = taken(&mut phone, &effects);
    phone.now_ms += 700_000;
    let id = call_of(&effects, CallKind::AskOutcome);
    phone.flow.handle(Event::RelayAnswered { id, answer: nothing_yet() }, phone.now_ms);
    effects = phone.flow.handle(Event::TryAgain, phone.now_ms);
    assert_eq!(phone.flow.facts().sent, Sent::Signature);
    let id = call_of(&effects, CallKind::SendResult);
    phone.flow.handle(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable }, phone.now_ms);
    let failure = phone.failure().expect("a failure");
    assert_eq!((failure.code.as_str(), failure.facts.sent), ("E-QR-09", Sent::Signature));
}

#[test]
fn a_kept_signature_is_dropped_only_by_a_word_that_means_it() {
    let mut phone = Phone::at_card();
    phone.relay_answers(CallKind::SendResult, refuses(ProblemCode::NotAllowed));
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    let kept = phone.flow.screen();
    assert!(matches!(kept, Screen::Failed { can_send_again: true, .. }));
    for event in [Event::StartOver, Event::Declined, Event::LinkScanned { text: link_text() }] {
        phone.send(event);
        assert_eq!(phone.flow.screen(), kept);
    }
    phone.send(Event::SignatureGivenUp);
    assert_eq!(phone.flow.screen(), Screen::Scan { problem: None });
}

#[test]
fn without_a_kept_signature_there_is_nothing_to_give_up() {
    let mut phone = Phone::at_review();
    phone.send(Event::Declined);
    let ended = phone.flow.screen();
    phone.send(Event::SignatureGivenUp);
    assert_eq!(phone.flow.screen(), ended);
}

#[test]
fn what_the_check_found_is_named() {
    for (reason, kind) in [
        (RejectReason::SignatureInvalid, FailureKind::SignatureUnfit),
        (RejectReason::AttributesInvalid, FailureKind::DocumentDiffers),
        (RejectReason::ConsentMissing, FailureKind::ConsentMissing),
        (RejectReason::CertificateNotForSigning, FailureKind::CertificateNotForSigning),
        (RejectReason::CertificateUntrusted, FailureKind::CertificateUntrusted),
        (RejectReason::CertificateExpired, FailureKind::CertificateExpired),
        (RejectReason::CertificateRevoked, FailureKind::CertificateRevoked),
        (RejectReason::DocumentTooIntricate, FailureKind::PdfTooLarge),
        (RejectReason::OtherSigner, FailureKind::OtherSigner),
        (RejectReason::DocumentWithdrawn, FailureKind::DocumentWithdrawn),
    ] {
        let mut phone = Phone::at_card();
        phone.far.signing.settlement = Some(Settlement::Rejected { reason });
        phone.touch(&mut VirtualCard::new(CardSetup::good()));
        let Screen::Failed { failure, can_send_again: false } = phone.flow.screen() else { panic!("{reason:?}") };
        assert_eq!((failure.kind, failure.facts.signed, failure.facts.sent), (kind, true, Sent::Signature));
    }
}

#[test]
fn a_session_that_ended_without_a_verdict_leaves_the_signature_in_hand() {
    for code in [ProblemCode::Cancelled, ProblemCode::Expired] {
        let mut phone = Phone::at_card();
        phone.relay_answers(CallKind::AskOutcome, refuses(code));
        phone.touch(&mut VirtualCard::new(CardSetup::good()));
        let Screen::Failed { failure, can_send_again: true } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        let facts = (failure.facts.signed, failure.facts.sent);
        assert_eq!((failure.kind, facts), (FailureKind::OutcomePending, (true, Sent::Signature)), "{code:?}");
    }
}

#[test]
fn the_service_s_sealed_word_alone_decides() {
    let mut phone = Phone::at_card();
    let completed =
        wire::encode(&wire::Standing { version: wire::VersionOne, state: SessionState::Completed, seconds_left: 500 });
    phone.relay_answers(CallKind::AskOutcome, plain(200, completed));
    phone.relay_answers(CallKind::AskOutcome, plain(200, vec![0; 284]));
    phone.far.signing.settlement = Some(Settlement::Rejected { reason: RejectReason::OtherSigner });
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert_eq!(phone.failure_kind(), Some(FailureKind::OtherSigner));
}

#[test]
fn a_result_whose_receipt_was_lost_is_asked_for_its_outcome() {
    let mut phone = Phone::at_card();
    phone.relay_answers(CallKind::SendResult, refuses(ProblemCode::Ended));
    let effects = signed(&mut phone);
    let sealed = phone.far.signing.results.len();
    phone.far.hear(CallKind::SendResult, &result_in(&effects));
    phone.perform(effects);
    assert_eq!((sealed, phone.far.signing.results.len()), (0, 1));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{:?}", phone.flow.screen());
}

#[test]
fn a_check_survives_a_relay_that_restarts() {
    let mut phone = Phone::at_card();
    phone.relay_answers(CallKind::AskOutcome, RelayAnswer::Unreachable);
    phone.relay_answers(CallKind::AskOutcome, nothing_yet());
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn doubled_answers_of_the_relay_change_nothing() {
    let mut phone = Phone::at_card();
    let effects = signed(&mut phone);
    let id = call_of(&effects, CallKind::SendResult);
    let answered = Event::RelayAnswered { id, answer: plain(202, vec![]) };
    phone.flow.handle(answered.clone(), phone.now_ms);
    assert!(phone.flow.handle(answered, phone.now_ms).is_empty());
    let late = Event::RelayAnswered { id, answer: RelayAnswer::Unreachable };
    assert!(phone.flow.handle(late, phone.now_ms).is_empty());
    assert_eq!(phone.flow.screen(), Screen::Checking { trouble: None });
}

#[test]
fn an_answer_that_no_relay_gave_does_not_cost_the_signature() {
    for status in [200, 302, 400, 403, 404, 408, 413, 451] {
        for kind in [CallKind::SendResult, CallKind::AskOutcome] {
            let mut phone = Phone::at_card();
            let portal = RelayAnswer::Answered { status, body: Body::new(b"<html>Please log in".to_vec()) };
            phone.relay_answers(kind, portal);
            phone.touch(&mut VirtualCard::new(CardSetup::good()));
            assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{status} {kind:?}: {:?}", phone.flow.screen());
        }
    }
}

#[test]
fn what_the_relay_itself_refuses_can_be_sent_once_more() {
    for code in [ProblemCode::NotAllowed, ProblemCode::WrongState, ProblemCode::TooLarge, ProblemCode::UnknownSession] {
        let mut phone = Phone::at_card();
        phone.relay_answers(CallKind::SendResult, refuses(code));
        phone.touch(&mut VirtualCard::new(CardSetup::good()));
        let Screen::Failed { failure, can_send_again: true } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        assert_eq!((failure.facts.signed, failure.facts.sent), (true, Sent::Unknown), "{code:?}");
        phone.send(Event::TryAgain);
        assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{code:?}");
    }
}

#[test]
fn a_check_without_end_is_left_to_the_person_with_the_signature_in_hand() {
    let mut phone = Phone::at_card();
    let effects = signed(&mut phone);
    let mut effects = taken(&mut phone, &effects);
    for _ in 0..80 {
        let id = call_of(&effects, CallKind::AskOutcome);
        effects = phone.flow.handle(Event::RelayAnswered { id, answer: nothing_yet() }, phone.now_ms);
        if effects.is_empty() {
            break;
        }
        phone.now_ms += 20_000;
    }
    let Screen::Failed { failure, can_send_again: true } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((failure.code.as_str(), failure.facts.signed, failure.facts.sent), ("E-SRV-10", true, Sent::Signature));
    phone.send(Event::TryAgain);
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));
}

#[test]
fn a_signature_says_nothing_of_the_wrong_password_before_it() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_password();
    phone.enter(WRONG);
    phone.touch(&mut card);
    phone.enter(PASSWORD);
    phone.relay_answers(CallKind::SendResult, refuses(ProblemCode::Expired));
    phone.touch(&mut card);
    let failure = phone.failure().expect("a failure");
    assert_eq!((failure.facts.signed, failure.facts.try_spent), (true, TrySpent::No));
}

fn signed(phone: &mut Phone) -> Vec<Effect> {
    phone.touch_and_keep(&mut VirtualCard::new(CardSetup::good()))
}

fn call_of(effects: &[Effect], kind: CallKind) -> u64 {
    let calls = effects.iter().find_map(|effect| match effect {
        Effect::Call { id, call } if call.kind() == kind => Some(*id),
        _ => None,
    });
    calls.unwrap_or_else(|| panic!("no {kind:?} in {effects:?}"))
}

/// The relay has the result; what the phone does next.
fn taken(phone: &mut Phone, effects: &[Effect]) -> Vec<Effect> {
    let id = call_of(effects, CallKind::SendResult);
    let answer = phone.far.hear(CallKind::SendResult, &result_in(effects));
    phone.flow.handle(Event::RelayAnswered { id, answer }, phone.now_ms)
}

fn result_in(effects: &[Effect]) -> Vec<u8> {
    let letters = effects.iter().find_map(|effect| match effect {
        Effect::Call { call, .. } if call.kind() == CallKind::SendResult => Some(call.letter().1),
        _ => None,
    });
    letters.expect("a result is sent")
}

fn nothing_yet() -> RelayAnswer {
    plain(204, vec![])
}
