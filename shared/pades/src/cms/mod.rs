//! The signature itself: what a card is asked to sign, and the CMS around its answer. RFC 5652, EN 319 122-1.

mod attributes;
mod build;
mod problem;
mod read;
mod revocation;
mod signer;
mod stamp;

use std::time::SystemTime;

use crate::certificate::{Certificate, SignatureVerifier};

pub use attributes::signed_attributes;
pub(crate) use attributes::{AttributeFinding, DATA};
pub use build::cms;
pub(crate) use build::cms_around;
pub use problem::{CmsProblem, SignatureMismatch};
pub(crate) use read::{NoSigner, SignedData, TIME_STAMP_INFO};
pub(crate) use revocation::RevocationData;
pub(crate) use stamp::with_time_stamp;

/// Whether `attributes` are exactly those for this document and this certificate, and `signature` is its key's signature over them.
///
/// `digest` is that of the document's byte range, computed by the caller from the bytes it holds, in the hash that the
/// certificate's key calls for; `signing_time` as for [`signed_attributes`].
pub fn check_signature(
    digest: &[u8],
    certificate: &Certificate,
    signing_time: Option<SystemTime>,
    attributes: &[u8],
    signature: &[u8],
    verifier: &dyn SignatureVerifier,
) -> Result<(), SignatureMismatch> {
    let algorithm = certificate.signature_algorithm()?;
    let expected = signed_attributes(digest, certificate.der(), signing_time).map_err(|_| SignatureMismatch::Attributes)?;
    if attributes != expected {
        return Err(SignatureMismatch::Attributes);
    }
    let is_right = verifier.verify(certificate.subject_public_key_info(), algorithm, attributes, signature);
    is_right.then_some(()).ok_or(SignatureMismatch::Value)
}
