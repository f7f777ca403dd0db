use sha2::{Digest, Sha256};

use super::update::{Update, Written};
use crate::pdf::{Dictionary, Object, SectionKind, write_object};
use crate::problem::PdfProblem;

/// The cross-reference section, the trailer and the end marker of an update.
///
/// Readers demand that a file keeps to one form, a table or streams.
pub(super) fn write_section(update: &mut Update<'_>) -> Result<(), PdfProblem> {
    let before = update.before()?;
    let mut trailer = before.trailer().cloned().unwrap_or_default();
    for key in KEYS_OF_ONE_SECTION {
        trailer.remove(key);
    }
    renew_identifier(&mut trailer, update);
    trailer.insert(b"Prev", offset_object(before.startxref())?);
    let startxref = update.position();
    match before.kind() {
        SectionKind::Table => write_table(update, trailer),
        SectionKind::Stream => write_stream(update, trailer)?,
    }
    update.push(format!("startxref\n{startxref}\n%%EOF\n").as_bytes());
    Ok(())
}

/// The second half of /ID changes with every update; a file that had none gets both. ISO 32000-2, section 14.4.
fn renew_identifier(trailer: &mut Dictionary, update: &Update<'_>) {
    let mut hasher = Sha256::new_with_prefix(update.unique());
    let first = match trailer.get(b"ID").and_then(Object::as_array) {
        Some([first @ Object::String(_), Object::String(second)]) => {
            hasher.update(&second.bytes);
            Some(first.clone())
        }
        _ => None,
    };
    hasher.update(update.bytes());
    let renewed: Vec<u8> = hasher.finalize().iter().copied().take(IDENTIFIER_BYTES).collect();
    let renewed = Object::String(renewed.into());
    let halves = vec![first.unwrap_or_else(|| renewed.clone()), renewed];
    trailer.insert(b"ID", Object::Array(halves));
}

fn write_table(update: &mut Update<'_>, mut trailer: Dictionary) {
    trailer.insert(b"Size", Object::Integer(update.size()));
    let mut table = b"xref\n".to_vec();
    for run in runs(update) {
        let first = run.first().map_or(0, |(number, _)| *number);
        table.extend_from_slice(format!("{first} {}\n", run.len()).as_bytes());
        for (_, written) in run {
            let Written { offset, generation } = written;
            table.extend_from_slice(format!("{offset:010} {generation:05} n \n").as_bytes());
        }
    }
    table.extend_from_slice(b"trailer\n");
    write_object(&Object::Dictionary(trailer), &mut table);
    table.push(b'\n');
    update.push(&table);
}

fn write_stream(update: &mut Update<'_>, mut trailer: Dictionary) -> Result<(), PdfProblem> {
    let own = update.new_object()?;
    let mut objects = runs(update).concat();
    objects.push((own.number, Written { offset: update.position(), generation: 0 }));
    let runs = consecutive(objects);
    let data: Vec<u8> = runs.iter().flatten().flat_map(row).collect();
    let index = runs.iter().flat_map(|run| {
        let first = run.first().map_or(0, |(number, _)| *number);
        [i64::from(first), i64::try_from(run.len()).unwrap_or(i64::MAX)]
    });
    trailer.insert(b"Type", Object::Name(b"XRef".to_vec()));
    trailer.insert(b"Size", Object::Integer(update.size()));
    trailer.insert(b"W", integers([1, 8, 2]));
    trailer.insert(b"Index", integers(index));
    update.put_stream(own, trailer, &data)
}

/// Type 1, eight bytes of offset, two of generation.
fn row((_, written): &(u32, Written)) -> Vec<u8> {
    let mut row = vec![1];
    row.extend_from_slice(&written.offset.to_be_bytes());
    row.extend_from_slice(&written.generation.to_be_bytes());
    row
}

fn runs(update: &Update<'_>) -> Vec<Vec<(u32, Written)>> {
    consecutive(update.objects().iter().map(|(number, written)| (*number, *written)))
}

/// Splits sorted numbers where one is missing.
fn consecutive(objects: impl IntoIterator<Item = (u32, Written)>) -> Vec<Vec<(u32, Written)>> {
    let mut runs: Vec<Vec<(u32, Written)>> = Vec::new();
    for (number, written) in objects {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| last + 1 == number) => {
                run.push((number, written));
            }
            _ => runs.push(vec![(number, written)]),
        }
    }
    runs
}

fn integers(values: impl IntoIterator<Item = i64>) -> Object {
    Object::Array(values.into_iter().map(Object::Integer).collect())
}

fn offset_object(offset: u64) -> Result<Object, PdfProblem> {
    i64::try_from(offset).map(Object::Integer).map_err(|_| PdfProblem::Unsupported { what: "a file of more than 2^63 bytes" })
}

/// What describes the section before, not the document.
const KEYS_OF_ONE_SECTION: [&[u8]; 10] =
    [b"Prev", b"XRefStm", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms", b"DL", b"F"];
/// As long as the MD5 that most writers use.
const IDENTIFIER_BYTES: usize = 16;
