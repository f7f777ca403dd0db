//! Signatures in PDF documents: prepare, sign, embed, stamp and verify.
//!
//! PAdES-B-B, B-T and B-LT (ETSI EN 319 142-1), the older `adbe.pkcs7.detached`, and document time stamps. Nothing here reads
//! a clock, a file or a random source, and no private key comes near: times, random bytes, signatures and the answers of
//! authorities are handed in. A document is read through [`Source`] and never held whole.
//!
//! # Sign
//!
//! A revision is appended that waits for a signature; whoever has the key signs the attributes; the CMS goes into the
//! place that was kept.
//!
//! ```
//! use std::time::SystemTime;
//! # let card = &simulator::practice().hanako.signing;
//! # let certificate = card.certificate.clone();
//! # let sign = |attributes: &[u8]| card.sign(attributes);
//! # let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/pdf/reads-table.pdf"))?;
//! use pades::{PrepareOptions, cms, embed, prepare, signed_attributes};
//!
//! let random = [7; 16];
//! let prepared = prepare(&file, &PrepareOptions::new(SystemTime::now(), random))?;
//! let mut signed = [file, prepared.revision].concat();
//!
//! let attributes = signed_attributes(&prepared.digest, &certificate, None)?;
//! let signature = sign(&attributes); // by a card
//! let contents = cms(&attributes, &signature, &certificate, &[])?;
//!
//! let patch = embed(&signed, &prepared.byte_range, &contents)?;
//! let start = usize::try_from(patch.offset)?;
//! signed[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
//! # let root = simulator::practice().authority.ca_der().to_vec();
//! # use pades::{SignatureAlgorithm, SignatureVerifier};
//! # struct Verifier;
//! # impl SignatureVerifier for Verifier {
//! #     fn verify(&self, key: &[u8], _: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
//! #         use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
//! #         UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(message, signature).is_ok()
//! #     }
//! # }
//! # let verifier = Verifier;
//!
//! // Verify: `verifier` brings the arithmetic, `root` is a certificate to believe.
//! use pades::{Trust, VerdictState, verify};
//!
//! let verdict = verify(&signed, &Trust::new(&[root])?, &verifier, SystemTime::now())?;
//! assert_eq!(verdict.state, VerdictState::ValidInPart); // revocation was not asked
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With [`Visible`] in the options the signature is seen on a page, as any one-page PDF looks ([`Appearance`]).
//!
//! # Stamp
//!
//! [`stampable`] finds the signature with which a document ends, [`TimeStampRequest`] makes the request and checks the
//! answer, and [`Stampable::stamp`] puts the token into the signature. After further revisions a document time stamp
//! ([`Target::DocumentTimeStamp`]) is prepared and embedded like a signature. [`StampPlace`] chooses between the two, and
//! [`TimeStampInquiry`] asks several authorities in their order; only to post its questions is left to the caller.
//!
//! # Verify
//!
//! [`verify`] judges every signature of every revision and says what it checked, what failed and what it did not check.
//! A file that two readers can read differently is invalid, whatever its signatures say.
//!
//! [`verify_asking`] also asks what became of the certificates: a [`RevocationSource`] hands in lists and OCSP responses,
//! a [`RegisteredVerifier`] speaks where the law lets nobody else ask. [`keep_validation_data`] puts what was believed, and
//! may be kept, into the document (PAdES-B-LT).
//!
//! ```
//! use pades::{Evidence, Origin, Question, Revocation, RevocationSource};
//!
//! struct Files(Vec<Evidence>);
//!
//! impl RevocationSource for Files {
//!     fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
//!         self.0.clone() // each is judged; what is about something else is passed over
//!     }
//! }
//!
//! # let der = Vec::new();
//! let files = Files(vec![Evidence::list(der, Origin::File)]);
//! let revocation = Revocation::default().with_source(&files); // for `verify_asking`
//! # let _ = revocation;
//! ```
//!
//! # Limits
//!
//! A file may have 500 revisions, list a million objects and make readers look at sixteen million values, each as often as
//! it is read: a second or two of work. What asks for more is refused by name ([`PdfProblem::TooMany`],
//! [`PdfProblem::StreamTooLarge`]), and only the lists and answers about revocation go by limits of their own.
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
mod revocation;
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
pub use prepare::{
    Appearance, Corner, DEFAULT_CONTENTS_BYTES, PageChoice, PagePlace, PrepareOptions, Prepared, Target, Visible,
    keep_validation_data, prepare,
};
pub use problem::{Ambiguity, Counted, PdfProblem};
pub use revocation::{
    Answerer, Attestation, CertificateRole, CertificateStatus, Evidence, Origin, Question, RegisteredVerifier, Revocation,
    RevocationAnswer, RevocationProblem, RevocationReason, RevocationSource, Revoked, StatusRequest, ValidationData,
};
pub use source::{Joined, Source, SourceError};
pub use strip::receipt::report::{FileReport, ReceiptReport, ReceiptSignerReport, StatementReport};
pub use strip::receipt::{
    FileDigest, Receipt, ReceiptProblem, ReceiptSigner, ReceiptVerdict, Statement, prepare_receipt, receipt_in_text, receipt_of,
    sign_receipt, sign_statement,
};
pub use strip::{StripProblem, Stripped, strip, strip_with_page};
pub use timestamp::{
    MAX_ANSWER_BYTES, NoTimeStamp, NotAService, NotCredentials, StampPlace, Stampable, Stamped, TIME_STAMP_QUERY,
    TIME_STAMP_REPLY, TimeStamp, TimeStampAnswer, TimeStampCredentialList, TimeStampCredentials, TimeStampInquiry,
    TimeStampPatience, TimeStampProblem, TimeStampQuestion, TimeStampRequest, TimeStampService, stampable,
};
pub use trust::{PathFinder, PathProblem, PathQuestion, Trust};
pub use verify::{
    Check, CheckKind, CheckResult, Claims, Fact, SignatureKind, SignatureVerdict, Signer, Verdict, VerdictState, report, verify,
    verify_asking,
};
