//! Whatever can be prepared keeps its bytes and is found again.
#![no_main]

use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use pades::{PrepareOptions, digest, find_unsigned, prepare};

fuzz_target!(|original: &[u8]| {
    let original = original.to_vec();
    let options = PrepareOptions {
        declared_name: Some("練習 太郎".into()),
        contents_bytes: 64,
        ..PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16])
    };
    if let Ok(prepared) = prepare(&original, &options) {
        let whole = [original.as_slice(), &prepared.revision].concat();
        let found = find_unsigned(&whole).expect("what was prepared is found");
        assert_eq!(found.byte_range, prepared.byte_range);
        assert_eq!(digest(&whole, &found.byte_range), Ok(prepared.digest));
    }
});
