//! Whether a delivered result signs what was asked for: pure, over what was stored and what came.

use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{
    ByteRange, Certificate, CheckKind, CheckResult, DigestAlgorithm, Joined, Patch, PdfProblem, SignatureMismatch,
    SignatureVerdict, Source, Trust, Verdict, VerdictState,
};
use wire::{Consent, RejectReason, SignedDocument, SigningResult};

use crate::document::Document;

/// A signature that holds, ready to be kept.
pub(super) struct Sound {
    /// The appended revision with the signature in it.
    pub(super) revision: Vec<u8>,
    pub(super) verdict: Verdict,
}

/// Why there is no sound signature.
#[derive(Debug, thiserror::Error)]
pub(super) enum CheckProblem {
    #[error("rejected: {0:?}")]
    Rejected(RejectReason),
    /// Says nothing about the result: tried again later.
    #[error(transparent)]
    Unreadable(pades::SourceError),
}

impl From<PdfProblem> for CheckProblem {
    /// What is wrong with a document or a result stays wrong; only what a disk does may pass.
    fn from(problem: PdfProblem) -> Self {
        match problem {
            PdfProblem::Source(error) => Self::Unreadable(error),
            // The place is several times as long as what any authority that is believed issues.
            PdfProblem::SignatureTooLarge { .. } => Self::Rejected(RejectReason::CertificateUntrusted),
            other => {
                tracing::error!(problem = %other, "a result does not fit into its document");
                Self::Rejected(RejectReason::SignatureInvalid)
            }
        }
    }
}

/// What a result says of itself: a part for each document, in the order of the request, and each consent.
pub(super) fn check_answer<'a>(
    documents: usize,
    consents: &[Consent],
    result: &'a SigningResult,
) -> Result<&'a [SignedDocument], RejectReason> {
    let is_given = |consent: &Consent| {
        result.consents.iter().any(|given| given.id == consent.id && given.text_sha256 == consent.text_sha256)
    };
    if !consents.iter().all(is_given) {
        return Err(RejectReason::ConsentMissing);
    }
    if result.documents.len() != documents {
        return Err(RejectReason::AttributesInvalid);
    }
    // One touch is one person's.
    let certificates = result.documents.iter().map(|signed| &signed.certificate);
    let is_one_signers = certificates.clone().zip(certificates.skip(1)).all(|(one, next)| one == next);
    if is_one_signers { Ok(&result.documents) } else { Err(RejectReason::OtherSigner) }
}

/// Who signed: judged without a look at the document, so that nobody whom no authority knows decides what the check costs.
pub(super) fn check_signer(asked: &Asked<'_>, signed: &SignedDocument, then: SystemTime) -> Result<Certificate, RejectReason> {
    let certificate = Certificate::parse(&signed.certificate).map_err(|_| RejectReason::CertificateUntrusted)?;
    if !certificate.is_valid_at(then) {
        return Err(RejectReason::CertificateExpired);
    }
    asked.trust.reaches(&certificate, &[], &AwsLc, then).map_err(|_| RejectReason::CertificateUntrusted)?;
    if !certificate.can_sign_contracts() {
        return Err(RejectReason::CertificateNotForSigning);
    }
    match &asked.document.declared_name {
        Some(declared) if !is_named(&certificate, declared) => Err(RejectReason::OtherSigner),
        _ => Ok(certificate),
    }
}

/// `then` is when the result was delivered. `original` and `appended` are the document's two pieces; `appended` is small, the original may be large.
pub(super) fn check<S: Source>(
    asked: &Asked<'_>,
    signed: &SignedDocument,
    original: S,
    mut appended: Vec<u8>,
    then: SystemTime,
) -> Result<Sound, CheckProblem> {
    let certificate = check_signer(asked, signed, then).map_err(CheckProblem::Rejected)?;
    let byte_range = ByteRange::from_numbers(asked.document.byte_range).ok_or(PdfProblem::NoUnsignedSignature)?;
    let whole = Joined(&original, &appended);
    check_signed(asked, signed, &certificate, &whole, &byte_range)?;
    let rejected = |_| CheckProblem::Rejected(RejectReason::SignatureInvalid);
    let cms = pades::cms(&signed.signed_attributes, &signed.signature, certificate.der(), &[]).map_err(rejected)?;
    let patch = pades::embed(&whole, &byte_range, &cms)?;
    apply(&patch, asked.document.original_bytes, &mut appended).ok_or(PdfProblem::NoUnsignedSignature)?;
    let verdict = pades::verify(&Joined(&original, &appended), asked.trust, &AwsLc, then)?;
    let own = verdict.signatures.iter().find(|signature| signature.byte_range == Some(byte_range));
    match own.map(why_invalid) {
        Some(None) => Ok(Sound { revision: appended, verdict }),
        Some(Some(reason)) => Err(CheckProblem::Rejected(reason)),
        None => Err(CheckProblem::Rejected(RejectReason::SignatureInvalid)),
    }
}

/// What a part of the result is measured by.
pub(super) struct Asked<'a> {
    pub(super) document: &'a Document,
    pub(super) trust: &'a Trust,
}

/// The signature is one over this document, by the key of the certificate that came with it.
fn check_signed(
    asked: &Asked<'_>,
    signed: &SignedDocument,
    certificate: &Certificate,
    whole: &dyn Source,
    byte_range: &ByteRange,
) -> Result<(), CheckProblem> {
    let rejected = CheckProblem::Rejected;
    let algorithm = certificate.signature_algorithm().map_err(|_| rejected(RejectReason::SignatureInvalid))?;
    let digest = match algorithm.digest_algorithm() {
        DigestAlgorithm::Sha256 => asked.document.digest.to_vec(),
        other => pades::digest_in(other, whole, byte_range)?,
    };
    pades::check_signature(&digest, certificate, None, &signed.signed_attributes, &signed.signature, &AwsLc)
        .map_err(|mismatch| rejected(reason_of_mismatch(&mismatch)))
}

fn reason_of_mismatch(mismatch: &SignatureMismatch) -> RejectReason {
    match mismatch {
        SignatureMismatch::Attributes => RejectReason::AttributesInvalid,
        _ => RejectReason::SignatureInvalid,
    }
}

/// White space in a Japanese name is a matter of taste: 山田　太郎 is 山田太郎.
fn is_named(certificate: &Certificate, declared: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    let name = certificate.person().map(|person| person.name).or_else(|| certificate.common_name());
    name.is_some_and(|name| letters(&name) == letters(declared))
}

/// Puts the signature into the appended revision, where alone it may lie.
pub(super) fn apply(patch: &Patch, original_bytes: u64, appended: &mut [u8]) -> Option<()> {
    let start = usize::try_from(patch.offset.checked_sub(original_bytes)?).ok()?;
    appended.get_mut(start..start.checked_add(patch.bytes.len())?)?.copy_from_slice(&patch.bytes);
    Some(())
}

/// `None` if nothing about the signature failed. What could not be checked is no reason to refuse it.
fn why_invalid(signature: &SignatureVerdict) -> Option<RejectReason> {
    if signature.state != VerdictState::Invalid {
        return None;
    }
    let failed = signature.checks.iter().find(|check| matches!(check.result, CheckResult::Failed(_)));
    Some(match failed.map(|check| check.what) {
        Some(CheckKind::Path) => RejectReason::CertificateUntrusted,
        Some(CheckKind::Validity) => RejectReason::CertificateExpired,
        Some(CheckKind::KeyUsage) => RejectReason::CertificateNotForSigning,
        _ => RejectReason::SignatureInvalid,
    })
}
