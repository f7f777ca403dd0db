use der::asn1::OctetStringRef;
use der::{Encode, Tag};

use super::CmsProblem;
use super::attributes::DATA;
use super::read::SIGNED_DATA;
use super::signer::VERSION_WITH_ISSUER;
use crate::asn1::{self, Element};
use crate::certificate::{Certificate, ECDSA_WITH_SHA384, SHA256_WITH_RSA, SignatureAlgorithm, Weakness};

/// The detached CMS around a card's signature, with the signer's certificate and the chain that is known. No time, no revocation lists.
///
/// Hash and algorithm follow from the certificate's key. `signature` is as CMS carries it: of ECDSA the DER of both
/// numbers. `attributes` are those that were signed, byte for byte. Nothing is verified here: `check_signature` does that.
pub fn cms(attributes: &[u8], signature: &[u8], certificate: &[u8], chain: &[Vec<u8>]) -> Result<Vec<u8>, CmsProblem> {
    cms_around(None, attributes, signature, (certificate, chain))
}

/// The same, with what was signed inside where it stands nowhere else. RFC 5652, section 5.2.
pub(crate) fn cms_around(
    content: Option<&[u8]>,
    attributes: &[u8],
    signature: &[u8],
    (certificate, chain): (&[u8], &[Vec<u8>]),
) -> Result<Vec<u8>, CmsProblem> {
    let certificate = Certificate::parse(certificate)?;
    let algorithm = certificate.signature_algorithm()?;
    let digest_algorithm = asn1::algorithm(algorithm.digest_algorithm().identifier())?;
    let signer = signer_info(attributes, signature, &certificate, &digest_algorithm)?;
    let signed_data = asn1::element(
        Tag::Sequence,
        &[
            &VERSION_WITH_ISSUER.to_der()?,
            &asn1::set_of(&[digest_algorithm])?,
            &encapsulated(content)?,
            &certificates(&certificate, chain)?,
            &asn1::set_of(&[signer])?,
        ],
    )?;
    let content = asn1::element(asn1::constructed(0), &[&signed_data])?;
    Ok(asn1::element(Tag::Sequence, &[&SIGNED_DATA.to_der()?, &content])?)
}

fn encapsulated(content: Option<&[u8]>) -> Result<Vec<u8>, CmsProblem> {
    let own = match content {
        Some(content) => asn1::element(asn1::constructed(0), &[&OctetStringRef::new(content)?.to_der()?])?,
        None => Vec::new(),
    };
    Ok(asn1::element(Tag::Sequence, &[&DATA.to_der()?, &own])?)
}

fn signer_info(
    attributes: &[u8],
    signature: &[u8],
    certificate: &Certificate,
    digest_algorithm: &[u8],
) -> Result<Vec<u8>, CmsProblem> {
    let issuer_and_serial = asn1::element(Tag::Sequence, &[certificate.issuer(), certificate.serial_number()])?;
    let attributes = Element::only(attributes)?.expect(Tag::Set)?;
    Ok(asn1::element(
        Tag::Sequence,
        &[
            &VERSION_WITH_ISSUER.to_der()?,
            &issuer_and_serial,
            digest_algorithm,
            &asn1::element(asn1::constructed(0), &[attributes.content])?,
            &signature_identifier(certificate.signature_algorithm()?)?,
            &OctetStringRef::new(signature)?.to_der()?,
        ],
    )?)
}

/// The parameters of RSA are NULL, those of ECDSA absent. RFC 4055, section 5; RFC 5758, section 3.2.
fn signature_identifier(algorithm: SignatureAlgorithm) -> Result<Vec<u8>, CmsProblem> {
    match algorithm {
        SignatureAlgorithm::RsaPkcs1Sha256 => {
            Ok(asn1::element(Tag::Sequence, &[&SHA256_WITH_RSA.to_der()?, &der::asn1::Null.to_der()?])?)
        }
        SignatureAlgorithm::EcdsaP384Sha384 => Ok(asn1::algorithm(ECDSA_WITH_SHA384)?),
        _ => Err(Weakness::Unknown.into()),
    }
}

fn certificates(signer: &Certificate, chain: &[Vec<u8>]) -> Result<Vec<u8>, CmsProblem> {
    let mut all = vec![signer.der().to_vec()];
    for certificate in chain {
        let certificate = Certificate::parse(certificate)?.der().to_vec();
        if !all.contains(&certificate) {
            all.push(certificate);
        }
    }
    let set = asn1::set_of(&all)?;
    Ok(asn1::element(asn1::constructed(0), &[Element::only(&set)?.content])?)
}
