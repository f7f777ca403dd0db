//! Distinguished names, compared as their authorities mean them.

use der::Tag;
use der::asn1::ObjectIdentifier;
use sha2::{Digest, Sha256};

use crate::asn1::{self, Element};

/// The digest of a distinguished name in one of the ways in which it can be written: authorities and programs write the
/// same in several kinds of string, in other letters and with other spaces. RFC 5280, section 7.1.
///
/// Those of a certificate are made once, and compared with those of every other that came along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FoldedName([u8; 32]);

impl FoldedName {
    pub(crate) fn of(name: &[u8]) -> Self {
        let relatives = if name.len() > LONGEST_FOLDED { None } else { relatives(name).ok() };
        Self(match relatives {
            Some(relatives) => digest(&relatives),
            None => Sha256::digest(name).into(),
        })
    }
}

fn digest(relatives: &[Relative]) -> [u8; 32] {
    let mut digest = Sha256::new();
    let mut take = |part: &[u8]| {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    };
    for relative in relatives {
        take(b"relative");
        for (kind, value) in relative {
            take(kind.as_bytes());
            match value {
                Value::Text(text) => [b"text", text.as_bytes()].map(&mut take),
                Value::Other(other) => [b"other", other.as_slice()].map(&mut take),
            };
        }
    }
    digest.finalize().into()
}

/// One step from the country down to the holder: mostly one pair of kind and value, in an order of its own.
pub(crate) type Relative = Vec<(ObjectIdentifier, Value)>;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// Mostly in small letters, with single spaces.
    Text(String),
    Other(Vec<u8>),
}

pub(crate) fn relatives(name: &[u8]) -> asn1::Result<Vec<Relative>> {
    relatives_with(name, folded)
}

/// Whether both names say the same letter by letter, be it in UTF-8 or in the older strings of ASCII: where nobody signed how
/// a name is written, nothing else may be altered.
pub(crate) fn is_same_text(one: &[u8], other: &[u8]) -> bool {
    let are_short = one.len().max(other.len()) <= LONGEST_FOLDED;
    let texts = |name| relatives_with(name, literal).ok();
    one == other || are_short && texts(one).is_some_and(|one| texts(other).is_some_and(|other| one == other))
}

fn relatives_with(name: &[u8], value: fn(Element<'_>) -> Value) -> asn1::Result<Vec<Relative>> {
    Element::only(name)?.sequence()?.rest()?.into_iter().map(|relative| pairs(relative, value)).collect()
}

fn pairs(relative: Element<'_>, value: fn(Element<'_>) -> Value) -> asn1::Result<Relative> {
    let mut pairs = Vec::new();
    for pair in relative.expect(Tag::Set)?.children()? {
        let mut fields = pair.sequence()?;
        pairs.push((fields.next()?.decode()?, value(fields.next()?)));
        fields.finish()?;
    }
    pairs.sort_unstable();
    Ok(pairs)
}

fn literal(element: Element<'_>) -> Value {
    let text = match element.tag {
        Tag::Utf8String | Tag::PrintableString => String::from_utf8(element.content.to_vec()).ok(),
        _ => None,
    };
    text.map_or_else(|| Value::Other(element.whole.to_vec()), Value::Text)
}

fn folded(element: Element<'_>) -> Value {
    let text = match element.tag {
        Tag::Utf8String => String::from_utf8(element.content.to_vec()).ok(),
        Tag::PrintableString | Tag::Ia5String | Tag::VisibleString | Tag::TeletexString if element.content.is_ascii() => {
            String::from_utf8(element.content.to_vec()).ok()
        }
        Tag::BmpString => in_utf16(element.content),
        _ => None,
    };
    match text {
        Some(text) => Value::Text(text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()),
        None => Value::Other(element.whole.to_vec()),
    }
}

fn in_utf16(content: &[u8]) -> Option<String> {
    let units: Option<Vec<u16>> = content.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).ok().map(u16::from_be_bytes)).collect();
    String::from_utf16(&units?).ok()
}

pub(super) fn common_name(name: &[u8]) -> Option<String> {
    names(name).ok()?.into_iter().rev().find(|(kind, _)| *kind == COMMON_NAME).map(|(_, text)| text)
}

pub(super) fn last_name(name: &[u8]) -> Option<String> {
    names(name).ok()?.pop().map(|(_, text)| text)
}

/// The kinds and texts of a distinguished name, from the country down.
fn names(name: &[u8]) -> asn1::Result<Vec<(ObjectIdentifier, String)>> {
    let mut names = Vec::new();
    for relative in Element::only(name)?.sequence()?.rest()? {
        for pair in relative.expect(Tag::Set)?.children()? {
            let mut fields = pair.sequence()?;
            names.push((fields.next()?.decode()?, text(fields.next()?)));
        }
    }
    Ok(names)
}

/// A DirectoryString; what is not UTF-8 is shown with replacement characters.
fn text(element: Element<'_>) -> String {
    if element.tag != Tag::BmpString {
        return String::from_utf8_lossy(element.content).into_owned();
    }
    let units = element.content.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    char::decode_utf16(units.map(u16::from_be_bytes)).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// In bytes; several times the longest that are seen. Longer ones are compared as they stand.
const LONGEST_FOLDED: usize = 2_048;

/// id-at-commonName. RFC 5280, appendix A.1.
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

#[cfg(test)]
mod tests {
    use der::Encode;

    use super::*;
    use crate::asn1::{element, set_of};

    #[test]
    fn kind_of_string_letters_and_spaces_make_no_other_name() {
        let one = called(0x0C, "Test  Root".as_bytes());
        assert!(is_same_name(&one, &called(0x13, b"test root ")));
        assert!(is_same_name(&one, &called(0x1E, b"\0T\0e\0s\0t\0 \0R\0o\0o\0t")));
        assert!(!is_same_name(&one, &called(0x0C, b"Test Roots")));
        assert!(!is_same_name(&one, &called(0x0C, b"TestRoot")));
    }

    #[test]
    fn letter_by_letter_only_the_kind_of_string_may_differ() {
        let one = called(0x0C, b"Test Root");
        assert!(is_same_text(&one, &called(0x13, b"Test Root")));
        assert!(!is_same_text(&one, &called(0x0C, b"test Root")));
        assert!(!is_same_text(&one, &called(0x0C, b"Test  Root")));
        assert!(!is_same_text(&one, &called(0x04, b"Test Root")));
    }

    #[test]
    fn what_is_no_text_is_compared_as_it_stands() {
        assert!(!is_same_name(&called(0x0C, b"\xFF"), &called(0x0C, b"\xFE")));
        assert!(!is_same_name(&called(0x04, b"a"), &called(0x04, b"A")));
        assert!(is_same_name(&called(0x04, b"a"), &called(0x04, b"a")));
    }

    #[test]
    fn long_names_are_compared_byte_by_byte() {
        let long = vec![b'a'; 3_000];
        assert!(is_same_name(&called(0x0C, &long), &called(0x0C, &long)));
        assert!(!is_same_name(&called(0x0C, &long), &called(0x13, &long)));
    }

    fn is_same_name(one: &[u8], other: &[u8]) -> bool {
        FoldedName::of(one) == FoldedName::of(other)
    }

    fn called(tag: u8, text: &[u8]) -> Vec<u8> {
        let tag = match tag {
            0x0C => Tag::Utf8String,
            0x13 => Tag::PrintableString,
            0x1E => Tag::BmpString,
            _ => Tag::OctetString,
        };
        let kind = ObjectIdentifier::new_unwrap("2.5.4.3").to_der().expect("short");
        let pair = element(Tag::Sequence, &[&kind, &element(tag, &[text]).expect("short")]).expect("short");
        element(Tag::Sequence, &[&set_of(&[pair]).expect("short")]).expect("short")
    }
}
