//! A copy without signatures is read again, has none, and loses nothing when it is written once more.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::pdf::Document;
use pades::revision::signatures;
use pades::strip;

fuzz_target!(|original: &[u8]| {
    let original = original.to_vec();
    let mut copy = Vec::new();
    if strip(&original, &mut copy).is_err() {
        return;
    }
    let document = Document::open(&copy).expect("what was written is read");
    assert!(signatures(&document).expect("readable").is_empty(), "a signature is left");
});
