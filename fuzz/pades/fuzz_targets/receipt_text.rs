//! Arbitrary bytes as the CMS in a receipt's text, and as the text itself.
#![no_main]

use std::time::{Duration, SystemTime};

use data_encoding::BASE32_NOPAD;
use libfuzzer_sys::fuzz_target;
use pades::{ReceiptReport, Revocation, SignatureAlgorithm, SignatureVerifier, Trust, receipt_in_text};

fuzz_target!(|bytes: &[u8]| {
    let carried = format!("KAZASU-RECEIPT-1:{}", BASE32_NOPAD.encode(bytes));
    for text in [carried.as_str(), &String::from_utf8_lossy(bytes)] {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600);
        if let Some(judged) = receipt_in_text(text, (&Trust::default(), &Believer), &Revocation::default(), now) {
            assert!(judged.problem.is_some(), "nobody is believed here");
            let _ = ReceiptReport::from(&judged);
        }
    }
});

/// Takes every signature for right, so that all that follows one is reached.
struct Believer;

impl SignatureVerifier for Believer {
    fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        true
    }
}
