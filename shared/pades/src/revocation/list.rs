use std::time::SystemTime;

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::entries::{Index, Rules};
use super::period::{Moment, Period};
use super::problem::RevocationProblem;
use super::scope::Scope;
use super::status::CertificateStatus;
use crate::asn1::{self, Element, Fields};
use crate::certificate::{Certificate, SignatureAlgorithm, SignatureVerifier, time};

/// A certificate revocation list: read where it lies. RFC 5280, section 5.
pub(super) struct RevocationList<'a> {
    to_be_signed: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
    issuer: &'a [u8],
    period: Period,
    /// The content of revokedCertificates.
    entries: &'a [u8],
    issuers_key_identifier: Option<&'a [u8]>,
    scope: Option<Scope<'a>>,
    is_delta: bool,
}

impl<'a> RevocationList<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, RevocationProblem> {
        let mut fields = Element::only(der)?.sequence()?;
        let to_be_signed = fields.next()?;
        let algorithm = fields.next()?.whole;
        let signature = fields.next()?.octets_of_bit_string()?;
        fields.finish()?;
        let body = Body::read(to_be_signed)?;
        // The outer algorithm is not covered by the signature, the inner one is. RFC 5280, section 5.1.1.2.
        if body.algorithm != algorithm {
            return Err(RevocationProblem::Malformed);
        }
        let mut list = Self {
            to_be_signed: to_be_signed.whole,
            algorithm,
            signature,
            issuer: body.issuer,
            period: body.period,
            entries: body.entries,
            issuers_key_identifier: None,
            scope: None,
            is_delta: false,
        };
        body.extensions.map_or(Ok(()), |extensions| list.take_extensions(extensions))?;
        Ok(list)
    }

    pub(super) fn period(&self) -> Period {
        self.period
    }

    /// Whether it is `issuer` who speaks, by name and key identifier; the signature is looked at elsewhere.
    pub(super) fn is_named(&self, issuer: &Certificate) -> bool {
        let own = issuer.extensions().subject_key_identifier.as_deref();
        let is_same_key = self.issuers_key_identifier.zip(own).is_none_or(|(named, own)| named == own);
        is_same_key && issuer.is_called(self.issuer)
    }

    /// Whether `issuer`'s key made the signature, and may make it. RFC 5280, section 6.3.3 (f) and (g).
    pub(super) fn check_signature(
        &self,
        issuer: &Certificate,
        verifier: &dyn SignatureVerifier,
    ) -> Result<(), RevocationProblem> {
        if issuer.extensions().key_usage.is_some_and(|usage| !usage.list_signing) {
            return Err(RevocationProblem::NotForLists);
        }
        let algorithm = SignatureAlgorithm::of_identifier(self.algorithm, None, issuer.key())?;
        match verifier.verify(issuer.subject_public_key_info(), algorithm, self.to_be_signed, self.signature) {
            true => Ok(()),
            false => Err(RevocationProblem::WrongSignature),
        }
    }

    /// Of every entry; whoever trusts it looks at the signature before.
    pub(super) fn index(&self) -> Result<Index, RevocationProblem> {
        let is_indirect = self.scope.as_ref().is_some_and(Scope::is_indirect);
        Index::of(self.entries, Rules { is_delta: self.is_delta, issuer: is_indirect.then_some(self.issuer) })
    }

    /// Why nobody is good for not being on the list.
    fn clears_nobody(&self, certificate: &Certificate) -> Result<(), RevocationProblem> {
        match &self.scope {
            _ if self.is_delta => Err(RevocationProblem::DeltaList),
            Some(scope) => scope.check(certificate),
            None => Ok(()),
        }
    }

    /// What it says of a certificate of its issuer's; `index` is its own. Whoever is on a list of the issuer's is revoked,
    /// whatever else the list does not speak of.
    pub(super) fn status_of(
        &self,
        certificate: &Certificate,
        index: &Index,
        moment: Moment,
    ) -> Result<CertificateStatus, RevocationProblem> {
        let found = index.find(self.entries, certificate.serial_number())?;
        let status = found.map_or(CertificateStatus::Good, CertificateStatus::Revoked);
        if found.is_none() {
            self.clears_nobody(certificate)?;
        }
        self.period.check(status, moment)?;
        match found {
            None if moment.is_after_the_end(self.period, certificate) => Err(RevocationProblem::AfterTheEnd),
            _ => Ok(status),
        }
    }

    fn take_extensions(&mut self, tagged: Element<'a>) -> Result<(), RevocationProblem> {
        for extension in asn1::extensions(Element::only(tagged.content)?)? {
            match extension.kind {
                DELTA_LIST => self.is_delta = true,
                ISSUING_DISTRIBUTION_POINT => self.scope = Some(Scope::read(extension.value()?)?),
                AUTHORITY_KEY_IDENTIFIER => {
                    let identifier = extension.value()?.sequence()?.next_if(asn1::plain(0))?;
                    self.issuers_key_identifier = identifier.map(|identifier| identifier.content);
                }
                LIST_NUMBER | ISSUER_ALTERNATIVE_NAME => {}
                _ if extension.critical => return Err(RevocationProblem::UnknownCriticalExtension),
                _ => {}
            }
        }
        Ok(())
    }
}

/// TBSCertList. RFC 5280, section 5.1.
struct Body<'a> {
    algorithm: &'a [u8],
    issuer: &'a [u8],
    period: Period,
    entries: &'a [u8],
    extensions: Option<Element<'a>>,
}

impl<'a> Body<'a> {
    fn read(to_be_signed: Element<'a>) -> Result<Self, RevocationProblem> {
        let mut fields = to_be_signed.sequence()?;
        let version = fields.next_if(Tag::Integer)?.map(|version| version.decode::<u8>()).transpose()?;
        if version.is_some_and(|version| version != VERSION_2) {
            return Err(RevocationProblem::Malformed);
        }
        let algorithm = fields.next()?.expect(Tag::Sequence)?.whole;
        let issuer = fields.next()?.expect(Tag::Sequence)?.whole;
        let this_update = time(fields.next()?)?;
        let next_update = next_time(&mut fields)?;
        let entries = fields.next_if(Tag::Sequence)?.map(|entries| entries.content).unwrap_or_default();
        let extensions = fields.next_if(asn1::constructed(EXTENSIONS))?;
        fields.finish()?;
        // The first version knows no extensions, and so leaves out nothing that one could say.
        if extensions.is_some() && version.is_none() {
            return Err(RevocationProblem::Malformed);
        }
        Ok(Self { algorithm, issuer, period: Period { this_update, next_update }, entries, extensions })
    }
}

fn next_time(fields: &mut Fields<'_>) -> asn1::Result<Option<SystemTime>> {
    let element = match fields.next_if(Tag::UtcTime)? {
        None => fields.next_if(Tag::GeneralizedTime)?,
        some => some,
    };
    element.map(time).transpose()
}

const VERSION_2: u8 = 1;
const EXTENSIONS: u32 = 0;

/// RFC 5280, section 5.2.
const ISSUER_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.18");
const LIST_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const DELTA_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
