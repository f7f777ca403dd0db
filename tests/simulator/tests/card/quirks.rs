//! Where real cards differ, or may.

use simulator::{BlockedAnswer, CardSetup, LongAnswers, Quirks};

use crate::support::*;

#[test]
fn a_blocked_password_shows_in_any_of_three_ways() {
    for (blocked, expected) in [
        (BlockedAnswer::NoTriesLeft, "63C0"),
        (BlockedAnswer::AuthenticationBlocked, "6983"),
        (BlockedAnswer::FileLocked, "6984"),
    ] {
        let quirks = Quirks { blocked_query: blocked, blocked_verify: blocked, ..Quirks::default() };
        let mut card = selected(CardSetup::locked().with_quirks(quirks));
        assert_eq!(send(&mut card, QUERY), expected);
        assert_eq!(verify(&mut card, "PRACTICE1"), expected);
    }
}

#[test]
fn a_query_after_the_right_password_can_be_a_success() {
    let mut card = verified(with(Quirks { query_succeeds_when_verified: true, ..Quirks::default() }));
    assert_eq!(send(&mut card, QUERY), "9000");
}

#[test]
fn the_first_command_can_fail_once_per_power_cycle() {
    let mut card = in_field(with(Quirks { first_command_fails: true, ..Quirks::default() }));
    assert_eq!(send(&mut card, SELECT_JPKI), "6F00");
    assert_eq!(send(&mut card, SELECT_JPKI), "9000");
    card.power_on();
    assert_eq!(send(&mut card, SELECT_JPKI), "6F00");
}

#[test]
fn extended_length_can_be_missing() {
    let mut card = verified(with(Quirks { extended_length: false, ..Quirks::default() }));
    assert_eq!(send(&mut card, "00B08100000000"), "6700");
    assert_eq!(status(&mut card, READ_SIGNING_CERTIFICATE), "9000");
}

#[test]
fn answers_can_come_by_get_response() {
    let mut card = in_field(with(Quirks { long_answers: LongAnswers::ByGetResponse, ..Quirks::default() }));
    assert_eq!(send(&mut card, SELECT_JPKI), "9000");
    assert_eq!(send(&mut card, "00B0880000"), "6103");
    assert_eq!(send(&mut card, "00C0000002"), "8F8F6101");
    assert_eq!(send(&mut card, "00C0000001"), "009000");
    assert_eq!(send(&mut card, "00C0000001"), "6985");
}

#[test]
fn the_card_can_insist_on_the_exact_length() {
    let mut card = selected(with(Quirks { long_answers: LongAnswers::WithExactLength, ..Quirks::default() }));
    assert_eq!(send(&mut card, "00B0880000"), "6C03");
    assert_eq!(send(&mut card, "00B0880003"), "8F8F009000");
}

#[test]
fn reads_can_be_short() {
    let mut card = selected(with(Quirks { read_limit: Some(100), ..Quirks::default() }));
    assert_eq!(card.transmit(&bytes("00B0820000")).len(), 102);
}
