//! What a stripped copy still proves: a statement of whoever stripped it, signed by a service.

mod check;
mod contents;
mod entries;
pub(crate) mod report;
mod signing;
mod statement;
mod text;

use std::fmt;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::Stripped;
use crate::pdf::{Document, write_object};
use crate::prepare::{PrepareOptions, Prepared, prepare_with};
use crate::problem::PdfProblem;
use crate::revision::signatures;
use crate::source::Source;
use crate::verify::{CheckResult, SignatureVerdict, VerdictState};

pub use check::{ReceiptProblem, ReceiptVerdict, receipt_of};
pub use signing::{sign_receipt, sign_statement};
pub use statement::Statement;
pub use text::receipt_in_text;

/// Which document was stripped into which, and what is stated of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub statement: Statement,
    /// Every byte before the receipt's own revision.
    pub copy: FileDigest,
    /// SHA-256 of the certificates that go along with the service's own, one after another; None if there are none.
    pub chain: Option<[u8; 32]>,
}

/// A file, by its length and its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileDigest {
    pub bytes: u64,
    pub sha256: [u8; 32],
}

/// One signer as the sender calls them; never a name from a certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptSigner {
    pub label: Option<String>,
    pub state: VerdictState,
    /// The codes of the checks that failed, and of those that were not made.
    pub failed: Vec<String>,
    pub not_checked: Vec<String>,
    /// By a time stamp that was believed.
    pub proven_time: Option<SystemTime>,
}

impl Receipt {
    /// `chain` is what goes along with the service's own certificate, which is not among them.
    #[must_use]
    pub fn new(statement: Statement, copy: &Stripped, chain: &[Vec<u8>]) -> Self {
        Self {
            statement,
            copy: FileDigest { bytes: copy.bytes, sha256: copy.sha256 },
            chain: contents::digest_of_chain(chain.iter().map(Vec::as_slice)),
        }
    }
}

impl ReceiptSigner {
    /// The codes of the checks that did not pass.
    #[must_use]
    pub fn open(&self) -> Vec<String> {
        self.failed.iter().chain(&self.not_checked).cloned().collect()
    }

    fn of(signature: &SignatureVerdict, label: Option<&String>) -> Self {
        let codes = |wanted: fn(CheckResult) -> bool| {
            let checks = signature.checks.iter().filter(|check| wanted(check.result));
            checks.map(|check| check.what.code().to_owned()).collect()
        };
        Self {
            label: label.and_then(|label| in_one_line(label)),
            state: signature.state,
            failed: codes(|result| matches!(result, CheckResult::Failed(_))),
            not_checked: codes(|result| matches!(result, CheckResult::NotChecked(_))),
            proven_time: signature.proven_time.map(entries::whole_seconds),
        }
    }
}

/// As paper and terminals can show it; None if nothing is left.
fn in_one_line(label: &str) -> Option<String> {
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let line: String = label.chars().map(|letter| if breaks(letter) { ' ' } else { letter }).collect();
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

impl fmt::Debug for ReceiptSigner {
    /// Without the label: it is about a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ReceiptSigner").field("state", &self.state).finish_non_exhaustive()
    }
}

/// The revision that carries the receipt, to be appended to the stripped copy and signed by a service.
///
/// It is the same for the same copy and receipt, whoever makes it: so a check can make it anew, and nothing hides in it.
pub fn prepare_receipt(copy: &dyn Source, receipt: &Receipt) -> Result<Prepared, PdfProblem> {
    let document = Document::open(copy)?;
    if document.revisions().len() != 1 || !signatures(&document)?.is_empty() {
        return Err(PdfProblem::Unsupported { what: "a receipt behind anything but a stripped copy" });
    }
    let statement = entries::written(receipt)?;
    let mut bytes = Vec::new();
    write_object(&statement, &mut bytes);
    let mut unique = [0; 16];
    unique.iter_mut().zip(Sha256::digest(&bytes)).for_each(|(slot, byte)| *slot = byte);
    let options = PrepareOptions { contents_bytes: CONTENTS_BYTES, ..PrepareOptions::new(receipt.statement.time, unique) };
    prepare_with(copy, &options, &[(entries::KEY, statement)])
}

/// Room for a service's certificate with its chain, and a time stamp with its own.
const CONTENTS_BYTES: u32 = 16_384;
