//! Any body that an origin serves as its key file. What is read keeps to the limits, and each key has its own name.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::OriginKeys;

fuzz_target!(|body: &[u8]| {
    if let Ok(file) = OriginKeys::parse(body) {
        assert!(body.len() <= OriginKeys::MAX_BYTES && !file.keys.is_empty() && !file.relays.is_empty());
        let mut names: Vec<&str> = file.keys.iter().map(|key| key.id.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), file.keys.len());
    }
});
