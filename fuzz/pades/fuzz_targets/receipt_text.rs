//! Arbitrary bytes as the CMS in a receipt's text, and as the text itself.
#![no_main]

use data_encoding::BASE32_NOPAD;
use libfuzzer_sys::fuzz_target;
use pades::{ReceiptReport, Revocation, Trust, receipt_in_text};
use pades_fuzz::{Believer, new_year_2027};

fuzz_target!(|bytes: &[u8]| {
    let carried = format!("KAZASU-RECEIPT-1:{}", BASE32_NOPAD.encode(bytes));
    for text in [carried.as_str(), &String::from_utf8_lossy(bytes)] {
        let (trust, nobody) = (Trust::default(), Revocation::default());
        if let Some(judged) = receipt_in_text(text, (&trust, &Believer), &nobody, new_year_2027()) {
            assert!(judged.problem.is_some(), "nobody is believed here");
            let _ = ReceiptReport::from(&judged);
        }
    }
});
