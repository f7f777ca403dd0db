//! Arbitrary bytes as an OCSP answer about the signer.
#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use pades::{
    Evidence, Origin, Question, Revocation, RevocationSource, SignatureAlgorithm, SignatureVerifier, Trust, verify_asking,
};

fuzz_target!(|bytes: &[u8]| {
    let source = One(Evidence::response(bytes.to_vec(), Origin::File));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600);
    let revocation = Revocation::default().with_source(&source);
    let _ = verify_asking(&SIGNED, &TRUST, &Believer, &revocation, now);
});

struct One(Evidence);

impl RevocationSource for One {
    fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
        vec![self.0.clone()]
    }
}

static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::new(&[ROOT.to_vec()]).expect("a certificate"));

/// Takes every signature for right, so that all that follows one is reached.
struct Believer;

impl SignatureVerifier for Believer {
    fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

const SIGNED: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/pyhanko-pades-rsa.pdf");
const ROOT: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/root.der");
