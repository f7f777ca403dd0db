use der::Tag;
use der::asn1::ObjectIdentifier;

use crate::asn1::{self, Element, Fields};

/// The four items that a signature with a My Number card tells everyone who receives the document.
///
/// Has no `Debug`, so it cannot be logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub address: String,
    pub birth: BirthDate,
    pub sex: Sex,
    /// The name holds characters that stand in for ones outside the card's character set.
    pub name_has_substitutes: bool,
    pub address_has_substitutes: bool,
}

/// A date of birth; the year is Gregorian, the era is how it was registered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate {
    pub era: Era,
    pub year: u16,
    /// 0 if it is not known.
    pub month: u8,
    /// 0 if it is not known.
    pub day: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Era {
    Meiji,
    Taisho,
    Showa,
    Heisei,
    Reiwa,
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
    Unknown,
}

impl Person {
    /// Reads the JPKI names among `names`, the content of GeneralNames, and passes over all others.
    pub(super) fn of_names(names: &[u8]) -> Option<Self> {
        let texts = jpki_names(names).ok()?;
        let text = |kind: ObjectIdentifier| texts.iter().find(|(known, _)| *known == kind).map(|(_, text)| text.as_str());
        Some(Self {
            name: text(NAME)?.to_owned(),
            address: text(ADDRESS)?.to_owned(),
            birth: BirthDate::parse(text(BIRTH)?)?,
            sex: Sex::parse(text(SEX)?),
            name_has_substitutes: text(NAME_SUBSTITUTES).is_some_and(|map| map.contains('1')),
            address_has_substitutes: text(ADDRESS_SUBSTITUTES).is_some_and(|map| map.contains('1')),
        })
    }
}

impl BirthDate {
    /// A digit for the era, then YYYYMMDD.
    fn parse(text: &str) -> Option<Self> {
        if text.len() != 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let era = match text.as_bytes().first()? {
            b'1' => Era::Meiji,
            b'2' => Era::Taisho,
            b'3' => Era::Showa,
            b'4' => Era::Heisei,
            b'5' => Era::Reiwa,
            _ => Era::Unknown,
        };
        Some(Self {
            era,
            year: text.get(1..5)?.parse().ok()?,
            month: text.get(5..7)?.parse().ok()?,
            day: text.get(7..9)?.parse().ok()?,
        })
    }
}

impl Sex {
    fn parse(text: &str) -> Self {
        match text {
            "1" => Self::Male,
            "2" => Self::Female,
            _ => Self::Unknown,
        }
    }
}

/// Whether a name of the JPKI profile stands in `names` in whatever form.
pub(super) fn names_person(names: &[u8]) -> bool {
    names.windows(PROFILE.len()).any(|part| part == PROFILE)
}

fn jpki_names(names: &[u8]) -> asn1::Result<Vec<(ObjectIdentifier, String)>> {
    let mut texts = Vec::new();
    for name in Fields::of(names)?.rest()? {
        if name.tag == asn1::constructed(OTHER_NAME) {
            let mut fields = Fields::of(name.content)?;
            let kind: ObjectIdentifier = fields.next()?.decode()?;
            let value = Element::only(fields.next()?.expect(asn1::constructed(0))?.content)?;
            if value.tag == Tag::Utf8String {
                texts.push((kind, value.decode::<String>()?));
            }
        }
    }
    Ok(texts)
}

/// otherName of GeneralName. RFC 5280, section 4.2.1.6.
const OTHER_NAME: u32 = 0;

/// What their identifiers begin with, as DER has it.
const PROFILE: [u8; 9] = [0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x05];

/// The names of the JPKI profile, read from a certificate of a test card.
const NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.5.1");
const NAME_SUBSTITUTES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.5.2");
const SEX: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.5.3");
const BIRTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.5.4");
const ADDRESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.5.5");
const ADDRESS_SUBSTITUTES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.5.6");
