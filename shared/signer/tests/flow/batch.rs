//! Several documents in one hand-off: one password, one touch.

use signer::{BatchProgress, CallKind, Event, FailureKind, Screen};
use simulator::{CardHolder, CardSetup, Fault, FaultEffect, FaultPoint, VirtualCard};
use wire::RefusalKind;

use crate::far_side::revision;
use crate::support::{ORIGIN, PASSWORD, Phone, asking_for, link_text};

fn asked_for(documents: usize) -> Phone {
    let revision = revision(Some(&CardHolder::hanako().name), ORIGIN);
    let mut phone = Phone::before(asking_for(vec![revision; documents]));
    phone.send(Event::LinkScanned { text: link_text() });
    phone
}

fn at_card(documents: usize) -> Phone {
    let mut phone = asked_for(documents);
    phone.send(Event::UnopenedAccepted { accepted: true });
    let mut phone = phone.to_password();
    phone.enter(PASSWORD);
    phone
}

fn can_proceed(phone: &Phone) -> bool {
    match phone.flow.screen() {
        Screen::Review { review, .. } => review.can_proceed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_document_is_listed_and_fetched_in_its_order() {
    let phone = asked_for(3);
    let Screen::Review { review, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    let titles: Vec<&str> = review.documents.iter().map(|document| document.title.as_str()).collect();
    assert_eq!(titles, ["業務委託契約書", "業務委託契約書 別紙1", "業務委託契約書 別紙2"]);
    assert!(review.may_accept_unopened && !review.can_proceed);
    assert_eq!(phone.count(CallKind::FetchDocument), 3);
    assert!(phone.flow.draw_page(2, 0, 300).is_some() && phone.flow.draw_page(3, 0, 300).is_none());
}

#[test]
fn each_is_opened_or_the_person_says_that_the_rest_is_not() {
    let mut phone = asked_for(3);
    for document in 0..3 {
        assert!(!can_proceed(&phone));
        phone.send(Event::PagesSeen { document });
    }
    assert!(can_proceed(&phone));

    let mut phone = asked_for(2);
    phone.send(Event::UnopenedAccepted { accepted: true });
    assert!(can_proceed(&phone));
    phone.send(Event::UnopenedAccepted { accepted: false });
    assert!(!can_proceed(&phone));
    phone.send(Event::Proceed);
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
}

#[test]
fn a_single_document_is_not_signed_unopened() {
    let mut phone = asked_for(1);
    phone.send(Event::UnopenedAccepted { accepted: true });
    phone.send(Event::Proceed);
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
}

#[test]
fn one_password_and_one_touch_sign_them_all_and_the_record_says_which_were_opened() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = at_card(3);
    phone.touch(&mut card);
    let Screen::Done { titles, touches } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((titles.len(), touches), (3, 1));
    assert_eq!((card.counts().verifies, card.counts().signatures), (1, 3));
    let [result] = phone.far.signing.results.as_slice() else { panic!("one result") };
    assert_eq!(result.documents.iter().map(|document| document.opened).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn fifty_documents_are_signed() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = at_card(50);
    phone.touch(&mut card);
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{:?}", phone.flow.screen());
    assert_eq!((card.counts().verifies, card.counts().signatures), (1, 50));
}

#[test]
fn the_screen_says_how_many_are_signed() {
    let mut phone = at_card(3);
    let mut seen = vec![];
    let effects = phone.touch_and_hear(&mut VirtualCard::new(CardSetup::good()), |phone, response, _| {
        let Screen::HoldCard { progress, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        seen.push(progress);
        response
    });
    seen.dedup();
    let progress = |signed| BatchProgress { signed, documents: 3 };
    assert_eq!(seen, [progress(0), progress(1), progress(2)]);
    phone.perform(effects);
}

#[test]
fn a_torn_batch_goes_on_where_it_was_torn() {
    for torn_at in 1..=3 {
        let fault = Fault { at: FaultPoint::Signature(torn_at), effect: FaultEffect::TearBefore };
        let mut card = VirtualCard::new(CardSetup::good().with_fault(fault));
        let mut phone = at_card(3);
        phone.touch(&mut card);
        let Screen::HoldCard { progress, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        assert_eq!((progress.signed, phone.failure_kind()), (torn_at - 1, Some(FailureKind::CardLost)));
        phone.touch(&mut card);
        assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{torn_at}: {:?}", phone.flow.screen());
        assert_eq!(card.counts().signatures, 3, "what was signed is not signed again");
        assert_eq!(phone.far.signing.results[0].documents.len(), 3);
    }
}

#[test]
fn time_that_runs_out_between_two_signatures_stops_the_next_one() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = at_card(3);
    let Screen::HoldCard { ends_at_ms, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    phone.now_ms = phone.now_ms.min(ends_at_ms - 30_000);
    let effects = phone.touch_and_hear(&mut card, |phone, response, _| {
        if matches!(phone.flow.screen(), Screen::HoldCard { progress: BatchProgress { signed: 1, .. }, .. }) {
            phone.now_ms = ends_at_ms - 19_999;
        }
        response
    });
    phone.perform(effects);
    assert_eq!(phone.failure_kind(), Some(FailureKind::DeadlinePassed));
    assert_eq!((card.counts().signatures, phone.count(CallKind::SendResult)), (2, 0));
}

#[test]
fn one_document_that_cannot_be_signed_keeps_all_from_being_signed() {
    let good = revision(None, ORIGIN);
    let mut phone = Phone::before(asking_for(vec![good.clone(), revision(None, "https://bank.example"), good]));
    phone.send(Event::LinkScanned { text: link_text() });
    assert_eq!(phone.failure_kind(), Some(FailureKind::OriginNotProven));
    assert_eq!(phone.count(CallKind::FetchDocument), 2);
    assert_eq!(phone.far.refusals.iter().map(|refusal| refusal.kind).collect::<Vec<_>>(), [RefusalKind::DocumentDiffers]);
}
