//! Revocation lists and answers that came along in a signature. RFC 5652, section 10.2.1; ISO 32000-2, section 12.8.3.3.2.

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::signer::SignedAttributes;
use crate::asn1::{self, Element};

/// What an authority signed, as it came along; nothing of it is believed.
pub(crate) enum RevocationData<'a> {
    List(&'a [u8]),
    Response(&'a [u8]),
    /// A response without the status that a responder puts before it.
    BasicResponse(&'a [u8]),
}

impl RevocationData<'_> {
    /// A list or a response, whole.
    pub(crate) fn to_der(&self) -> asn1::Result<Vec<u8>> {
        match self {
            Self::List(der) | Self::Response(der) => Ok(der.to_vec()),
            Self::BasicResponse(basic) => whole_response(basic),
        }
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }
}

/// RevocationInfoChoices; what cannot be read proves nothing, and is passed over.
pub(super) fn beside_certificates(choices: Element<'_>) -> Vec<RevocationData<'_>> {
    let choices = choices.children().unwrap_or_default();
    choices.into_iter().filter_map(|choice| read_choice(choice).ok().flatten()).collect()
}

/// The attribute in which Adobe's programs archive what they asked before they signed.
pub(super) fn archived<'a>(attributes: &SignedAttributes<'a>) -> Vec<RevocationData<'a>> {
    let value = attributes.only_value(ADOBE_ARCHIVE).ok().flatten();
    value.and_then(|value| read_archive(value).ok()).unwrap_or_default()
}

fn read_choice(choice: Element<'_>) -> asn1::Result<Option<RevocationData<'_>>> {
    if choice.tag == Tag::Sequence {
        return Ok(Some(RevocationData::List(choice.whole)));
    }
    let mut fields = asn1::Fields::of(choice.expect(asn1::constructed(OTHER_FORMAT))?.content)?;
    let (format, data) = (fields.next()?.decode::<ObjectIdentifier>()?, fields.next()?.whole);
    fields.finish()?;
    Ok(match format {
        OCSP_RESPONSE => Some(RevocationData::Response(data)),
        BASIC_OCSP_RESPONSE => Some(RevocationData::BasicResponse(data)),
        _ => None,
    })
}

fn read_archive(value: Element<'_>) -> asn1::Result<Vec<RevocationData<'_>>> {
    let mut fields = value.sequence()?;
    let mut data = Vec::new();
    if let Some(lists) = fields.next_if(asn1::constructed(ARCHIVED_LISTS))? {
        let lists = Element::only(lists.content)?.sequence()?.rest()?;
        data.extend(lists.into_iter().map(|list| RevocationData::List(list.whole)));
    }
    if let Some(responses) = fields.next_if(asn1::constructed(ARCHIVED_RESPONSES))? {
        let responses = Element::only(responses.content)?.sequence()?.rest()?;
        data.extend(responses.into_iter().map(|response| RevocationData::Response(response.whole)));
    }
    Ok(data)
}

/// OCSPResponse: successful, and the response. RFC 6960, section 4.2.1.
fn whole_response(basic: &[u8]) -> asn1::Result<Vec<u8>> {
    use der::Encode;
    let octets = der::asn1::OctetStringRef::new(basic)?.to_der()?;
    let bytes = asn1::element(Tag::Sequence, &[&BASIC_OCSP_RESPONSE.to_der()?, &octets])?;
    asn1::element(Tag::Sequence, &[&SUCCESSFUL, &asn1::element(asn1::constructed(0), &[&bytes])?])
}

/// ENUMERATED 0.
const SUCCESSFUL: [u8; 3] = [0x0A, 1, 0];

/// OtherRevocationInfoFormat among RevocationInfoChoices. RFC 5652, section 10.2.1.
const OTHER_FORMAT: u32 = 1;
/// RFC 5940, section 2.1, and RFC 6960, section 4.2.1.
const OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");
const BASIC_OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// adbe-revocationInfoArchival.
const ADOBE_ARCHIVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");
const ARCHIVED_LISTS: u32 = 0;
const ARCHIVED_RESPONSES: u32 = 1;
