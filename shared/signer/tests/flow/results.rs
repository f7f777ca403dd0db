//! What the service is told with the signatures.

use simulator::{CardSetup, VirtualCard};

use crate::support::{PASSWORD, Phone, WRONG};

#[test]
fn the_result_says_what_was_signed_and_agreed_to() {
    let mut phone = Phone::at_card();
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    let [result] = phone.far.signing.results.as_slice() else { panic!("one result") };
    assert_eq!((result.touches, result.tries_left_before, result.app_version.as_str()), (1, Some(5), "test 0.1.0"));
    assert!(result.documents.iter().all(|document| document.opened) && result.documents.len() == 1);
    assert_eq!(result.consents.iter().map(|consent| consent.id.as_str()).collect::<Vec<_>>(), ["disclosure"]);
}

#[test]
fn the_result_says_the_full_count_after_a_right_password_whatever_came_before() {
    let mut card = VirtualCard::new(CardSetup::good());
    let mut phone = Phone::at_password();
    phone.enter(WRONG);
    phone.touch(&mut card);
    phone.enter(PASSWORD);
    phone.touch(&mut card);
    let [result] = phone.far.signing.results.as_slice() else { panic!("one result") };
    let counts = (result.tries_left_before, result.tries_left_after);
    assert_eq!(counts, (Some(4), Some(card.signing_attempts_left())), "and it is what the card has");
}
