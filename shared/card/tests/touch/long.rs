//! Reads with extended length, where card and link take them.

use card::{CardError, Carrier, Stage};

use crate::scripted::{FIRST_READ, ScriptedCard, certificate_of, hex, ok};

const LONG: Carrier = Carrier { extended_length: true, application_selected: false };

fn long() -> ScriptedCard {
    let mut card = ScriptedCard::good();
    card.carrier = LONG;
    card
}

#[test]
fn one_touch_with_a_long_read_is_these_five_commands() {
    let mut card = long();
    assert!(card.sign().is_ok());
    let sent: Vec<String> = card.sent.iter().map(|command| hex(command)).collect();
    let commands = ["00A4040C0AD392F000260100000001", "0020009B", "0020009B0941424331323358595A", "00B08100000700"];
    assert_eq!(sent[..4], commands);
    assert!(sent[4].starts_with("802A029A20"));
    assert_eq!(sent.len(), 5);
}

#[test]
fn an_application_that_the_system_selected_is_not_selected_again() {
    let mut card = long();
    card.carrier.application_selected = true;
    assert!(card.sign().is_ok());
    assert_eq!(card.sent.len(), 4);
    assert_eq!(hex(&card.sent[0]), "0020009B");
}

#[test]
fn a_certificate_over_1792_bytes_costs_one_more_read() {
    for (length, commands) in [(1742, 5), (1757, 5), (1758, 5), (1792, 5), (1793, 6), (2048, 6), (3584, 6)] {
        let mut card = long();
        card.certificate = certificate_of(length);
        assert_eq!(card.sign().ok().unwrap().certificate, card.certificate);
        assert_eq!(card.sent.len(), commands, "{length} bytes");
    }
}

#[test]
fn a_long_read_declined_once_is_not_tried_again_in_the_touch() {
    for status in [0x6700, 0x6A86, 0x6D00, 0x6F00, 0x6985, 0x6C00] {
        let mut card = long().answering(FIRST_READ, &u16::to_be_bytes(status));
        card.extended = false;
        assert_eq!(card.sign().ok().unwrap().certificate, card.certificate, "{status:04X}");
        let long_reads = card.sent.iter().filter(|command| command.len() == 7 && command[1] == 0xB0).count();
        assert_eq!(long_reads, 1, "{status:04X}");
        assert_eq!(card.passwords_sent(), 1);
    }
}

#[test]
fn what_was_declined_in_one_touch_is_tried_again_in_the_next() {
    let mut card = long().answering(FIRST_READ, &[0x67, 0x00]);
    assert!(card.sign().is_ok());
    assert_eq!(card.sent.len(), 12);
    card.sent.clear();
    assert!(card.sign().is_ok());
    assert_eq!(hex(&card.sent[3]), "00B08100000700");
}

#[test]
fn a_long_answer_in_parts_is_put_together() {
    let certificate = ScriptedCard::good().certificate;
    let mut card = long();
    for (nth, part) in certificate.chunks(256).enumerate() {
        let more = certificate.len() - (nth * 256 + part.len());
        let status = if more == 0 { [0x90, 0x00] } else { [0x61, u8::try_from(more.min(255)).unwrap()] };
        card = card.answering(FIRST_READ + nth, &[part, &status].concat());
    }
    assert_eq!(card.sign().ok().unwrap().certificate, certificate);
}

#[test]
fn a_long_answer_that_ends_early_is_read_on() {
    let certificate = ScriptedCard::good().certificate;
    for (given, next) in [(1000, "00B003E80002F6"), (250, "00B000FAFC")] {
        let mut card = long().answering(FIRST_READ, &ok(&certificate[..given]));
        assert_eq!(card.sign().ok().unwrap().certificate, certificate);
        assert_eq!(hex(&card.sent[FIRST_READ]), next);
    }
}

#[test]
fn a_card_lost_in_a_long_read_is_lost_and_not_asked_again() {
    let mut card = long().answering(FIRST_READ, &[]);
    assert_eq!(card.sign().err(), Some(CardError::LostContact { during: Stage::Read }));
    assert_eq!(card.sent.len(), FIRST_READ);
}
