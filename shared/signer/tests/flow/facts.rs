//! What a shell tells when it has to end before the flow does.

use signer::{CallKind, Effect, Event, Facts, RelayAnswer, Sent, TrySpent};
use simulator::{CardSetup, Fault, VirtualCard};

use crate::support::{PASSWORD, Phone, WRONG, link_to};

#[test]
fn before_the_card_nothing_has_happened() {
    assert_eq!(Phone::new().flow.facts(), Facts::NOTHING_HAPPENED);
    assert_eq!(Phone::at_password().flow.facts(), Facts::NOTHING_HAPPENED);
    assert_eq!(Phone::at_card().flow.facts(), Facts::NOTHING_HAPPENED);
}

#[test]
fn a_spent_try_is_not_forgotten_while_the_person_types() {
    let mut phone = Phone::at_password();
    phone.enter(WRONG);
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert_eq!(phone.flow.facts().try_spent, TrySpent::Yes { left: 4 });
    phone.enter(PASSWORD);
    assert_eq!(phone.flow.facts().try_spent, TrySpent::Yes { left: 4 });
}

#[test]
fn a_torn_verify_stays_in_doubt_in_the_touch_after_it() {
    let mut card = VirtualCard::new(CardSetup::good().with_fault(Fault::tear_after_verify()));
    let mut phone = Phone::at_card();
    phone.touch(&mut card);
    assert_eq!(phone.flow.facts().try_spent, TrySpent::Unknown);
    phone.touch_and_hear(&mut card, |phone, response, _| {
        assert_eq!(phone.flow.facts(), Facts { try_spent: TrySpent::Unknown, ..Facts::NOTHING_HAPPENED });
        response
    });
}

#[test]
fn in_the_touch_no_better_is_claimed_than_is_known() {
    let mut spent = vec![];
    let mut phone = Phone::at_card();
    phone.touch_and_hear(&mut VirtualCard::new(CardSetup::good()), |phone, response, _| {
        spent.push(phone.flow.facts().try_spent);
        response
    });
    assert_eq!(spent[..3], [TrySpent::No, TrySpent::No, TrySpent::Unknown], "SELECT, the query, VERIFY");
    assert_eq!(spent.last(), Some(&TrySpent::No), "it signs, so the password was right");
}

#[test]
fn a_signature_on_its_way_is_signed_and_perhaps_sent() {
    let mut phone = Phone::at_card();
    let effects = phone.touch_and_keep(&mut VirtualCard::new(CardSetup::good()));
    let signed = Facts { signed: true, try_spent: TrySpent::No, sent: Sent::Unknown };
    assert_eq!(phone.flow.facts(), signed);
    let told = phone.flow.handle(Event::LinkScanned { text: link_to([9; 16]) }, phone.now_ms);
    let [Effect::Tell { failure }] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(failure.facts, signed, "another QR does not unsign it");

    phone.relay_answers(CallKind::AskOutcome, RelayAnswer::Unreachable);
    phone.perform(effects);
    assert_eq!(phone.flow.facts(), Facts { sent: Sent::Signature, ..signed });
}
