//! What PC/SC shows of a card that leaves or comes: what every client, ours too, must survive.

use end_to_end::pcsc::CardReader;
use simulator::link::Presence;

const SELECT: &str = "00A4040C0AD392F000260100000001";
const QUERY: &str = "0020009B";
const READ_CA_CERTIFICATE: &str = "00B08200000000";
const WRONG_PASSWORD: &str = "0020009B0657524F4E4731";

#[test]
fn a_link_torn_in_a_command_is_a_success_without_bytes() {
    let reader = CardReader::with_card(&["--fault", "command 2 tear-after"]);
    assert_eq!(reader.send(&[SELECT, QUERY]), ["9000", ""]);
    assert_eq!(reader.status().presence, Presence::Torn);
}

#[test]
fn a_torn_card_comes_back_and_has_forgotten_what_was_selected() {
    let reader = CardReader::with_card(&["--fault", "command 2 tear-after"]);
    reader.send(&[SELECT, QUERY]);
    reader.await_no_card();
    reader.control("insert");
    reader.await_card();
    assert_eq!(reader.send(&[QUERY, SELECT, QUERY]), ["6986", "9000", "63C5"]);
}

#[test]
fn a_try_spent_in_a_torn_verify_shows_at_the_next_touch() {
    let reader = CardReader::with_card(&["--fault", "verify 1 tear-after"]);
    assert_eq!(reader.send(&[SELECT, WRONG_PASSWORD]), ["9000", ""]);
    reader.await_no_card();
    reader.control("insert");
    reader.await_card();
    assert_eq!(reader.send(&[SELECT, QUERY]), ["9000", "63C4"]);
}

#[test]
fn a_card_laid_down_later_is_seen_when_it_comes() {
    let reader = CardReader::with_card_away(&[]);
    assert_eq!(reader.status().presence, Presence::Out);
    reader.control("insert");
    reader.await_card();
    assert_eq!(reader.send(&[SELECT]), ["9000"]);
}

#[test]
fn another_card_can_take_the_place_of_the_first() {
    let reader = CardReader::with_card(&[]);
    assert_eq!(reader.send(&[SELECT]), ["9000"]);
    reader.control("eject");
    reader.await_no_card();
    reader.control("insert not-a-my-number-card");
    reader.await_card();
    assert_eq!(reader.send(&[SELECT]), ["6A82"]);
}

#[test]
fn a_whole_certificate_passes_in_one_extended_read() {
    let reader = CardReader::with_card(&[]);
    let answers = reader.send(&[SELECT, READ_CA_CERTIFICATE]);
    assert!(answers[1].starts_with("3082") && answers[1].ends_with("9000"), "{answers:?}");
    assert!(answers[1].len() > 2 * simulator::practice().authority.ca_der().len());
}

#[test]
fn a_card_without_power_forgets_the_password_between_two_clients() {
    let reader = CardReader::with_card(&[]);
    let right_password = "0020009B095052414354494345 31".replace(' ', "");
    assert_eq!(reader.send(&[SELECT, &right_password, "00B0810001"]), ["9000", "9000", "309000"]);
    assert_eq!(reader.send(&[SELECT, "00B0810001"]), ["9000", "6982"]);
}
