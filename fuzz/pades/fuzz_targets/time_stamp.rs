//! Arbitrary bytes as the answer of a time-stamping authority.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::{DigestAlgorithm, TimeStampRequest};
use pades_fuzz::{Believer, TRUST, new_year_2027};

fuzz_target!(|answer: &[u8]| {
    let request = TimeStampRequest::new(DigestAlgorithm::Sha256, vec![0; 32], 1);
    let _ = request.check(answer, &TRUST, &Believer, new_year_2027());
});
