//! Arbitrary bytes as an OCSP answer about the signer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::{Evidence, Origin};
use pades_fuzz::judge_asking;

fuzz_target!(|bytes: &[u8]| judge_asking(Evidence::response(bytes.to_vec(), Origin::File)));
