//! The signature itself: what a card is asked to sign, and the CMS around its answer. RFC 5652, EN 319 122-1.

mod attributes;
mod build;
mod problem;
mod read;

use crate::certificate::{Certificate, SignatureAlgorithm, SignatureVerifier};

pub(crate) use attributes::AttributeFinding;
pub use attributes::signed_attributes;
pub use build::cms;
pub use problem::{CmsProblem, SignatureMismatch};
pub(crate) use read::SignedData;

/// Whether `attributes` are exactly those for this document and this certificate, and `signature` is its key's signature over them.
///
/// `digest` is the SHA-256 of the document's byte range, computed by the caller from the bytes it holds.
pub fn check_signature(
    digest: &[u8; 32],
    certificate: &Certificate,
    attributes: &[u8],
    signature: &[u8],
    verifier: &dyn SignatureVerifier,
) -> Result<(), SignatureMismatch> {
    let expected = signed_attributes(digest, certificate.der()).map_err(|_| SignatureMismatch::Attributes)?;
    if attributes != expected {
        return Err(SignatureMismatch::Attributes);
    }
    let algorithm = SignatureAlgorithm::of_key(certificate.key())?;
    let is_right = verifier.verify(certificate.subject_public_key_info(), algorithm, attributes, signature);
    is_right.then_some(()).ok_or(SignatureMismatch::Value)
}
