//! Distinguished names, compared as their authorities mean them.

use der::Tag;
use der::asn1::ObjectIdentifier;

use crate::asn1::{self, Element};

/// Whether two distinguished names in DER are the same: authorities and programs write one name in several kinds of string,
/// in other letters and with other spaces. RFC 5280, section 7.1.
pub(crate) fn is_same_name(one: &[u8], other: &[u8]) -> bool {
    one == other || are_short(&[one, other]) && relatives(one).is_ok_and(|own| relatives(other).is_ok_and(|others| own == others))
}

/// One step from the country down to the holder: mostly one pair of kind and value, in an order of its own.
pub(crate) type Relative = Vec<(ObjectIdentifier, Value)>;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// In small letters, with single spaces.
    Text(String),
    Other(Vec<u8>),
}

pub(crate) fn relatives(name: &[u8]) -> asn1::Result<Vec<Relative>> {
    Element::only(name)?.sequence()?.rest()?.into_iter().map(relative).collect()
}

fn relative(element: Element<'_>) -> asn1::Result<Relative> {
    let mut pairs = Vec::new();
    for pair in element.expect(Tag::Set)?.children()? {
        let mut fields = pair.sequence()?;
        pairs.push((fields.next()?.decode()?, value(fields.next()?)));
        fields.finish()?;
    }
    pairs.sort_unstable();
    Ok(pairs)
}

fn value(element: Element<'_>) -> Value {
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

/// Names are compared with those of every certificate that came along: a heap of long ones must not cost more than this.
fn are_short(names: &[&[u8]]) -> bool {
    names.iter().all(|name| name.len() <= LONGEST_FOLDED)
}

/// In bytes; several times the longest that are seen.
const LONGEST_FOLDED: usize = 2_048;

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

    fn called(tag: u8, text: &[u8]) -> Vec<u8> {
        let tag = Tag::try_from(tag).expect("a known tag");
        let kind = ObjectIdentifier::new_unwrap("2.5.4.3").to_der().expect("short");
        let pair = element(Tag::Sequence, &[&kind, &element(tag, &[text]).expect("short")]).expect("short");
        element(Tag::Sequence, &[&set_of(&[pair]).expect("short")]).expect("short")
    }
}
