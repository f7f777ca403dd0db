//! From BER, which CMS may be written in, to DER, which everything here reads. X.690, sections 8.1.3 and 8.7.

use std::borrow::Cow;

use der::{Error, ErrorKind, Length};

use super::Result;

/// `bytes` with its first element in definite, shortest lengths and its octet strings in one piece; what follows stays.
///
/// What is DER already is handed back as it is, and so is what is not even BER: whoever reads it next says why.
pub(crate) fn in_der(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut reader = Reader { rest: bytes };
    let mut der = Vec::new();
    match reader.element(&mut der, MAX_DEPTH) {
        Ok(_) if bytes.starts_with(&der) && der.len() + reader.rest.len() == bytes.len() => Cow::Borrowed(bytes),
        Ok(_) => {
            der.extend_from_slice(reader.rest);
            Cow::Owned(der)
        }
        Err(_) => Cow::Borrowed(bytes),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

enum Size {
    Definite(usize),
    /// Up to two zero octets.
    Indefinite,
}

impl<'a> Reader<'a> {
    /// Writes the next element; returns whether it was the mark at the end of an indefinite length.
    fn element(&mut self, out: &mut Vec<u8>, depth: u8) -> Result<bool> {
        let deeper = depth.checked_sub(1).ok_or_else(too_deep)?;
        let tag = self.tag()?;
        let size = self.size()?;
        let [first, ..] = tag else { return Err(broken_off()) };
        if *first == 0 {
            return match size {
                Size::Definite(0) => Ok(true),
                _ => Err(broken_off()),
            };
        }
        if first & CONSTRUCTED == 0 {
            let Size::Definite(length) = size else { return Err(broken_off()) };
            write(tag, self.take(length)?, out)?;
            return Ok(false);
        }
        let mut content = Vec::new();
        self.parts(size, &mut content, deeper)?;
        match *first {
            CONSTRUCTED_OCTET_STRING => write(&[OCTET_STRING], &joined(&content)?, out)?,
            _ => write(tag, &content, out)?,
        }
        Ok(false)
    }

    fn parts(&mut self, size: Size, out: &mut Vec<u8>, depth: u8) -> Result<()> {
        match size {
            Size::Definite(length) => {
                let mut inside = Reader { rest: self.take(length)? };
                while !inside.rest.is_empty() {
                    if inside.element(out, depth)? {
                        return Err(broken_off());
                    }
                }
            }
            Size::Indefinite => while !self.element(out, depth)? {},
        }
        Ok(())
    }

    /// One octet, or several where the number does not fit into five bits.
    fn tag(&mut self) -> Result<&'a [u8]> {
        let is_long = self.rest.first().is_some_and(|first| first & LONG_TAG == LONG_TAG);
        let further = match is_long {
            true => self.rest.iter().skip(1).take_while(|octet| **octet & 0x80 != 0).count() + 1,
            false => 0,
        };
        self.take(1 + further)
    }

    fn size(&mut self) -> Result<Size> {
        let [first] = self.take(1)? else { return Err(broken_off()) };
        match first {
            0x80 => Ok(Size::Indefinite),
            short @ ..0x80 => Ok(Size::Definite(usize::from(*short))),
            long => {
                let octets = self.take(usize::from(long & 0x7F))?;
                let length = octets.iter().try_fold(0_usize, |length, octet| {
                    length.checked_mul(256).and_then(|length| length.checked_add(usize::from(*octet)))
                });
                length.map(Size::Definite).ok_or_else(broken_off)
            }
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(broken_off)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// The contents of the octet strings that one was cut into.
fn joined(pieces: &[u8]) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    let mut pieces = super::Fields::of(pieces)?;
    while !pieces.is_finished() {
        whole.extend_from_slice(pieces.next()?.expect(der::Tag::OctetString)?.content);
    }
    Ok(whole)
}

fn write(tag: &[u8], content: &[u8], out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(tag);
    let mut length = [0; LONGEST_LENGTH];
    let length = der::Encode::encode_to_slice(&Length::try_from(content.len())?, &mut length)?;
    out.extend_from_slice(length);
    out.extend_from_slice(content);
    Ok(())
}

fn broken_off() -> Error {
    ErrorKind::Failed.into()
}

fn too_deep() -> Error {
    ErrorKind::Overlength.into()
}

/// The bit of a tag that says that it holds others. X.690, section 8.1.2.5.
const CONSTRUCTED: u8 = 0x20;
const LONG_TAG: u8 = 0x1F;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED_OCTET_STRING: u8 = 0x24;
/// An octet that counts, and four of length.
const LONGEST_LENGTH: usize = 5;
/// A CMS with a time stamp and certificates in it is about twenty deep.
const MAX_DEPTH: u8 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_der_stays_as_it_is() {
        let der = [0x30, 0x05, 0x04, 0x03, 1, 2, 3, 0, 0];
        assert!(matches!(in_der(&der), Cow::Borrowed(same) if same == der));
    }

    #[test]
    fn indefinite_lengths_become_definite_and_octet_strings_whole() {
        let ber = [0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 7, 0x04, 0x81, 0x01, 8, 0, 0, 0, 0, 9];
        assert_eq!(*in_der(&ber), [0x30, 0x04, 0x04, 0x02, 7, 8, 9]);
    }

    #[test]
    fn what_breaks_off_or_nests_without_end_is_left_alone() {
        let without_end = [0x30, 0x80, 0x04, 0x01];
        let deep = [0x30, 0x80].repeat(10_000);
        let ends_twice = [0x30, 0x02, 0, 0];
        let huge = [0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255];
        for ber in [without_end.as_slice(), &deep, &ends_twice, &huge, &[]] {
            assert!(matches!(in_der(ber), Cow::Borrowed(same) if same == ber));
        }
    }
}
