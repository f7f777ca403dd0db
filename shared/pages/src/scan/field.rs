//! Whether a field shows the value that it has: Firefox draws the value itself, and others what its appearance says.

use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::annotation::inherited;
use super::length::unfolded_length;
use super::unfold::Lengths;

/// False only where both can be read as plain letters and digits, and differ.
pub(super) fn shows_its_value(field: &Dict<'_>, appearance: &Stream<'_>, known: &Lengths) -> bool {
    let kind = inherited(field, "FT").and_then(Object::into_name);
    let flags = inherited(field, "Ff").and_then(Object::into_i32).unwrap_or(0);
    let is_text = kind.as_deref() == Some(b"Tx") && flags & PASSWORD == 0;
    let is_choice = kind.as_deref() == Some(b"Ch") && flags & COMBO != 0;
    let Some(Object::String(value)) = inherited(field, "V").filter(|_| is_text || is_choice) else { return true };
    let (Some(value), Some(shown)) = (letters(value.as_bytes()), shown(appearance, known)) else { return true };
    // What does not fit is cut off by some writers.
    let is_cut = flags & MULTILINE != 0 && !shown.is_empty() && value.starts_with(&shown);
    value == shown || is_cut || (is_choice && options(field, &value).contains(&shown))
}

/// What stands for a value in the list.
fn options(field: &Dict<'_>, value: &[u8]) -> Vec<Vec<u8>> {
    let Some(Object::Array(options)) = inherited(field, "Opt") else { return Vec::new() };
    let pair = |option: Array<'_>| {
        let mut texts = option.iter::<Object<'_>>().filter_map(Object::into_string);
        let (stored, shown) = (texts.next()?, texts.next()?);
        (letters(stored.as_bytes()).as_deref() == Some(value)).then(|| letters(shown.as_bytes()))?
    };
    options.iter::<Array<'_>>().take(MOST_OPTIONS).filter_map(pair).collect()
}

/// The letters and digits of a text; None if it has characters of other scripts.
fn letters(text: &[u8]) -> Option<Vec<u8>> {
    let plain = match text.strip_prefix(&[0xFE, 0xFF]) {
        Some(units) => {
            units.chunks(2).map(|unit| if let [0, low] = unit { Some(*low) } else { None }).collect::<Option<Vec<_>>>()?
        }
        None => text.to_vec(),
    };
    plain.iter().all(u8::is_ascii).then(|| plain.into_iter().filter(u8::is_ascii_alphanumeric).collect())
}

/// What is written in plain fonts; None if anything else could be a letter.
fn shown(appearance: &Stream<'_>, known: &Lengths) -> Option<Vec<u8>> {
    unfolded_length(appearance, LONGEST, known)?;
    let content = appearance.decoded_data().ok()?;
    let fonts = appearance.dict().get::<Dict<'_>>("Resources").and_then(|resources| resources.get::<Dict<'_>>("Font"));
    let mut shown = Vec::new();
    let mut instructions = TypedIter::new(&content);
    while let Some(instruction) = instructions.next() {
        match &instruction {
            TypedInstruction::TextFont(font) => {
                let is_plain = fonts.as_ref()?.get::<Dict<'_>>(&font.0).is_some_and(|font| is_plain(&font));
                is_plain.then_some(())?;
            }
            TypedInstruction::ShowText(text) => shown.extend_from_slice(text.0.as_bytes()),
            TypedInstruction::NextLineAndShowText(text) => shown.extend_from_slice(text.0.as_bytes()),
            TypedInstruction::ShowTextWithParameters(text) => shown.extend_from_slice(text.2.as_bytes()),
            TypedInstruction::ShowTexts(texts) => {
                let parts = texts.0.iter::<Object<'_>>().filter_map(Object::into_string);
                parts.for_each(|part| shown.extend_from_slice(part.as_bytes()));
            }
            TypedInstruction::XObject(_)
            | TypedInstruction::InlineImage(_)
            | TypedInstruction::CubicTo(_)
            | TypedInstruction::LineTo(_) => return None,
            _ => {}
        }
    }
    letters(&shown)
}

/// A byte is the letter that it is in ASCII.
fn is_plain(font: &Dict<'_>) -> bool {
    let kind = font.get::<Name<'_>>("Subtype");
    let is_simple = kind.is_some_and(|kind| matches!(kind.as_ref(), b"Type1" | b"TrueType"));
    let keeps_letters = match font.get::<Object<'_>>("Encoding") {
        None => !font.contains_key("FontDescriptor"),
        Some(Object::Name(_)) => true,
        Some(Object::Dict(encoding)) => !encoding.contains_key("Differences") || !font.contains_key("FontDescriptor"),
        Some(_) => false,
    };
    is_simple && keeps_letters
}

/// ISO 32000-2, tables 228, 229 and 231.
const MULTILINE: i32 = 1 << 12;
const PASSWORD: i32 = 1 << 13;
const COMBO: i32 = 1 << 17;
/// What one field shows.
const LONGEST: u64 = 64 * 1024;
const MOST_OPTIONS: usize = 4_096;
