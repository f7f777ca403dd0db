//! What an image says of its samples: where entries are doubled, missing or contradict each other, readers find other samples
//! or other colours in the same data. Measured with poppler, PDFium, MuPDF and PDFBox.

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};

use super::length::unfolded_length;
use super::unfold::Lengths;
use super::whole::components_of_space;

/// Whether every reader finds the same, in an image that stands for itself.
pub(super) fn are_plain(image: &Stream<'_>, known: &Lengths) -> bool {
    let entries = image.dict();
    // Some take the short form first, as in content, and some the long one.
    let is_in_full = SHORT_AND_LONG.iter().all(|(short, _)| !entries.contains_key(short));
    is_in_full && is_in_full_space(entries) && are_complete(image, known)
}

/// The same in content, where a key may have one of two forms.
pub(super) fn are_plain_inline(image: &Stream<'_>, known: &Lengths) -> bool {
    let entries = image.dict();
    let is_one = |(short, long): &(&str, &str)| !(entries.contains_key(short) && entries.contains_key(long));
    SHORT_AND_LONG.iter().all(is_one) && are_complete(image, known)
}

fn are_complete(image: &Stream<'_>, known: &Lengths) -> bool {
    let entries = image.dict();
    let mask = either(entries, "IM", "ImageMask");
    let is_mask = matches!(mask, Some(Object::Boolean(true)));
    let is_told = matches!(mask, None | Some(Object::Boolean(_)));
    let are_whole = [("W", "Width"), ("H", "Height")]
        .iter()
        .all(|(short, long)| matches!(either(entries, short, long), Some(Object::Number(side)) if side.as_f64().fract() == 0.0));
    let brings_its_own = image.filters().last() == Some(&Filter::JpxDecode);
    let has_colors = match is_mask {
        true => is_gray_if_any(entries) && is_decoded_in_full(entries, 1, true),
        false => brings_its_own || (has_depth(image) && has_known_colors(entries, known)),
    };
    is_told && are_whole && has_colors
}

/// PDFBox takes a mask of other colours for an image.
fn is_gray_if_any(mask: &Dict<'_>) -> bool {
    match either(mask, "CS", "ColorSpace") {
        None => true,
        Some(Object::Name(space)) => matches!(space.as_ref(), b"DeviceGray" | b"G"),
        Some(_) => false,
    }
}

/// The other codes say it themselves.
fn has_depth(image: &Stream<'_>) -> bool {
    let says_itself = matches!(image.filters().last(), Some(Filter::DctDecode | Filter::CcittFaxDecode | Filter::Jbig2Decode));
    match either(image.dict(), "BPC", "BitsPerComponent") {
        Some(Object::Number(depth)) => [1, 2, 4, 8, 16].into_iter().any(|known| depth == Number::from_i32(known)),
        Some(_) => false,
        None => says_itself,
    }
}

fn has_known_colors(image: &Dict<'_>, known: &Lengths) -> bool {
    let Some(space) = either(image, "CS", "ColorSpace") else { return false };
    let has_palette = match &space {
        Object::Array(parts) => !is_indexed(parts) || has_whole_palette(parts, known),
        _ => true,
    };
    let Some(components) = components_of_space(space) else { return has_palette };
    let key = image.get::<Array<'_>>("Mask");
    let is_keyed_in_full = key.as_ref().is_none_or(|key| u64::try_from(key.raw_iter().count()) == Ok(2 * components));
    let has_its_mask = !image.contains_key("SMask") || image.get::<Stream<'_>>("SMask").is_some();
    has_palette && is_keyed_in_full && has_its_mask && is_decoded_in_full(image, components, false)
}

fn is_decoded_in_full(image: &Dict<'_>, components: u64, is_mask: bool) -> bool {
    let Some(listed) = either(image, "D", "Decode") else { return true };
    let Object::Array(listed) = listed else { return false };
    let numbers: Vec<f32> = listed.iter::<f32>().collect();
    let is_complete = numbers.len() == listed.raw_iter().count() && u64::try_from(numbers.len()) == Ok(2 * components);
    is_complete && (!is_mask || [[0.0, 1.0], [1.0, 0.0]].iter().any(|known| numbers == known))
}

/// ISO 32000-2, section 8.6.6.3.
fn has_whole_palette(parts: &Array<'_>, known: &Lengths) -> bool {
    let mut parts = parts.iter::<Object<'_>>().skip(1);
    let (Some(base), Some(Object::Number(highest)), Some(colors)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let length = match &colors {
        Object::String(text) => u64::try_from(text.as_bytes().len()).ok(),
        Object::Stream(stream) => unfolded_length(stream, u64::MAX, known),
        _ => None,
    };
    let Some(length) = length else { return false };
    let highest = u64::try_from(highest.as_i64()).ok().filter(|highest| *highest < 256);
    let needed = highest.and_then(|highest| components_of_space(base)?.checked_mul(highest + 1));
    highest.is_some() && needed.is_none_or(|needed| length >= needed)
}

fn is_in_full_space(image: &Dict<'_>) -> bool {
    let family = match image.get::<Object<'_>>("ColorSpace") {
        Some(Object::Name(name)) => Some(name),
        Some(Object::Array(parts)) => parts.iter::<Name<'_>>().next(),
        _ => None,
    };
    family.is_none_or(|family| !SHORT_SPACES.contains(&family.as_ref()))
}

fn is_indexed(parts: &Array<'_>) -> bool {
    parts.iter::<Name<'_>>().next().is_some_and(|family| matches!(family.as_ref(), b"Indexed" | b"I"))
}

fn either<'a>(image: &Dict<'a>, short: &str, long: &str) -> Option<Object<'a>> {
    image.get::<Object<'_>>(short).or_else(|| image.get(long))
}

/// ISO 32000-2, section 8.9.7, table 91.
const SHORT_AND_LONG: [(&str, &str); 7] = [
    ("W", "Width"),
    ("H", "Height"),
    ("BPC", "BitsPerComponent"),
    ("CS", "ColorSpace"),
    ("D", "Decode"),
    ("DP", "DecodeParms"),
    ("IM", "ImageMask"),
];
const SHORT_SPACES: [&[u8]; 4] = [b"G", b"RGB", b"CMYK", b"I"];
