use std::io::{self, Read};
use std::ops::Range;

use flate2::read::ZlibDecoder;

use super::object::{Dictionary, Object, Stream};
use super::predictor::undo_predictor;
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
    let at = stream.data.start;
    let stored = StoredData { source, left: stream.data.clone() };
    match single(stream.dictionary.get(b"Filter")) {
        Single::None if !stream.dictionary.get(b"Filter").is_some_and(holds_null) => limited(stored, at, limit),
        Single::One(Object::Name(name)) if name == b"FlateDecode" => {
            let data = limited(ZlibDecoder::new(stored), at, limit)?;
            match single(stream.dictionary.get(b"DecodeParms")) {
                Single::None => Ok(data),
                Single::One(Object::Dictionary(parameters)) => undo_predictor(data, parameters, at),
                _ => Err(unsupported_parameters()),
            }
        }
        _ => Err(PdfProblem::Unsupported { what: "a cross-reference or object stream with a filter other than FlateDecode" }),
    }
}

enum Single<'a> {
    None,
    One(&'a Object),
    Several,
}

/// A filter and its parameters may stand alone or in an array. Null stands for no parameters; for no filter only some readers
/// take it.
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

fn holds_null(filters: &Object) -> bool {
    filters.as_array().is_some_and(|filters| filters.contains(&Object::Null))
}

fn unsupported_parameters() -> PdfProblem {
    PdfProblem::Unsupported { what: "decode parameters of a cross-reference or object stream" }
}

fn limited(reader: impl Read, at: u64, limit: u64) -> Result<Vec<u8>, PdfProblem> {
    let mut data = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut data)
        .map_err(|_| PdfProblem::Malformed { at, what: "packed data that cannot be unpacked" })?;
    if wide(data.len()) > limit {
        return Err(PdfProblem::StreamTooLarge { at, limit });
    }
    Ok(data)
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
