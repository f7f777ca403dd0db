use der::Tag;
use der::asn1::ObjectIdentifier;

use super::problem::RevocationProblem;
use super::scope::names_directory;
use super::status::{RevocationReason, Revoked};
use crate::asn1::{self, Element, Fields};
use crate::certificate::time;

/// Where each serial number of a list stands: half a million of them are read once, and then found.
pub(super) struct Index {
    /// A short form of the serial number, and where its entry begins; sorted.
    places: Vec<(u32, u32)>,
}

/// What entries may say, by the kind of their list.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    /// Some are only taken off an earlier list.
    pub(super) is_delta: bool,
    /// Entries may be about other issuers' certificates than those of this one, who made the list.
    pub(super) issuer: Option<&'a [u8]>,
}

impl Index {
    /// Every entry is read: one that nobody understands spoils them all. RFC 5280, section 5.3.
    pub(super) fn of(content: &[u8], rules: Rules<'_>) -> Result<Self, RevocationProblem> {
        let mut entries = Entries { fields: Fields::of(content)?, understood: (&[], false), rules, is_own: true };
        let mut places = Vec::new();
        while !entries.fields.is_finished() {
            let place = content.len().saturating_sub(entries.fields.bytes_left());
            if let Some(serial_number) = entries.read_next()? {
                places.push((short(serial_number), u32::try_from(place).map_err(|_| RevocationProblem::TooMuch)?));
            }
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
    /// Extensions that were read before, and whether they only take a certificate off; the same again need not be read.
    understood: (&'a [u8], bool),
    rules: Rules<'a>,
    /// Of the list's own issuer, until an entry names another one. RFC 5280, section 5.3.3.
    is_own: bool,
}

impl<'a> Entries<'a> {
    /// The serial number of the next entry, if that is one of the issuer's that is revoked; everything in it must be
    /// understood.
    fn read_next(&mut self) -> Result<Option<&'a [u8]>, RevocationProblem> {
        let mut fields = self.fields.next()?.sequence()?;
        let serial_number = fields.next()?.expect(Tag::Integer)?.whole;
        fields.next()?;
        let extensions = fields.next_if(Tag::Sequence)?;
        fields.finish()?;
        let is_removed = match extensions {
            None => false,
            Some(extensions) if extensions.whole == self.understood.0 => self.understood.1,
            Some(extensions) => {
                let told = Told::read(extensions)?;
                self.understood = (extensions.whole, told.is_removed);
                self.take(told)?
            }
        };
        Ok(Some(serial_number).filter(|_| self.is_own && !is_removed))
    }

    /// Whether the entry only takes a certificate off.
    fn take(&mut self, told: Told<'_>) -> Result<bool, RevocationProblem> {
        if told.is_removed && !self.rules.is_delta {
            return Err(RevocationProblem::Malformed);
        }
        if let Some(named) = told.issuer {
            let own = self.rules.issuer.ok_or(RevocationProblem::IndirectList)?;
            let names = Fields::of(named)?.rest()?;
            self.is_own = names.iter().any(|name| names_directory(name.whole, own));
        }
        Ok(told.is_removed)
    }
}

/// What the extensions of an entry add.
#[derive(Default)]
struct Told<'a> {
    reason: Option<RevocationReason>,
    is_removed: bool,
    invalid_since: Option<std::time::SystemTime>,
    /// The content of the GeneralNames of whoever issued this certificate and those after it.
    issuer: Option<&'a [u8]>,
}

impl<'a> Told<'a> {
    fn read(extensions: Element<'a>) -> Result<Self, RevocationProblem> {
        let mut told = Self::default();
        for extension in asn1::extensions(extensions)? {
            match extension.kind {
                REASON if is_removal(extension.value()?) => told.is_removed = true,
                REASON => told.reason = reason(extension.value()?)?,
                INVALID_SINCE => told.invalid_since = Some(time(extension.value()?)?),
                CERTIFICATE_ISSUER => told.issuer = Some(extension.value()?.expect(Tag::Sequence)?.content),
                _ if extension.critical => return Err(RevocationProblem::UnknownCriticalExtension),
                _ => {}
            }
        }
        Ok(told)
    }
}

/// An ENUMERATED; one that nobody knows is none. That something was removed is said by delta lists alone, and of a
/// revocation has no meaning.
pub(super) fn reason(value: Element<'_>) -> Result<Option<RevocationReason>, RevocationProblem> {
    match value.expect(Tag::Enumerated)?.content {
        [_] if is_removal(value) => Err(RevocationProblem::Malformed),
        [code] => Ok(RevocationReason::of_code(*code)),
        _ => Err(RevocationProblem::Malformed),
    }
}

/// RFC 5280, section 5.3.1.
fn is_removal(value: Element<'_>) -> bool {
    value.tag == Tag::Enumerated && value.content == [REMOVED_FROM_LIST]
}

const REMOVED_FROM_LIST: u8 = 8;

/// RFC 5280, section 5.3.
const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALID_SINCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
const CERTIFICATE_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.29");
