//! Signatures in PDF documents: prepare, sign, embed and verify.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod asn1;
mod byte_range;
mod certificate;
mod cms;
mod digest;
mod embed;
mod find;
pub mod pdf;
mod prepare;
mod problem;
pub mod revision;
mod source;
mod strip;
mod timestamp;
mod trust;
mod verify;

pub use byte_range::ByteRange;
pub use certificate::{
    BirthDate, Certificate, CertificateProblem, DigestAlgorithm, Era, Person, Sex, SignatureAlgorithm, SignatureVerifier,
    Weakness,
};
pub use cms::{CmsProblem, SignatureMismatch, check_signature, cms, signed_attributes};
pub use digest::{digest, digest_in, digest_of_everything, digests};
pub use embed::{Patch, embed};
pub use find::{Unsigned, find_unsigned};
pub use prepare::{DEFAULT_CONTENTS_BYTES, PrepareOptions, Prepared, Target, prepare};
pub use problem::{Ambiguity, Counted, PdfProblem};
pub use source::{Joined, Source, SourceError};
pub use strip::receipt::report::{FileReport, ReceiptReport, ReceiptSignerReport, StatementReport};
pub use strip::receipt::{FileDigest, Receipt, ReceiptProblem, ReceiptSigner, ReceiptVerdict, prepare_receipt, receipt_of};
pub use strip::{StripProblem, Stripped, strip};
pub use timestamp::{Stampable, TimeStamp, TimeStampProblem, TimeStampRequest, stampable};
pub use trust::{PathProblem, Trust};
pub use verify::{
    Check, CheckKind, CheckResult, Claims, Fact, SignatureKind, SignatureVerdict, Signer, Verdict, VerdictState, report, verify,
};
