//! Reading and writing DER without losing a byte: what is hashed, compared or handed on is always the slice as it was stored.

pub(crate) mod ber;
mod extension;

pub(crate) use extension::extensions;

use der::asn1::{BitStringRef, ObjectIdentifier};
use der::{Decode, Encode, Header, Length, Reader, SliceReader, Tag, TagNumber};

pub(crate) type Result<T> = std::result::Result<T, der::Error>;

/// One tag, length and value, as they stand in the input.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    pub(crate) whole: &'a [u8],
    pub(crate) content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The one element that `bytes` consists of; anything behind it is a mistake.
    pub(crate) fn only(bytes: &'a [u8]) -> Result<Self> {
        let mut fields = Fields::of(bytes)?;
        let element = fields.next()?;
        fields.finish()?;
        Ok(element)
    }

    /// The first element of `bytes` and what follows it.
    pub(crate) fn first(bytes: &'a [u8]) -> Result<(Self, &'a [u8])> {
        let element = Fields::of(bytes)?.next()?;
        Ok((element, bytes.get(element.whole.len()..).unwrap_or_default()))
    }

    pub(crate) fn expect(self, tag: Tag) -> Result<Self> {
        self.tag.assert_eq(tag)?;
        Ok(self)
    }

    /// The fields of a SEQUENCE.
    pub(crate) fn sequence(self) -> Result<Fields<'a>> {
        Fields::of(self.expect(Tag::Sequence)?.content)
    }

    /// What a SEQUENCE OF, a SET OF or an explicit tag contains.
    pub(crate) fn children(self) -> Result<Vec<Element<'a>>> {
        Fields::of(self.content)?.rest()
    }

    pub(crate) fn decode<T: Decode<'a, Error = der::Error>>(self) -> Result<T> {
        T::from_der(self.whole)
    }

    /// The bytes of a BIT STRING that holds whole octets, as keys and signatures do.
    pub(crate) fn octets_of_bit_string(self) -> Result<&'a [u8]> {
        let bits: BitStringRef<'a> = self.decode()?;
        bits.as_bytes().ok_or_else(|| Tag::BitString.value_error().into())
    }
}

/// Walks through the fields of a SEQUENCE in their order.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn of(content: &'a [u8]) -> Result<Self> {
        SliceReader::new(content)?;
        Ok(Self(content))
    }

    pub(crate) fn next(&mut self) -> Result<Element<'a>> {
        let mut reader = SliceReader::new(self.0)?;
        let header = Header::decode(&mut reader)?;
        let content = reader.read_slice(header.length())?;
        let (whole, rest) = self.0.split_at_checked(usize::try_from(reader.position())?).unwrap_or_default();
        self.0 = rest;
        Ok(Element { tag: header.tag(), whole, content })
    }

    /// The next field if it carries this tag; an OPTIONAL or DEFAULT one.
    pub(crate) fn next_if(&mut self, tag: Tag) -> Result<Option<Element<'a>>> {
        if self.0.is_empty() || Tag::peek(&SliceReader::new(self.0)?)? != tag {
            return Ok(None);
        }
        self.next().map(Some)
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.0.is_empty()
    }

    /// All that follow, if they are no more than anybody needs: held as elements, they take many times their bytes.
    pub(crate) fn rest(mut self) -> Result<Vec<Element<'a>>> {
        let mut elements = Vec::new();
        while !self.is_finished() {
            if elements.len() >= MOST_ELEMENTS {
                return Err(Tag::Sequence.value_error().into());
            }
            elements.push(self.next()?);
        }
        Ok(elements)
    }

    pub(crate) fn bytes_left(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn finish(self) -> Result<()> {
        SliceReader::new(self.0)?.finish()
    }
}

/// Of names, certificates or answers beside each other; the entries of a list are not held so.
const MOST_ELEMENTS: usize = 4_096;

/// The context-specific tag `[number]` of a constructed value.
pub(crate) const fn constructed(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// The context-specific tag `[number]` of a plain value.
pub(crate) const fn plain(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: false, number: TagNumber(number) }
}

/// One element around the bytes of its parts.
pub(crate) fn element(tag: Tag, parts: &[&[u8]]) -> Result<Vec<u8>> {
    let content = parts.concat();
    let mut bytes = Header::new(tag, Length::try_from(content.len())?).to_der()?;
    bytes.extend_from_slice(&content);
    Ok(bytes)
}

/// A SET OF in the order that DER asks for. X.690, section 11.6.
pub(crate) fn set_of(members: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut sorted: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    sorted.sort_unstable();
    element(Tag::Set, &sorted)
}

/// An AlgorithmIdentifier whose parameters are left out.
pub(crate) fn algorithm(oid: ObjectIdentifier) -> Result<Vec<u8>> {
    element(Tag::Sequence, &[&oid.to_der()?])
}
