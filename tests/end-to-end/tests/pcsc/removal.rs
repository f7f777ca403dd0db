//! A card that leaves in the middle, as PC/SC shows it.

use end_to_end::pcsc::CardReader;
use simulator::link::Presence;

const SELECT: &str = "00:A4:04:0C:0A:D3:92:F0:00:26:01:00:00:00:01";

fn select(reader: &CardReader) -> bool {
    let sent = reader.run("opensc-tool", &["--card-driver", "default", "--send-apdu", SELECT]);
    sent.text().contains("SW1=0x90, SW2=0x00")
}

#[test]
fn a_link_torn_in_a_command_fails_the_client_and_the_card_comes_back() {
    let reader = CardReader::with_card(&[]);
    reader.control("fault command 1 tear-after");
    assert!(!select(&reader));
    assert_eq!(reader.status().presence, Presence::Torn);

    reader.control("insert");
    reader.await_card();
    assert!(select(&reader));
}

#[test]
fn a_card_laid_down_later_is_seen_when_it_comes() {
    let reader = CardReader::with_card_away(&[]);
    assert_eq!(reader.status().presence, Presence::Out);
    reader.control("insert");
    reader.await_card();
    assert!(select(&reader));
}

#[test]
fn another_card_can_take_the_place_of_the_first() {
    let reader = CardReader::with_card(&[]);
    assert!(select(&reader));
    reader.control("insert not-a-my-number-card");
    assert!(!select_after_swap(&reader));
    assert_eq!(reader.status().counts.attempts_spent, 0);
}

fn select_after_swap(reader: &CardReader) -> bool {
    reader.await_card();
    select(reader)
}
