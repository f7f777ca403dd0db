//! Whether the data of an image reach its last row.
//!
//! Readers fill what is missing with white, black or nothing, and the renderer stretches what there is; so half a scan
//! is not drawn. Nothing is kept of what is unpacked here.

mod bits;
mod fax;
mod jpeg;
mod segments;

use std::borrow::Cow;

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::Findings;
use super::count::Counter;
use super::length::{from_base_85, from_hexadecimal, is_of_data, lzw_length};

/// What cannot be told, behind filters that no writer puts behind one another, counts as whole.
pub(super) fn is_whole(image: &Stream<'_>, findings: &mut Findings) -> bool {
    let filters = image.filters();
    let raw = image.raw_data();
    let (data, last) = match filters.as_slice() {
        [before @ .., last] if !is_of_data(last) => (before, Some(*last)),
        all => (all, None),
    };
    let Some(last) = last else { return reaches_the_end(image, data, &raw, findings) };
    let Some(encoded) = undone(data, &raw) else { return true };
    let parameters = parameters(image.dict(), data.len());
    match last {
        Filter::DctDecode => {
            let is_followed = findings.work().follow(wide(encoded.len()));
            size(image.dict()).is_none_or(|size| jpeg::is_whole(&encoded, size, is_followed))
        }
        Filter::CcittFaxDecode => size(image.dict()).is_none_or(|(width, height)| {
            let is_followed = findings.work().follow(wide(encoded.len()).saturating_add(height.saturating_mul(2)));
            !is_followed || fax::is_whole(&encoded, &parameters, (width, height))
        }),
        Filter::Jbig2Decode => {
            let globals = parameters.get::<Stream<'_>>("JBIG2Globals").and_then(|globals| unpacked(&globals));
            let samples = [Some(encoded.as_ref()), globals.as_deref()].into_iter().flatten().map(segments::jbig2_samples);
            let most = size(image.dict()).map_or(0, |(width, height)| width.saturating_mul(height));
            let fits = samples.fold(0, u64::saturating_add) <= most.saturating_mul(TIMES_ITS_SIZE).saturating_add(SAMPLES_BESIDE);
            fits && segments::is_whole_jbig2(&encoded)
        }
        Filter::JpxDecode => segments::is_whole_jpx(&encoded),
        _ => true,
    }
}

fn unpacked<'a>(stream: &Stream<'a>) -> Option<Vec<u8>> {
    undone(stream.filters().as_slice(), &stream.raw_data()).map(Cow::into_owned)
}

/// Of samples that no filter of images packed.
fn reaches_the_end(image: &Stream<'_>, filters: &[Filter], raw: &[u8], findings: &mut Findings) -> bool {
    let Some(needed) = needed(image.dict(), filters) else { return true };
    if let (Some(length), [Filter::FlateDecode]) = (findings.lengths().at_least(raw), filters) {
        return length >= needed;
    }
    let costs_nothing = filters.is_empty();
    if !costs_nothing && !findings.work().follow(needed / SAMPLES_AS_FAST_AS_A_BYTE) {
        return true;
    }
    come_out(filters, raw, needed).is_none_or(|length| length >= needed)
}

/// How many bytes there must be, behind the last filter of data but before a predictor. `None` for colours that are
/// named elsewhere.
fn needed(image: &Dict<'_>, filters: &[Filter]) -> Option<u64> {
    let (width, height) = size(image)?;
    let is_mask = image.get::<bool>("IM").or_else(|| image.get("ImageMask")).unwrap_or(false);
    let bits = image.get::<u32>("BPC").or_else(|| image.get("BitsPerComponent"));
    let sample = bits.map_or(if is_mask { 1 } else { 8 }, u64::from).checked_mul(if is_mask { 1 } else { components(image)? })?;
    let bytes = width.checked_mul(sample)?.div_ceil(8).checked_mul(height)?;
    let parameters = parameters(image, filters.len().saturating_sub(1));
    if parameters.get::<u32>("Predictor").unwrap_or(1) < FIRST_PREDICTOR_OF_PNG {
        return Some(bytes);
    }
    let of = |key: &str, otherwise: u64| parameters.get::<u32>(key).map_or(otherwise, u64::from);
    let row = of("Columns", 1).checked_mul(of("Colors", 1))?.checked_mul(of("BitsPerComponent", 8))?.div_ceil(8).max(1);
    bytes.checked_add(bytes.div_ceil(row))
}

fn components(image: &Dict<'_>) -> Option<u64> {
    let space = image.get::<Object<'_>>("CS").or_else(|| image.get("ColorSpace"));
    space.map_or(Some(1), components_of_space)
}

pub(super) fn components_of_space(space: Object<'_>) -> Option<u64> {
    match space {
        Object::Name(name) => components_of(&name),
        Object::Array(parts) => {
            let family = parts.iter::<Name<'_>>().next()?;
            match family.as_ref() {
                b"ICCBased" => parts.iter::<Object<'_>>().nth(1)?.into_stream()?.dict().get::<u32>("N").map(u64::from),
                b"DeviceN" => u64::try_from(parts.iter::<Object<'_>>().nth(1)?.into_array()?.raw_iter().count()).ok(),
                _ => components_of(&family),
            }
        }
        _ => None,
    }
}

fn components_of(family: &[u8]) -> Option<u64> {
    match family {
        b"DeviceGray" | b"G" | b"CalGray" | b"Indexed" | b"I" | b"Separation" => Some(1),
        b"DeviceRGB" | b"RGB" | b"CalRGB" | b"Lab" => Some(3),
        b"DeviceCMYK" | b"CMYK" => Some(4),
        _ => None,
    }
}

fn size(image: &Dict<'_>) -> Option<(u64, u64)> {
    let side = |short: &str, long: &str| image.get::<u32>(short).or_else(|| image.get::<u32>(long)).map(u64::from);
    Some((side("W", "Width")?, side("H", "Height")?))
}

/// Of the filter at a place; one dictionary is that of the only filter.
fn parameters<'a>(image: &Dict<'a>, place: usize) -> Dict<'a> {
    let listed = image.get::<Object<'_>>("DP").or_else(|| image.get("DecodeParms"));
    let own = match listed {
        Some(Object::Dict(only)) => Some(only),
        Some(Object::Array(all)) => nth_dictionary(&all, place),
        _ => None,
    };
    own.unwrap_or_default()
}

fn nth_dictionary<'a>(all: &Array<'a>, place: usize) -> Option<Dict<'a>> {
    all.iter::<Object<'_>>().nth(place).and_then(Object::into_dict)
}

/// What an image's own filter is given. `None` where that is too much to be kept, or behind other filters.
fn undone<'a>(filters: &[Filter], raw: &'a [u8]) -> Option<Cow<'a, [u8]>> {
    match filters {
        [] => Some(Cow::Borrowed(raw)),
        [Filter::Ascii85Decode] => Some(Cow::Owned(from_base_85(raw))),
        [Filter::AsciiHexDecode] => Some(Cow::Owned(from_hexadecimal(raw))),
        [Filter::FlateDecode] => super::length::inflated_within(raw, MOST_BYTES_KEPT).map(Cow::Owned),
        _ => None,
    }
}

/// How many bytes come out before any damage, up to some more than `limit`.
fn come_out(filters: &[Filter], raw: &[u8], limit: u64) -> Option<u64> {
    match filters {
        [] => Some(wide(raw.len())),
        [Filter::FlateDecode] => {
            let mut counter = Counter::new();
            let zlib = counter.count(true, raw, limit).length;
            Some(if zlib > 0 { zlib } else { counter.count(false, raw, limit).length })
        }
        [Filter::LzwDecode] => [0, 1].into_iter().map(|early| lzw_length(raw, early, limit)).max(),
        [Filter::RunLengthDecode] => Some(run_length(raw)),
        [Filter::Ascii85Decode, rest @ ..] => come_out(rest, &from_base_85(raw), limit),
        [Filter::AsciiHexDecode, rest @ ..] => come_out(rest, &from_hexadecimal(raw), limit),
        _ => None,
    }
}

/// ISO 32000-2, section 7.4.5.
fn run_length(raw: &[u8]) -> u64 {
    let (mut rest, mut length) = (raw, 0_u64);
    while let [count @ (0..=127 | 129..=255), after @ ..] = rest {
        let is_copied = *count < 128;
        let bytes = if is_copied { usize::from(*count) + 1 } else { 257 - usize::from(*count) };
        let Some(next) = after.get(if is_copied { bytes } else { 1 }..) else { break };
        length = length.saturating_add(wide(bytes));
        rest = next;
    }
    length
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// ISO 32000-2, section 7.4.4.4, table 10.
const FIRST_PREDICTOR_OF_PNG: u32 = 10;

/// A photograph that is packed twice.
const MOST_BYTES_KEPT: u64 = 16 * 1024 * 1024;

/// A page, the text on it, pictures, and what is drawn over both.
const TIMES_ITS_SIZE: u64 = 6;
/// Patterns, for small images as well.
const SAMPLES_BESIDE: u64 = 4_000_000;

/// Unpacking is so much faster than following codes.
const SAMPLES_AS_FAST_AS_A_BYTE: u64 = 8;
