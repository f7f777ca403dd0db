//! Arbitrary bytes as a certificate, and as the CMS in the hole of a small signed PDF.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::Certificate;
use pades_fuzz::{filled_with, judge};

fuzz_target!(|contents: &[u8]| {
    if let Ok(certificate) = Certificate::parse(contents) {
        let _ = (certificate.person(), certificate.common_name(), certificate.issuer_name());
    }
    if let Some(file) = filled_with(contents, WAITING) {
        judge(&file);
    }
});

const WAITING: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/never-filled.pdf");
