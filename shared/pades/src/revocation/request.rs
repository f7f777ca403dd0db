use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Encode, Tag};
use sha1::Digest;

use super::problem::RevocationProblem;
use crate::asn1::{self, Element};
use crate::certificate::{Certificate, DigestAlgorithm, read_identifier};

/// What a responder is asked: the status of one certificate. RFC 6960, section 4.1.
///
/// The body is posted as `application/ocsp-request` to [`Question::responder`](super::Question::responder); what comes
/// back becomes [`Evidence::of_request`](super::Evidence::of_request).
#[derive(Clone)]
pub struct StatusRequest {
    certificate_id: Vec<u8>,
    nonce: [u8; 16],
}

impl StatusRequest {
    /// `nonce` is random, and new for every request: no earlier answer can take the place of the one asked for.
    pub(super) fn new(certificate: &Certificate, issuer: &Certificate, nonce: [u8; 16]) -> Self {
        Self { certificate_id: certificate_id(certificate, issuer).unwrap_or_default(), nonce }
    }

    /// The body of the request.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        self.try_to_der().unwrap_or_default()
    }

    pub(super) fn nonce(&self) -> &[u8; 16] {
        &self.nonce
    }

    fn try_to_der(&self) -> asn1::Result<Vec<u8>> {
        let request = asn1::element(Tag::Sequence, &[&asn1::element(Tag::Sequence, &[&self.certificate_id])?])?;
        let nonce = OctetStringRef::new(&self.nonce)?.to_der()?;
        let nonce = asn1::element(Tag::Sequence, &[&NONCE.to_der()?, &OctetStringRef::new(&nonce)?.to_der()?])?;
        let extensions = asn1::element(asn1::constructed(EXTENSIONS), &[&asn1::element(Tag::Sequence, &[&nonce])?])?;
        asn1::element(Tag::Sequence, &[&asn1::element(Tag::Sequence, &[&request, &extensions])?])
    }
}

/// With SHA-1, the one hash that every responder knows; it singles out, it proves nothing. RFC 5019, section 2.1.1.
fn certificate_id(certificate: &Certificate, issuer: &Certificate) -> asn1::Result<Vec<u8>> {
    let null = der::asn1::Null.to_der()?;
    let algorithm = asn1::element(Tag::Sequence, &[&SHA1.to_der()?, &null])?;
    let name = sha1::Sha1::digest(issuer.subject());
    let key = sha1::Sha1::digest(issuer.public_key_bits());
    let hashes = [OctetStringRef::new(&name)?.to_der()?, OctetStringRef::new(&key)?.to_der()?].concat();
    asn1::element(Tag::Sequence, &[&algorithm, &hashes, certificate.serial_number()])
}

/// Whether a CertID is that of this certificate. RFC 6960, section 4.1.1.
pub(super) fn names(id: Element<'_>, certificate: &Certificate, issuer: &Certificate) -> Result<bool, RevocationProblem> {
    let mut fields = id.sequence()?;
    let algorithm = fields.next()?.whole;
    let name = fields.next()?.expect(Tag::OctetString)?.content;
    let key = fields.next()?.expect(Tag::OctetString)?.content;
    let serial_number = fields.next()?.expect(Tag::Integer)?.whole;
    fields.finish()?;
    // Cheaper than the hashes, which a heap of others would cost.
    if serial_number != certificate.serial_number() {
        return Ok(false);
    }
    let (expected_name, expected_key) = (hashed(algorithm, issuer.subject())?, hashed(algorithm, issuer.public_key_bits())?);
    Ok(name == expected_name && key == expected_key)
}

fn hashed(algorithm: &[u8], message: &[u8]) -> Result<Vec<u8>, RevocationProblem> {
    match read_identifier(algorithm)? {
        (SHA1, _) => Ok(sha1::Sha1::digest(message).to_vec()),
        _ => Ok(DigestAlgorithm::of_identifier(algorithm)?.hash(message)),
    }
}

const EXTENSIONS: u32 = 2;

/// id-pkix-ocsp-nonce. RFC 6960, section 4.4.1.
pub(super) const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");

/// RFC 3370, section 2.1.
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
