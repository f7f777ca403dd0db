use der::Tag;
use der::asn1::ObjectIdentifier;

use super::CmsProblem;
use super::attributes::DATA;
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
    /// The version of a SignerInfo that names its signer in this way. RFC 5652, section 5.3.
    fn version(&self) -> u8 {
        match self {
            Self::IssuerAndSerialNumber { .. } => VERSION_WITH_ISSUER,
            Self::SubjectKeyIdentifier(_) => VERSION_WITH_KEY_IDENTIFIER,
        }
    }

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
    let version: u8 = fields.next()?.decode()?;
    let digest_algorithms = fields.next()?.expect(Tag::Set)?.children()?;
    refuse_content(fields.next()?)?;
    let certificates = fields.next_if(asn1::constructed(CERTIFICATES))?.map_or(Ok(Vec::new()), Element::children)?;
    let lists = fields.next_if(asn1::constructed(REVOCATION_LISTS))?;
    let signers = fields.next()?.expect(Tag::Set)?.children()?;
    fields.finish()?;
    let [signer] = signers.as_slice() else {
        return Err(CmsProblem::SignerCount { count: signers.len() });
    };
    let signed = read_signer(signer.sequence()?, &certificates)?;
    let is_announced = |announced: &Element<'_>| is_same_algorithm(announced, signed.digest_algorithm);
    if !digest_algorithms.iter().any(is_announced) {
        return Err(CmsProblem::DigestNotAnnounced);
    }
    let is_simple = lists.is_none() && signed.certificates.len() == certificates.len();
    refuse_version(version, is_simple && signed.signer.version() == VERSION_WITH_ISSUER)?;
    Ok(signed)
}

/// The content is plain data, and stands elsewhere: in the document.
fn refuse_content(element: Element<'_>) -> Result<(), CmsProblem> {
    let mut content = element.sequence()?;
    if content.next()?.decode::<ObjectIdentifier>()? != DATA {
        return Err(CmsProblem::OtherContent);
    }
    match content.next_if(asn1::constructed(0))? {
        Some(_) => Err(CmsProblem::NotDetached),
        None => Ok(content.finish()?),
    }
}

fn read_signer<'a>(mut fields: Fields<'a>, certificates: &[Element<'a>]) -> Result<SignedData<'a>, CmsProblem> {
    let version: u8 = fields.next()?.decode()?;
    let signer = read_signer_id(fields.next()?)?;
    if version != signer.version() {
        return Err(CmsProblem::WrongVersion);
    }
    let digest_algorithm = fields.next()?.whole;
    let attributes = fields.next_if(asn1::constructed(SIGNED_ATTRIBUTES))?.ok_or(CmsProblem::NoSignedAttributes)?;
    let signature_algorithm = fields.next()?.whole;
    let signature = fields.next()?.expect(Tag::OctetString)?.content;
    let unsigned = fields.next_if(asn1::constructed(UNSIGNED_ATTRIBUTES))?;
    fields.finish()?;
    let is_plain = |choice: &&Element<'a>| choice.tag == Tag::Sequence;
    Ok(SignedData {
        certificates: certificates.iter().filter(is_plain).map(|choice| choice.whole).collect(),
        signer,
        digest_algorithm,
        signature_algorithm,
        attributes: SignedAttributes::read(attributes)?,
        signature,
        has_time_stamp: unsigned.map_or(Ok(false), has_time_stamp)?,
    })
}

/// Without revocation lists, other certificates and other ways to name the signer, there is one
/// version that is right. RFC 5652, section 5.1.
fn refuse_version(version: u8, is_simple: bool) -> Result<(), CmsProblem> {
    match version {
        VERSION_WITH_ISSUER => Ok(()),
        3..=5 if !is_simple => Ok(()),
        _ => Err(CmsProblem::WrongVersion),
    }
}

/// Their parameters may be written in two ways.
fn is_same_algorithm(announced: &Element<'_>, algorithm: &[u8]) -> bool {
    let kind = |element: Element<'_>| element.sequence()?.next()?.decode::<ObjectIdentifier>();
    match (kind(*announced), Element::only(algorithm).and_then(kind)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
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

/// RFC 5652, section 5.3.
pub(super) const VERSION_WITH_ISSUER: u8 = 1;
const VERSION_WITH_KEY_IDENTIFIER: u8 = 3;

/// Tags of SignedData and SignerInfo. RFC 5652, sections 5.1 and 5.3.
const CERTIFICATES: u32 = 0;
const REVOCATION_LISTS: u32 = 1;
const SIGNED_ATTRIBUTES: u32 = 0;
const UNSIGNED_ATTRIBUTES: u32 = 1;

/// RFC 5652, section 5.1.
pub(super) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// RFC 3161, appendix A.
const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
