//! Every byte that a card can answer. The body is shared with the stable tests of
//! `shared/card`, which also run the committed corpus.
#![no_main]

#[path = "../../../shared/card/tests/hostile/answers.rs"]
mod answers;

libfuzzer_sys::fuzz_target!(|script: &[u8]| {
    answers::play(script);
});
