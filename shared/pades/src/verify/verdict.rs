use std::time::SystemTime;

use crate::byte_range::ByteRange;
use crate::certificate::Person;
use crate::problem::Ambiguity;
use crate::revision::Change;
use crate::revocation::{RevocationAnswer, ValidationData};

use super::check::{Check, CheckKind, CheckResult, Fact};

/// What can be said of a document's signatures, and what cannot.
#[derive(Clone)]
pub struct Verdict {
    /// The worst of the file and of its signatures.
    pub state: VerdictState,
    /// Whether the file can be read in one way only. If not, no signature in it is looked at.
    pub file: Check,
    /// In the order of their revisions; empty if nothing is signed.
    pub signatures: Vec<SignatureVerdict>,
}

/// Ordered from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerdictState {
    /// Every check was made and passed.
    Valid,
    /// Nothing failed, and something could not be checked, such as revocation or the time.
    ValidInPart,
    /// A check failed.
    Invalid,
}

/// What was found about one signature.
///
/// Has no `Debug`: the signer is a person. Whoever holds the document may read it here; a log may not.
#[derive(Clone)]
pub struct SignatureVerdict {
    pub state: VerdictState,
    pub kind: SignatureKind,
    pub field_name: Option<String>,
    /// Counted from the oldest, which is 0.
    pub revision: usize,
    pub byte_range: Option<ByteRange>,
    /// No byte of the file is outside this signature but the signature itself.
    pub covers_whole_document: bool,
    /// None if no certificate of the signer came along.
    pub signer: Option<Signer>,
    /// What the signature dictionary says; proven by nobody.
    pub claimed: Claims,
    /// When the signature is proven to have existed; of a document time stamp, what it says itself.
    pub proven_time: Option<SystemTime>,
    /// Later changes that no rule permits.
    pub changes: Vec<Change>,
    /// Later changes that the signer permitted: further signatures, time stamps, validation data, forms filled in.
    pub permitted_changes: Vec<Change>,
    pub checks: Vec<Check>,
    /// Who answered about the certificates of the signer, its issuers and the time stamp's authority, and what.
    pub revocation: Vec<RevocationAnswer>,
    pub(super) validation_data: ValidationData,
    pub(crate) carries_receipt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// `ETSI.CAdES.detached`.
    Pades,
    /// `adbe.pkcs7.detached`.
    Pkcs7,
    /// `ETSI.RFC3161`: a time stamp over the whole document.
    DocumentTimeStamp,
    Other,
}

/// What the signer's certificate says.
#[derive(Clone)]
pub struct Signer {
    pub common_name: Option<String>,
    /// The four items of a My Number card's certificate.
    pub person: Option<Person>,
    /// The certificate has such items, also where they cannot be read.
    pub names_person: bool,
    pub issuer: Option<String>,
    pub not_before: SystemTime,
    pub not_after: SystemTime,
}

/// What the signer wrote without proof.
#[derive(Clone)]
pub struct Claims {
    pub name: Option<String>,
    pub location: Option<String>,
    pub reason: Option<String>,
    pub time: Option<SystemTime>,
}

impl Verdict {
    pub(super) fn of(signatures: Vec<SignatureVerdict>) -> Self {
        let worst = signatures.iter().map(|signature| signature.state).max();
        Self { state: worst.unwrap_or(VerdictState::Invalid), file: Check::passed(CheckKind::File), signatures }
    }

    /// Of a file in which two readers can see two different documents.
    pub(super) fn of_ambiguous_file(what: Ambiguity) -> Self {
        Self {
            state: VerdictState::Invalid,
            file: Check::failed(CheckKind::File, Fact::ReadersCanDisagree(what)),
            signatures: Vec::new(),
        }
    }

    /// What was believed about revocation and may be kept in the document; empty if there is nothing new.
    #[must_use]
    pub fn validation_data(&self) -> ValidationData {
        let mut all = ValidationData::default();
        self.signatures.iter().for_each(|signature| all.join(&signature.validation_data));
        all
    }

    /// The file was readable, and nothing in it is signed.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.signatures.is_empty() && self.file.result == CheckResult::Passed
    }
}

impl VerdictState {
    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ValidInPart => "valid_in_part",
            Self::Invalid => "invalid",
        }
    }
}

impl SignatureKind {
    pub(super) fn of(sub_filter: Option<&str>, is_time_stamp: bool) -> Self {
        match sub_filter {
            _ if is_time_stamp => Self::DocumentTimeStamp,
            Some("ETSI.CAdES.detached") => Self::Pades,
            Some("adbe.pkcs7.detached") => Self::Pkcs7,
            _ => Self::Other,
        }
    }

    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pades => "pades",
            Self::Pkcs7 => "pkcs7",
            Self::DocumentTimeStamp => "document_time_stamp",
            Self::Other => "other",
        }
    }
}
