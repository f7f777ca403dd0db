//! A judged receipt as records that serialise, with the codes and times of a verdict's report.

use serde::Serialize;

use super::{FileDigest, ReceiptSigner, ReceiptVerdict};
use crate::verify::report::rfc3339;

/// A receipt, and what it is worth.
#[derive(Serialize)]
pub struct ReceiptReport {
    /// `valid`, `valid_in_part` or `invalid`.
    pub state: &'static str,
    /// Why it proves nothing.
    pub problem: Option<&'static str>,
    /// Who signed it, by the certificate.
    pub service: Option<String>,
    /// Null if it cannot be read; to be believed only without a problem.
    pub statement: Option<StatementReport>,
}

#[derive(Serialize)]
pub struct StatementReport {
    pub time: Option<String>,
    /// What the original was worth then.
    pub original_state: &'static str,
    pub original: FileReport,
    /// Null where the receipt is a text.
    pub copy: Option<FileReport>,
    pub signers: Vec<ReceiptSignerReport>,
}

#[derive(Serialize)]
pub struct FileReport {
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

#[derive(Serialize)]
pub struct ReceiptSignerReport {
    /// As the sender calls the signer.
    pub label: Option<String>,
    pub state: &'static str,
    pub failed: Vec<String>,
    pub not_checked: Vec<String>,
    pub proven_time: Option<String>,
}

impl From<&ReceiptVerdict> for ReceiptReport {
    fn from(verdict: &ReceiptVerdict) -> Self {
        Self {
            state: verdict.state.code(),
            problem: verdict.problem.map(super::ReceiptProblem::code),
            service: verdict.service.clone(),
            statement: verdict.statement.as_ref().map(|statement| StatementReport {
                time: rfc3339(statement.time),
                original_state: statement.state.code(),
                original: FileReport::from(&statement.original),
                copy: verdict.copy.as_ref().map(FileReport::from),
                signers: statement.signers.iter().map(ReceiptSignerReport::from).collect(),
            }),
        }
    }
}

impl From<&FileDigest> for FileReport {
    fn from(file: &FileDigest) -> Self {
        Self { bytes: file.bytes, sha256: file.sha256.iter().map(|byte| format!("{byte:02x}")).collect() }
    }
}

impl From<&ReceiptSigner> for ReceiptSignerReport {
    fn from(signer: &ReceiptSigner) -> Self {
        Self {
            label: signer.label.clone(),
            state: signer.state.code(),
            failed: signer.failed.clone(),
            not_checked: signer.not_checked.clone(),
            proven_time: signer.proven_time.and_then(rfc3339),
        }
    }
}
