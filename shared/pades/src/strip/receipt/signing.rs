use super::{Statement, text};
use crate::certificate::{Certificate, DigestAlgorithm, SignatureVerifier};
use crate::cms::{check_signature, cms_around, signed_attributes};
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
    service: (&Certificate, &[Vec<u8>]),
    verifier: &dyn SignatureVerifier,
    sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let Prepared { mut revision, byte_range, digest } = prepared;
    let whole = Joined(copy, revision.as_slice());
    let digest = match service.0.signature_algorithm().ok()?.digest_algorithm() {
        DigestAlgorithm::Sha256 => digest.to_vec(),
        other => digest_in(other, &whole, &byte_range).ok()?,
    };
    let cms = signed_by(service, (&digest, None), verifier, sign)?;
    let patch = embed(&whole, &byte_range, &cms).ok()?;
    patch.apply_to(&mut revision, copy.len())?;
    Some(revision)
}

/// The statement as one line of capital letters, digits, hyphens and a colon, which a code on paper has room for;
/// [`receipt_in_text`](super::receipt_in_text) judges it.
///
/// None if the key does not belong to the certificate, or a label is more than one line. The rest as for [`sign_receipt`].
pub fn sign_statement(
    statement: &Statement,
    service: (&Certificate, &[Vec<u8>]),
    verifier: &dyn SignatureVerifier,
    sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<String> {
    let content = text::written(statement, service.1)?;
    let digest = service.0.signature_algorithm().ok()?.digest_algorithm().hash(content.as_bytes());
    let cms = signed_by(service, (&digest, Some(content.as_bytes())), verifier, sign)?;
    Some(text::carried(&cms))
}

fn signed_by(
    (service, chain): (&Certificate, &[Vec<u8>]),
    (digest, content): (&[u8], Option<&[u8]>),
    verifier: &dyn SignatureVerifier,
    sign: impl FnOnce(&[u8]) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let attributes = signed_attributes(digest, service.der(), None).ok()?;
    let signature = sign(&attributes)?;
    check_signature(digest, service, None, &attributes, &signature, verifier).ok()?;
    cms_around(content, &attributes, &signature, (service.der(), chain)).ok()
}
