use der::Tag;
use der::asn1::ObjectIdentifier;

use super::CmsProblem;
use super::attributes::{AttributeFinding, DATA};
use super::revocation::{RevocationData, archived, beside_certificates};
use super::signer::{SignedAttributes, SignerId, VERSION_WITH_ISSUER};
use crate::asn1::{self, Element, Fields};
use crate::certificate::{Certificate, DigestAlgorithm, SignatureAlgorithm, Weakness, is_absent_or_null, read_identifier};

/// A SignedData with one signer, every part as it was stored. RFC 5652, section 5.
pub(crate) struct SignedData<'a> {
    /// What a time-stamp token or a statement says; a document's signature is detached and has none.
    pub(crate) content: &'a [u8],
    /// The certificates that came along, in DER; other kinds of certificate are passed over.
    pub(crate) certificates: Vec<&'a [u8]>,
    pub(crate) signer: SignerId<'a>,
    /// AlgorithmIdentifiers in DER.
    pub(crate) digest_algorithm: &'a [u8],
    pub(crate) signature_algorithm: &'a [u8],
    pub(crate) attributes: SignedAttributes<'a>,
    pub(crate) signature: &'a [u8],
    /// The time-stamp tokens over the signature value, from the unsigned attributes.
    pub(crate) time_stamps: Vec<&'a [u8]>,
    /// Lists and answers that came along, signed with the rest or not.
    pub(crate) revocation: Vec<RevocationData<'a>>,
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
        read_content_info(content_info, Form::Detached)
    }

    /// A time-stamp token: the same, around a TSTInfo. RFC 3161, section 2.4.2.
    pub(crate) fn of_token(token: &'a [u8]) -> Result<Self, CmsProblem> {
        read_content_info(Element::only(token)?, Form::Around(TIME_STAMP_INFO))
    }

    /// A statement that stands in no document: the same, around its text.
    pub(crate) fn of_statement(cms: &'a [u8]) -> Result<Self, CmsProblem> {
        read_content_info(Element::only(cms)?, Form::Around(DATA))
    }
}

impl SignedData<'_> {
    /// The signer's certificate and the others that came along; of those, unreadable ones are left out.
    pub(crate) fn signer_and_others(&self) -> Result<(Certificate, Vec<Certificate>), NoSigner> {
        let parsed: Vec<_> = self.certificates.iter().take(MOST_CERTIFICATES).map(|der| Certificate::parse(der)).collect();
        let has_unreadable = parsed.iter().any(Result::is_err);
        let mut readable: Vec<Certificate> = parsed.into_iter().flatten().collect();
        // Several may have one key, or pretend to have one number: the one that was signed for, or else the first.
        let named = || readable.iter().enumerate().filter(|(_, certificate)| self.signer.names(certificate));
        let is_signed_for =
            |certificate: &Certificate| self.attributes.signing_certificate(certificate) == AttributeFinding::Right;
        let found = named().find(|(_, certificate)| is_signed_for(certificate)).or_else(|| named().next());
        match found.map(|(place, _)| place) {
            Some(place) => Ok((readable.remove(place), readable)),
            None if has_unreadable => Err(NoSigner::Unreadable),
            None => Err(NoSigner::Missing),
        }
    }

    /// The same, or the certificate among those `kept` beside it that was signed for: who asks for a time stamp need not ask for
    /// its authority's certificate, and may keep it in the document. RFC 3161, section 2.4.1.
    pub(crate) fn signer_or_kept(&self, kept: &[Certificate]) -> Result<(Certificate, Vec<Certificate>), NoSigner> {
        let is_signed_for = |certificate: &&Certificate| {
            self.signer.names(certificate) && self.attributes.signing_certificate(certificate) == AttributeFinding::Right
        };
        match self.signer_and_others() {
            Err(NoSigner::Missing) => {
                kept.iter().find(is_signed_for).map(|one| (one.clone(), Vec::new())).ok_or(NoSigner::Missing)
            }
            known => known,
        }
    }

    /// Whether what was signed names no other algorithms than those beside it.
    pub(crate) fn has_its_algorithms(&self) -> bool {
        let found = self.attributes.algorithm_protection(self.digest_algorithm, self.signature_algorithm);
        found != AttributeFinding::Wrong
    }

    /// What the content was put through.
    pub(crate) fn digest(&self) -> Result<DigestAlgorithm, Weakness> {
        DigestAlgorithm::of_identifier(self.digest_algorithm)
    }

    /// By the signer's key: what the CMS says of its hash and its algorithm must belong to it.
    pub(crate) fn algorithm_of(&self, signer: &Certificate) -> Result<SignatureAlgorithm, Weakness> {
        SignatureAlgorithm::of_identifier(self.signature_algorithm, Some(self.digest()?), signer.key())
    }
}

/// Where that stands which was signed, and in a CMS around it of which kind that is.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Detached,
    Around(ObjectIdentifier),
}

/// Why a signer's certificate is not at hand.
pub(crate) enum NoSigner {
    Missing,
    Unreadable,
}

fn read_content_info(content_info: Element<'_>, form: Form) -> Result<SignedData<'_>, CmsProblem> {
    let mut fields = content_info.sequence()?;
    if fields.next()?.decode::<ObjectIdentifier>()? != SIGNED_DATA {
        return Err(CmsProblem::NotSignedData);
    }
    let content = fields.next()?.expect(asn1::constructed(0))?.content;
    fields.finish()?;
    read_signed_data(Element::only(content)?, form)
}

fn read_signed_data(element: Element<'_>, form: Form) -> Result<SignedData<'_>, CmsProblem> {
    let mut fields = element.sequence()?;
    let version: u8 = fields.next()?.decode()?;
    let digest_algorithms = fields.next()?.expect(Tag::Set)?.children()?;
    let content = read_content(fields.next()?, form)?;
    let certificates = fields.next_if(asn1::constructed(CERTIFICATES))?.map_or(Ok(Vec::new()), Element::children)?;
    let lists = fields.next_if(asn1::constructed(REVOCATION_LISTS))?;
    let signers = fields.next()?.expect(Tag::Set)?.children()?;
    fields.finish()?;
    let [signer] = signers.as_slice() else {
        return Err(CmsProblem::SignerCount { count: signers.len() });
    };
    let mut signed = SignedData { content, ..read_signer(signer.sequence()?, &certificates)? };
    signed.revocation.extend(lists.map(beside_certificates).unwrap_or_default());
    let is_announced = |announced: &Element<'_>| is_same_algorithm(announced, signed.digest_algorithm);
    if !digest_algorithms.iter().any(is_announced) {
        return Err(CmsProblem::DigestNotAnnounced);
    }
    let is_simple = lists.is_none() && signed.certificates.len() == certificates.len() && form != Form::Around(TIME_STAMP_INFO);
    refuse_version(version, is_simple && signed.signer.version() == VERSION_WITH_ISSUER)?;
    Ok(signed)
}

/// A document's content stands elsewhere: in the document. A token and a statement carry their own.
fn read_content(element: Element<'_>, form: Form) -> Result<&[u8], CmsProblem> {
    let kind = match form {
        Form::Detached => DATA,
        Form::Around(kind) => kind,
    };
    let mut content = element.sequence()?;
    if content.next()?.decode::<ObjectIdentifier>()? != kind {
        return Err(CmsProblem::OtherContent);
    }
    let own = content.next_if(asn1::constructed(0))?;
    content.finish()?;
    match (own, form) {
        (Some(_), Form::Detached) => Err(CmsProblem::NotDetached),
        (Some(own), Form::Around(_)) => Ok(Element::only(own.content)?.expect(Tag::OctetString)?.content),
        (None, Form::Detached) => Ok(&[]),
        (None, Form::Around(_)) => Err(CmsProblem::OtherContent),
    }
}

fn read_signer<'a>(mut fields: Fields<'a>, certificates: &[Element<'a>]) -> Result<SignedData<'a>, CmsProblem> {
    let version: u8 = fields.next()?.decode()?;
    let signer = SignerId::read(fields.next()?)?;
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
    let attributes = SignedAttributes::read(attributes)?;
    Ok(SignedData {
        certificates: certificates.iter().filter(is_plain).map(|choice| choice.whole).collect(),
        signer,
        digest_algorithm,
        signature_algorithm,
        revocation: archived(&attributes),
        attributes,
        signature,
        content: &[],
        time_stamps: unsigned.map_or(Ok(Vec::new()), time_stamps)?,
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

/// Their parameters may be written in two ways, and in no other.
fn is_same_algorithm(announced: &Element<'_>, algorithm: &[u8]) -> bool {
    match (read_identifier(announced.whole), read_identifier(algorithm)) {
        (Ok((one, parameters)), Ok((other, _))) => one == other && is_absent_or_null(parameters),
        _ => false,
    }
}

fn time_stamps(unsigned: Element<'_>) -> asn1::Result<Vec<&[u8]>> {
    let mut tokens = Vec::new();
    for attribute in unsigned.children()? {
        let mut fields = attribute.sequence()?;
        if fields.next()?.decode::<ObjectIdentifier>()? == TIME_STAMP_TOKEN {
            tokens.extend(fields.next()?.expect(Tag::Set)?.children()?.into_iter().map(|token| token.whole));
        }
    }
    Ok(tokens)
}

/// A signer's, and a path or two.
const MOST_CERTIFICATES: usize = 64;

/// Tags of SignedData and SignerInfo. RFC 5652, sections 5.1 and 5.3.
const CERTIFICATES: u32 = 0;
const REVOCATION_LISTS: u32 = 1;
const SIGNED_ATTRIBUTES: u32 = 0;
pub(super) const UNSIGNED_ATTRIBUTES: u32 = 1;

/// RFC 5652, section 5.1.
pub(super) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// RFC 3161, section 2.4.2 and appendix A.
pub(crate) const TIME_STAMP_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
pub(super) const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
