use std::time::SystemTime;

use super::policies::{self, is_self_issued};
use super::{Trust, constraints, jpki};
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
    #[error("an authority may not certify this name")]
    NameNotPermitted,
    #[error("an authority demands a policy, and none holds on the whole path")]
    NoValidPolicy,
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

/// Finds the way from a certificate to a root: RFC 5280, section 6.1, or what somebody puts in its place.
///
/// Whatever it finds, the path must end at a root of [`Trust`], and the policies of JPKI hold below its keys. Revocation is not
/// its business.
pub trait PathFinder {
    /// The authorities above [`PathQuestion::signer`], its own issuer first and the root last.
    fn find(&self, question: &PathQuestion<'_>) -> Result<Vec<Certificate>, PathProblem>;
}

/// What a path is looked for.
pub struct PathQuestion<'a> {
    /// It is no root itself.
    pub signer: &'a Certificate,
    /// Certificates that came along, believed by nobody.
    pub others: &'a [Certificate],
    pub roots: Vec<&'a Certificate>,
    pub verifier: &'a dyn SignatureVerifier,
    /// All of the path has to be valid then.
    pub time: SystemTime,
}

/// The default: depth first, issuers by key identifier, with the constraints of names and policies. RFC 5280, section 6.1.
pub(super) struct OwnPaths;

/// The authorities above a signer, its own issuer first and the root last; none if the signer is a root itself.
pub(crate) struct Path {
    pub(crate) issuers: Vec<Certificate>,
    /// Whether the law says who may ask about certificates on this path.
    pub(crate) is_jpki: bool,
}

/// Searches a path from `signer` through `others` to a root, at `time`. Revocation is asked by nobody here.
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
    let roots = trust.roots().iter().map(|root| &root.certificate).collect();
    let issuers = trust.finder().find(&PathQuestion { signer, others, roots, verifier, time })?;
    let last = issuers.last().ok_or(PathProblem::NoKnownRoot)?;
    let root = trust.roots().iter().find(|root| root.certificate.der() == last.der()).ok_or(PathProblem::NoKnownRoot)?;
    // Also where somebody else certified a key of JPKI.
    let is_jpki = root.is_jpki || issuers.iter().any(|issuer| trust.has_jpki_key(issuer));
    if is_jpki {
        jpki::judge_policy(signer)?;
    }
    Ok(Path { issuers, is_jpki })
}

impl PathFinder for OwnPaths {
    fn find(&self, question: &PathQuestion<'_>) -> Result<Vec<Certificate>, PathProblem> {
        let mut issuers = Search { question, signatures_left: MOST_SIGNATURES }.above(&[question.signer])?;
        issuers.reverse();
        Ok(issuers)
    }
}

struct Search<'a> {
    question: &'a PathQuestion<'a>,
    signatures_left: u32,
}

impl Search<'_> {
    /// `below` is the path so far, the signer first. The root comes first in what is found.
    fn above(&mut self, below: &[&Certificate]) -> Result<Vec<Certificate>, PathProblem> {
        let (question, Some(certificate)) = (self.question, below.last()) else { return Err(PathProblem::NoKnownRoot) };
        let mut problem = PathProblem::NoKnownRoot;
        for root in question.roots.iter().filter(|root| is_named_issuer(root, certificate)) {
            match self.step(below, root).and_then(|()| check_constraints(below, root)) {
                Ok(()) => return Ok(vec![Certificate::clone(root)]),
                Err(next) => problem = problem.or(next),
            }
        }
        let is_next = |other: &&Certificate| below.len() <= DEEPEST_PATH && is_named_issuer(other, certificate);
        for issuer in question.others.iter().filter(is_next) {
            let further = [below, &[issuer]].concat();
            match self.step(below, issuer).and_then(|()| self.above(&further)) {
                Ok(mut issuers) => {
                    issuers.push(issuer.clone());
                    return Ok(issuers);
                }
                Err(next) => problem = problem.or(next),
            }
        }
        Err(problem)
    }

    /// From the last of `below` to its issuer.
    fn step(&mut self, below: &[&Certificate], issuer: &Certificate) -> Result<(), PathProblem> {
        let Some(certificate) = below.last() else { return Err(PathProblem::NoKnownRoot) };
        if !may_issue(issuer, below) {
            return Err(PathProblem::NotAnAuthority);
        }
        if issuer.extensions().has_unknown_critical {
            return Err(PathProblem::UnknownCriticalExtension);
        }
        if !issuer.is_valid_at(self.question.time) {
            return Err(PathProblem::IssuerNotValid);
        }
        self.signatures_left = self.signatures_left.checked_sub(1).ok_or(PathProblem::NoKnownRoot)?;
        match certificate.is_signed_by(issuer, self.question.verifier)? {
            true => Ok(()),
            false => Err(PathProblem::WrongSignature),
        }
    }
}

/// What the authorities of a whole path demand of those below them. Nobody gets here without a root's signature, so that a
/// stranger's heap of names costs nothing.
fn check_constraints(below: &[&Certificate], root: &Certificate) -> Result<(), PathProblem> {
    let authorities = below.iter().copied().chain([root]).enumerate().skip(1);
    for (place, issuer) in authorities {
        check_names(issuer, below.get(..place).unwrap_or(below))?;
    }
    let path: Vec<&Certificate> = below.iter().rev().copied().collect();
    if policies::hold(&path) { Ok(()) } else { Err(PathProblem::NoValidPolicy) }
}

/// An authority that only changes its key need not permit its own name. RFC 5280, section 4.2.1.10.
fn check_names(issuer: &Certificate, below: &[&Certificate]) -> Result<(), PathProblem> {
    let Some(constraints) = issuer.extensions().name_constraints.as_deref() else { return Ok(()) };
    let bound = below.iter().enumerate().filter(|(place, certificate)| *place == 0 || !is_self_issued(certificate));
    match bound.map(|(_, certificate)| certificate).all(|certificate| constraints::permit(constraints, certificate)) {
        true => Ok(()),
        false => Err(PathProblem::NameNotPermitted),
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
    if !certificate.names_issuer(issuer) || issuer.der() == certificate.der() {
        return false;
    }
    match (&certificate.extensions().authority_key_identifier, &issuer.extensions().subject_key_identifier) {
        (Some(wanted), Some(own)) => wanted == own,
        _ => true,
    }
}

/// basicConstraints must be there and say so; keyUsage, if there, too. RFC 5280, section 6.1.4 (k) to (n). An authority that
/// only changes its key does not lengthen the path.
fn may_issue(issuer: &Certificate, below: &[&Certificate]) -> bool {
    let between = below.iter().skip(1).filter(|authority| !is_self_issued(authority)).count();
    let extensions = issuer.extensions();
    let Some(constraints) = extensions.basic_constraints else { return false };
    constraints.is_authority
        && constraints.path_length.is_none_or(|longest| u32::try_from(between).is_ok_and(|between| between <= longest))
        && extensions.key_usage.is_none_or(|usage| usage.certificate_signing)
}

/// Authorities between a signer and its root; JPKI has none, qualified services one or two, and where services of states
/// certify each other's there are six.
const DEEPEST_PATH: usize = 8;

/// A heap of look-alike certificates must not buy more work than this.
const MOST_SIGNATURES: u32 = 32;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use der::Tag;
    use simulator::practice;

    use super::*;
    use crate::asn1::element;
    use crate::certificate::SignatureAlgorithm;

    #[test]
    fn a_key_of_jpki_that_somebody_else_certified_keeps_its_policies() {
        let other_root = practice().authority.ca_der();
        let trust = Trust::new(&[other_root.to_vec()]).expect("a certificate");
        let other_root = Certificate::parse(other_root).expect("a certificate");
        let jpki = &trust.roots().iter().find(|root| root.is_jpki).expect("three roots").certificate;
        let crossed = certificate(&other_root, jpki);
        let signer = certificate(&crossed, &Certificate::parse(&practice().hanako.signing.certificate).expect("a certificate"));
        // 2027-01-01T00:00:00Z.
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600);
        let found = find_path(&signer, &[crossed], &trust, &Believer, time);
        assert_eq!(found.err(), Some(PathProblem::UnknownPolicy));
    }

    /// Of the subject's name and key, as an authority, without any policy.
    fn certificate(issuer: &Certificate, subject: &Certificate) -> Certificate {
        let sequence = |parts: &[&[u8]]| element(Tag::Sequence, parts).expect("short");
        let algorithm = sequence(&[&SHA256_WITH_RSA, &[5, 0]]);
        let validity = sequence(&[b"\x17\x0d250101000000Z", b"\x17\x0d350101000000Z"]);
        let extensions = element(crate::asn1::constructed(3), &[&sequence(&[&AUTHORITY])]).expect("short");
        let (version, key) = ([0xA0, 3, 2, 1, 2], subject.subject_public_key_info());
        let body = [&version[..], &[2, 1, 1], &algorithm, issuer.subject(), &validity, subject.subject(), key, &extensions];
        let der = sequence(&[&sequence(&body), &algorithm, &[3, 2, 0, 0]]);
        Certificate::parse(&der).expect("a certificate")
    }

    struct Believer;

    impl SignatureVerifier for Believer {
        fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
            true
        }
    }

    const SHA256_WITH_RSA: [u8; 11] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
    /// basicConstraints, critical.
    const AUTHORITY: [u8; 17] = [0x30, 15, 6, 3, 0x55, 0x1D, 19, 1, 1, 0xFF, 4, 5, 0x30, 3, 1, 1, 0xFF];
}
