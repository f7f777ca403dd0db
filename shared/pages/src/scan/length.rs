//! How long one stream is once its filters are undone, found without keeping what comes out.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::Stream;

use super::count::{Counted, Counter, End};
use super::unfold::Lengths;

/// How many bytes the data filters of `stream` unfold to. `None` when they are more than `limit`, or when that cannot
/// be told of so many bytes: behind a chain of filters that no writer makes. Filters of images count nothing.
pub(super) fn unfolded_length(stream: &Stream<'_>, limit: u64, known: &Lengths) -> Option<u64> {
    let raw = stream.raw_data();
    let filters: Vec<Filter> = stream.filters().into_iter().filter(is_of_data).collect();
    if let (Some(length), [Filter::FlateDecode]) = (known.of(&raw), filters.as_slice()) {
        return Some(length).filter(|length| *length <= limit);
    }
    let furthest = filters.iter().fold(wide(raw.len()), |length, filter| length.saturating_mul(most(filter)));
    match counted(&filters, &raw, limit) {
        Some(length) => Some(length).filter(|length| *length <= limit),
        None => Some(furthest).filter(|furthest| *furthest <= limit),
    }
}

/// The first bytes behind the first filter; what that filter is unable to begin with comes out empty.
pub(super) fn beginning(stream: &Stream<'_>, bytes: u64) -> Vec<u8> {
    let raw = stream.raw_data();
    let mut start = Vec::new();
    let read = match stream.filters().first() {
        Some(Filter::FlateDecode) => {
            let zlib = ZlibDecoder::new(&*raw).take(bytes).read_to_end(&mut start);
            if start.is_empty() { DeflateDecoder::new(&*raw).take(bytes).read_to_end(&mut start) } else { zlib }
        }
        _ => raw.take(bytes).read_to_end(&mut start),
    };
    // Damage further on leaves what came before it.
    let _ = read;
    start
}

/// What zlib's data unfold to, up to any damage. `None` where that is too much.
pub(super) fn inflated_within(raw: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut unfolded = Vec::new();
    // Damage further on leaves what came before it.
    let _ = ZlibDecoder::new(raw).take(most + 1).read_to_end(&mut unfolded);
    (wide(unfolded.len()) <= most).then_some(unfolded)
}

/// `None` for chains that no writer makes.
fn counted(filters: &[Filter], raw: &[u8], limit: u64) -> Option<u64> {
    match filters {
        [] => Some(wide(raw.len())),
        [Filter::FlateDecode] => Some(inflated(raw, limit)),
        [Filter::LzwDecode] => Some([0, 1].into_iter().map(|early| lzw_length(raw, early, limit)).max().unwrap_or_default()),
        [Filter::Ascii85Decode | Filter::AsciiHexDecode] => Some(wide(raw.len())),
        [Filter::Ascii85Decode, rest @ ..] => counted(rest, &from_base_85(raw), limit),
        [Filter::AsciiHexDecode, rest @ ..] => counted(rest, &from_hexadecimal(raw), limit),
        _ => None,
    }
}

/// The renderer tries the data as zlib's, then as bare ones, and then past the header and past any damage. What it
/// finds behind damage counts as if it unfolded as far as anything can.
fn inflated(raw: &[u8], limit: u64) -> u64 {
    let mut counter = Counter::new();
    let zlib = counter.count(true, raw, limit);
    if zlib.end != End::Damaged {
        return zlib.length;
    }
    let bare = counter.count(false, raw, limit);
    if bare.end != End::Damaged {
        return bare.length;
    }
    let without_header = raw.get(ZLIB_HEADER_BYTES..).unwrap_or_default();
    let headless = counter.count(false, without_header, limit);
    let beyond = unread(&headless, without_header).saturating_mul(most(&Filter::FlateDecode));
    zlib.length.max(bare.length).max(headless.length.saturating_add(beyond))
}

/// What lies behind damage.
fn unread(counted: &Counted, raw: &[u8]) -> u64 {
    if counted.end == End::Damaged { wide(raw.len()).saturating_sub(counted.read) } else { 0 }
}

/// Walks the codes and keeps how long each entry of the table is. ISO 32000-2, section 7.4.4.
pub(super) fn lzw_length(raw: &[u8], early: usize, limit: u64) -> u64 {
    let mut bits = raw.iter().flat_map(|byte| (0..8).rev().map(move |shift| usize::from(byte >> shift & 1)));
    let (mut lengths, mut previous, mut total) = (Vec::<u64>::new(), None::<u64>, 0_u64);
    while total <= limit {
        let entries = lengths.len() + FIRST_FREE_CODE;
        let width = [512, 1024, 2048].into_iter().position(|full| entries + early < full).unwrap_or(3) + 9;
        let Some(code) = (0..width).try_fold(0, |code, _| Some(code << 1 | bits.next()?)) else { break };
        let length = match code.checked_sub(FIRST_FREE_CODE) {
            None if code == CLEAR_TABLE => {
                (lengths, previous) = (Vec::new(), None);
                continue;
            }
            None if code == END_OF_DATA => break,
            None => 1,
            Some(entry) => lengths.get(entry).copied().unwrap_or_else(|| previous.unwrap_or_default() + 1),
        };
        if let Some(previous) = previous.filter(|_| entries < MOST_CODES) {
            lengths.push(previous + 1);
        }
        previous = Some(length);
        total = total.saturating_add(length);
    }
    total
}

pub(super) fn from_base_85(raw: &[u8]) -> Vec<u8> {
    let digits = raw.iter().take_while(|byte| **byte != b'~');
    let (mut out, mut group) = (Vec::new(), Vec::new());
    for byte in digits {
        match byte {
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => group.push(u32::from(byte - b'!')),
            _ => {}
        }
        if group.len() == 5 {
            out.extend(word(&group).to_be_bytes());
            group.clear();
        }
    }
    if let Some(kept) = group.len().checked_sub(1) {
        group.resize(5, 84);
        out.extend(word(&group).to_be_bytes().into_iter().take(kept));
    }
    out
}

fn word(group: &[u32]) -> u32 {
    group.iter().fold(0, |word, digit| word.wrapping_mul(85).wrapping_add(*digit))
}

pub(super) fn from_hexadecimal(raw: &[u8]) -> Vec<u8> {
    let digits = raw.iter().take_while(|byte| **byte != b'>').filter_map(|byte| char::from(*byte).to_digit(16));
    let digits: Vec<u8> = digits.filter_map(|digit| u8::try_from(digit).ok()).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

pub(super) fn is_of_data(filter: &Filter) -> bool {
    !matches!(filter, Filter::CcittFaxDecode | Filter::Jbig2Decode | Filter::DctDecode | Filter::JpxDecode)
}

/// How many bytes come out for one at most.
fn most(filter: &Filter) -> u64 {
    match filter {
        // RFC 1951, section 3.2: 258 bytes for two bits.
        Filter::FlateDecode => 1032,
        // Entries of 3,838 bytes at most, for twelve bits.
        Filter::LzwDecode => 2560,
        Filter::RunLengthDecode => 64,
        Filter::Ascii85Decode => 4,
        _ => 1,
    }
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// RFC 1950, section 2.2.
const ZLIB_HEADER_BYTES: usize = 2;

const CLEAR_TABLE: usize = 256;
const END_OF_DATA: usize = 257;
const FIRST_FREE_CODE: usize = 258;
const MOST_CODES: usize = 4096;
