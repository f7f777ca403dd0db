use der::Tag;
use der::asn1::ObjectIdentifier;

use super::CmsProblem;
use crate::asn1::{self, Element, Fields};
use crate::certificate::Certificate;

/// A detached SignedData with one signer, every part as it was stored. RFC 5652, section 5.
pub(crate) struct SignedData<'a> {
    /// The certificates that came along, in DER; other kinds of certificate are passed over.
    pub(crate) certificates: Vec<&'a [u8]>,
    pub(crate) signer: SignerId<'a>,
    /// AlgorithmIdentifiers in DER.
    pub(crate) digest_algorithm: &'a [u8],
    pub(crate) signature_algorithm: &'a [u8],
    pub(crate) attributes: SignedAttributes<'a>,
    pub(crate) signature: &'a [u8],
    /// A time-stamp token over the signature value is among the unsigned attributes.
    pub(crate) has_time_stamp: bool,
}

/// How the signer's certificate is named.
pub(crate) enum SignerId<'a> {
    IssuerAndSerialNumber { issuer: &'a [u8], serial_number: &'a [u8] },
    SubjectKeyIdentifier(&'a [u8]),
}

pub(crate) struct SignedAttributes<'a> {
    tagged: Element<'a>,
    attributes: Vec<Element<'a>>,
}

impl<'a> SignedData<'a> {
    /// `contents` is a signature dictionary's /Contents: the CMS, and zeros behind it.
    pub(crate) fn read(contents: &'a [u8]) -> Result<Self, CmsProblem> {
        if contents.iter().all(|byte| *byte == 0) {
            return Err(CmsProblem::Empty);
        }
        let (content_info, padding) = Element::first(contents)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(CmsProblem::TrailingBytes);
        }
        let mut fields = content_info.sequence()?;
        if fields.next()?.decode::<ObjectIdentifier>()? != SIGNED_DATA {
            return Err(CmsProblem::NotSignedData);
        }
        let content = fields.next()?.expect(asn1::constructed(0))?.content;
        fields.finish()?;
        read_signed_data(Element::only(content)?)
    }
}

impl SignerId<'_> {
    pub(crate) fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerialNumber { issuer, serial_number } => {
                certificate.issuer() == *issuer && certificate.serial_number() == *serial_number
            }
            Self::SubjectKeyIdentifier(identifier) => {
                certificate.extensions().subject_key_identifier.as_deref() == Some(*identifier)
            }
        }
    }
}

impl<'a> SignedAttributes<'a> {
    fn read(tagged: Element<'a>) -> asn1::Result<Self> {
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

fn read_signed_data(element: Element<'_>) -> Result<SignedData<'_>, CmsProblem> {
    let mut fields = element.sequence()?;
    fields.next()?.expect(Tag::Integer)?;
    fields.next()?.expect(Tag::Set)?;
    let mut content = fields.next()?.sequence()?;
    content.next()?.expect(Tag::ObjectIdentifier)?;
    if content.next_if(asn1::constructed(0))?.is_some() {
        return Err(CmsProblem::NotDetached);
    }
    let certificates = fields.next_if(asn1::constructed(CERTIFICATES))?.map_or(Ok(Vec::new()), Element::children)?;
    fields.next_if(asn1::constructed(REVOCATION_LISTS))?;
    let signers = fields.next()?.expect(Tag::Set)?.children()?;
    fields.finish()?;
    let [signer] = signers.as_slice() else {
        return Err(CmsProblem::SignerCount { count: signers.len() });
    };
    let certificates = certificates.iter().filter(|choice| choice.tag == Tag::Sequence).map(|choice| choice.whole).collect();
    read_signer(signer.sequence()?, certificates)
}

fn read_signer<'a>(mut fields: Fields<'a>, certificates: Vec<&'a [u8]>) -> Result<SignedData<'a>, CmsProblem> {
    fields.next()?.expect(Tag::Integer)?;
    let signer = read_signer_id(fields.next()?)?;
    let digest_algorithm = fields.next()?.whole;
    let attributes = fields.next_if(asn1::constructed(SIGNED_ATTRIBUTES))?.ok_or(CmsProblem::NoSignedAttributes)?;
    let signature_algorithm = fields.next()?.whole;
    let signature = fields.next()?.expect(Tag::OctetString)?.content;
    let unsigned = fields.next_if(asn1::constructed(UNSIGNED_ATTRIBUTES))?;
    fields.finish()?;
    Ok(SignedData {
        certificates,
        signer,
        digest_algorithm,
        signature_algorithm,
        attributes: SignedAttributes::read(attributes)?,
        signature,
        has_time_stamp: unsigned.map_or(Ok(false), has_time_stamp)?,
    })
}

fn read_signer_id(element: Element<'_>) -> asn1::Result<SignerId<'_>> {
    if element.tag == asn1::plain(0) {
        return Ok(SignerId::SubjectKeyIdentifier(element.content));
    }
    let mut fields = element.sequence()?;
    let (issuer, serial_number) = (fields.next()?.whole, fields.next()?.whole);
    fields.finish()?;
    Ok(SignerId::IssuerAndSerialNumber { issuer, serial_number })
}

fn has_time_stamp(unsigned: Element<'_>) -> asn1::Result<bool> {
    for attribute in unsigned.children()? {
        if attribute.sequence()?.next()?.decode::<ObjectIdentifier>()? == TIME_STAMP_TOKEN {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The identifier octet of SET OF. X.690, section 8.12.
const SET_TAG: u8 = 0x31;

/// Tags of SignedData and SignerInfo. RFC 5652, sections 5.1 and 5.3.
const CERTIFICATES: u32 = 0;
const REVOCATION_LISTS: u32 = 1;
const SIGNED_ATTRIBUTES: u32 = 0;
const UNSIGNED_ATTRIBUTES: u32 = 1;

/// RFC 5652, section 5.1.
pub(super) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// RFC 3161, appendix A.
const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
