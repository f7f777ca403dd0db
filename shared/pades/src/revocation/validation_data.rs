use super::evidence::{Evidence, Origin};
use crate::certificate::Certificate;

/// What proves later that certificates were not revoked: certificates, lists and responses that were believed.
///
/// Only a verdict makes one, and only of evidence that may be kept: never of a certificate of JPKI, whose status nobody may
/// pass on, and never of what a registered verifier said, which carries no signature.
#[derive(Clone, Default)]
pub struct ValidationData {
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) lists: Vec<Evidence>,
    pub(crate) responses: Vec<Evidence>,
}

impl ValidationData {
    /// Whether there is nothing that the document does not carry already.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.responses.is_empty()
    }

    pub(super) fn keep(&mut self, evidence: &Evidence) {
        let kept = if evidence.is_list() { &mut self.lists } else { &mut self.responses };
        let is_new = !kept.iter().any(|other| other.bytes() == evidence.bytes());
        if is_new && evidence.origin != Origin::Document {
            kept.push(evidence.clone());
        }
    }

    pub(super) fn keep_certificate(&mut self, certificate: &Certificate) {
        if !self.certificates.iter().any(|other| other == certificate.der()) {
            self.certificates.push(certificate.der().to_vec());
        }
    }

    pub(crate) fn join(&mut self, other: &Self) {
        other.lists.iter().chain(&other.responses).for_each(|evidence| self.keep(evidence));
        for certificate in &other.certificates {
            if !self.certificates.contains(certificate) {
                self.certificates.push(certificate.clone());
            }
        }
    }
}
