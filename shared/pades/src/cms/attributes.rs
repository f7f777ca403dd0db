use std::time::SystemTime;

use der::asn1::{GeneralizedTime, ObjectIdentifier, OctetStringRef, UtcTime};
use der::{Encode, Tag};
use sha1::Digest;

use super::CmsProblem;
use super::signer::SignedAttributes;
use crate::asn1::{self, Element, Fields};
use crate::certificate::{Certificate, DigestAlgorithm, is_absent_or_null, read_identifier};

/// What a card signs for a document: content-type, message-digest and signing-certificate-v2, as a SET OF in DER.
///
/// `digest` is the document's, in the hash that the certificate's key calls for ([`Certificate::signature_algorithm`]).
/// `signing_time` belongs to the older form `adbe.pkcs7.detached` alone: EN 319 142-1, table 1, forbids it in PAdES,
/// where the time stands in the signature dictionary.
pub fn signed_attributes(digest: &[u8], certificate: &[u8], signing_time: Option<SystemTime>) -> Result<Vec<u8>, CmsProblem> {
    let certificate = Certificate::parse(certificate)?;
    let algorithm = certificate.signature_algorithm()?.digest_algorithm();
    if digest.len() != algorithm.bytes() {
        return Err(CmsProblem::OtherHash);
    }
    let mut attributes = vec![
        attribute(CONTENT_TYPE, &DATA.to_der()?)?,
        attribute(MESSAGE_DIGEST, &OctetStringRef::new(digest)?.to_der()?)?,
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate(&certificate, algorithm)?)?,
    ];
    if let Some(time) = signing_time {
        attributes.push(attribute(SIGNING_TIME, &time_in_der(time)?)?);
    }
    Ok(asn1::set_of(&attributes)?)
}

/// SigningCertificateV2 with one ESSCertIDv2. SHA-256 is its default, which DER leaves out. RFC 5035, section 3.
fn signing_certificate(certificate: &Certificate, algorithm: DigestAlgorithm) -> asn1::Result<Vec<u8>> {
    let hash = OctetStringRef::new(&algorithm.hash(certificate.der()))?.to_der()?;
    let algorithm = match algorithm {
        DigestAlgorithm::Sha256 => Vec::new(),
        other => asn1::algorithm(other.identifier())?,
    };
    let certificate_id = asn1::element(Tag::Sequence, &[&algorithm, &hash])?;
    let certificate_ids = asn1::element(Tag::Sequence, &[&certificate_id])?;
    asn1::element(Tag::Sequence, &[&certificate_ids])
}

/// UTCTime up to 2049, GeneralizedTime from then on. RFC 5652, section 11.3.
fn time_in_der(time: SystemTime) -> asn1::Result<Vec<u8>> {
    match UtcTime::from_system_time(time) {
        Ok(time) => time.to_der(),
        Err(_) => GeneralizedTime::from_system_time(time)?.to_der(),
    }
}

/// What one signed attribute was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttributeFinding {
    Right,
    Wrong,
    Missing,
}

impl SignedAttributes<'_> {
    /// content-type says what kind of content was signed. RFC 5652, section 11.1.
    pub(crate) fn content_type(&self, kind: ObjectIdentifier) -> AttributeFinding {
        self.judge(CONTENT_TYPE, |value| Ok(value.decode::<ObjectIdentifier>()? == kind))
    }

    /// message-digest is the digest of the document's byte range. RFC 5652, section 11.2.
    pub(crate) fn message_digest(&self, digest: &[u8]) -> AttributeFinding {
        self.judge(MESSAGE_DIGEST, |value| Ok(value.expect(Tag::OctetString)?.content == digest))
    }

    /// signing-certificate-v2, or its forerunner, names this certificate first; where both are there, each does.
    pub(crate) fn signing_certificate(&self, certificate: &Certificate) -> AttributeFinding {
        let newer = self.judge(SIGNING_CERTIFICATE_V2, |value| names_certificate(value, certificate, hash_of_v2));
        let older = self.judge(SIGNING_CERTIFICATE, |value| names_certificate(value, certificate, hash_of_v1));
        match (newer, older) {
            (AttributeFinding::Missing, only) | (only, AttributeFinding::Missing) => only,
            (AttributeFinding::Right, AttributeFinding::Right) => AttributeFinding::Right,
            _ => AttributeFinding::Wrong,
        }
    }

    /// cms-algorithm-protection, which nobody need have, repeats the algorithms that stand outside of what was signed.
    /// RFC 6211, section 2.
    pub(crate) fn algorithm_protection(&self, digest_algorithm: &[u8], signature_algorithm: &[u8]) -> AttributeFinding {
        self.judge(ALGORITHM_PROTECTION, |value| {
            let mut fields = value.sequence()?;
            let digest = fields.next()?.whole;
            let signature = fields.next()?.expect(asn1::constructed(PROTECTED_SIGNATURE))?.content;
            fields.finish()?;
            let signature = asn1::element(Tag::Sequence, &[signature])?;
            Ok(is_same_algorithm(digest, digest_algorithm)? && is_same_algorithm(&signature, signature_algorithm)?)
        })
    }

    fn judge(&self, kind: ObjectIdentifier, is_right: impl Fn(Element<'_>) -> asn1::Result<bool>) -> AttributeFinding {
        match self.only_value(kind) {
            Ok(None) => AttributeFinding::Missing,
            Ok(Some(value)) if is_right(value).unwrap_or(false) => AttributeFinding::Right,
            Ok(Some(_)) | Err(_) => AttributeFinding::Wrong,
        }
    }
}

type CertificateHash = fn(&mut Fields<'_>, &Certificate) -> asn1::Result<Option<Vec<u8>>>;

/// ESSCertID and ESSCertIDv2: a hash and, if given, issuer and serial number. RFC 5035, sections 4 and 5.
fn names_certificate(value: Element<'_>, certificate: &Certificate, hash: CertificateHash) -> asn1::Result<bool> {
    let mut fields = value.sequence()?.next()?.sequence()?.next()?.sequence()?;
    let expected = hash(&mut fields, certificate)?;
    let stored = fields.next()?.expect(Tag::OctetString)?.content;
    let issuer_fits = match fields.next_if(Tag::Sequence)? {
        Some(issuer_serial) => is_issuer_serial(issuer_serial, certificate)?,
        None => true,
    };
    fields.finish()?;
    Ok(issuer_fits && expected.is_some_and(|expected| expected == stored))
}

fn hash_of_v2(fields: &mut Fields<'_>, certificate: &Certificate) -> asn1::Result<Option<Vec<u8>>> {
    let Some(identifier) = fields.next_if(Tag::Sequence)? else {
        return Ok(Some(certificate.fingerprint().to_vec()));
    };
    Ok(DigestAlgorithm::of_identifier(identifier.whole).ok().map(|algorithm| algorithm.hash(certificate.der())))
}

/// The forerunner knows SHA-1 only. It singles out a certificate among those of one key, which is all it is asked for.
fn hash_of_v1(_: &mut Fields<'_>, certificate: &Certificate) -> asn1::Result<Option<Vec<u8>>> {
    Ok(Some(sha1::Sha1::digest(certificate.der()).to_vec()))
}

fn is_issuer_serial(issuer_serial: Element<'_>, certificate: &Certificate) -> asn1::Result<bool> {
    let mut fields = issuer_serial.sequence()?;
    let names = fields.next()?.sequence()?.rest()?;
    let serial_number = fields.next()?;
    fields.finish()?;
    let is_directory = |name: &&Element<'_>| name.tag == asn1::constructed(DIRECTORY_NAME);
    let is_issuer = names.iter().filter(is_directory).any(|name| certificate.is_issued_by(name.content));
    Ok(is_issuer && serial_number.whole == certificate.serial_number())
}

/// Parameters that are absent mean the same as NULL.
fn is_same_algorithm(one: &[u8], other: &[u8]) -> asn1::Result<bool> {
    let ((one, own), (other, others)) = (read_identifier(one)?, read_identifier(other)?);
    let are_plain = is_absent_or_null(own) && is_absent_or_null(others);
    let are_same = own.zip(others).is_some_and(|(own, others)| own.whole == others.whole);
    Ok(one == other && (are_plain || are_same))
}

fn attribute(kind: ObjectIdentifier, value: &[u8]) -> asn1::Result<Vec<u8>> {
    asn1::element(Tag::Sequence, &[&kind.to_der()?, &asn1::element(Tag::Set, &[value])?])
}

/// directoryName of GeneralName. RFC 5280, section 4.2.1.6.
const DIRECTORY_NAME: u32 = 4;

/// RFC 5652, sections 4 and 11.
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");

/// RFC 6211, section 2.
const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
const PROTECTED_SIGNATURE: u32 = 1;

/// RFC 5035, sections 3 and 5.
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
