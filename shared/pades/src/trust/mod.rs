//! Who is believed: the roots a path has to end at.

mod jpki;
mod path;

use crate::certificate::{Certificate, CertificateProblem};

pub(crate) use jpki::PHONE_SIGNING;
pub use path::PathProblem;
pub(crate) use path::find_path;

/// The authorities whose certificates are believed: the caller's, and always the three generations of JPKI signing roots.
#[derive(Clone)]
pub struct Trust {
    roots: Vec<Root>,
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
        let mut trust = Self::default();
        for root in roots {
            let certificate = Certificate::parse(root)?;
            // A shipped root stays one, with its rules, when it is also given as a file.
            if !trust.roots.iter().any(|known| known.certificate.der() == certificate.der()) {
                trust.roots.push(Root { certificate, is_jpki: false });
            }
        }
        Ok(trust)
    }

    pub(crate) fn roots(&self) -> &[Root] {
        &self.roots
    }
}

impl Default for Trust {
    /// Only the signing roots of JPKI.
    fn default() -> Self {
        let roots = jpki::signing_roots().map(|certificate| Root { certificate, is_jpki: true }).collect();
        Self { roots }
    }
}
