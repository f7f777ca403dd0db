use der::{Encode, Tag};

use super::CmsProblem;
use super::read::{SIGNED_DATA, SignedData, TIME_STAMP_TOKEN, UNSIGNED_ATTRIBUTES};
use crate::asn1::{self, Element};

/// The same CMS with a time-stamp token more among its unsigned attributes; nothing that was signed changes.
/// EN 319 122-1, section 5.3.
pub(crate) fn with_time_stamp(contents: &[u8], token: &[u8]) -> Result<Vec<u8>, CmsProblem> {
    SignedData::read(contents)?;
    let (content_info, _) = Element::first(contents)?;
    let mut fields = content_info.sequence()?;
    fields.next()?;
    let mut parts = Element::only(fields.next()?.content)?.sequence()?.rest()?;
    let signer = parts.pop().ok_or(CmsProblem::NotSignedData)?;
    let signer = stamped_signer(Element::only(signer.content)?, token)?;
    let signers = asn1::element(Tag::Set, &[&signer])?;
    let mut wholes: Vec<&[u8]> = parts.iter().map(|part| part.whole).collect();
    wholes.push(&signers);
    let content = asn1::element(asn1::constructed(0), &[&asn1::element(Tag::Sequence, &wholes)?])?;
    Ok(asn1::element(Tag::Sequence, &[&SIGNED_DATA.to_der()?, &content])?)
}

fn stamped_signer(signer: Element<'_>, token: &[u8]) -> asn1::Result<Vec<u8>> {
    let mut parts = signer.sequence()?.rest()?;
    let is_unsigned = |part: &Element<'_>| part.tag == asn1::constructed(UNSIGNED_ATTRIBUTES);
    let earlier = match parts.last().copied().filter(is_unsigned) {
        Some(unsigned) => {
            parts.pop();
            unsigned.children()?
        }
        None => Vec::new(),
    };
    let value = asn1::element(Tag::Set, &[token])?;
    let attribute = asn1::element(Tag::Sequence, &[&TIME_STAMP_TOKEN.to_der()?, &value])?;
    let mut attributes: Vec<&[u8]> = earlier.iter().map(|attribute| attribute.whole).collect();
    attributes.push(&attribute);
    attributes.sort_unstable();
    let unsigned = asn1::element(asn1::constructed(UNSIGNED_ATTRIBUTES), &attributes)?;
    let mut wholes: Vec<&[u8]> = parts.iter().map(|part| part.whole).collect();
    wholes.push(&unsigned);
    asn1::element(Tag::Sequence, &wholes)
}
