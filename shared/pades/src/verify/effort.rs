use std::cell::Cell;

use crate::certificate::{SignatureAlgorithm, SignatureVerifier};
use crate::problem::{Counted, PdfProblem};
use crate::source::wide;

/// The caller's arithmetic, as long as one verdict may last.
///
/// Every search for a path and every time stamp has its own limit; hundreds of signatures, each with a heap of look-alike
/// authorities and the dearest keys that there are, would still take a minute.
pub(super) struct Sparing<'a> {
    verifier: &'a dyn SignatureVerifier,
    left: Cell<Option<u64>>,
}

impl<'a> Sparing<'a> {
    pub(super) fn new(verifier: &'a dyn SignatureVerifier) -> Self {
        Self { verifier, left: Cell::new(Some(MOST)) }
    }

    /// What was not computed was called wrong: no verdict is to be built on that.
    pub(super) fn refuse_excess(&self) -> Result<(), PdfProblem> {
        self.left.get().map(drop).ok_or(PdfProblem::TooMany { of: Counted::SignatureValues, limit: MOST })
    }
}

impl SignatureVerifier for Sparing<'_> {
    fn verify(&self, key: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let left = self.left.get().and_then(|left| left.checked_sub(cost(key, algorithm, message)));
        self.left.set(left);
        left.is_some() && self.verifier.verify(key, algorithm, message, signature)
    }
}

/// About the microseconds that it takes in a good library, for the dearest exponent.
fn cost(key: &[u8], algorithm: SignatureAlgorithm, message: &[u8]) -> u64 {
    let key_bytes = wide(key.len()).min(LONGEST_KEY);
    let of_key = match algorithm {
        SignatureAlgorithm::RsaPkcs1Sha256
        | SignatureAlgorithm::RsaPkcs1Sha384
        | SignatureAlgorithm::RsaPkcs1Sha512
        | SignatureAlgorithm::RsaPssSha256
        | SignatureAlgorithm::RsaPssSha384
        | SignatureAlgorithm::RsaPssSha512 => key_bytes * key_bytes / 2_000,
        SignatureAlgorithm::RsaPssOtherSalt { .. } => key_bytes * key_bytes / 900,
        SignatureAlgorithm::EcdsaP256Sha256
        | SignatureAlgorithm::EcdsaP256Sha384
        | SignatureAlgorithm::EcdsaP256Sha512
        | SignatureAlgorithm::Ed25519 => 80,
        SignatureAlgorithm::EcdsaP384Sha256 | SignatureAlgorithm::EcdsaP384Sha384 | SignatureAlgorithm::EcdsaP384Sha512 => 170,
        SignatureAlgorithm::EcdsaP521Sha256 | SignatureAlgorithm::EcdsaP521Sha384 | SignatureAlgorithm::EcdsaP521Sha512 => 290,
    };
    of_key + wide(message.len()).min(LONGEST_MESSAGE) / HASHED_IN_ONE
}

/// Five hundred signatures, each with a path of three and a time stamp with a path of three, all with RSA of 4,096 bits, cost
/// half of it.
const MOST: u64 = 1_200_000;
/// In bytes: of an RSA key with 8,192 bits. Longer ones verify nothing.
const LONGEST_KEY: u64 = 1_100;
/// In bytes: of a certificate. How much is read of lists has a limit of its own.
const LONGEST_MESSAGE: u64 = 64 * 1024;
/// Bytes.
const HASHED_IN_ONE: u64 = 400;
