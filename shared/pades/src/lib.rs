//! Signatures in PDF documents: prepare, sign, embed and verify.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod asn1;
mod certificate;
mod cms;
mod trust;

pub use certificate::{
    BirthDate, Certificate, CertificateProblem, Era, Person, Sex, SignatureAlgorithm,
    SignatureVerifier, Weakness,
};
pub use cms::{CmsProblem, SignatureMismatch, check_signature, cms, signed_attributes};
pub use trust::Trust;
