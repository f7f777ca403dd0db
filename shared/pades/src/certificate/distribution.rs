//! Where a certificate says that its status can be learnt.

use der::asn1::ObjectIdentifier;

use crate::asn1::{self, Element};

/// The full names of all distribution points whose list comes from the certificate's own issuer, each a GeneralName in
/// DER. RFC 5280, section 4.2.1.13.
pub(super) fn full_names(value: Element<'_>) -> asn1::Result<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    for point in value.sequence()?.rest()? {
        let mut fields = point.sequence()?;
        let name = fields.next_if(asn1::constructed(POINT_NAME))?;
        fields.next_if(asn1::plain(POINT_REASONS))?;
        let is_of_other_issuer = fields.next_if(asn1::constructed(POINT_ISSUER))?.is_some();
        if let Some(name) = name.filter(|_| !is_of_other_issuer) {
            let room = MOST_NAMES.saturating_sub(names.len());
            names.extend(names_of_point(name)?.into_iter().take(room).map(<[u8]>::to_vec));
        }
    }
    Ok(names)
}

/// A DistributionPointName's fullName; the other choice, a part of a name, gives none.
pub(crate) fn names_of_point(name: Element<'_>) -> asn1::Result<Vec<&[u8]>> {
    let choice = Element::only(name.content)?;
    if choice.tag != asn1::constructed(FULL_NAME) {
        return Ok(Vec::new());
    }
    Ok(choice.children()?.into_iter().map(|name| name.whole).collect())
}

/// The first address of an OCSP responder. RFC 5280, section 4.2.2.1.
pub(super) fn responder(value: Element<'_>) -> asn1::Result<Option<String>> {
    for access in value.sequence()?.rest()? {
        let mut fields = access.sequence()?;
        let method: ObjectIdentifier = fields.next()?.decode()?;
        let place = fields.next()?;
        if method == OCSP && place.tag == asn1::plain(ADDRESS) {
            return Ok(String::from_utf8(place.content.to_vec()).ok());
        }
    }
    Ok(None)
}

/// A certificate names a handful; a list that stands behind these is not found.
const MOST_NAMES: usize = 64;

/// Tags of DistributionPoint and DistributionPointName. RFC 5280, section 4.2.1.13.
const POINT_NAME: u32 = 0;
const POINT_REASONS: u32 = 1;
const POINT_ISSUER: u32 = 2;
const FULL_NAME: u32 = 0;

/// uniformResourceIdentifier of GeneralName. RFC 5280, section 4.2.1.6.
const ADDRESS: u32 = 6;

/// id-ad-ocsp. RFC 5280, section 4.2.2.1.
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");

#[cfg(test)]
mod tests {
    use der::Tag;

    use super::*;
    use crate::asn1::{constructed, element};

    #[test]
    fn a_heap_of_places_is_not_kept() {
        for (count, kept) in [(3, 3), (64, 64), (65, 64), (4_000, 64)] {
            let names = element(constructed(FULL_NAME), &[&[0x86, 0x00].repeat(count)]).expect("short");
            let point = element(Tag::Sequence, &[&element(constructed(POINT_NAME), &[&names]).expect("short")]).expect("short");
            let points = element(Tag::Sequence, &[&point]).expect("short");
            let read = full_names(Element::only(&points).expect("points")).expect("names");
            assert_eq!(read.len(), kept, "{count}");
        }
    }
}
