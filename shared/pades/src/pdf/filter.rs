use std::io::{self, Read};
use std::ops::Range;

use flate2::read::{DeflateDecoder, ZlibDecoder};

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
        Single::None if !stream.dictionary.get(b"Filter").is_some_and(holds_null) => {
            Ok(Box::new(Limited { data: stored, left: limit, limit, at }))
        }
        Single::One(Object::Name(name)) if name == b"FlateDecode" => {
            let data = Limited { data: inflated(stored, at, limit)?, left: limit, limit, at };
            match single(stream.dictionary.get(b"DecodeParms")) {
                Single::None => Ok(Box::new(data)),
                Single::One(Object::Dictionary(parameters)) => without_predictor(data, parameters, at),
                _ => Err(unsupported_parameters()),
            }
        }
        _ => Err(PdfProblem::Unsupported { what: "a cross-reference or object stream with a filter other than FlateDecode" }),
    }
}

/// Some writers only flush what they packed, and leave out its last, empty block and the checksum: every reader takes that.
fn inflated<'a>(stored: StoredData<'a>, at: u64, limit: u64) -> Result<Box<dyn Read + 'a>, PdfProblem> {
    let (source, place) = (stored.source, stored.left.clone());
    if !is_flushed(source, &place)? {
        return Ok(Box::new(ZlibDecoder::new(stored)));
    }
    let whole = ZlibDecoder::new(StoredData { source, left: place.clone() });
    let tried = io::copy(&mut Limited { data: whole, left: limit, limit, at }, &mut io::sink());
    if !tried.is_err_and(|error| matches!(problem_of(&error, at), PdfProblem::Malformed { .. })) {
        return Ok(Box::new(ZlibDecoder::new(stored)));
    }
    let left = place.start.saturating_add(wide(ZLIB_HEADER_BYTES))..place.end;
    let packed_bytes = (left.end - left.start).saturating_add(wide(EMPTY_BLOCK.len()));
    Ok(Box::new(Flushed { decoder: DeflateDecoder::new(StoredData { source, left }.chain(EMPTY_BLOCK)), packed_bytes }))
}

fn is_flushed(source: &dyn Source, place: &Range<u64>) -> Result<bool, PdfProblem> {
    let (mut header, mut end) = ([0; ZLIB_HEADER_BYTES], [0; FLUSHED.len()]);
    if place.end.saturating_sub(place.start) < wide(header.len() + end.len()) {
        return Ok(false);
    }
    source.read_at(place.start, &mut header)?;
    source.read_at(place.end - wide(end.len()), &mut end)?;
    let [method, flags] = header;
    let is_zlib = method & 0x0F == 8 && flags & 0x20 == 0 && u16::from_be_bytes(header) % 31 == 0;
    Ok(is_zlib && end == FLUSHED)
}

/// Packed data that were only flushed, with the block that they lack. Nothing else may end them.
struct Flushed<R> {
    decoder: DeflateDecoder<R>,
    packed_bytes: u64,
}

impl<R: Read> Read for Flushed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer)?;
        let is_over = read == 0 && !buffer.is_empty();
        if is_over && self.decoder.total_in() != self.packed_bytes {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(read)
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
/// RFC 1950, section 2.2.
const ZLIB_HEADER_BYTES: usize = 2;
/// An empty stored block without its first bits, with which packers flush. RFC 1951, section 3.2.4.
const FLUSHED: [u8; 4] = [0, 0, 0xFF, 0xFF];
/// The last block, of nothing. RFC 1951, section 3.2.6.
const EMPTY_BLOCK: &[u8] = &[3, 0];
