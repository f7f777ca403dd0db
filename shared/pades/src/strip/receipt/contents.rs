//! The CMS of a receipt, of which no byte may be another: not even one that nobody signs.

use der::Tag;
use der::asn1::Null;
use sha2::{Digest, Sha256};

use crate::asn1::{self, Element};
use crate::cms::{SignedData, cms, with_time_stamp};
use crate::embed::hexadecimal;

/// What the string of /Contents must look like to the byte; None if the CMS is not as a service makes it.
///
/// `room` is in bytes of CMS; `chain` what the receipt says of the certificates that come along.
pub(super) fn expected(contents: &[u8], room: usize, chain: Option<[u8; 32]>) -> Option<Vec<u8>> {
    let signed = SignedData::read(contents).ok()?;
    let (signer, others) = signed.signer_and_others().ok()?;
    let others: Vec<Vec<u8>> = others.iter().map(|other| other.der().to_vec()).collect();
    if digest_of_chain(others.iter().map(Vec::as_slice)) != chain {
        return None;
    }
    let mut made = cms(&signed.attributes.as_set(), signed.signature, signer.der(), &others).ok()?;
    match signed.time_stamps.as_slice() {
        [] => {}
        [token] if is_plain_token(token).unwrap_or(false) => made = with_time_stamp(&made, token).ok()?,
        _ => return None,
    }
    made.resize(room, 0);
    (made == contents).then(|| [b"<".as_slice(), &hexadecimal(&made), b">"].concat())
}

/// Of certificates in the order in which a CMS lists them.
pub(super) fn digest_of_chain<'a>(chain: impl Iterator<Item = &'a [u8]>) -> Option<[u8; 32]> {
    let mut chain: Vec<&[u8]> = chain.collect();
    chain.sort_unstable();
    chain.dedup();
    (!chain.is_empty()).then(|| Sha256::digest(chain.concat()).into())
}

/// Whether every part of a token that its authority does not sign has the one form that it can have.
///
/// Certificates of the chain are none of these parts: a receipt is stamped by authorities that send their own alone.
fn is_plain_token(token: &[u8]) -> asn1::Result<bool> {
    let wrong = || der::Error::from(Tag::Sequence.value_error());
    let mut content_info = Element::only(token)?.sequence()?;
    content_info.next()?;
    let mut fields = Element::only(content_info.next()?.content)?.sequence()?;
    let version: u8 = fields.next()?.decode()?;
    let announced = fields.next()?.content;
    fields.next()?;
    let certificates = fields.next()?.expect(asn1::constructed(0))?.children()?;
    let signer = fields.next()?.expect(Tag::Set)?.children()?;
    fields.finish()?;
    let parts = signer.first().ok_or_else(wrong)?.sequence()?.rest()?;
    let [_, _, digest, _, signature, _] = parts.as_slice() else { return Ok(false) };
    Ok(version == VERSION_OF_A_TOKEN
        && announced == digest.whole
        && certificates.len() == 1
        && has_plain_parameters(*digest)?
        && has_plain_parameters(*signature)?)
}

/// None, or NULL.
fn has_plain_parameters(algorithm: Element<'_>) -> asn1::Result<bool> {
    let mut fields = algorithm.sequence()?;
    fields.next()?;
    Ok(match fields.rest()?.as_slice() {
        [] => true,
        [parameters] => parameters.decode::<Null>().is_ok(),
        _ => false,
    })
}

/// It holds something other than data. RFC 5652, section 5.1.
const VERSION_OF_A_TOKEN: u8 = 3;
