//! The few DER forms (ITU-T X.690) that a certificate needs, written out.
//!
//! Certificates are read elsewhere with the crate x509-cert. Writing them
//! without it keeps one mistake from hiding another.

use const_oid::ObjectIdentifier;
use jiff::civil::DateTime;

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x30, &parts.concat())
}

pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x31, &parts.concat())
}

/// `[number]` around something that keeps its own tag, or in place of a constructed one's.
pub(crate) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tagged(0xA0 | number, content)
}

/// `[number]` in place of a primitive's own tag.
pub(crate) fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    tagged(0x80 | number, content)
}

/// From big-endian bytes whose top bit is clear.
pub(crate) fn positive_integer(bytes: &[u8]) -> Vec<u8> {
    tagged(0x02, bytes)
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let oid = ObjectIdentifier::new(dotted).expect("every identifier here is a constant of this crate");
    tagged(0x06, oid.as_bytes())
}

pub(crate) fn octet_string(bytes: &[u8]) -> Vec<u8> {
    tagged(0x04, bytes)
}

/// Without unused bits at the end.
pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    named_bits(0, bytes)
}

pub(crate) fn named_bits(unused: u8, bytes: &[u8]) -> Vec<u8> {
    tagged(0x03, &[&[unused], bytes].concat())
}

pub(crate) fn utf8_string(text: &str) -> Vec<u8> {
    tagged(0x0C, text.as_bytes())
}

pub(crate) fn printable_string(text: &str) -> Vec<u8> {
    tagged(0x13, text.as_bytes())
}

pub(crate) fn ia5_string(text: &str) -> Vec<u8> {
    tagged(0x16, text.as_bytes())
}

pub(crate) fn null() -> Vec<u8> {
    tagged(0x05, &[])
}

pub(crate) fn truth() -> Vec<u8> {
    tagged(0x01, &[0xFF])
}

/// UTCTime until 2049, GeneralizedTime after it (RFC 5280, section 4.1.2.5).
pub(crate) fn time(utc: DateTime) -> Vec<u8> {
    match utc.year() {
        1950..=2049 => tagged(0x17, utc.strftime("%y%m%d%H%M%SZ").to_string().as_bytes()),
        _ => tagged(0x18, utc.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes()),
    }
}

pub(crate) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut der = vec![tag];
    match significant.as_slice() {
        [] => der.push(0),
        [short @ 0..=0x7F] => der.push(*short),
        long => {
            der.push(0x80 | u8::try_from(long.len()).expect("a length has at most eight bytes"));
            der.extend_from_slice(long);
        }
    }
    der.extend_from_slice(content);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_the_shortest_form() {
        assert_eq!(tagged(0x04, &[]), [0x04, 0x00]);
        assert_eq!(tagged(0x04, &[7; 127])[..2], [0x04, 0x7F]);
        assert_eq!(tagged(0x04, &[7; 128])[..3], [0x04, 0x81, 0x80]);
        assert_eq!(tagged(0x04, &[7; 256])[..4], [0x04, 0x82, 0x01, 0x00]);
    }

    #[test]
    fn times_change_form_in_2050() {
        assert_eq!(time(jiff::civil::date(2049, 12, 31).at(14, 59, 59, 0))[2..], *b"491231145959Z");
        assert_eq!(time(jiff::civil::date(2050, 1, 1).at(14, 59, 59, 0))[2..], *b"20500101145959Z");
    }
}
