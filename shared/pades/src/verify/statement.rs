//! A signature around its own text, which stands in no document.

use std::time::SystemTime;

use super::check::{Check, CheckKind, Fact};
use super::signature::{Court, Findings, worst};
use super::verdict::{SignatureKind, Signer, VerdictState};
use crate::certificate::{DigestAlgorithm, SignatureVerifier};
use crate::cms::SignedData;
use crate::revocation::{Inquest, Inquiry, Revocation};
use crate::trust::Trust;

/// Judges it as a document's signature without any time stamp.
pub(crate) fn judge_statement(
    signed: &SignedData<'_>,
    (trust, verifier): (&Trust, &dyn SignatureVerifier),
    revocation: &Revocation<'_>,
    now: SystemTime,
) -> (VerdictState, Option<Signer>) {
    let inquiry = Inquiry::new(revocation, Vec::new(), verifier, now);
    let court = Court { trust, verifier, now, more: &[], inquiry };
    let algorithm = DigestAlgorithm::of_identifier(signed.digest_algorithm).ok();
    let digest = algorithm.map(|algorithm| algorithm.hash(signed.content));
    let mut found = Findings::default();
    court.judge_signed_data(SignatureKind::Pades, signed, digest.as_deref(), Err(Fact::NoTimeStamp), &mut found);
    let Findings { mut checks, signer, inquest, .. } = found;
    let inquest = inquest.unwrap_or_else(Inquest::not_held);
    checks.push(Check { what: CheckKind::Revocation, result: inquest.result });
    (worst(&checks), signer.as_ref().map(Signer::of))
}
