use std::io::{self, BufReader, ErrorKind, Read};

use super::entries::{Entries, Entry, Take};
use super::{Section, SectionKind};
use crate::pdf::filter::{MAX_UNPACKED_BYTES, problem_of, unpacking};
use crate::pdf::object::{Dictionary, Object, Stream};
use crate::pdf::parser::{Body, end_of_stream, indirect};
use crate::pdf::scanner::Scanner;
use crate::pdf::work::Work;
use crate::problem::PdfProblem;
use crate::source::{Source, wide};

/// A cross-reference stream. ISO 32000-2, section 7.5.8.
pub(super) fn stream_section(
    source: &dyn Source,
    scanner: &mut Scanner<'_>,
    start: u64,
    work: &Work,
) -> Result<Section, PdfProblem> {
    let Body::Stream { dictionary, data_start } = indirect(scanner)?.value else {
        return Err(scanner.malformed("a cross-reference stream was expected"));
    };
    work.passed(data_start.saturating_sub(start))?;
    let mut stream = whole_stream(scanner, dictionary, data_start)?;
    let entries = entries(source, &stream, start, work)?;
    let listed = stream.dictionary.get(b"Index").and_then(Object::as_array).map_or(0, <[_]>::len);
    // It may be as long as the list itself, and says nothing more.
    stream.dictionary.remove(b"Index");
    work.kept(scanner.values().saturating_sub(wide(listed)))?;
    let (kind, end, trailer) = (SectionKind::Stream, scanner.position(), stream.dictionary);
    Ok(Section { kind, start, end, entries, trailer, is_exact: true, is_beside: false })
}

/// /Length stands in the dictionary itself: nothing else can be looked up yet.
fn whole_stream(scanner: &mut Scanner<'_>, dictionary: Dictionary, data_start: u64) -> Result<Stream, PdfProblem> {
    let end = dictionary
        .unsigned(b"Length")
        .filter(|_| dictionary.is_of_type(b"XRef"))
        .and_then(|length| data_start.checked_add(length))
        .ok_or_else(|| scanner.malformed("a cross-reference stream without type or length"))?;
    end_of_stream(scanner, dictionary, data_start..end)
}

/// As many bytes as the entries take, twice over for a predictor whose rows have one byte each.
fn most_bytes(dictionary: &Dictionary) -> u64 {
    let rows = subsections(dictionary).map(|listed| listed.iter().map(|(_, count)| *count).fold(0, u64::saturating_add));
    let row = widths(dictionary).map(|widths| wide(widths.iter().sum()));
    let needed = rows.zip(row).map_or(0, |(rows, row)| rows.saturating_mul(row));
    needed.saturating_mul(2).saturating_add(MOST_BYTES_BEHIND).min(MAX_UNPACKED_BYTES)
}

/// Row by row: all of them unpacked take more memory than what they say.
fn entries(source: &dyn Source, stream: &Stream, at: u64, work: &Work) -> Result<Entries, PdfProblem> {
    let dictionary = &stream.dictionary;
    let (widths, subsections) = widths(dictionary).zip(subsections(dictionary)).ok_or(misfit(at))?;
    let read = |take: &mut Take<'_>| {
        let mut rows = Rows::of(source, stream, widths.iter().sum())?;
        for (first, count) in &subsections {
            for index in 0..*count {
                let number = first.checked_add(index).and_then(|number| u32::try_from(number).ok()).ok_or(misfit(at))?;
                take(number, entry(rows.next(at)?, widths).ok_or(misfit(at))?)?;
            }
        }
        work.passed(rows.end()?)
    };
    Entries::read(at, read).map(|(entries, ())| entries)
}

struct Rows<'a> {
    data: BufReader<Box<dyn Read + 'a>>,
    row: Vec<u8>,
    bytes: u64,
    /// Where the stream's data stand.
    start: u64,
}

impl<'a> Rows<'a> {
    fn of(source: &'a dyn Source, stream: &Stream, row_bytes: usize) -> Result<Self, PdfProblem> {
        let data = BufReader::new(unpacking(source, stream, most_bytes(&stream.dictionary))?);
        Ok(Self { data, row: vec![0; row_bytes], bytes: 0, start: stream.data.start })
    }

    fn next(&mut self, at: u64) -> Result<&[u8], PdfProblem> {
        self.data.read_exact(&mut self.row).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => misfit(at),
            _ => problem_of(&error, self.start),
        })?;
        self.bytes += wide(self.row.len());
        Ok(&self.row)
    }

    /// What stands behind the last row must be sound as well; gives the length of all.
    fn end(mut self) -> Result<u64, PdfProblem> {
        let behind = io::copy(&mut self.data, &mut io::sink()).map_err(|error| problem_of(&error, self.start))?;
        Ok(self.bytes.saturating_add(behind))
    }
}

fn misfit(at: u64) -> PdfProblem {
    PdfProblem::Malformed { at, what: "a cross-reference stream whose /W, /Index or /Size does not fit its data" }
}

/// Table 18 of ISO 32000-2. An unknown type counts as a reference to null;
/// a missing type field means type 1.
fn entry(row: &[u8], [kind, second, third]: [usize; 3]) -> Option<Entry> {
    let (kind_field, rest) = row.split_at_checked(kind)?;
    let (second_field, third_field) = rest.split_at_checked(second)?;
    let kind_number = if kind == 0 { 1 } else { number(kind_field)? };
    let second_number = number(second_field)?;
    let third_number = number(third_field.split_at_checked(third)?.0)?;
    Some(match kind_number {
        1 if second_number == 0 => Entry::Free,
        1 => Entry::Plain { offset: second_number, generation: u16::try_from(third_number).ok()? },
        2 => Entry::Packed { stream: u32::try_from(second_number).ok()?, index: u32::try_from(third_number).ok()? },
        _ => Entry::Free,
    })
}

fn number(field: &[u8]) -> Option<u64> {
    field.iter().try_fold(0_u64, |value, byte| value.checked_mul(256)?.checked_add(u64::from(*byte)))
}

fn widths(dictionary: &Dictionary) -> Option<[usize; 3]> {
    let [kind, second, third] = dictionary.get(b"W")?.as_array()? else {
        return None;
    };
    let widths = [width(kind)?, width(second)?, width(third)?];
    (widths.iter().sum::<usize>() > 0).then_some(widths)
}

fn width(value: &Object) -> Option<usize> {
    match value {
        Object::Integer(value) => usize::try_from(*value).ok().filter(|width| *width <= MAX_FIELD_BYTES),
        _ => None,
    }
}

fn subsections(dictionary: &Dictionary) -> Option<Vec<(u64, u64)>> {
    match dictionary.get(b"Index") {
        None => Some(vec![(0, dictionary.unsigned(b"Size")?)]),
        Some(index) => index
            .as_array()?
            .chunks(2)
            .map(|pair| match pair {
                [Object::Integer(first), Object::Integer(count)] => {
                    Some((u64::try_from(*first).ok()?, u64::try_from(*count).ok()?))
                }
                _ => None,
            })
            .collect(),
    }
}

/// Some writers fill up their last row or block.
const MOST_BYTES_BEHIND: u64 = 64 * 1024;
/// Eight bytes hold every offset.
const MAX_FIELD_BYTES: usize = 8;
