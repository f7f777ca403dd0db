//! What cards and links need beyond the plain answer.

use crate::scripted::{FIRST_READ, QUERY, SIGN, ScriptedCard, VERIFY, after, carries_password, hex, ok};
use card::{CardError, Stage};

#[test]
fn answers_in_parts_are_fetched() {
    let mut card = ScriptedCard::good().answering(SIGN, &[0x61, 0x00]).answering(SIGN + 1, &ok(&[9; 256]));
    assert!(card.sign().is_ok());
    assert_eq!(hex(&card.sent[SIGN]), "00C0000000");

    let [first, second] = [[&[9; 200][..], &[0x61, 56]].concat(), ok(&[9; 56])];
    let mut card = ScriptedCard::good().answering(SIGN, &first).answering(SIGN + 1, &second);
    assert_eq!(card.sign().ok().unwrap().signatures, [[9; 256]]);
    assert_eq!(hex(&card.sent[SIGN]), "00C0000038");
}

#[test]
fn a_wrong_length_is_asked_again_with_the_right_one() {
    let mut card = ScriptedCard::good().answering(FIRST_READ, &[0x6C, 0x80]);
    assert_eq!(card.sign().ok().unwrap().certificate, card.certificate);
    assert_eq!(hex(&card.sent[FIRST_READ]), "00B0810080");
}

#[test]
fn a_card_that_asks_for_ever_is_not_followed_for_ever() {
    let mut card = ScriptedCard::good();
    for nth in SIGN..SIGN + 100 {
        card = card.answering(nth, &[0x61, 0x10]);
    }
    assert_eq!(card.sign().err(), Some(CardError::Unexpected { during: Stage::Sign, status: 0x6110 }));
    assert!(card.sent.len() < 30);
}

#[test]
fn no_answer_draws_a_second_verify_or_a_second_query() {
    for (nth, during) in [(QUERY, Stage::AttemptsQuery), (VERIFY, Stage::Verify)] {
        for status in [0x6110, 0x6C10, 0x6F00] {
            let (error, card) = after(nth, status);
            assert_eq!(error, Some(CardError::Unexpected { during, status }));
            assert_eq!(card.sent.len(), nth);
        }
    }
}

#[test]
fn a_card_without_short_ids_is_spoken_to_by_selecting_files() {
    for status in [0x6A86, 0x6A88, 0x6D00, 0x6700_u16] {
        let mut card = ScriptedCard::good().answering(QUERY, &status.to_be_bytes());
        card.short_ids = false;
        assert!(card.sign().is_ok());
        let sent: Vec<String> = card.sent.iter().map(|command| hex(command)).collect();
        assert_eq!(
            sent[1..7],
            ["0020009B", "00A4020C02001B", "00200080", "002000800941424331323358595A", "00A4020C020001", "00B0000000"]
        );
        assert_eq!(sent[13], "00A4020C02001A");
        assert!(sent[14].starts_with("802A028020"));
        assert_eq!(card.sent.iter().filter(|command| carries_password(command)).count(), 1);
    }
}
