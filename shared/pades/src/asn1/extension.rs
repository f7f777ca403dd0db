use der::Tag;
use der::asn1::ObjectIdentifier;

use super::{Element, Result};

/// One extension of a certificate, a revocation list, an entry of one, or an answer. RFC 5280, section 4.1.2.9.
pub(crate) struct Extension<'a> {
    pub(crate) kind: ObjectIdentifier,
    pub(crate) critical: bool,
    value: &'a [u8],
}

impl<'a> Extension<'a> {
    /// The one value inside the OCTET STRING.
    pub(crate) fn value(&self) -> Result<Element<'a>> {
        Element::only(self.value)
    }

    /// As stored: some extensions of answers are no DER at all.
    pub(crate) fn octets(&self) -> &'a [u8] {
        self.value
    }
}

/// The members of Extensions; each kind at most once.
pub(crate) fn extensions(list: Element<'_>) -> Result<Vec<Extension<'_>>> {
    let mut found: Vec<Extension<'_>> = Vec::new();
    let mut members = list.sequence()?;
    while !members.is_finished() {
        let mut fields = members.next()?.sequence()?;
        let kind: ObjectIdentifier = fields.next()?.decode()?;
        let critical = fields.next_if(Tag::Boolean)?.map_or(Ok(false), |flag| flag.decode::<bool>())?;
        let value = fields.next()?.expect(Tag::OctetString)?.content;
        fields.finish()?;
        if found.len() >= MOST_EXTENSIONS || found.iter().any(|other| other.kind == kind) {
            return Err(Tag::Sequence.value_error().into());
        }
        found.push(Extension { kind, critical, value });
    }
    Ok(found)
}

/// Certificates have about ten.
const MOST_EXTENSIONS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::element;

    #[test]
    fn a_heap_of_extensions_is_none() {
        for (count, is_read) in [(64, true), (65, false)] {
            let members: Vec<Vec<u8>> = (0..count).map(|kind| vec![0x30, 0x05, 0x06, 0x01, kind, 0x04, 0x00]).collect();
            let list = element(Tag::Sequence, &[&members.concat()]).expect("a list");
            assert_eq!(extensions(Element::only(&list).expect("a list")).is_ok(), is_read, "{count}");
        }
    }
}
