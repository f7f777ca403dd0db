use der::Tag;
use der::asn1::ObjectIdentifier;

use super::problem::RevocationProblem;
use super::status::{RevocationReason, Revoked};
use crate::asn1::{self, Element, Fields};
use crate::certificate::time;

/// Where each serial number of a list stands: half a million of them are read once, and then found.
pub(super) struct Index {
    /// A short form of the serial number, and where its entry begins; sorted.
    places: Vec<(u32, u32)>,
}

impl Index {
    /// Every entry is read: one that nobody understands spoils them all. RFC 5280, section 5.3.
    pub(super) fn of(content: &[u8]) -> Result<Self, RevocationProblem> {
        let mut entries = Entries { fields: Fields::of(content)?, understood: &[] };
        let mut places = Vec::new();
        while !entries.fields.is_finished() {
            let place = content.len().saturating_sub(entries.fields.bytes_left());
            let serial_number = entries.read_next()?;
            places.push((short(serial_number), u32::try_from(place).map_err(|_| RevocationProblem::TooMuch)?));
        }
        places.sort_unstable();
        Ok(Self { places })
    }

    /// What the same `content` says of a serial number, whole. Named twice, what is lasting counts, and of that the first.
    pub(super) fn find(&self, content: &[u8], serial_number: &[u8]) -> Result<Option<Revoked>, RevocationProblem> {
        let wanted = short(serial_number);
        let start = self.places.partition_point(|(short, _)| *short < wanted);
        let mut found: Option<Revoked> = None;
        for (_, place) in self.places.iter().skip(start).take_while(|(short, _)| *short == wanted) {
            let rest = usize::try_from(*place).ok().and_then(|place| content.get(place..)).unwrap_or_default();
            if let Some(revoked) = read_entry(Element::first(rest)?.0, serial_number)? {
                let is_graver = |other: Revoked| (revoked.is_hold(), revoked.since) < (other.is_hold(), other.since);
                found = if found.is_none_or(is_graver) { Some(revoked) } else { found };
            }
        }
        Ok(found)
    }
}

/// Serial numbers differ most in their last bytes.
fn short(serial_number: &[u8]) -> u32 {
    serial_number.iter().fold(0, |short: u32, byte| short.rotate_left(8) ^ u32::from(*byte))
}

fn read_entry(entry: Element<'_>, serial_number: &[u8]) -> Result<Option<Revoked>, RevocationProblem> {
    let mut fields = entry.sequence()?;
    if fields.next()?.whole != serial_number {
        return Ok(None);
    }
    let since = time(fields.next()?)?;
    let told = fields.next_if(Tag::Sequence)?.map_or(Ok(Told::default()), Told::read)?;
    Ok(Some(Revoked { since: told.invalid_since.map_or(since, |earlier| earlier.min(since)), reason: told.reason }))
}

/// The entries of a list, which mostly say the same.
struct Entries<'a> {
    fields: Fields<'a>,
    /// Extensions that were read before; the same again need not be.
    understood: &'a [u8],
}

impl<'a> Entries<'a> {
    /// The serial number of the next entry, if everything in it is understood.
    fn read_next(&mut self) -> Result<&'a [u8], RevocationProblem> {
        let mut fields = self.fields.next()?.sequence()?;
        let serial_number = fields.next()?.expect(Tag::Integer)?.whole;
        fields.next()?;
        let extensions = fields.next_if(Tag::Sequence)?;
        fields.finish()?;
        if let Some(extensions) = extensions.filter(|extensions| extensions.whole != self.understood) {
            Told::read(extensions)?;
            self.understood = extensions.whole;
        }
        Ok(serial_number)
    }
}

/// What the extensions of an entry add.
#[derive(Default)]
struct Told {
    reason: Option<RevocationReason>,
    invalid_since: Option<std::time::SystemTime>,
}

impl Told {
    fn read(extensions: Element<'_>) -> Result<Self, RevocationProblem> {
        let mut told = Self::default();
        for extension in asn1::extensions(extensions)? {
            match extension.kind {
                REASON => told.reason = Some(reason(extension.value()?)?),
                INVALID_SINCE => told.invalid_since = Some(time(extension.value()?)?),
                CERTIFICATE_ISSUER => return Err(RevocationProblem::IndirectList),
                _ if extension.critical => return Err(RevocationProblem::UnknownCriticalExtension),
                _ => {}
            }
        }
        Ok(told)
    }
}

/// An ENUMERATED. That something was removed is said by delta lists alone, and here has no meaning.
pub(super) fn reason(value: Element<'_>) -> Result<RevocationReason, RevocationProblem> {
    match value.expect(Tag::Enumerated)?.content {
        [code] => RevocationReason::of_code(*code).ok_or(RevocationProblem::Malformed),
        _ => Err(RevocationProblem::Malformed),
    }
}

/// RFC 5280, section 5.3.
const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALID_SINCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
const CERTIFICATE_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.29");
