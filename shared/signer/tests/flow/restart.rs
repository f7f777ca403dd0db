//! The app ends between the signature and the service's word: nothing is lost, and nothing is doubled.

use signer::{CallKind, Effect, Event, Screen};
use simulator::{CardSetup, VirtualCard};
use wire::{ProblemCode, RejectReason, Settlement};

use crate::far_side::refuses;
use crate::support::Phone;

/// A phone that has signed and kept it; the relay has heard nothing of it, or not.
fn signed(phone: &mut Phone, is_sent: bool) {
    let effects = phone.touch_and_keep(&mut VirtualCard::new(CardSetup::good()));
    for effect in effects {
        match effect {
            Effect::Call { call, .. } if call.kind() == CallKind::SendResult && is_sent => {
                let (_, body) = call.letter();
                phone.far.hear(CallKind::SendResult, &body);
                (phone.calls.push(CallKind::SendResult), phone.bodies.push(body));
            }
            Effect::Call { .. } => {}
            other => phone.perform(vec![other]),
        }
    }
    assert!(phone.kept.is_some(), "it is kept before it is sent");
}

#[test]
fn a_signature_is_delivered_by_the_app_that_starts_next() {
    for is_sent in [false, true] {
        let mut phone = Phone::at_card();
        signed(&mut phone, is_sent);
        let phone = phone.restart();
        assert_eq!(phone.flow.screen(), Screen::Done { titles: vec!["業務委託契約書".into()], touches: 1 }, "sent: {is_sent}");
        assert_eq!((phone.far.signing.results.len(), phone.kept.is_none()), (1, true));
        let sent: Vec<&Vec<u8>> = phone
            .calls
            .iter()
            .zip(&phone.bodies)
            .filter(|(kind, _)| **kind == CallKind::SendResult)
            .map(|(_, body)| body)
            .collect();
        assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "the same bytes");
    }
}

#[test]
fn an_app_that_ends_again_and_again_still_delivers_one_signature() {
    let mut phone = Phone::at_card();
    signed(&mut phone, true);
    for _ in 0..3 {
        phone.relay_answers(CallKind::AskOutcome, refuses(ProblemCode::UnknownSession));
        phone = phone.restart();
        assert!(matches!(phone.flow.screen(), Screen::Failed { can_send_again: true, .. }), "{:?}", phone.flow.screen());
        assert_eq!((phone.far.signing.results.len(), phone.kept.is_some()), (1, true));
    }
    phone.far.signing.settlement = Some(Settlement::Rejected { reason: RejectReason::OtherSigner });
    let phone = phone.restart();
    assert!(matches!(phone.flow.screen(), Screen::Failed { can_send_again: false, .. }), "{:?}", phone.flow.screen());
    assert!(phone.kept.is_none(), "the service has judged it");
}

#[test]
fn a_signature_that_cannot_be_delivered_stays_kept_until_it_is_given_up() {
    let mut phone = Phone::at_card();
    phone.relay_answers(CallKind::SendResult, refuses(ProblemCode::NotAllowed));
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert!(matches!(phone.flow.screen(), Screen::Failed { can_send_again: true, .. }), "{:?}", phone.flow.screen());
    assert!(phone.kept.is_some());
    phone.send(Event::SignatureGivenUp);
    assert!(phone.kept.is_none());
}

#[test]
fn bytes_that_are_no_kept_result_are_dropped_and_change_nothing() {
    let mut phone = Phone::at_card();
    signed(&mut phone, false);
    let kept = phone.kept.clone().expect("kept");
    let cut = |at: usize| kept.get(..at).unwrap_or_default().to_vec();
    let mut longer = kept.clone();
    longer.push(0);
    let mut later = kept.clone();
    later[0] = 2;
    for bytes in (0..kept.len()).step_by(7).map(cut).chain([longer, later, vec![]]) {
        let mut phone = Phone::new();
        phone.kept = Some(bytes.clone());
        phone.send(Event::ResultKept { kept: bytes });
        assert!(phone.kept.is_none() && phone.flow.screen() == Screen::Scan { problem: None }, "{:?}", phone.flow.screen());
    }
}

#[test]
fn what_is_kept_holds_no_password() {
    let mut phone = Phone::at_card();
    signed(&mut phone, false);
    let kept = phone.kept.expect("kept");
    assert!(!kept.windows(crate::support::PASSWORD.len()).any(|part| part == crate::support::PASSWORD.as_bytes()));
    assert_eq!(format!("{:?}", Effect::KeepResult { kept }), "KeepResult");
}
