//! Arbitrary bytes as the answer of a time-stamping authority.
#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use pades::{DigestAlgorithm, SignatureAlgorithm, SignatureVerifier, TimeStampRequest, Trust};

fuzz_target!(|answer: &[u8]| {
    let request = TimeStampRequest::new(DigestAlgorithm::Sha256, vec![0; 32], 1);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600);
    let _ = request.check(answer, &TRUST, &Believer, now);
});

static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::new(&[ROOT.to_vec()]).expect("a certificate"));

/// Takes every signature for right, so that all that follows one is reached.
struct Believer;

impl SignatureVerifier for Believer {
    fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

const ROOT: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/root.der");
