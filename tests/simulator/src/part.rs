//! Reading the few DER forms that requests to an authority have, with no library.

/// One tag, length and value.
pub(crate) struct Part<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

impl<'a> Part<'a> {
    pub(crate) fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (head, length) = match bytes.get(1)? {
            short @ 0..=0x7F => (2, usize::from(*short)),
            0x81 => (3, usize::from(*bytes.get(2)?)),
            0x82 => (4, usize::from(*bytes.get(2)?) * 256 + usize::from(*bytes.get(3)?)),
            _ => return None,
        };
        let whole = bytes.get(..head + length)?;
        let content = whole.get(head..)?;
        Some((Self { tag: *bytes.first()?, content, whole }, bytes.get(head + length..)?))
    }

    pub(crate) fn expect(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }

    pub(crate) fn parts(&self) -> Option<Vec<Part<'a>>> {
        let mut parts = Vec::new();
        let mut rest = self.content;
        while !rest.is_empty() {
            let (part, behind) = Part::first(rest)?;
            parts.push(part);
            rest = behind;
        }
        Some(parts)
    }
}

/// Identifier octets. X.690, section 8.
pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
