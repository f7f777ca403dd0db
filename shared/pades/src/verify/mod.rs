//! What a document's signatures are worth: valid, valid in part, or invalid, and why.

mod candidate;
mod check;
mod effort;
mod mask;
pub mod report;
mod signature;
mod statement;
mod store;
mod time;
mod verdict;

use std::borrow::Cow;
use std::time::SystemTime;

use crate::asn1::ber::in_der;
use crate::byte_range::ByteRange;
use crate::certificate::{DigestAlgorithm, SignatureVerifier};
use crate::digest::digests_in;
use crate::pdf::{Document, Pages};
use crate::problem::{Ambiguity, PdfProblem};
use crate::revision::{History, signatures};
use crate::revocation::{Inquiry, Revocation};
use crate::source::Source;
use crate::trust::Trust;

pub use check::{Check, CheckKind, CheckResult, Fact};
pub use verdict::{Claims, SignatureKind, SignatureVerdict, Signer, Verdict, VerdictState};

pub(crate) use statement::judge_statement;

use candidate::Candidate;
use effort::Sparing;
use signature::{Court, Evidence};
use store::Store;

/// Judges every signature of a document, at `now`.
///
/// A certificate must have been valid at the time that a believed time stamp proves, or else now; the claimed time is
/// only shown. Nobody is asked about revocation: unless the document carries what proves it, the verdict says so and is
/// valid in part at best. A file that two readers can read differently is invalid; one that cannot be read at all is a
/// problem instead of a verdict.
pub fn verify(
    source: &dyn Source,
    trust: &Trust,
    verifier: &dyn SignatureVerifier,
    now: SystemTime,
) -> Result<Verdict, PdfProblem> {
    verify_asking(source, trust, verifier, &Revocation::default(), now)
}

/// The same, and asks those whom `revocation` names what became of the certificates.
pub fn verify_asking(
    source: &dyn Source,
    trust: &Trust,
    verifier: &dyn SignatureVerifier,
    revocation: &Revocation<'_>,
    now: SystemTime,
) -> Result<Verdict, PdfProblem> {
    let sparing = Sparing::new(verifier);
    let verdict = judge(source, trust, &sparing, revocation, now)?;
    sparing.refuse_excess()?;
    Ok(verdict)
}

fn judge(
    source: &dyn Source,
    trust: &Trust,
    verifier: &Sparing<'_>,
    revocation: &Revocation<'_>,
    now: SystemTime,
) -> Result<Verdict, PdfProblem> {
    let document = match Document::open(source) {
        Err(PdfProblem::Ambiguous { what, .. }) => return Ok(Verdict::of_ambiguous_file(what)),
        opened => opened?,
    };
    let fields = signatures(&document)?;
    if let Some(what) = ambiguous_pages(&document).filter(|_| !fields.is_empty()) {
        return Ok(Verdict::of_ambiguous_file(what));
    }
    let contents: Vec<Cow<'_, [u8]>> = fields.iter().map(|field| in_der(&field.contents)).collect();
    let candidates: Vec<Candidate<'_>> =
        fields.iter().zip(&contents).map(|(field, contents)| Candidate::read(field, contents)).collect();
    let digests = digests_of(source, &candidates)?;
    let mut store = if fields.is_empty() { Store::default() } else { Store::read(document.latest()) };
    candidates.iter().for_each(|candidate| store.take_along(candidate));
    let Store { certificates, evidence, .. } = store;
    let inquiry = Inquiry::new(revocation, evidence, verifier, now);
    let court = Court { trust, verifier, now, more: &certificates, inquiry };
    let proofs = court.proofs(&candidates, &digests);
    let oldest = fields.iter().map(|field| field.revision_index).min().unwrap_or(document.revisions().len());
    let history = History::since(&document, oldest)?;
    let share = MOST_CHANGES / candidates.len().max(1);
    let mut verdicts = Vec::new();
    for (candidate, digest) in candidates.iter().zip(&digests) {
        let later = history.after(&document, candidate.field.revision_index)?.of_at_most(share);
        let evidence = Evidence { digest: digest.as_deref(), later, proofs: &proofs, document_bytes: source.len() };
        verdicts.push(court.judge(candidate, evidence));
    }
    Ok(Verdict::of(verdicts))
}

/// Where revisions are compared, this is looked at there.
fn ambiguous_pages(document: &Document<'_>) -> Option<Ambiguity> {
    match Pages::of(document.latest()) {
        Err(PdfProblem::Ambiguous { what, .. }) if document.revisions().len() == 1 => Some(what),
        _ => None,
    }
}

/// One pass over the file for each kind of hash that a signature asks for; mostly that is one.
fn digests_of(source: &dyn Source, candidates: &[Candidate<'_>]) -> Result<Vec<Option<Vec<u8>>>, PdfProblem> {
    let mut all = vec![None; candidates.len()];
    for algorithm in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        let wanted: Vec<(usize, ByteRange)> = candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| candidate.digest_algorithm() == Some(algorithm))
            .filter_map(|(index, candidate)| Some((index, candidate.field.byte_range?)))
            .collect();
        let ranges: Vec<ByteRange> = wanted.iter().map(|(_, range)| *range).collect();
        let digests = digests_in(algorithm, source, &ranges)?;
        for ((index, _), digest) in wanted.into_iter().zip(digests) {
            if let Some(slot) = all.get_mut(index) {
                *slot = Some(digest);
            }
        }
    }
    Ok(all)
}

/// Told of all signatures together; of one alone these are more than are compared.
const MOST_CHANGES: usize = 4_000;
