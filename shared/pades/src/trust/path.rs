use std::time::SystemTime;

use super::{Root, Trust, jpki};
use crate::certificate::{Certificate, SignatureVerifier, Weakness};

/// Why no path from the signer to a root was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    #[error("no root that is believed issued the certificate, directly or through others that came along")]
    NoKnownRoot,
    #[error("the named issuer's key did not make the signature of the certificate")]
    WrongSignature,
    /// By basicConstraints, keyUsage or the length of the path.
    #[error("the issuer may not issue this certificate")]
    NotAnAuthority,
    #[error("the issuer was not valid at the time in question")]
    IssuerNotValid,
    #[error("a critical extension that this program does not know")]
    UnknownCriticalExtension,
    #[error(transparent)]
    Weak(#[from] Weakness),
    #[error("a certificate for tests under a real root")]
    TestPolicy,
    #[error("the certificate of a phone under a root for cards")]
    PhonePolicy,
    #[error("a certificate policy that cards do not have")]
    UnknownPolicy,
}

impl Trust {
    /// Whether a path leads from `signer` through `others` to a root, at `time`: the cheapest of all checks, to be made
    /// before those whose cost the signer decides.
    pub fn reaches(
        &self,
        signer: &Certificate,
        others: &[Certificate],
        verifier: &dyn SignatureVerifier,
        time: SystemTime,
    ) -> Result<(), PathProblem> {
        find_path(signer, others, self, verifier, time).map(drop)
    }
}

/// The authorities above a signer, its own issuer first and the root last; none if the signer is a root itself.
pub(crate) struct Path {
    pub(crate) issuers: Vec<Certificate>,
    /// Whether the law says who may ask about certificates on this path.
    pub(crate) is_jpki: bool,
}

/// Searches a path from `signer` through `others` to a root, at `time`. Revocation is asked by nobody here.
///
/// RFC 5280, section 6.1, without policy mapping and name constraints: a critical one of those ends the path.
pub(crate) fn find_path(
    signer: &Certificate,
    others: &[Certificate],
    trust: &Trust,
    verifier: &dyn SignatureVerifier,
    time: SystemTime,
) -> Result<Path, PathProblem> {
    if signer.extensions().has_unknown_critical {
        return Err(PathProblem::UnknownCriticalExtension);
    }
    if let Some(root) = trust.roots().iter().find(|root| root.certificate.der() == signer.der()) {
        return Ok(Path { issuers: Vec::new(), is_jpki: root.is_jpki });
    }
    let mut search = Search { signer, others, trust, verifier, time, signatures_left: MOST_SIGNATURES };
    let mut path = search.above(signer, 0)?;
    path.issuers.reverse();
    // Also where somebody else certified a key of JPKI.
    path.is_jpki |= path.issuers.iter().any(|issuer| trust.has_jpki_key(issuer));
    Ok(path)
}

struct Search<'a> {
    signer: &'a Certificate,
    others: &'a [Certificate],
    trust: &'a Trust,
    verifier: &'a dyn SignatureVerifier,
    time: SystemTime,
    signatures_left: u32,
}

impl Search<'_> {
    /// `below` authorities stand between the signer and `certificate`'s issuer. The root comes first in what is found.
    fn above(&mut self, certificate: &Certificate, below: u32) -> Result<Path, PathProblem> {
        let (trust, others) = (self.trust, self.others);
        let mut problem = PathProblem::NoKnownRoot;
        for root in trust.roots().iter().filter(|root| is_named_issuer(&root.certificate, certificate)) {
            match self.step(certificate, &root.certificate, below).and_then(|()| self.at_root(root)) {
                Ok(()) => return Ok(Path { issuers: vec![root.certificate.clone()], is_jpki: root.is_jpki }),
                Err(next) => problem = problem.or(next),
            }
        }
        for issuer in others.iter().filter(|other| below < DEEPEST_PATH && is_named_issuer(other, certificate)) {
            match self.step(certificate, issuer, below).and_then(|()| self.above(issuer, below + 1)) {
                Ok(mut path) => {
                    path.issuers.push(issuer.clone());
                    return Ok(path);
                }
                Err(next) => problem = problem.or(next),
            }
        }
        Err(problem)
    }

    fn at_root(&self, root: &Root) -> Result<(), PathProblem> {
        if root.is_jpki { jpki::judge_policy(self.signer) } else { Ok(()) }
    }

    fn step(&mut self, certificate: &Certificate, issuer: &Certificate, below: u32) -> Result<(), PathProblem> {
        if !may_issue(issuer, below) {
            return Err(PathProblem::NotAnAuthority);
        }
        if issuer.extensions().has_unknown_critical {
            return Err(PathProblem::UnknownCriticalExtension);
        }
        if !issuer.is_valid_at(self.time) {
            return Err(PathProblem::IssuerNotValid);
        }
        self.signatures_left = self.signatures_left.checked_sub(1).ok_or(PathProblem::NoKnownRoot)?;
        match certificate.is_signed_by(issuer, self.verifier)? {
            true => Ok(()),
            false => Err(PathProblem::WrongSignature),
        }
    }
}

impl PathProblem {
    /// The first problem that says more than that nobody was found.
    fn or(self, next: Self) -> Self {
        if self == Self::NoKnownRoot { next } else { self }
    }
}

/// By key identifier where both sides have one: authorities keep their name when they change their key.
fn is_named_issuer(issuer: &Certificate, certificate: &Certificate) -> bool {
    if issuer.subject() != certificate.issuer() || issuer.der() == certificate.der() {
        return false;
    }
    match (&certificate.extensions().authority_key_identifier, &issuer.extensions().subject_key_identifier) {
        (Some(wanted), Some(own)) => wanted == own,
        _ => true,
    }
}

/// basicConstraints must be there and say so; keyUsage, if there, too. RFC 5280, section 6.1.4 (k) to (n).
fn may_issue(issuer: &Certificate, below: u32) -> bool {
    let extensions = issuer.extensions();
    let Some(constraints) = extensions.basic_constraints else { return false };
    constraints.is_authority
        && constraints.path_length.is_none_or(|longest| below <= longest)
        && extensions.key_usage.is_none_or(|usage| usage.certificate_signing)
}

/// Authorities between a signer and its root; JPKI has none, qualified services one or two.
const DEEPEST_PATH: u32 = 4;

/// A heap of look-alike certificates must not buy more work than this.
const MOST_SIGNATURES: u32 = 32;
