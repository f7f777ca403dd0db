use der::Tag;
use der::asn1::ObjectIdentifier;

use crate::asn1::{self, Element};
use crate::certificate::{Certificate, is_same_text};

/// How the signer's certificate is named.
pub(crate) enum SignerId<'a> {
    IssuerAndSerialNumber { issuer: &'a [u8], serial_number: &'a [u8] },
    SubjectKeyIdentifier(&'a [u8]),
}

pub(crate) struct SignedAttributes<'a> {
    tagged: Element<'a>,
    attributes: Vec<Element<'a>>,
}

impl<'a> SignerId<'a> {
    pub(super) fn read(element: Element<'a>) -> asn1::Result<Self> {
        if element.tag == asn1::plain(0) {
            return Ok(Self::SubjectKeyIdentifier(element.content));
        }
        let mut fields = element.sequence()?;
        let (issuer, serial_number) = (fields.next()?.whole, fields.next()?.whole);
        fields.finish()?;
        Ok(Self::IssuerAndSerialNumber { issuer, serial_number })
    }

    /// The version of a SignerInfo that names its signer in this way. RFC 5652, section 5.3.
    pub(super) fn version(&self) -> u8 {
        match self {
            Self::IssuerAndSerialNumber { .. } => VERSION_WITH_ISSUER,
            Self::SubjectKeyIdentifier(_) => VERSION_WITH_KEY_IDENTIFIER,
        }
    }

    pub(crate) fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerialNumber { issuer, serial_number } => {
                certificate.serial_number() == *serial_number && is_same_text(certificate.issuer(), issuer)
            }
            Self::SubjectKeyIdentifier(identifier) => {
                certificate.extensions().subject_key_identifier.as_deref() == Some(*identifier)
            }
        }
    }
}

impl<'a> SignedAttributes<'a> {
    pub(super) fn read(tagged: Element<'a>) -> asn1::Result<Self> {
        Ok(Self { tagged, attributes: tagged.children()? })
    }

    /// The attributes as they were hashed: with the tag of a SET OF. RFC 5652, section 5.4.
    pub(crate) fn as_set(&self) -> Vec<u8> {
        let mut bytes = self.tagged.whole.to_vec();
        if let Some(tag) = bytes.first_mut() {
            *tag = SET_TAG;
        }
        bytes
    }

    /// In the order that DER asks for; other orders are read differently by different programs.
    pub(crate) fn is_sorted(&self) -> bool {
        self.attributes.is_sorted_by(|one, next| one.whole < next.whole)
    }

    /// The value of an attribute that is there once, with one value.
    pub(super) fn only_value(&self, kind: ObjectIdentifier) -> asn1::Result<Option<Element<'a>>> {
        let mut found = None;
        for attribute in &self.attributes {
            let mut fields = attribute.sequence()?;
            if fields.next()?.decode::<ObjectIdentifier>()? == kind {
                let value = Element::only(fields.next()?.expect(Tag::Set)?.content)?;
                fields.finish()?;
                if found.replace(value).is_some() {
                    return Err(Tag::Set.value_error().into());
                }
            }
        }
        Ok(found)
    }
}

/// The identifier octet of SET OF. X.690, section 8.12.
const SET_TAG: u8 = 0x31;

/// RFC 5652, section 5.3.
pub(super) const VERSION_WITH_ISSUER: u8 = 1;
const VERSION_WITH_KEY_IDENTIFIER: u8 = 3;
