use std::time::SystemTime;

use super::check::{Check, CheckKind, Fact};
use super::verdict::{Claims, SignatureKind, SignatureVerdict, Signer, VerdictState};
use crate::certificate::{Certificate, DigestAlgorithm, SignatureAlgorithm, SignatureVerifier, Weakness};
use crate::cms::{AttributeFinding, CmsProblem, SignedData};
use crate::revision::{Change, SignatureField};
use crate::trust::{Trust, find_path};

/// A signature field with the CMS that stands in it.
pub(super) struct Candidate<'a> {
    pub(super) field: &'a SignatureField,
    kind: SignatureKind,
    cms: Result<SignedData<'a>, CmsProblem>,
}

/// Everything that a judgement depends on beside the document.
pub(super) struct Court<'a> {
    pub(super) trust: &'a Trust,
    pub(super) verifier: &'a dyn SignatureVerifier,
    pub(super) now: SystemTime,
}

impl<'a> Candidate<'a> {
    pub(super) fn read(field: &'a SignatureField) -> Self {
        let kind = SignatureKind::of(field.sub_filter.as_deref(), field.is_time_stamp);
        Self { field, kind, cms: SignedData::read(&field.contents) }
    }

    /// The hash that the document must be put through to judge this signature.
    pub(super) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        let signed = self.cms.as_ref().ok()?;
        DigestAlgorithm::of_identifier(signed.digest_algorithm).ok()
    }
}

impl Court<'_> {
    pub(super) fn judge(
        &self,
        candidate: &Candidate<'_>,
        digest: Option<&[u8]>,
        changes: Vec<Change>,
        document_bytes: u64,
    ) -> SignatureVerdict {
        let field = candidate.field;
        let mut checks = vec![byte_range_check(field)];
        let signer = self.judge_contents(candidate, digest, &mut checks);
        checks.push(Check::that(CheckKind::Changes, changes.is_empty(), Fact::ChangedAfterSigning));
        checks.push(time_check(candidate));
        checks.push(Check::not_checked(CheckKind::Revocation, Fact::RevocationNotAsked));
        checks.sort_by_key(|check| check.what);
        SignatureVerdict {
            state: worst(&checks),
            kind: candidate.kind,
            field_name: field.field_name.clone(),
            revision: field.revision_index,
            byte_range: field.byte_range,
            covers_whole_document: field.byte_range.is_some_and(|range| range.end() == document_bytes),
            signer: signer.as_ref().map(Signer::of),
            claimed: Claims::of(field),
            changes,
            checks,
        }
    }

    /// Judges the CMS and returns the signer's certificate, if one came along.
    fn judge_contents(&self, candidate: &Candidate<'_>, digest: Option<&[u8]>, checks: &mut Vec<Check>) -> Option<Certificate> {
        if candidate.kind == SignatureKind::DocumentTimeStamp {
            checks.push(Check::not_checked(CheckKind::Cms, Fact::TimeStampNotSupported));
            return None;
        }
        if candidate.kind == SignatureKind::Other {
            checks.push(Check::failed(CheckKind::Cms, Fact::UnknownKind));
            return None;
        }
        match &candidate.cms {
            Ok(signed) => self.judge_signed_data(candidate.kind, signed, digest, checks),
            Err(problem) => {
                checks.push(Check::failed(CheckKind::Cms, Fact::Cms(*problem)));
                None
            }
        }
    }

    fn judge_signed_data(
        &self,
        kind: SignatureKind,
        signed: &SignedData<'_>,
        digest: Option<&[u8]>,
        checks: &mut Vec<Check>,
    ) -> Option<Certificate> {
        checks.push(Check::passed(CheckKind::Cms));
        checks.push(message_digest_check(signed, digest));
        checks.push(attributes_check(signed));
        let (signer, others) = match split_certificates(signed) {
            Ok(certificates) => certificates,
            Err(fact) => {
                checks.push(Check::failed(CheckKind::SigningCertificate, fact));
                return None;
            }
        };
        checks.push(signing_certificate_check(kind, signed, &signer));
        checks.extend(self.signature_checks(signed, &signer));
        checks.extend(self.certificate_checks(&signer, &others));
        Some(signer)
    }

    fn signature_checks(&self, signed: &SignedData<'_>, signer: &Certificate) -> [Check; 2] {
        match algorithm_of(signed, signer) {
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

    fn certificate_checks(&self, signer: &Certificate, others: &[Certificate]) -> [Check; 3] {
        let path = match find_path(signer, others, self.trust, self.verifier, self.now) {
            Ok(()) => Check::passed(CheckKind::Path),
            Err(problem) => Check::failed(CheckKind::Path, Fact::Path(problem)),
        };
        let for_contracts = signer.can_sign_contracts();
        [Check::that(CheckKind::KeyUsage, for_contracts, Fact::NotForContracts), self.validity_check(signer), path]
    }

    fn validity_check(&self, signer: &Certificate) -> Check {
        let fact = if self.now < signer.not_before() { Fact::NotYetValid } else { Fact::Expired };
        Check::that(CheckKind::Validity, signer.is_valid_at(self.now), fact)
    }
}

impl Signer {
    fn of(certificate: &Certificate) -> Self {
        Self {
            common_name: certificate.common_name(),
            person: certificate.person(),
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

fn worst(checks: &[Check]) -> VerdictState {
    let states = checks.iter().map(|check| check.result.state());
    states.max().unwrap_or(VerdictState::Invalid)
}

fn byte_range_check(field: &SignatureField) -> Check {
    match field.problem {
        Some(problem) => Check::failed(CheckKind::ByteRange, Fact::Dictionary(problem)),
        None => Check::passed(CheckKind::ByteRange),
    }
}

fn time_check(candidate: &Candidate<'_>) -> Check {
    let is_stamped = candidate.cms.as_ref().is_ok_and(|signed| signed.has_time_stamp);
    let fact = if is_stamped { Fact::TimeStampNotSupported } else { Fact::NoTimeStamp };
    Check::not_checked(CheckKind::Time, fact)
}

fn message_digest_check(signed: &SignedData<'_>, digest: Option<&[u8]>) -> Check {
    let is_right = digest.is_some_and(|digest| signed.attributes.message_digest(digest) == AttributeFinding::Right);
    Check::that(CheckKind::MessageDigest, is_right, Fact::DocumentChanged)
}

fn attributes_check(signed: &SignedData<'_>) -> Check {
    if !signed.attributes.is_sorted() {
        return Check::failed(CheckKind::Attributes, Fact::AttributesUnsorted);
    }
    let is_right = signed.attributes.content_type() == AttributeFinding::Right;
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

/// The signer's certificate and the others that came along; of those, unreadable ones are left out.
fn split_certificates(signed: &SignedData<'_>) -> Result<(Certificate, Vec<Certificate>), Fact> {
    let parsed: Vec<_> = signed.certificates.iter().map(|der| Certificate::parse(der)).collect();
    let has_unreadable = parsed.iter().any(Result::is_err);
    let mut readable: Vec<Certificate> = parsed.into_iter().flatten().collect();
    match readable.iter().position(|certificate| signed.signer.names(certificate)) {
        Some(place) => Ok((readable.remove(place), readable)),
        None if has_unreadable => Err(Fact::SignerCertificateUnreadable),
        None => Err(Fact::SignerCertificateMissing),
    }
}

fn algorithm_of(signed: &SignedData<'_>, signer: &Certificate) -> Result<SignatureAlgorithm, Weakness> {
    let digest = DigestAlgorithm::of_identifier(signed.digest_algorithm)?;
    SignatureAlgorithm::of_identifier(signed.signature_algorithm, Some(digest), signer.key())
}
