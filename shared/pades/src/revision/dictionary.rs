use super::candidates::{Candidate, MAX_PARENTS};
use super::date::parse_date;
use super::signatures::{SignatureField, SignatureProblem};
use crate::byte_range::ByteRange;
use crate::pdf::{Dictionary, Document, Object, Reference, Text, View};
use crate::problem::PdfProblem;
use crate::source::wide;

/// Reads a candidate and finds the first rule that it breaks.
pub(super) fn signature_field(document: &Document<'_>, candidate: Candidate) -> Result<SignatureField, PdfProblem> {
    let view = document.as_of(candidate.revision);
    let field = candidate.fields.first().copied();
    let none = Dictionary::default();
    let dictionary = candidate.dictionary.as_ref().unwrap_or(&none);
    let contents = contents(dictionary);
    let covered = covered(document, candidate.revision, view, dictionary)?;
    let text = |key| dictionary.text(key).map(Text::to_display);
    let sub_filter = dictionary.name(b"SubFilter").map(|name| String::from_utf8_lossy(name).into_owned());
    // Also under the type of a signature, as DSS wrote it for years: it shows nothing and proves a time, whatever it is called.
    let is_time_stamp = sub_filter.as_deref() == Some(TIME_STAMP);
    // Programs that go by the type would judge it as a time stamp.
    let sub_filter = sub_filter.filter(|_| is_time_stamp || dictionary.name(b"Type") != Some(b"DocTimeStamp"));
    Ok(SignatureField {
        field_name: field.map(|field| full_name(view, field)).transpose()?,
        field,
        dictionary: candidate.reference,
        revision_index: candidate.revision,
        byte_range: covered.ok(),
        contents: contents.map(|text| text.bytes.clone()).unwrap_or_default(),
        contents_place: contents.and_then(|text| text.hexadecimal_at.clone()),
        is_time_stamp,
        sub_filter,
        name: text(b"Name"),
        location: text(b"Location"),
        reason: text(b"Reason"),
        claimed_time: text(b"M").as_deref().and_then(parse_date),
        carries_receipt: candidate.reference.is_some() && dictionary.contains(RECEIPT),
        problem: problem(&candidate, dictionary).or(covered.err()),
    })
}

/// What is looked at of a signature dictionary, and how many bytes that is. Whatever else stands there, or has another form
/// than it must have, could be of any size.
pub(super) fn essence(dictionary: &Dictionary) -> (Dictionary, u64) {
    let (mut kept, mut bytes) = (Dictionary::default(), 0_u64);
    for (key, value) in dictionary.iter().filter(|(key, _)| KEYS.contains(key)) {
        let value = match value {
            Object::Array(items) if items.len() <= 4 && items.iter().all(|item| matches!(item, Object::Integer(_))) => {
                value.clone()
            }
            Object::Array(_) | Object::Dictionary(_) => Object::Array(Vec::new()),
            other => other.clone(),
        };
        bytes = bytes.saturating_add(match &value {
            Object::String(text) => wide(text.bytes.len()),
            Object::Name(bytes) | Object::Real(bytes) => wide(bytes.len()),
            _ => 0,
        });
        kept.insert(key, value);
    }
    (kept, bytes)
}

fn problem(candidate: &Candidate, dictionary: &Dictionary) -> Option<SignatureProblem> {
    if candidate.dictionary.is_none() {
        return Some(SignatureProblem::NotADictionary);
    }
    match candidate.fields.len() {
        0 => return Some(SignatureProblem::NoField),
        1 => {}
        _ => return Some(SignatureProblem::SharedDictionary),
    }
    let is_text = |key: &&[u8]| dictionary.contains(key) && dictionary.text(key).is_none();
    let is_name = |key: &&[u8]| dictionary.contains(key) && dictionary.name(key).is_none();
    let malformed = [b"Name".as_slice(), b"Location", b"Reason", b"M"].iter().any(is_text)
        || [b"Type".as_slice(), b"Filter", b"SubFilter"].iter().any(is_name);
    malformed.then_some(SignatureProblem::EntryMalformed)
}

/// Only a string written in the dictionary itself has a place to leave out.
fn contents(dictionary: &Dictionary) -> Option<&Text> {
    dictionary.text(b"Contents").filter(|text| text.hexadecimal_at.is_some())
}

fn covered(
    document: &Document<'_>,
    revision: usize,
    view: View<'_>,
    dictionary: &Dictionary,
) -> Result<Result<ByteRange, SignatureProblem>, PdfProblem> {
    let value = view.value(dictionary, b"ByteRange")?;
    Ok(checked_range(document, revision, dictionary, &value))
}

fn checked_range(
    document: &Document<'_>,
    revision: usize,
    dictionary: &Dictionary,
    value: &Object,
) -> Result<ByteRange, SignatureProblem> {
    let place = contents(dictionary).and_then(|text| text.hexadecimal_at.clone()).ok_or(SignatureProblem::ContentsMalformed)?;
    let numbers = four_numbers(value).ok_or(SignatureProblem::ByteRangeMalformed)?;
    let range = ByteRange::from_numbers(numbers).ok_or(SignatureProblem::ByteRangeOutOfOrder)?;
    let hole = range.hole();
    if hole != place {
        let is_wrapped = hole.start <= place.start && place.end <= hole.end;
        return Err(if is_wrapped { SignatureProblem::Wrapped } else { SignatureProblem::HoleIsNotContents });
    }
    let revisions = document.revisions();
    match revisions.get(revision) {
        Some(own) if own.ends_at(range.end()) => Ok(range),
        _ => Err(SignatureProblem::NotTheWholeRevision),
    }
}

fn four_numbers(value: &Object) -> Option<[u64; 4]> {
    let numbers: Vec<u64> = value
        .as_array()?
        .iter()
        .map(|number| match number {
            Object::Integer(number) => u64::try_from(*number).ok(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// The partial names from the root to the field. ISO 32000-2, section 12.7.4.2.
pub(super) fn full_name(view: View<'_>, field: Reference) -> Result<String, PdfProblem> {
    let mut names = Vec::new();
    let mut next = view.object(field)?;
    for _ in 0..MAX_PARENTS {
        let Object::Dictionary(dictionary) = next else {
            break;
        };
        if let Object::String(name) = view.value(&dictionary, b"T")? {
            names.push(name.to_display());
        }
        next = view.value(&dictionary, b"Parent")?;
    }
    names.reverse();
    Ok(names.join("."))
}

/// Everything that is read here.
const KEYS: [&[u8]; 10] =
    [b"Type", b"Filter", b"SubFilter", b"Contents", b"ByteRange", b"Name", b"Location", b"Reason", b"M", RECEIPT];
/// EN 319 142-1, section 5.4.3.
const TIME_STAMP: &str = "ETSI.RFC3161";
/// Beside the signature of a receipt. ISO 32000-2, annex E, keeps `XX` for private keys.
pub(crate) const RECEIPT: &[u8] = b"XXReceipt";
