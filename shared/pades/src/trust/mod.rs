//! Who is believed: the roots a path has to end at.

mod constraints;
mod jpki;
mod path;
mod policies;

use std::sync::Arc;

use crate::certificate::{Certificate, CertificateProblem};

pub(crate) use jpki::PHONE_SIGNING;
use path::OwnPaths;
pub(crate) use path::{Path, find_path};
pub use path::{PathFinder, PathProblem, PathQuestion};

/// The authorities whose certificates are believed: the caller's, and always the three generations of JPKI signing roots.
#[derive(Clone)]
pub struct Trust {
    roots: Vec<Root>,
    time_stamp_roots: Vec<Root>,
    finder: Arc<dyn PathFinder + Send + Sync>,
}

/// A root, and whose rules hold below it.
#[derive(Clone)]
pub(crate) struct Root {
    pub(crate) certificate: Certificate,
    pub(crate) is_jpki: bool,
}

impl Trust {
    /// `roots` are certificates in DER, believed beside those of JPKI.
    pub fn new(roots: &[Vec<u8>]) -> Result<Self, CertificateProblem> {
        Self::default().and(roots)
    }

    /// Further roots, in DER, that are believed about everything.
    pub fn and(mut self, roots: &[Vec<u8>]) -> Result<Self, CertificateProblem> {
        for root in roots {
            let certificate = Certificate::parse(root)?;
            // A shipped root stays one, with its rules, when it is also given as a file, and so does its key in another
            // certificate: nobody gets round the law with a copy.
            if !self.has(&certificate) {
                let is_jpki = self.has_jpki_key(&certificate);
                self.roots.push(Root { certificate, is_jpki });
            }
        }
        Ok(self)
    }

    /// Further roots, in DER, that are believed about time alone: nobody below them is a signer.
    pub fn and_for_time_stamps(mut self, roots: &[Vec<u8>]) -> Result<Self, CertificateProblem> {
        for root in roots {
            let certificate = Certificate::parse(root)?;
            let is_jpki = self.has_jpki_key(&certificate);
            self.time_stamp_roots.push(Root { certificate, is_jpki });
        }
        Ok(self)
    }

    /// With another way to find paths than our own.
    #[must_use]
    pub fn with_path_finder(self, finder: Arc<dyn PathFinder + Send + Sync>) -> Self {
        Self { finder, ..self }
    }

    pub(crate) fn finder(&self) -> &dyn PathFinder {
        self.finder.as_ref()
    }

    /// What authorities of time are measured by.
    pub(crate) fn for_time_stamps(&self) -> Self {
        let further = self.time_stamp_roots.iter().filter(|further| !self.has(&further.certificate)).cloned();
        let roots = self.roots.iter().cloned().chain(further).collect();
        Self { roots, time_stamp_roots: Vec::new(), finder: Arc::clone(&self.finder) }
    }

    fn has(&self, certificate: &Certificate) -> bool {
        self.roots.iter().any(|known| known.certificate.der() == certificate.der())
    }

    /// Whether the certificate is of a key of JPKI, whoever issued it.
    pub(crate) fn has_jpki_key(&self, certificate: &Certificate) -> bool {
        let mut shipped = self.roots.iter().filter(|root| root.is_jpki);
        shipped.any(|root| root.certificate.public_key_bits() == certificate.public_key_bits())
    }

    pub(crate) fn roots(&self) -> &[Root] {
        &self.roots
    }
}

impl Default for Trust {
    /// Only the signing roots of JPKI.
    fn default() -> Self {
        let roots = jpki::signing_roots().map(|certificate| Root { certificate, is_jpki: true }).collect();
        Self { roots, time_stamp_roots: Vec::new(), finder: Arc::new(OwnPaths) }
    }
}

#[cfg(test)]
mod tests {
    use simulator::practice;

    use super::*;
    use crate::certificate::{SignatureAlgorithm, SignatureVerifier};

    #[test]
    fn who_finds_other_paths_finds_no_other_roots() {
        struct Anything;

        impl PathFinder for Anything {
            fn find(&self, question: &PathQuestion<'_>) -> Result<Vec<Certificate>, PathProblem> {
                Ok(vec![question.signer.clone()])
            }
        }

        struct Never;

        impl SignatureVerifier for Never {
            fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
                false
            }
        }

        let (signer, root) = (&practice().hanako.signing.certificate, practice().authority.ca_der().to_vec());
        let signer = Certificate::parse(signer).expect("a certificate");
        let trust = Trust::new(&[root]).expect("a certificate").with_path_finder(Arc::new(Anything));
        let time = std::time::SystemTime::UNIX_EPOCH;
        assert_eq!(trust.reaches(&signer, &[], &Never, time), Err(PathProblem::NoKnownRoot));
    }

    #[test]
    fn a_shipped_key_in_another_certificate_keeps_the_rules_of_jpki() {
        let shipped = Trust::default();
        let mut copy = shipped.roots.last().expect("three roots").certificate.der().to_vec();
        *copy.last_mut().expect("a signature") ^= 1;
        let trust = Trust::new(&[copy]).expect("a certificate");
        assert_eq!(trust.roots.len(), shipped.roots.len() + 1);
        assert!(trust.roots.iter().all(|root| root.is_jpki));
    }
}
