use std::ops::Range;

use super::number::number;
use super::object::{Dictionary, Object, Reference, Stream};
use super::scanner::{Scanner, is_regular};
use super::string::{hexadecimal_string, literal_string, name};
use crate::problem::{Ambiguity, Counted, PdfProblem};

/// One object as it stands in the file between `obj` and `endobj`.
pub(crate) struct Indirect {
    pub(crate) reference: Reference,
    pub(crate) value: Body,
}

/// A stream's length may stand in another object, so its end is not known yet.
pub(crate) enum Body {
    Plain(Object),
    Stream { dictionary: Dictionary, data_start: u64 },
}

/// Parses `n g obj` and what follows, up to the end of the value.
pub(crate) fn indirect(scanner: &mut Scanner<'_>) -> Result<Indirect, PdfProblem> {
    indirect_within(scanner, &mut Budget::of(scanner))
}

/// The same of a cross-reference stream, with the numbers of its /Index, which may be hundreds of thousands: if it holds nothing
/// else, the array itself is left empty.
pub(crate) fn indirect_with_index(scanner: &mut Scanner<'_>) -> Result<(Indirect, Vec<u64>), PdfProblem> {
    let mut budget = Budget { wants_index: true, ..Budget::of(scanner) };
    let found = indirect_within(scanner, &mut budget)?;
    Ok((found, budget.index))
}

fn indirect_within(scanner: &mut Scanner<'_>, budget: &mut Budget) -> Result<Indirect, PdfProblem> {
    scanner.skip_white_space()?;
    let reference = header(scanner)?;
    let value = nested(scanner, MAX_NESTING, budget)?;
    scanner.skip_gap()?;
    let value = match value {
        Object::Dictionary(dictionary) if scanner.accept(b"stream")? => {
            Body::Stream { dictionary, data_start: stream_start(scanner)? }
        }
        plain => Body::Plain(plain),
    };
    Ok(Indirect { reference, value })
}

/// Steps over `endobj` after a plain value.
pub(crate) fn end_of_object(scanner: &mut Scanner<'_>) -> Result<(), PdfProblem> {
    scanner.skip_gap()?;
    scanner.expect(b"endobj", "endobj was expected")
}

/// Steps over `endstream` and `endobj` where the data should end.
pub(crate) fn end_of_stream(scanner: &mut Scanner<'_>, dictionary: Dictionary, data: Range<u64>) -> Result<Stream, PdfProblem> {
    scanner.seek(data.end);
    scanner.skip_white_space()?;
    if !scanner.accept(b"endstream")? {
        return Err(PdfProblem::Ambiguous { at: data.end, what: Ambiguity::StreamLength });
    }
    end_of_object(scanner)?;
    Ok(Stream { dictionary, data })
}

/// Parses one direct object or reference.
pub(crate) fn object(scanner: &mut Scanner<'_>) -> Result<Object, PdfProblem> {
    nested(scanner, MAX_NESTING, &mut Budget::of(scanner))
}

/// What one object may still cost.
struct Budget {
    memory: usize,
    end: u64,
    /// Whether the numbers of an outermost /Index are to be put aside.
    wants_index: bool,
    index: Vec<u64>,
}

impl Budget {
    fn of(scanner: &Scanner<'_>) -> Self {
        let end = scanner.position().saturating_add(MAX_OBJECT_BYTES);
        Self { memory: MOST_MEMORY, end, wants_index: false, index: Vec::new() }
    }

    fn keep(&mut self, bytes: usize) -> Result<(), PdfProblem> {
        let refusal = PdfProblem::TooMany { of: Counted::ObjectBytes, limit: crate::source::wide(MOST_MEMORY) };
        self.memory = self.memory.checked_sub(bytes).ok_or(refusal)?;
        Ok(())
    }
}

fn nested(scanner: &mut Scanner<'_>, depth: u8, budget: &mut Budget) -> Result<Object, PdfProblem> {
    spend(scanner, budget)?;
    let Some(deeper) = depth.checked_sub(1) else {
        return Err(PdfProblem::TooMany { of: Counted::NestedObjects, limit: MAX_NESTING.into() });
    };
    scanner.skip_gap()?;
    let object = match scanner.peek()? {
        Some(b'/') => Object::Name(name(scanner)?),
        Some(b'(') => Object::String(literal_string(scanner)?),
        Some(b'[') => array(scanner, deeper, budget)?,
        Some(b'<') if scanner.accept(b"<<")? => dictionary(scanner, deeper, budget)?,
        Some(b'<') => Object::String(hexadecimal_string(scanner)?),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(scanner)?,
        _ => keyword(scanner)?,
    };
    budget.keep(size_of::<Object>() + bytes_elsewhere(&object))?;
    Ok(object)
}

/// What an object holds beside itself and the objects in it.
fn bytes_elsewhere(object: &Object) -> usize {
    match object {
        Object::Name(bytes) | Object::Real(bytes) => bytes.capacity() + ALLOCATION,
        Object::String(text) => text.bytes.capacity() + ALLOCATION,
        Object::Array(items) => (items.capacity() - items.len()) * size_of::<Object>() + ALLOCATION,
        Object::Dictionary(_) => ALLOCATION,
        _ => 0,
    }
}

fn spend(scanner: &mut Scanner<'_>, budget: &mut Budget) -> Result<(), PdfProblem> {
    if scanner.position() > budget.end {
        return Err(PdfProblem::TooMany { of: Counted::ObjectBytes, limit: MAX_OBJECT_BYTES });
    }
    scanner.count_value();
    Ok(())
}

fn array(scanner: &mut Scanner<'_>, depth: u8, budget: &mut Budget) -> Result<Object, PdfProblem> {
    scanner.expect(b"[", "an array was expected")?;
    let mut items = Vec::new();
    loop {
        scanner.skip_gap()?;
        if scanner.accept(b"]")? {
            if items.len() > FEW {
                items.shrink_to_fit();
            }
            return Ok(Object::Array(items));
        }
        items.push(nested(scanner, depth, budget)?);
    }
}

fn dictionary(scanner: &mut Scanner<'_>, depth: u8, budget: &mut Budget) -> Result<Object, PdfProblem> {
    let at = scanner.position();
    let mut entries = Vec::new();
    loop {
        scanner.skip_gap()?;
        if scanner.accept(b">>")? {
            break;
        }
        let key = name(scanner)?;
        let is_put_aside = budget.wants_index && depth + 1 == MAX_NESTING && key == b"Index" && index(scanner, budget)?;
        let value = if is_put_aside { Object::Array(Vec::new()) } else { nested(scanner, depth, budget)? };
        budget.keep(key.capacity() + ALLOCATION + size_of::<Vec<u8>>())?;
        entries.push((key, value));
    }
    // Some readers end a key at a zero byte, and then take it for another.
    if entries.iter().any(|(key, _): &(Vec<u8>, Object)| key.contains(&0)) {
        return Err(PdfProblem::Ambiguous { at, what: Ambiguity::DoubledKey });
    }
    // A null counts as absent, but not beside the same key with a value.
    let dictionary = Dictionary::of(entries).ok_or(PdfProblem::Ambiguous { at, what: Ambiguity::DoubledKey })?;
    Ok(Object::Dictionary(dictionary.without_nulls()))
}

/// Puts aside an array of plain numbers. Anything else leaves the scanner where it is.
fn index(scanner: &mut Scanner<'_>, budget: &mut Budget) -> Result<bool, PdfProblem> {
    let start = scanner.position();
    budget.wants_index = false;
    scanner.skip_gap()?;
    let mut goes_on = scanner.accept(b"[")?;
    while goes_on {
        scanner.skip_gap()?;
        if scanner.accept(b"]")? {
            return Ok(true);
        }
        spend(scanner, budget)?;
        let number = scanner.unsigned().ok();
        goes_on = number.is_some() && !scanner.peek()?.is_some_and(is_regular);
        budget.index.extend(number);
    }
    budget.index = Vec::new();
    scanner.seek(start);
    Ok(false)
}

fn keyword(scanner: &mut Scanner<'_>) -> Result<Object, PdfProblem> {
    for (word, value) in
        [(b"true".as_slice(), Object::Boolean(true)), (b"false", Object::Boolean(false)), (b"null", Object::Null)]
    {
        if scanner.accept(word)? && !scanner.peek()?.is_some_and(is_regular) {
            return Ok(value);
        }
    }
    Err(scanner.malformed("an object was expected"))
}

fn header(scanner: &mut Scanner<'_>) -> Result<Reference, PdfProblem> {
    let number = scanner.unsigned()?;
    scanner.skip_gap()?;
    let generation = scanner.unsigned()?;
    scanner.skip_gap()?;
    scanner.expect(b"obj", "obj was expected")?;
    reference(number, generation).ok_or_else(|| scanner.malformed("an object number out of range"))
}

pub(crate) fn reference(number: u64, generation: u64) -> Option<Reference> {
    Some(Reference { number: u32::try_from(number).ok()?, generation: u16::try_from(generation).ok()? })
}

/// The end of line after `stream` is CRLF or LF, never CR alone.
/// ISO 32000-2, section 7.3.8.1.
fn stream_start(scanner: &mut Scanner<'_>) -> Result<u64, PdfProblem> {
    scanner.accept(b"\r")?;
    scanner.expect(b"\n", "the end of a line was expected after stream")?;
    Ok(scanner.position())
}

/// Real documents stay below thirty.
const MAX_NESTING: u8 = 100;
/// Of one indirect object, more than the widths of the largest font take: four of them are in memory at the same time where revisions are compared.
const MOST_MEMORY: usize = 10 * 1024 * 1024;
/// What a piece of memory takes beside its bytes, about.
const ALLOCATION: usize = 16;
/// Items for which no memory is given back.
const FEW: usize = 16;
/// One object's text, streams not counted.
const MAX_OBJECT_BYTES: u64 = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::super::write::write_object;
    use super::*;

    fn parsed(text: &str) -> Result<Object, PdfProblem> {
        object(&mut Scanner::at(&text.as_bytes().to_vec(), 0))
    }

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write_object(&parsed(text).expect("sound syntax"), &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn every_kind_of_object_survives_reading_and_writing() {
        for (text, same) in [
            ("null", "null"),
            ("true", "true"),
            ("+17", "17"),
            ("-.50", "-.50"),
            ("12 0 R", "12 0 R"),
            ("[1 2 0 R 3 4]", "[1 2 0 R 3 4]"),
            ("/A#20B", "/A#20B"),
            ("(a\\(b\\)\\134 (c))", "(a\\(b\\)\\\\ \\(c\\))"),
            ("(\\101\\\r\nB\\r\r\n)", "<41420D0A>"),
            ("< 4 1 4>", "(A@)"),
            ("<</B 1%comment\n/A[/C]/D null>>", "<< /A [/C] /B 1 >>"),
        ] {
            assert_eq!(written(text), same, "{text}");
            assert_eq!(parsed(same), parsed(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "]", "nul", "truely", "(open", "<4", "<4G>", "[1", "<</A>>", "<</A 1", "12x", "<</A 1 /A 2>>"] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn objects_too_deep_or_too_many_are_refused() {
        let deep = "[".repeat(MAX_NESTING.into()) + "[";
        assert!(matches!(parsed(&deep), Err(PdfProblem::TooMany { of: Counted::NestedObjects, .. })));
        let many = format!("[{}]", "0 ".repeat(600_000));
        assert!(matches!(parsed(&many), Err(PdfProblem::TooMany { of: Counted::ObjectBytes, .. })));
    }
}
