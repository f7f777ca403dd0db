//! Arbitrary bytes as a file to verify, as `kazasu verify` does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades_fuzz::judge;

fuzz_target!(|file: &[u8]| judge(&file.to_vec()));
