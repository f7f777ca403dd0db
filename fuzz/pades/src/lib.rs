//! What several targets need: who is believed, and when.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use pades::report::Report;
use pades::{
    Evidence, Question, ReceiptReport, Revocation, RevocationSource, SignatureAlgorithm, SignatureVerifier, Trust, receipt_of,
    verify, verify_asking,
};

/// Takes every signature for right, so that all that follows one is reached.
pub struct Believer;

impl SignatureVerifier for Believer {
    fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// The root of `shared/pades/tests/vectors`.
pub static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::new(&[ROOT.to_vec()]).expect("a certificate"));
const ROOT: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/root.der");

pub fn new_year_2027() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}

/// As `kazasu verify --json` does.
pub fn judge(file: &Vec<u8>) {
    let Ok(verdict) = verify(file, &TRUST, &Believer, new_year_2027()) else { return };
    let _ = Report::from(&verdict);
    if let Ok(Some(receipt)) = receipt_of(file, &verdict) {
        let _ = ReceiptReport::from(&receipt);
    }
}

/// The revocation of a signer, by this alone.
pub fn judge_asking(evidence: Evidence) {
    let source = One(evidence);
    let revocation = Revocation::default().with_source(&source);
    let _ = verify_asking(&SIGNED, &TRUST, &Believer, &revocation, new_year_2027());
}

struct One(Evidence);

impl RevocationSource for One {
    fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
        vec![self.0.clone()]
    }
}

const SIGNED: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/pyhanko-pades-rsa.pdf");

/// Puts bytes as hexadecimal digits into the hole behind `/Contents<`, if they fit.
pub fn filled_with(contents: &[u8], file: &[u8]) -> Option<Vec<u8>> {
    let hole = file.windows(KEY.len()).rposition(|window| window == KEY)? + KEY.len();
    let room = file.get(hole..)?.iter().position(|byte| *byte == b'>')?;
    let mut digits: Vec<u8> = contents.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    (digits.len() <= room).then(|| digits.resize(room, b'0'))?;
    let mut filled = file.to_vec();
    filled.get_mut(hole..hole + room)?.copy_from_slice(&digits);
    Some(filled)
}

const KEY: &[u8] = b"/Contents<";
