//! Arbitrary bytes as a certificate, and as the CMS in the hole of a small signed PDF.
#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use pades::report::Report;
use pades::{Certificate, SignatureAlgorithm, SignatureVerifier, Trust, verify};

fuzz_target!(|contents: &[u8]| {
    if let Ok(certificate) = Certificate::parse(contents) {
        let _ = (certificate.person(), certificate.common_name(), certificate.issuer_name());
    }
    let Some(file) = filled_with(contents) else {
        return;
    };
    if let Ok(verdict) = verify(&file, &TRUST, &Believer, new_year_2027()) {
        let _ = Report::from(&verdict);
    }
});

static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::new(&[ROOT.to_vec()]).expect("a certificate"));

/// Takes every signature for right, so that all that follows one is reached.
struct Believer;

impl SignatureVerifier for Believer {
    fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

fn filled_with(contents: &[u8]) -> Option<Vec<u8>> {
    let hole = WAITING.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let digits: Vec<u8> = contents.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    let mut file = WAITING.to_vec();
    file.get_mut(hole..hole + digits.len())?.copy_from_slice(&digits);
    Some(file)
}

fn new_year_2027() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}

const WAITING: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/never-filled.pdf");
const ROOT: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/root.der");
const KEY: &[u8] = b"/Contents<";
