use super::filter::unpacked;
use super::object::{Object, Stream};
use super::parser::object;
use super::scanner::Scanner;
use super::work::Work;
use crate::problem::{Ambiguity, Counted, PdfProblem};
use crate::source::{Source, wide};

/// An object stream, unpacked. ISO 32000-2, section 7.5.7.
pub(crate) struct PackedObjects {
    number: u32,
    data_start: u64,
    data: Vec<u8>,
    /// Object number and offset in `data`.
    places: Vec<(u32, u32)>,
}

impl PackedObjects {
    pub(crate) fn unpack(source: &dyn Source, number: u32, stream: &Stream) -> Result<Self, PdfProblem> {
        let wrong = PdfProblem::WrongObject { object: number, what: "an object stream was expected" };
        if !stream.dictionary.is_of_type(b"ObjStm") {
            return Err(wrong);
        }
        let count = stream.dictionary.unsigned(b"N").ok_or(wrong.clone())?;
        let first = stream.dictionary.unsigned(b"First").ok_or(wrong)?;
        let mut data = unpacked(source, stream)?;
        // Giving back a little would take twice the memory for a moment.
        if data.capacity() > data.len().saturating_mul(5) / 4 {
            data.shrink_to_fit();
        }
        let places = places(&data, count, first)?;
        // Some readers go by the number, others by the index.
        if are_doubled(&places) {
            return Err(PdfProblem::Ambiguous { at: stream.data.start, what: Ambiguity::DoubledObject });
        }
        Ok(Self { number, data_start: stream.data.start, data, places })
    }

    pub(crate) fn is(&self, number: u32) -> bool {
        self.number == number
    }

    pub(crate) fn objects(&self) -> u64 {
        wide(self.places.len())
    }

    /// What it takes in memory, or a little less.
    pub(crate) fn bytes(&self) -> u64 {
        wide(self.data.len()).saturating_add(wide(self.places.len()).saturating_mul(PLACE_BYTES))
    }

    /// The object at `index`, which must be `number`.
    pub(crate) fn object(&self, number: u32, index: u32, work: &Work) -> Result<Object, PdfProblem> {
        let place = usize::try_from(index)
            .ok()
            .and_then(|index| self.places.get(index))
            .filter(|(listed, _)| *listed == number)
            .ok_or(PdfProblem::Ambiguous { at: self.data_start, what: Ambiguity::ObjectElsewhere })?;
        let start = u64::from(place.1);
        let mut scanner = Scanner::over(&self.data, start);
        let found = object(&mut scanner);
        work.parsed(&scanner, start, 0)?;
        found.map_err(|problem| match problem {
            PdfProblem::Malformed { what, .. } => PdfProblem::WrongObject { object: self.number, what },
            other => other,
        })
    }
}

fn places(data: &[u8], count: u64, first: u64) -> Result<Vec<(u32, u32)>, PdfProblem> {
    if count > MAX_PACKED {
        return Err(PdfProblem::TooMany { of: Counted::Objects, limit: MAX_PACKED });
    }
    let mut scanner = Scanner::over(data, 0);
    // The shortest takes four bytes.
    let mut places = Vec::with_capacity(usize::try_from(count).unwrap_or(usize::MAX).min(data.len() / 4));
    for _ in 0..count {
        scanner.skip_white_space()?;
        let number = scanner.unsigned()?;
        scanner.skip_white_space()?;
        let offset = scanner.unsigned()?;
        let place = first.checked_add(offset).filter(|offset| *offset <= wide(data.len()));
        let place = u32::try_from(number).ok().zip(place.and_then(|offset| u32::try_from(offset).ok()));
        places.push(place.ok_or_else(|| scanner.malformed("an object stream's table"))?);
    }
    Ok(places)
}

fn are_doubled(places: &[(u32, u32)]) -> bool {
    if places.is_sorted_by(|(one, _), (next, _)| one < next) {
        return false;
    }
    let mut numbers: Vec<u32> = places.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    numbers.windows(2).any(|pair| matches!(pair, [one, next] if one == next))
}

/// A number and an offset.
const PLACE_BYTES: u64 = 8;
/// Writers put one or two hundred into a stream.
const MAX_PACKED: u64 = 100_000;
