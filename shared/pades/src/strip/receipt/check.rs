use super::{FileDigest, Receipt, Statement, contents, entries, prepare_receipt};
use crate::byte_range::ByteRange;
use crate::digest::digest_of_everything;
use crate::pdf::{Document, Object};
use crate::problem::PdfProblem;
use crate::revision::{SignatureField, signatures};
use crate::source::{Prefix, Source};
use crate::verify::{CheckKind, CheckResult, SignatureVerdict, Verdict, VerdictState};

/// What a receipt is worth.
#[derive(Clone)]
pub struct ReceiptVerdict {
    /// As for a signature: valid in part as long as nobody says that the service's certificate was not revoked.
    pub state: VerdictState,
    /// The common name in the certificate of the service.
    pub service: Option<String>,
    /// What it says; believed only if there is no problem. None if it cannot be read.
    pub statement: Option<Statement>,
    /// The copy that it is part of; a text says nothing of one.
    pub copy: Option<FileDigest>,
    pub problem: Option<ReceiptProblem>,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptProblem {
    #[error("the receipt cannot be read")]
    Malformed,
    #[error("the receipt is not the only thing that was added to a stripped copy")]
    NotAlone,
    #[error("the copy is not the one that the receipt is about")]
    OtherCopy,
    #[error("the receipt's revision holds something else than the receipt")]
    OtherForm,
    #[error("a person signed it, not a service")]
    SignedByAPerson,
    #[error("its time stamp proves nothing")]
    TimeStamp,
    #[error("the service's signature is not valid")]
    Signature,
}

impl ReceiptProblem {
    /// A stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "receipt_malformed",
            Self::NotAlone => "receipt_not_alone",
            Self::OtherCopy => "receipt_of_other_copy",
            Self::OtherForm => "receipt_of_other_form",
            Self::SignedByAPerson => "receipt_signed_by_a_person",
            Self::TimeStamp => "receipt_time_stamp",
            Self::Signature => "receipt_signature",
        }
    }
}

/// The receipt of a document that was judged, if it carries one.
///
/// The revision is made anew from what the receipt says and compared byte for byte, so that no change goes unseen.
pub fn receipt_of(source: &dyn Source, verdict: &Verdict) -> Result<Option<ReceiptVerdict>, PdfProblem> {
    if !verdict.signatures.iter().any(|signature| signature.carries_receipt) {
        return Ok(None);
    }
    let document = match Document::open(source) {
        Err(PdfProblem::Ambiguous { .. }) => return Ok(None),
        opened => opened?,
    };
    let fields = signatures(&document)?;
    let Some((field, statement)) = statement(&document, &fields)? else {
        return Ok(None);
    };
    let read = statement.as_dictionary().zip(field.claimed_time).and_then(|(entries, time)| entries::read(entries, time));
    let own = verdict.signatures.iter().find(|signature| signature.revision == field.revision_index);
    let problem = match &read {
        None => Some(ReceiptProblem::Malformed),
        Some(_) if fields.len() != 1 || document.revisions().len() != 2 => Some(ReceiptProblem::NotAlone),
        Some(receipt) => problem_of_form(&document, field, receipt)?.or(problem_of_signature(own)),
    };
    let signed = own.map_or(VerdictState::Invalid, |own| own.state);
    Ok(Some(ReceiptVerdict {
        state: if problem.is_some() { VerdictState::Invalid } else { signed },
        service: own.and_then(|own| own.signer.as_ref()?.common_name.clone()),
        copy: read.as_ref().map(|receipt| receipt.copy),
        statement: read.map(|receipt| receipt.statement),
        problem,
    }))
}

/// The newest that any revision holds.
fn statement<'f>(
    document: &Document<'_>,
    fields: &'f [SignatureField],
) -> Result<Option<(&'f SignatureField, Object)>, PdfProblem> {
    for field in fields.iter().rev() {
        let Some(reference) = field.dictionary else { continue };
        if let Object::Dictionary(dictionary) = document.as_of(field.revision_index).object(reference)?
            && let Some(statement) = dictionary.get(entries::KEY)
        {
            return Ok(Some((field, statement.clone())));
        }
    }
    Ok(None)
}

fn problem_of_form(
    document: &Document<'_>,
    field: &SignatureField,
    receipt: &Receipt,
) -> Result<Option<ReceiptProblem>, PdfProblem> {
    let source = document.source();
    let Some(bytes) = document.revisions().last().map(crate::pdf::Revision::start) else {
        return Ok(Some(ReceiptProblem::NotAlone));
    };
    let copy = Prefix { source, bytes };
    if receipt.copy != (FileDigest { bytes, sha256: digest_of_everything(&copy)? }) {
        return Ok(Some(ReceiptProblem::OtherCopy));
    }
    let made = prepare_receipt(&copy, receipt)?;
    let mut expected = made.revision;
    let is_filled = fill_in(&mut expected, &made.byte_range, bytes, field, receipt).is_some();
    let is_same = is_filled && is_tail(source, bytes, &expected)?;
    Ok((!is_same).then_some(ReceiptProblem::OtherForm))
}

/// Puts the string of /Contents into its place, as it must be.
fn fill_in(revision: &mut [u8], range: &ByteRange, start: u64, field: &SignatureField, receipt: &Receipt) -> Option<()> {
    let room = usize::try_from(range.room()).ok()?;
    let contents = contents::expected(&field.contents, room, receipt.chain)?;
    let hole = range.hole();
    let hole = usize::try_from(hole.start.checked_sub(start)?).ok()?..usize::try_from(hole.end.checked_sub(start)?).ok()?;
    let place = revision.get_mut(hole)?;
    (place.len() == contents.len()).then(|| place.copy_from_slice(&contents))
}

fn is_tail(source: &dyn Source, start: u64, expected: &[u8]) -> Result<bool, PdfProblem> {
    if source.len().checked_sub(start) != u64::try_from(expected.len()).ok() {
        return Ok(false);
    }
    let mut tail = vec![0; expected.len()];
    source.read_at(start, &mut tail)?;
    Ok(tail == expected)
}

fn problem_of_signature(own: Option<&SignatureVerdict>) -> Option<ReceiptProblem> {
    let own = match own {
        Some(own) if own.state != VerdictState::Invalid => own,
        _ => return Some(ReceiptProblem::Signature),
    };
    if own.signer.as_ref().is_some_and(|signer| signer.names_person) {
        return Some(ReceiptProblem::SignedByAPerson);
    }
    let time = own.checks.iter().find(|check| check.what == CheckKind::Time).map(|check| check.result);
    let is_sound = match time {
        Some(CheckResult::NotChecked(fact)) => fact == crate::verify::Fact::NoTimeStamp,
        other => other == Some(CheckResult::Passed),
    };
    (!is_sound).then_some(ReceiptProblem::TimeStamp)
}
