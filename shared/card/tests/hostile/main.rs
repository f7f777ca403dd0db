//! Whatever a card answers, nothing panics and no second VERIFY goes out.
mod answers;

use proptest::prelude::*;

#[test]
fn the_committed_corpus_ends_safely() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/card/answers");
    let mut reached_a_signature = false;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let script = std::fs::read(entry.unwrap().path()).unwrap();
        reached_a_signature |= answers::play(&script).signatures_asked > 0;
    }
    assert!(reached_a_signature, "the corpus reaches every command");
}

/// Status words that the protocol treats in some way of its own, more often than chance.
fn status() -> impl Strategy<Value = [u8; 2]> {
    prop_oneof![
        4 => Just([0x90, 0x00]),
        3 => (0u8..16).prop_map(|left| [0x63, 0xC0 | left]),
        2 => any::<u8>().prop_map(|more| [0x61, more]),
        2 => any::<u8>().prop_map(|exact| [0x6C, exact]),
        1 => Just([0x6F, 0x00]),
        1 => Just([0x6A, 0x86]),
        1 => any::<[u8; 2]>(),
    ]
}

fn answer() -> impl Strategy<Value = Vec<u8>> {
    let der = (0u8..32, any::<u8>(), 0usize..252).prop_map(|(high, low, rest)| {
        let mut start = vec![0x30, 0x82, high, low];
        start.resize(4 + rest, 0xAB);
        start
    });
    let body = prop_oneof![
        3 => Just(Vec::new()),
        2 => der,
        1 => prop::collection::vec(any::<u8>(), 256..=256),
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ];
    prop_oneof![
        9 => (body, status()).prop_map(|(body, status)| [body, status.to_vec()].concat()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_answers_draws_a_second_verify(
        consent in any::<bool>(),
        answers in prop::collection::vec(answer(), 0..40),
    ) {
        let mut script = vec![u8::from(consent)];
        for answer in &answers {
            script.extend(u16::try_from(answer.len()).unwrap().to_be_bytes());
            script.extend(answer);
        }
        answers::play(&script);
    }

    #[test]
    fn no_bytes_at_all_draw_a_second_verify(script in prop::collection::vec(any::<u8>(), 0..4000)) {
        answers::play(&script);
    }
}
