//! Whatever byte of what the service sealed or signed is another on arrival: nothing is signed, and nothing is believed.

use proptest::prelude::*;
use signer::{CallKind, Event, FailureKind, Screen};
use simulator::{CardSetup, VirtualCard};

use crate::support::{Phone, link_text};

/// A phone that scanned, while this byte of such answers changes on its way. It never comes to a password.
fn refuses(kind: CallKind, at: usize) -> Option<FailureKind> {
    let mut phone = Phone::new();
    phone.altered = Some((kind, at));
    phone.send(Event::LinkScanned { text: link_text() });
    assert!(
        matches!(phone.flow.screen(), Screen::Failed { can_send_again: false, .. }),
        "{kind:?} {at}: {:?}",
        phone.flow.screen()
    );
    assert_eq!((phone.count(CallKind::Begin), phone.count(CallKind::SendResult)), (0, 0));
    assert_eq!(phone.far.refusals.len(), 1, "the service is told");
    phone.failure_kind()
}

fn length_of(kind: CallKind) -> usize {
    let mut phone = Phone::at_review();
    let address = "/documents/0";
    phone.far.state = wire::SessionState::Matched;
    match phone.far.hear_at(address, kind, &[]) {
        signer::RelayAnswer::Answered { body, .. } => body.as_bytes().len(),
        signer::RelayAnswer::Unreachable => 0,
    }
}

#[test]
fn the_first_and_last_bytes_of_request_and_document_are_covered() {
    for (kind, failure) in
        [(CallKind::FetchRequest, FailureKind::ServiceMisbehaved), (CallKind::FetchDocument, FailureKind::DocumentDiffers)]
    {
        let length = length_of(kind);
        assert!(length > 500, "{kind:?}");
        for at in (0..40).chain(length - 40..length) {
            assert_eq!(refuses(kind, at), Some(failure.clone()), "{kind:?} {at}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_altered_byte_of_request_and_document_is_refused_before_the_password(of_request in any::<bool>(), share in 0.0..1.0) {
        let kind = if of_request { CallKind::FetchRequest } else { CallKind::FetchDocument };
        let length = u32::try_from(length_of(kind)).expect("a small message");
        let at = (0..length).find(|at| f64::from(*at) >= f64::from(length - 1) * share).unwrap_or_default();
        refuses(kind, usize::try_from(at).expect("small"));
    }

    #[test]
    fn an_outcome_with_an_altered_byte_says_nothing(at in 0usize..284) {
        let mut phone = Phone::at_card();
        phone.altered = Some((CallKind::AskOutcome, at));
        phone.far.signing.checks = 0;
        let effects = phone.touch_and_keep(&mut VirtualCard::new(CardSetup::good()));
        phone.now_ms += 700_000;
        phone.perform(effects);
        prop_assert!(matches!(phone.flow.screen(), Screen::Failed { can_send_again: true, .. }), "{:?}", phone.flow.screen());
        phone.altered = None;
        phone.send(Event::TryAgain);
        prop_assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{:?}", phone.flow.screen());
    }
}
