use super::problem::RevocationProblem;
use crate::asn1::{self, Element};
use crate::certificate::{Certificate, names_of_point};

/// Which certificates a list speaks of: its issuingDistributionPoint. RFC 5280, section 5.2.5.
///
/// One for certificates of attributes, which are numbered apart, is refused when it is read.
pub(super) struct Scope<'a> {
    /// GeneralNames in DER; None if every certificate of the issuer may be on the list.
    places: Option<Vec<&'a [u8]>>,
    only: Only,
    has_some_reasons: bool,
    is_indirect: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Holders,
    Authorities,
}

impl<'a> Scope<'a> {
    pub(super) fn read(value: Element<'a>) -> Result<Self, RevocationProblem> {
        let mut fields = value.sequence()?;
        let places = fields.next_if(asn1::constructed(PLACE))?.map(names_of_point).transpose()?;
        let holders = flag(fields.next_if(asn1::plain(ONLY_HOLDERS))?)?;
        let authorities = flag(fields.next_if(asn1::plain(ONLY_AUTHORITIES))?)?;
        let has_some_reasons = fields.next_if(asn1::plain(ONLY_SOME_REASONS))?.is_some();
        let is_indirect = flag(fields.next_if(asn1::plain(INDIRECT))?)?;
        let attributes = flag(fields.next_if(asn1::plain(ONLY_ATTRIBUTES))?)?;
        fields.finish()?;
        let only = match (holders, authorities) {
            (false, false) => Only::All,
            (true, false) => Only::Holders,
            (false, true) => Only::Authorities,
            (true, true) => return Err(RevocationProblem::OtherScope),
        };
        match attributes {
            true => Err(RevocationProblem::OtherScope),
            false => Ok(Self { places, only, has_some_reasons, is_indirect }),
        }
    }

    /// Whether its entries may be about other issuers' certificates.
    pub(super) fn is_indirect(&self) -> bool {
        self.is_indirect
    }

    /// Whether it is all of its issuer's lists that this certificate would be on.
    pub(super) fn check(&self, certificate: &Certificate) -> Result<(), RevocationProblem> {
        match self.includes(certificate) && !self.has_some_reasons {
            _ if self.is_indirect => Err(RevocationProblem::IndirectList),
            true => Ok(()),
            false => Err(RevocationProblem::OtherScope),
        }
    }

    /// RFC 5280, section 6.3.3 (b) (2).
    fn includes(&self, certificate: &Certificate) -> bool {
        let is_authority = certificate.extensions().basic_constraints.is_some_and(|constraints| constraints.is_authority);
        let is_kind = match self.only {
            Only::All => true,
            Only::Holders => !is_authority,
            Only::Authorities => is_authority,
        };
        is_kind && self.places.as_ref().is_none_or(|places| is_at(places, certificate))
    }
}

/// A certificate that says nothing of lists is on the one under its issuer's name.
fn is_at(places: &[&[u8]], certificate: &Certificate) -> bool {
    match &certificate.extensions().list_places {
        Some(wanted) => wanted.iter().any(|wanted| places.contains(&wanted.as_slice())),
        None => places.iter().any(|place| names_directory(place, certificate.issuer())),
    }
}

/// Whether a GeneralName is this distinguished name.
pub(super) fn names_directory(place: &[u8], name: &[u8]) -> bool {
    Element::only(place).is_ok_and(|place| place.tag == asn1::constructed(DIRECTORY_NAME) && place.content == name)
}

/// An implicit BOOLEAN that is FALSE where it is left out.
fn flag(element: Option<Element<'_>>) -> Result<bool, RevocationProblem> {
    match element.map(|element| element.content) {
        None => Ok(false),
        Some([TRUE]) => Ok(true),
        // DER leaves the default out.
        Some(_) => Err(RevocationProblem::Malformed),
    }
}

/// Tags of IssuingDistributionPoint.
const PLACE: u32 = 0;
const ONLY_HOLDERS: u32 = 1;
const ONLY_AUTHORITIES: u32 = 2;
const ONLY_SOME_REASONS: u32 = 3;
const INDIRECT: u32 = 4;
const ONLY_ATTRIBUTES: u32 = 5;

/// directoryName of GeneralName. RFC 5280, section 4.2.1.6.
const DIRECTORY_NAME: u32 = 4;

/// X.690, section 11.1.
const TRUE: u8 = 0xFF;
