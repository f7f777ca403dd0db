//! Arbitrary bytes as a revocation list of the signer's authority.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::{Evidence, Origin};
use pades_fuzz::judge_asking;

fuzz_target!(|bytes: &[u8]| judge_asking(Evidence::list(bytes.to_vec(), Origin::File)));
