use std::io::{self, Read};
use std::ops::Range;

use flate2::read::ZlibDecoder;

use super::object::{Dictionary, Object, Stream};
use super::predictor::without_predictor;
use crate::problem::PdfProblem;
use crate::source::{Source, wide};

/// The data of a cross-reference or object stream, filters undone.
///
/// Page contents and images are never unpacked here.
pub(crate) fn unpacked(source: &dyn Source, stream: &Stream) -> Result<Vec<u8>, PdfProblem> {
    unpacked_within(source, stream, MAX_UNPACKED_BYTES)
}

/// The same of another stream that is read here, up to so many bytes.
pub(crate) fn unpacked_within(source: &dyn Source, stream: &Stream, limit: u64) -> Result<Vec<u8>, PdfProblem> {
    let mut data = Vec::new();
    let read = unpacking(source, stream, limit)?.read_to_end(&mut data);
    read.map_err(|error| problem_of(&error, stream.data.start))?;
    Ok(data)
}

/// The same as it is unpacked; what is wrong with it is [told by its errors](problem_of).
pub(crate) fn unpacking<'a>(source: &'a dyn Source, stream: &Stream, limit: u64) -> Result<Box<dyn Read + 'a>, PdfProblem> {
    let at = stream.data.start;
    let stored = StoredData { source, left: stream.data.clone() };
    match single(stream.dictionary.get(b"Filter")) {
        Single::None => Ok(Box::new(Limited { data: stored, left: limit, limit, at })),
        Single::One(Object::Name(name)) if name == b"FlateDecode" => {
            let data = Limited { data: ZlibDecoder::new(stored), left: limit, limit, at };
            match single(stream.dictionary.get(b"DecodeParms")) {
                Single::None => Ok(Box::new(data)),
                Single::One(Object::Dictionary(parameters)) => without_predictor(data, parameters, at),
                _ => Err(unsupported_parameters()),
            }
        }
        _ => Err(PdfProblem::Unsupported { what: "a cross-reference or object stream with a filter other than FlateDecode" }),
    }
}

/// Why data could not be unpacked.
pub(crate) fn problem_of(error: &io::Error, at: u64) -> PdfProblem {
    let told = error.get_ref().and_then(|inner| inner.downcast_ref::<PdfProblem>()).cloned();
    told.unwrap_or(PdfProblem::Malformed { at, what: "packed data that cannot be unpacked" })
}

enum Single<'a> {
    None,
    One(&'a Object),
    Several,
}

/// A filter and its parameters may stand alone or in an array.
fn single(value: Option<&Object>) -> Single<'_> {
    match value {
        None => Single::None,
        Some(Object::Array(items)) => match items.as_slice() {
            [] | [Object::Null] => Single::None,
            [one] => Single::One(one),
            _ => Single::Several,
        },
        Some(one) => Single::One(one),
    }
}

fn unsupported_parameters() -> PdfProblem {
    PdfProblem::Unsupported { what: "decode parameters of a cross-reference or object stream" }
}

/// Data that must not be longer.
struct Limited<R> {
    data: R,
    left: u64,
    limit: u64,
    at: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.data.read(buffer)?;
        let left = self.left.checked_sub(wide(read));
        self.left = left.ok_or_else(|| io::Error::other(PdfProblem::StreamTooLarge { at: self.at, limit: self.limit }))?;
        Ok(read)
    }
}

/// A piece of a source as a reader for the unpacker.
struct StoredData<'a> {
    source: &'a dyn Source,
    left: Range<u64>,
}

impl Read for StoredData<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.left.end.saturating_sub(self.left.start));
        let wanted = left.unwrap_or(usize::MAX).min(buffer.len());
        let part = buffer.split_at_mut(wanted).0;
        self.source.read_at(self.left.start, part).map_err(io::Error::other)?;
        self.left.start += wide(wanted);
        Ok(wanted)
    }
}

pub(crate) fn parameter(parameters: &Dictionary, key: &[u8], default: u64) -> Option<u64> {
    match parameters.get(key) {
        None => Some(default),
        Some(_) => parameters.unsigned(key),
    }
}

/// Enough for a million cross-reference entries of 16 bytes.
pub(crate) const MAX_UNPACKED_BYTES: u64 = 16 * 1024 * 1024;
