use std::time::SystemTime;

use super::candidate::{Candidate, Contents};
use super::check::{Check, CheckKind, Fact};
use super::time::{Proof, ProvenTime};
use super::verdict::{Claims, SignatureKind, SignatureVerdict, Signer, VerdictState};
use crate::certificate::{Certificate, SignatureVerifier};
use crate::cms::{AttributeFinding, DATA, NoSigner, SignedData};
use crate::revision::{Later, SignatureField};
use crate::revocation::{Inquest, Inquiry};
use crate::trust::{Path, PathProblem, Trust, find_path};

/// Everything that a judgement depends on beside the document.
pub(super) struct Court<'a> {
    pub(super) trust: &'a Trust,
    pub(super) verifier: &'a dyn SignatureVerifier,
    pub(super) now: SystemTime,
    /// Certificates that the document carries beside its signatures.
    pub(super) more: &'a [Certificate],
    pub(super) inquiry: Inquiry<'a>,
}

/// What is known of the document around one signature.
pub(super) struct Evidence<'a> {
    /// Of the covered bytes.
    pub(super) digest: Option<&'a [u8]>,
    pub(super) later: Later,
    pub(super) proofs: &'a [Proof],
    pub(super) document_bytes: u64,
}

/// What a signature's contents tell.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) checks: Vec<Check>,
    pub(super) signer: Option<Certificate>,
    proven_time: Option<SystemTime>,
    /// None where no path was found to ask about.
    pub(super) inquest: Option<Inquest>,
}

impl Court<'_> {
    pub(super) fn judge(&self, candidate: &Candidate<'_>, evidence: Evidence<'_>) -> SignatureVerdict {
        let field = candidate.field;
        let mut found = self.judge_contents(candidate, &evidence);
        let checks = &mut found.checks;
        checks.push(byte_range_check(field));
        checks.push(match Fact::of_changes(&evidence.later.forbidden) {
            None => Check::passed(CheckKind::Changes),
            Some(fact) => Check::failed(CheckKind::Changes, fact),
        });
        let inquest = found.inquest.unwrap_or_else(Inquest::not_held);
        checks.push(Check { what: CheckKind::Revocation, result: inquest.result });
        checks.sort_by_key(|check| check.what);
        SignatureVerdict {
            state: worst(checks),
            kind: candidate.kind,
            field_name: field.field_name.clone(),
            revision: field.revision_index,
            byte_range: field.byte_range,
            covers_whole_document: field.byte_range.is_some_and(|range| range.end() == evidence.document_bytes),
            signer: found.signer.as_ref().map(Signer::of),
            claimed: Claims::of(field),
            proven_time: found.proven_time,
            changes: evidence.later.forbidden,
            permitted_changes: evidence.later.permitted,
            revocation: inquest.answers,
            validation_data: inquest.kept,
            carries_receipt: field.carries_receipt,
            checks: found.checks,
        }
    }

    fn judge_contents(&self, candidate: &Candidate<'_>, evidence: &Evidence<'_>) -> Findings {
        let mut found = Findings::default();
        match &candidate.contents {
            Contents::TimeStamp(token) => {
                found.signer = token.as_ref().ok().and_then(|token| token.authority(self.more));
                let token = token.as_ref().map_err(|problem| *problem);
                found.proven_time = self.judge_token(token, evidence, candidate.field.revision_index, &mut found);
            }
            Contents::Signature(_) if candidate.kind == SignatureKind::Other => {
                found.checks.push(Check::failed(CheckKind::Cms, Fact::UnknownKind));
            }
            Contents::Signature(Err(problem)) => found.checks.push(Check::failed(CheckKind::Cms, Fact::Cms(*problem))),
            Contents::Signature(Ok(signed)) => {
                let proven = self.proven_time(signed, candidate.field.revision_index, evidence.proofs);
                self.judge_signed_data(candidate.kind, signed, evidence.digest, proven, &mut found);
            }
        }
        found
    }

    /// `digest` is that of what was signed.
    pub(super) fn judge_signed_data(
        &self,
        kind: SignatureKind,
        signed: &SignedData<'_>,
        digest: Option<&[u8]>,
        proven: Result<ProvenTime, Fact>,
        found: &mut Findings,
    ) {
        found.proven_time = proven.as_ref().ok().map(|proven| proven.time);
        let checks = &mut found.checks;
        checks.push(Check::passed(CheckKind::Cms));
        checks.push(message_digest_check(signed, digest));
        checks.push(attributes_check(signed));
        checks.push(match &proven {
            Ok(_) => Check::passed(CheckKind::Time),
            Err(fact) => Check::not_checked(CheckKind::Time, *fact),
        });
        match signed.signer_and_others() {
            Ok((signer, others)) => {
                checks.push(signing_certificate_check(kind, signed, &signer));
                checks.extend(self.signature_checks(signed, &signer));
                let path = self.path_of(&signer, others, found.proven_time);
                checks.extend(self.certificate_checks(&signer, &path, found.proven_time.unwrap_or(self.now)));
                found.inquest = path.ok().map(|path| self.inquest(&signer, &path, proven.ok()));
                found.signer = Some(signer);
            }
            Err(NoSigner::Missing) => {
                checks.push(Check::failed(CheckKind::SigningCertificate, Fact::SignerCertificateMissing));
            }
            Err(NoSigner::Unreadable) => {
                checks.push(Check::failed(CheckKind::SigningCertificate, Fact::SignerCertificateUnreadable));
            }
        }
    }

    fn signature_checks(&self, signed: &SignedData<'_>, signer: &Certificate) -> [Check; 2] {
        match signed.algorithm_of(signer) {
            Ok(algorithm) => {
                let attributes = signed.attributes.as_set();
                let key = signer.subject_public_key_info();
                let holds = self.verifier.verify(key, algorithm, &attributes, signed.signature);
                [Check::passed(CheckKind::Algorithms), Check::that(CheckKind::SignatureValue, holds, Fact::WrongSignature)]
            }
            Err(weakness) => {
                [CheckKind::Algorithms, CheckKind::SignatureValue].map(|what| Check::failed(what, Fact::Weak(weakness)))
            }
        }
    }

    fn path_of(
        &self,
        signer: &Certificate,
        mut others: Vec<Certificate>,
        proven: Option<SystemTime>,
    ) -> Result<Path, PathProblem> {
        Certificate::join(&mut others, self.more);
        find_path(signer, &others, self.trust, self.verifier, proven.unwrap_or(self.now))
    }

    /// `time` is the proven one, or now.
    fn certificate_checks(&self, signer: &Certificate, path: &Result<Path, PathProblem>, time: SystemTime) -> [Check; 3] {
        let path = match path {
            Ok(_) => Check::passed(CheckKind::Path),
            Err(problem) => Check::failed(CheckKind::Path, Fact::Path(*problem)),
        };
        let for_contracts = signer.can_sign_contracts();
        [Check::that(CheckKind::KeyUsage, for_contracts, Fact::NotForContracts), validity_check(signer, time), path]
    }

    /// What rests on a time stamp is known only if its authority's certificate is known to be good as well.
    fn inquest(&self, signer: &Certificate, path: &Path, proven: Option<ProvenTime>) -> Inquest {
        let inquest = self.inquiry.about_signer(signer, path, proven.as_ref().map(|proven| proven.time));
        match proven {
            Some(proven) => inquest.resting_on(&proven.inquest),
            None => inquest,
        }
    }
}

impl Signer {
    pub(super) fn of(certificate: &Certificate) -> Self {
        Self {
            common_name: certificate.common_name(),
            person: certificate.person(),
            names_person: certificate.names_person(),
            issuer: certificate.issuer_name(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
        }
    }
}

impl Claims {
    fn of(field: &SignatureField) -> Self {
        Self {
            name: field.name.clone(),
            location: field.location.clone(),
            reason: field.reason.clone(),
            time: field.claimed_time,
        }
    }
}

pub(super) fn worst(checks: &[Check]) -> VerdictState {
    let states = checks.iter().map(|check| check.result.state());
    states.max().unwrap_or(VerdictState::Invalid)
}

fn byte_range_check(field: &SignatureField) -> Check {
    match field.problem {
        Some(problem) => Check::failed(CheckKind::ByteRange, Fact::Dictionary(problem)),
        None => Check::passed(CheckKind::ByteRange),
    }
}

fn validity_check(signer: &Certificate, time: SystemTime) -> Check {
    let fact = if time < signer.not_before() { Fact::NotYetValid } else { Fact::Expired };
    Check::that(CheckKind::Validity, signer.is_valid_at(time), fact)
}

/// A weak hash tells nothing of the document, neither that it is the one that was signed nor that it is not.
fn message_digest_check(signed: &SignedData<'_>, digest: Option<&[u8]>) -> Check {
    if let Err(weakness) = signed.digest() {
        return Check::failed(CheckKind::MessageDigest, Fact::Weak(weakness));
    }
    let is_right = digest.is_some_and(|digest| signed.attributes.message_digest(digest) == AttributeFinding::Right);
    Check::that(CheckKind::MessageDigest, is_right, Fact::DocumentChanged)
}

fn attributes_check(signed: &SignedData<'_>) -> Check {
    if !signed.attributes.is_sorted() {
        return Check::failed(CheckKind::Attributes, Fact::AttributesUnsorted);
    }
    if !signed.has_its_algorithms() {
        return Check::failed(CheckKind::Attributes, Fact::OtherAlgorithms);
    }
    let is_right = signed.attributes.content_type(DATA) == AttributeFinding::Right;
    Check::that(CheckKind::Attributes, is_right, Fact::ContentTypeWrong)
}

/// PAdES demands the attribute. The older form knows it as a supplement, without which another
/// certificate of the same key could be put in its place: so that remains unchecked.
fn signing_certificate_check(kind: SignatureKind, signed: &SignedData<'_>, signer: &Certificate) -> Check {
    let what = CheckKind::SigningCertificate;
    match signed.attributes.signing_certificate(signer) {
        AttributeFinding::Right => Check::passed(what),
        AttributeFinding::Wrong => Check::failed(what, Fact::OtherCertificate),
        AttributeFinding::Missing if kind == SignatureKind::Pkcs7 => Check::not_checked(what, Fact::CertificateNotNamed),
        AttributeFinding::Missing => Check::failed(what, Fact::CertificateNotNamed),
    }
}
