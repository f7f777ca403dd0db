use crate::certificate::{Certificate, DigestAlgorithm, SignatureVerifier};
use crate::cms::{check_signature, cms, signed_attributes};
use crate::digest::digest_in;
use crate::embed::embed;
use crate::prepare::Prepared;
use crate::source::{Joined, Source};

/// The receipt's revision with the service's signature in its place; None if the key does not belong to the certificate.
///
/// `sign` is given what is to be signed, and hashes it as the certificate's algorithm says. `chain` is what the receipt was
/// made with.
pub fn sign_receipt(
    copy: &dyn Source,
    prepared: Prepared,
    (service, chain): (&Certificate, &[Vec<u8>]),
    verifier: &dyn SignatureVerifier,
    sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let Prepared { mut revision, byte_range, digest } = prepared;
    let whole = Joined(copy, revision.as_slice());
    let digest = match service.signature_algorithm().ok()?.digest_algorithm() {
        DigestAlgorithm::Sha256 => digest.to_vec(),
        other => digest_in(other, &whole, &byte_range).ok()?,
    };
    let attributes = signed_attributes(&digest, service.der(), None).ok()?;
    let signature = sign(&attributes)?;
    check_signature(&digest, service, None, &attributes, &signature, verifier).ok()?;
    let cms = cms(&attributes, &signature, service.der(), chain).ok()?;
    let patch = embed(&whole, &byte_range, &cms).ok()?;
    patch.apply_to(&mut revision, copy.len())?;
    Some(revision)
}
