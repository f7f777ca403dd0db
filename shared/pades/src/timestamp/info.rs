use std::time::{Duration, SystemTime};

use der::asn1::{GeneralizedTime, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Tag};

use crate::asn1::{self, Element};
use crate::certificate::{DigestAlgorithm, Weakness};

/// The digest that is stamped. RFC 3161, section 2.4.1.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Imprint {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) digest: Vec<u8>,
}

/// What an authority signs. RFC 3161, section 2.4.2.
pub(super) struct TimeStampInfo {
    pub(super) policy: ObjectIdentifier,
    pub(super) imprint: Result<Imprint, Weakness>,
    pub(super) time: SystemTime,
    pub(super) nonce: Option<Vec<u8>>,
}

impl Imprint {
    /// RFC 5754, section 2: the parameters may be left out; some authorities know only NULL.
    pub(super) fn to_der(&self) -> asn1::Result<Vec<u8>> {
        let null = der::asn1::Null.to_der()?;
        let algorithm = asn1::element(Tag::Sequence, &[&self.algorithm.identifier().to_der()?, &null])?;
        asn1::element(Tag::Sequence, &[&algorithm, &OctetStringRef::new(&self.digest)?.to_der()?])
    }

    fn read(element: Element<'_>) -> asn1::Result<Result<Self, Weakness>> {
        let mut fields = element.sequence()?;
        let algorithm = DigestAlgorithm::of_identifier(fields.next()?.whole);
        let digest = fields.next()?.expect(Tag::OctetString)?.content.to_vec();
        fields.finish()?;
        Ok(algorithm.map(|algorithm| Self { algorithm, digest }))
    }
}

impl TimeStampInfo {
    pub(super) fn read(content: &[u8]) -> asn1::Result<Self> {
        let mut fields = Element::only(content)?.sequence()?;
        if fields.next()?.decode::<u8>()? != VERSION {
            return Err(Tag::Integer.value_error().into());
        }
        let policy = fields.next()?.decode()?;
        let imprint = Imprint::read(fields.next()?)?;
        fields.next()?.expect(Tag::Integer)?;
        let time = time(fields.next()?.expect(Tag::GeneralizedTime)?.content)?;
        if let Some(accuracy) = fields.next_if(Tag::Sequence)? {
            refuse_vague(accuracy)?;
        }
        // Whether it orders.
        fields.next_if(Tag::Boolean)?;
        let nonce = fields.next_if(Tag::Integer)?.map(|nonce| significant(nonce.content).to_vec());
        fields.next_if(asn1::constructed(AUTHORITY_NAME))?;
        // A critical extension would change what the stamp means; none is known. RFC 3161, section 2.4.2.
        match fields.next_if(asn1::constructed(EXTENSIONS))? {
            Some(extensions) if has_critical(extensions)? => Err(Tag::Sequence.value_error().into()),
            _ => {
                fields.finish()?;
                Ok(Self { policy, imprint, time, nonce })
            }
        }
    }
}

/// A time that may be hours off proves nothing; authorities say a second, some a minute.
fn refuse_vague(accuracy: Element<'_>) -> asn1::Result<()> {
    let mut fields = accuracy.sequence()?;
    let seconds = fields.next_if(Tag::Integer)?.map_or(Ok(0), |seconds| seconds.decode::<u32>())?;
    match seconds <= MOST_SECONDS_OFF {
        true => Ok(()),
        false => Err(Tag::Integer.value_error().into()),
    }
}

/// The octets of a positive number without leading zeros.
pub(super) fn significant(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

/// With fractions of a second, which certificates never have. RFC 3161, section 2.4.2.
fn time(text: &[u8]) -> asn1::Result<SystemTime> {
    let wrong = || der::Error::from(Tag::GeneralizedTime.value_error());
    let text = text.strip_suffix(b"Z").ok_or_else(wrong)?;
    let (whole, fraction) = match text.iter().position(|octet| *octet == b'.') {
        Some(point) if text.len() > point + 1 => text.split_at_checked(point).ok_or_else(wrong)?,
        Some(_) => return Err(wrong()),
        None => (text, &b""[..]),
    };
    let seconds = [&[GENERALIZED_TIME, SECONDS_LENGTH], whole, b"Z"].concat();
    let seconds = GeneralizedTime::from_der(&seconds)?.to_system_time();
    Ok(seconds + fraction_of_a_second(fraction.strip_prefix(b".").unwrap_or_default()).ok_or_else(wrong)?)
}

fn fraction_of_a_second(digits: &[u8]) -> Option<Duration> {
    let mut nanoseconds = 0;
    let mut unit = 100_000_000;
    for digit in digits {
        let digit = u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        nanoseconds += digit * unit;
        unit /= 10;
    }
    Some(Duration::from_nanos(nanoseconds.into()))
}

fn has_critical(extensions: Element<'_>) -> asn1::Result<bool> {
    for extension in extensions.children()? {
        let mut fields = extension.sequence()?;
        fields.next()?;
        if let Some(critical) = fields.next_if(Tag::Boolean)?
            && critical.decode()?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Of TSTInfo and of TimeStampReq alike.
pub(super) const VERSION: u8 = 1;

const MOST_SECONDS_OFF: u32 = 3_600;

/// Tags of TSTInfo.
const AUTHORITY_NAME: u32 = 0;
const EXTENSIONS: u32 = 1;

/// The head of `YYYYMMDDhhmmssZ`.
const GENERALIZED_TIME: u8 = 0x18;
const SECONDS_LENGTH: u8 = 15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_may_be_hours_off_is_refused() {
        let is_refused = |accuracy: &[u8]| refuse_vague(Element::only(accuracy).expect("DER")).is_err();
        assert!(!is_refused(b"\x30\x03\x02\x01\x3C"), "a minute");
        assert!(!is_refused(b"\x30\x04\x80\x02\x01\xF4"), "half a second");
        assert!(!is_refused(b"\x30\x04\x02\x02\x0E\x10"), "an hour");
        assert!(is_refused(b"\x30\x04\x02\x02\x0E\x11"), "a second more");
        assert!(is_refused(b"\x30\x07\x02\x05\x7F\xFF\xFF\xFF\xFF"), "a century");
        assert!(is_refused(b"\x30\x03\x02\x01\xFF"), "less than nothing");
    }

    #[test]
    fn times_may_have_fractions() {
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_309_872);
        assert_eq!(time(b"20261122011112Z"), Ok(second));
        assert_eq!(time(b"20261122011112.25Z"), Ok(second + Duration::from_millis(250)));
        assert_eq!(time(b"20261122011112.1234567891Z"), Ok(second + Duration::from_nanos(123_456_789)));
        for wrong in
            [b"20261122011112".as_slice(), b"20261122011112.Z", b"20261122011112.xZ", b"2026112201111Z", b"20261322011112Z", b""]
        {
            assert!(time(wrong).is_err());
        }
    }
}
