use std::time::SystemTime;

use super::{Root, Trust, jpki};
use crate::certificate::{Certificate, SignatureVerifier, Weakness};

/// What the search for a path from the signer to a root came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathFinding {
    Found,
    /// No root that is believed issued the certificate, directly or through others that came along.
    NoKnownRoot,
    /// An issuer was named, and its key did not make the signature.
    WrongSignature,
    /// An issuer may not issue: basicConstraints, keyUsage or the length of the path forbids it.
    NotAnAuthority,
    /// An issuer was not valid at the time in question.
    IssuerNotValid,
    UnknownCriticalExtension,
    Weak(Weakness),
    TestPolicy,
    PhonePolicy,
    UnknownPolicy,
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
) -> PathFinding {
    if signer.extensions().has_unknown_critical {
        return PathFinding::UnknownCriticalExtension;
    }
    if trust.roots().iter().any(|root| root.certificate.der() == signer.der()) {
        return PathFinding::Found;
    }
    let mut search = Search { signer, others, trust, verifier, time, signatures_left: MOST_SIGNATURES };
    search.above(signer, 0)
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
    /// `below` authorities stand between the signer and `certificate`'s issuer.
    fn above(&mut self, certificate: &Certificate, below: u32) -> PathFinding {
        let mut best = PathFinding::NoKnownRoot;
        let trust = self.trust;
        for root in trust.roots() {
            if is_named_issuer(&root.certificate, certificate) {
                match self.step(certificate, &root.certificate, below).map(|()| self.at_root(root)) {
                    Ok(found @ PathFinding::Found) => return found,
                    Ok(finding) | Err(finding) => best = best.or(finding),
                }
            }
        }
        let others = self.others;
        for issuer in others.iter().filter(|other| below < DEEPEST_PATH && is_named_issuer(other, certificate)) {
            match self.step(certificate, issuer, below).map(|()| self.above(issuer, below + 1)) {
                Ok(found @ PathFinding::Found) => return found,
                Ok(finding) | Err(finding) => best = best.or(finding),
            }
        }
        best
    }

    fn at_root(&self, root: &Root) -> PathFinding {
        if root.is_jpki {
            return jpki::judge_policy(self.signer);
        }
        PathFinding::Found
    }

    fn step(&mut self, certificate: &Certificate, issuer: &Certificate, below: u32) -> Result<(), PathFinding> {
        if !may_issue(issuer, below) {
            return Err(PathFinding::NotAnAuthority);
        }
        if issuer.extensions().has_unknown_critical {
            return Err(PathFinding::UnknownCriticalExtension);
        }
        if !issuer.is_valid_at(self.time) {
            return Err(PathFinding::IssuerNotValid);
        }
        self.signatures_left = self.signatures_left.checked_sub(1).ok_or(PathFinding::NoKnownRoot)?;
        match certificate.is_signed_by(issuer, self.verifier) {
            Ok(true) => Ok(()),
            Ok(false) => Err(PathFinding::WrongSignature),
            Err(weakness) => Err(PathFinding::Weak(weakness)),
        }
    }
}

impl PathFinding {
    /// The first finding that says more than that nobody was found.
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
