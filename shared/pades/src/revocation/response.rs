use std::time::SystemTime;

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::entries::reason;
use super::period::{Moment, Period, lies_ahead};
use super::problem::RevocationProblem;
use super::request::{NONCE, names};
use super::responder::Responder;
use super::status::{CertificateStatus, Revoked};
use crate::asn1::{self, Element};
use crate::certificate::{Certificate, time};

/// A responder's signed answers, each part as it was stored. RFC 6960, section 4.2.1.
pub(super) struct StatusResponse<'a> {
    pub(super) to_be_signed: &'a [u8],
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
    pub(super) responder: Responder<'a>,
    /// Certificates that came along, in DER.
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) produced_at: SystemTime,
    answers: Vec<Element<'a>>,
    nonce: Option<&'a [u8]>,
}

/// What was said of one certificate.
pub(super) struct Said {
    pub(super) status: CertificateStatus,
    pub(super) period: Period,
}

impl<'a> StatusResponse<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, RevocationProblem> {
        let mut fields = Element::only(der)?.sequence()?;
        match fields.next()?.expect(Tag::Enumerated)?.content {
            [SUCCESSFUL] => {}
            [status] => return Err(RevocationProblem::Refused { status: *status }),
            _ => return Err(RevocationProblem::Malformed),
        }
        let mut answer = Element::only(fields.next()?.expect(asn1::constructed(RESPONSE_BYTES))?.content)?.sequence()?;
        fields.finish()?;
        if answer.next()?.decode::<ObjectIdentifier>()? != BASIC_RESPONSE {
            return Err(RevocationProblem::Malformed);
        }
        let basic = answer.next()?.expect(Tag::OctetString)?.content;
        answer.finish()?;
        Self::read_basic(basic)
    }

    /// Whether it answers just this request; None if it does not say which it answers. RFC 6960, section 4.4.1.
    pub(super) fn answers(&self, nonce: &[u8]) -> Option<bool> {
        let octets = self.nonce?;
        Some(Element::only(octets).is_ok_and(|wrapped| wrapped.tag == Tag::OctetString && wrapped.content == nonce))
    }

    /// What it says of this certificate: of several answers one of a lasting revocation, or else the newest.
    pub(super) fn said_of(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        moment: Moment,
    ) -> Result<Said, RevocationProblem> {
        if lies_ahead(self.produced_at, moment.now) {
            return Err(RevocationProblem::InTheFuture);
        }
        let said = self.weightiest(certificate, issuer)?.ok_or(RevocationProblem::OtherCertificate)?;
        said.period.check(said.status, moment)?;
        match said.status {
            CertificateStatus::Good if moment.is_after_the_end(said.period, certificate) => Err(RevocationProblem::AfterTheEnd),
            _ => Ok(said),
        }
    }

    /// What cannot be read, or is not known, beside a lasting revocation takes nothing from it.
    fn weightiest(&self, certificate: &Certificate, issuer: &Certificate) -> Result<Option<Said>, RevocationProblem> {
        let weight = |said: &Said| (said.status.is_lasting(), said.period.this_update);
        let (mut found, mut problem): (Option<Said>, _) = (None, Ok(()));
        for answer in self.answers.iter().take(MOST_ANSWERS) {
            match read_answer(*answer, certificate, issuer) {
                Ok(Some(said)) if found.as_ref().is_none_or(|other| weight(&said) > weight(other)) => found = Some(said),
                Ok(_) => {}
                Err(why) => problem = problem.and(Err(why)),
            }
        }
        if !found.as_ref().is_some_and(|said| said.status.is_lasting()) {
            problem?;
        }
        Ok(found)
    }

    fn read_basic(basic: &'a [u8]) -> Result<Self, RevocationProblem> {
        let mut fields = Element::only(basic)?.sequence()?;
        let to_be_signed = fields.next()?;
        let algorithm = fields.next()?.whole;
        let signature = fields.next()?.octets_of_bit_string()?;
        let certificates = match fields.next_if(asn1::constructed(CERTIFICATES))? {
            Some(tagged) => Element::only(tagged.content)?.sequence()?.rest()?,
            None => Vec::new(),
        };
        fields.finish()?;
        let mut data = to_be_signed.sequence()?;
        if let Some(version) = data.next_if(asn1::constructed(VERSION))?
            && version.content != VERSION_1
        {
            return Err(RevocationProblem::Malformed);
        }
        let responder = Responder::read(data.next()?)?;
        let produced_at = time(data.next()?.expect(Tag::GeneralizedTime)?)?;
        let answers = data.next()?.sequence()?.rest()?;
        let extensions = data.next_if(asn1::constructed(RESPONSE_EXTENSIONS))?;
        data.finish()?;
        Ok(Self {
            to_be_signed: to_be_signed.whole,
            algorithm,
            signature,
            responder,
            certificates: certificates.into_iter().map(|certificate| certificate.whole).collect(),
            produced_at,
            answers,
            nonce: extensions.map_or(Ok(None), nonce)?,
        })
    }
}

/// SingleResponse; None if it is about another certificate.
fn read_answer(answer: Element<'_>, certificate: &Certificate, issuer: &Certificate) -> Result<Option<Said>, RevocationProblem> {
    let mut fields = answer.sequence()?;
    if !names(fields.next()?, certificate, issuer)? {
        return Ok(None);
    }
    let status = fields.next()?;
    let this_update = time(fields.next()?.expect(Tag::GeneralizedTime)?)?;
    let next_update = match fields.next_if(asn1::constructed(NEXT_UPDATE))? {
        Some(tagged) => Some(time(Element::only(tagged.content)?)?),
        None => None,
    };
    if let Some(extensions) = fields.next_if(asn1::constructed(ANSWER_EXTENSIONS))? {
        refuse_critical(extensions)?;
    }
    fields.finish()?;
    Ok(Some(Said { status: read_status(status)?, period: Period { this_update, next_update } }))
}

/// CertStatus. RFC 6960, section 4.2.1.
fn read_status(status: Element<'_>) -> Result<CertificateStatus, RevocationProblem> {
    if status.tag == asn1::plain(GOOD) && status.content.is_empty() {
        return Ok(CertificateStatus::Good);
    }
    if status.tag == asn1::plain(UNKNOWN) {
        return Err(RevocationProblem::Unknown);
    }
    if status.tag != asn1::constructed(REVOKED) {
        return Err(RevocationProblem::Malformed);
    }
    let mut fields = asn1::Fields::of(status.content)?;
    let since = time(fields.next()?.expect(Tag::GeneralizedTime)?)?;
    let reason = match fields.next_if(asn1::constructed(REASON))? {
        Some(tagged) => reason(Element::only(tagged.content)?)?,
        None => None,
    };
    fields.finish()?;
    Ok(CertificateStatus::Revoked(Revoked { since, reason }))
}

fn nonce(tagged: Element<'_>) -> Result<Option<&[u8]>, RevocationProblem> {
    let mut nonce = None;
    for extension in asn1::extensions(Element::only(tagged.content)?)? {
        match extension.kind {
            NONCE => nonce = Some(extension.octets()),
            _ if extension.critical => return Err(RevocationProblem::UnknownCriticalExtension),
            _ => {}
        }
    }
    Ok(nonce)
}

/// None of those that may stand beside a status changes what it says.
fn refuse_critical(tagged: Element<'_>) -> Result<(), RevocationProblem> {
    let is_critical = asn1::extensions(Element::only(tagged.content)?)?.iter().any(|extension| extension.critical);
    if is_critical { Err(RevocationProblem::UnknownCriticalExtension) } else { Ok(()) }
}

/// OCSPResponseStatus. RFC 6960, section 4.2.1.
const SUCCESSFUL: u8 = 0;

/// id-pkix-ocsp-basic. RFC 6960, section 4.2.1.
const BASIC_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// Tags of OCSPResponse, BasicOCSPResponse, ResponseData, SingleResponse, CertStatus and RevokedInfo.
const RESPONSE_BYTES: u32 = 0;
const CERTIFICATES: u32 = 0;
const VERSION: u32 = 0;
const RESPONSE_EXTENSIONS: u32 = 1;
const NEXT_UPDATE: u32 = 0;
const ANSWER_EXTENSIONS: u32 = 1;
const GOOD: u32 = 0;
const REVOKED: u32 = 1;
const UNKNOWN: u32 = 2;
const REASON: u32 = 0;

/// INTEGER 0, written out although it is the default.
const VERSION_1: [u8; 3] = [2, 1, 0];

/// Responders answer for one certificate, or for a handful.
const MOST_ANSWERS: usize = 1_024;
