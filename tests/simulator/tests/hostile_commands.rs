//! No bytes can panic the card, lock it unasked or get a secret out of it.

use proptest::collection::vec;
use proptest::prelude::*;
use simulator::{CardSetup, LongAnswers, Quirks, VirtualCard};

/// Bytes that look enough like commands to get past the first checks.
fn command() -> impl Strategy<Value = Vec<u8>> {
    let instruction = prop::sample::select(vec![0xA4, 0x20, 0x24, 0xB0, 0x2A, 0x84, 0x88, 0xC0, 0xCA]);
    let class = prop::sample::select(vec![0x00, 0x80, 0x01, 0x04, 0xFF]);
    let parameter =
        prop::sample::select(vec![0x00, 0x02, 0x04, 0x0C, 0x80, 0x81, 0x86, 0x8A, 0x97, 0x98, 0x9A, 0x9B, 0x9F, 0xFF]);
    let likely = (class, instruction, parameter.clone(), parameter, vec(any::<u8>(), 0..40))
        .prop_map(|(class, instruction, p1, p2, body)| [vec![class, instruction, p1, p2], body].concat());
    prop_oneof![likely, vec(any::<u8>(), 0..300)]
}

fn quirks() -> impl Strategy<Value = Quirks> {
    let long_answers = prop::sample::select(vec![LongAnswers::AtOnce, LongAnswers::ByGetResponse, LongAnswers::WithExactLength]);
    (any::<bool>(), any::<bool>(), any::<Option<u16>>(), long_answers).prop_map(
        |(short_file_ids, extended_length, read_limit, long_answers)| Quirks {
            short_file_ids,
            extended_length,
            read_limit,
            long_answers,
            ..Quirks::default()
        },
    )
}

fn selected(quirks: Quirks) -> VirtualCard {
    let mut card = VirtualCard::new(CardSetup::good().with_quirks(quirks));
    card.power_on();
    card.transmit(&[0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]);
    card
}

proptest! {
    #[test]
    fn no_command_bytes_can_panic_the_card(quirks in quirks(), commands in vec(command(), 0..40)) {
        let mut card = selected(quirks);
        for command in commands {
            let answer = card.transmit(&command);
            prop_assert!(answer.len() >= 2, "{command:02X?} was left without a status word");
        }
    }

    #[test]
    fn nothing_but_a_password_spends_a_try_or_signs(commands in vec(command(), 0..40)) {
        let mut card = selected(Quirks::default());
        for command in commands {
            card.transmit(&command);
        }
        let counts = card.counts();
        prop_assert!(counts.attempts_spent <= counts.verifies);
        prop_assert_eq!(counts.signatures, 0);
    }
}
