use std::fmt;
use std::time::SystemTime;

use super::{FileDigest, ReceiptSigner, entries};
use crate::digest::digest_of_everything;
use crate::problem::PdfProblem;
use crate::source::Source;
use crate::verify::{SignatureKind, Verdict, VerdictState};

/// Of which document the signatures were taken out, who had signed it, and what the signatures were worth at that time.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    pub original: FileDigest,
    /// In the order of the signatures; time stamps are none.
    pub signers: Vec<ReceiptSigner>,
    /// Of the original as a whole.
    pub state: VerdictState,
    /// When it was written, in whole seconds.
    pub time: SystemTime,
}

impl Statement {
    /// `labels` belong to the signatures in their order; each becomes one line, and an empty one is none.
    pub fn new(original: &dyn Source, verdict: &Verdict, labels: &[String], time: SystemTime) -> Result<Self, PdfProblem> {
        let signatures = verdict.signatures.iter().filter(|signature| signature.kind != SignatureKind::DocumentTimeStamp);
        let labels = labels.iter().map(Some).chain(std::iter::repeat(None));
        Ok(Self {
            original: FileDigest { bytes: original.len(), sha256: digest_of_everything(original)? },
            signers: signatures.zip(labels).map(|(signature, label)| ReceiptSigner::of(signature, label)).collect(),
            state: verdict.state,
            time: entries::whole_seconds(time),
        })
    }
}

impl fmt::Debug for Statement {
    /// Without the digest of the original, which singles out a contract.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Statement").field("state", &self.state).field("signers", &self.signers).finish_non_exhaustive()
    }
}
