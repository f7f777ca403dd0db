use std::io::{self, BufReader, ErrorKind, Read};
use std::ops::RangeInclusive;

use super::entries::{Entries, Entry, Take};
use super::{Section, SectionKind};
use crate::pdf::document::refuse_short_keys;
use crate::pdf::filter::{MAX_UNPACKED_BYTES, problem_of, unpacking};
use crate::pdf::object::{Dictionary, Object, Reference, Stream};
use crate::pdf::parser::{Body, end_of_stream, indirect_with_index};
use crate::pdf::scanner::Scanner;
use crate::pdf::work::Work;
use crate::problem::{Ambiguity, PdfProblem};
use crate::source::{Source, wide};

/// A cross-reference stream. ISO 32000-2, section 7.5.8.
pub(super) fn stream_section(
    source: &dyn Source,
    scanner: &mut Scanner<'_>,
    start: u64,
    work: &Work,
) -> Result<Section, PdfProblem> {
    let head = scanner.position();
    let (found, index) = indirect_with_index(scanner)?;
    let Body::Stream { dictionary, data_start } = found.value else {
        return Err(scanner.malformed("a cross-reference stream was expected"));
    };
    let own = Own { reference: found.reference, places: start..=head };
    work.passed(data_start.saturating_sub(start))?;
    refuse_short_keys(&dictionary, data_start)?;
    let mut stream = whole_stream(scanner, dictionary, data_start)?;
    work.kept(scanner.values().saturating_sub(wide(index.len())))?;
    let listed = Subsections::of(&stream.dictionary, index).ok_or(misfit(start))?;
    // It says nothing more.
    stream.dictionary.remove(b"Index");
    let (entries, is_exact) = entries(source, &stream, &listed, (&own, work))?;
    let (kind, end, trailer) = (SectionKind::Stream, scanner.position(), stream.dictionary);
    Ok(Section { kind, start, stands: start, end, entries, trailer, is_exact, is_bare: false, is_beside: false })
}

/// The section as an object: some readers list it under its number whether or not it lists itself, so nothing else may have that
/// number.
struct Own {
    reference: Reference,
    /// From the offset by which the file names it to its first byte.
    places: RangeInclusive<u64>,
}

impl Own {
    /// Whether what the section says of this number is what readers take; an error if it says that something else has its own.
    fn is_said(&self, number: u32, entry: Entry) -> Result<bool, PdfProblem> {
        match entry {
            _ if number != self.reference.number => Ok(true),
            Entry::Free => Ok(false),
            Entry::Plain { offset, .. } if self.places.contains(&offset) => Ok(true),
            _ => Err(PdfProblem::Ambiguous { at: *self.places.start(), what: Ambiguity::DoubledObject }),
        }
    }

    fn entry(&self) -> Entry {
        Entry::Plain { offset: *self.places.start(), generation: self.reference.generation }
    }
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
fn most_bytes(listed: &Subsections, row: usize) -> u64 {
    let rows = listed.iter().map(|(_, count)| count).fold(0, u64::saturating_add);
    let needed = rows.saturating_mul(wide(row));
    needed.saturating_mul(2).saturating_add(MOST_BYTES_BEHIND).min(MAX_UNPACKED_BYTES)
}

/// Row by row: all of them unpacked take more memory than what they say. With whether every reader takes them as written.
fn entries(
    source: &dyn Source,
    stream: &Stream,
    listed: &Subsections,
    (own, work): (&Own, &Work),
) -> Result<(Entries, bool), PdfProblem> {
    let at = *own.places.start();
    let widths = widths(&stream.dictionary).ok_or(misfit(at))?;
    let read = |take: &mut Take<'_>| {
        let mut rows = Rows::of(source, stream, listed, widths.iter().sum())?;
        let (mut is_listed, mut all_exact) = (false, widths[0] <= MOST_KIND_BYTES);
        for (first, count) in listed.iter() {
            for index in 0..count {
                let number = first.checked_add(index).and_then(|number| u32::try_from(number).ok()).ok_or(misfit(at))?;
                let (entry, is_exact) = entry(rows.next(at)?, widths).ok_or(misfit(at))?;
                all_exact &= is_exact;
                if own.is_said(number, entry)? {
                    is_listed |= number == own.reference.number;
                    take(number, entry)?;
                }
            }
        }
        if !is_listed {
            take(own.reference.number, own.entry())?;
        }
        work.passed(rows.end()?).map(|()| all_exact)
    };
    Entries::read(at, read)
}

struct Rows<'a> {
    data: BufReader<Box<dyn Read + 'a>>,
    row: Vec<u8>,
    bytes: u64,
    /// Where the stream's data stand.
    start: u64,
}

impl<'a> Rows<'a> {
    fn of(source: &'a dyn Source, stream: &Stream, listed: &Subsections, row_bytes: usize) -> Result<Self, PdfProblem> {
        let data = BufReader::new(unpacking(source, stream, most_bytes(listed, row_bytes))?);
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

/// Table 18 of ISO 32000-2, with whether readers agree on it: an unknown type counts as a reference to null, as the
/// specification has it, and some mend the file instead. A missing type field means type 1.
fn entry(row: &[u8], [kind, second, third]: [usize; 3]) -> Option<(Entry, bool)> {
    let (kind_field, rest) = row.split_at_checked(kind)?;
    let (second_field, third_field) = rest.split_at_checked(second)?;
    let kind_number = if kind == 0 { 1 } else { number(kind_field)? };
    let second_number = number(second_field)?;
    let third_number = number(third_field.split_at_checked(third)?.0)?;
    let is_small = third_number <= MOST_GENERATIONS;
    Some(match kind_number {
        0 => (Entry::Free, is_small),
        1 if second_number == 0 => (Entry::Free, false),
        1 => (Entry::Plain { offset: second_number, generation: u16::try_from(third_number).ok()? }, true),
        2 => (Entry::Packed { stream: u32::try_from(second_number).ok()?, index: u32::try_from(third_number).ok()? }, true),
        _ => (Entry::Free, false),
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

/// The first number and the count of each, in one row.
struct Subsections(Vec<u64>);

impl Subsections {
    /// `index` are the numbers that were put aside from /Index; what stands in it besides cannot be one.
    fn of(dictionary: &Dictionary, index: Vec<u64>) -> Option<Self> {
        let is_sound = |listed: &[Object]| listed.is_empty() && index.len().is_multiple_of(2);
        Some(Self(match dictionary.get(b"Index") {
            None => vec![0, dictionary.unsigned(b"Size")?],
            Some(listed) if is_sound(listed.as_array()?) => index,
            Some(_) => return None,
        }))
    }

    fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        let (pairs, _) = self.0.as_chunks();
        pairs.iter().map(|[first, count]| (*first, *count))
    }
}

/// ISO 32000-2, section 7.5.4.
const MOST_GENERATIONS: u64 = 65_535;
/// Some writers fill up their last row or block.
const MOST_BYTES_BEHIND: u64 = 64 * 1024;
/// Everybody writes one; poppler mends the file where there are eight.
const MOST_KIND_BYTES: usize = 2;
/// Eight bytes hold every offset.
const MAX_FIELD_BYTES: usize = 8;
