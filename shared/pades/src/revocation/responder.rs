use std::time::SystemTime;

use sha1::Digest;

use super::problem::RevocationProblem;
use super::response::StatusResponse;
use crate::asn1::{self, Element};
use crate::certificate::{Certificate, SignatureAlgorithm, SignatureVerifier};

/// How a responder names itself. RFC 6960, section 4.2.1.
pub(super) enum Responder<'a> {
    /// A distinguished name in DER.
    Name(&'a [u8]),
    /// SHA-1 over its public key.
    Key(&'a [u8]),
}

impl<'a> Responder<'a> {
    pub(super) fn read(element: Element<'a>) -> Result<Self, RevocationProblem> {
        if element.tag == asn1::constructed(BY_NAME) {
            return Ok(Self::Name(element.content));
        }
        match element.tag == asn1::constructed(BY_KEY) {
            true => Ok(Self::Key(Element::only(element.content)?.expect(der::Tag::OctetString)?.content)),
            false => Err(RevocationProblem::Malformed),
        }
    }

    fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => certificate.is_called(name),
            Self::Key(hash) => sha1::Sha1::digest(certificate.public_key_bits()).as_slice() == *hash,
        }
    }
}

/// A responder that may speak for an issuer: the issuer itself, or whom it named for that.
pub(super) struct Authorised {
    pub(super) name: Option<String>,
    /// Whom the issuer named.
    pub(super) delegate: Option<Certificate>,
}

impl StatusResponse<'_> {
    /// Whether the signature is right, and by whom; `needed_until` is what time its word is needed for. RFC 6960, section
    /// 4.2.2.2.
    pub(super) fn authorised(
        &self,
        issuer: &Certificate,
        verifier: &dyn SignatureVerifier,
        needed_until: SystemTime,
    ) -> Result<Authorised, RevocationProblem> {
        if self.responder.is(issuer) {
            self.check_signature(issuer, verifier)?;
            return Ok(Authorised { name: issuer.common_name(), delegate: None });
        }
        let certificates = self.certificates.iter().take(MOST_CERTIFICATES);
        let delegate = certificates
            .filter_map(|der| Certificate::parse(der).ok())
            .find(|certificate| self.responder.is(certificate))
            .ok_or(RevocationProblem::ResponderNotAuthorised)?;
        check_delegate(&delegate, issuer, verifier)?;
        self.check_signature(&delegate, verifier)?;
        // It must not have ended when it spoke; and what it said of a later time must not be said with a key that ended.
        if ![self.produced_at, needed_until.max(self.produced_at)].into_iter().all(|time| delegate.is_valid_at(time)) {
            return Err(RevocationProblem::ResponderNotValid);
        }
        let name = delegate.common_name();
        Ok(Authorised { name, delegate: Some(delegate) })
    }

    fn check_signature(&self, signer: &Certificate, verifier: &dyn SignatureVerifier) -> Result<(), RevocationProblem> {
        let algorithm = SignatureAlgorithm::of_identifier(self.algorithm, None, signer.key())?;
        match verifier.verify(signer.subject_public_key_info(), algorithm, self.to_be_signed, self.signature) {
            true => Ok(()),
            false => Err(RevocationProblem::WrongSignature),
        }
    }
}

/// Issued by the very issuer, for this purpose. RFC 6960, section 4.2.2.2.
fn check_delegate(
    delegate: &Certificate,
    issuer: &Certificate,
    verifier: &dyn SignatureVerifier,
) -> Result<(), RevocationProblem> {
    let extensions = delegate.extensions();
    let may_sign = extensions.key_usage.is_none_or(|usage| usage.digital_signature || usage.non_repudiation);
    let is_named = delegate.names_issuer(issuer) && extensions.is_for_status_answers && may_sign;
    match is_named && !extensions.has_unknown_critical && delegate.is_signed_by(issuer, verifier)? {
        true => Ok(()),
        false => Err(RevocationProblem::ResponderNotAuthorised),
    }
}

/// An issuer that says neither that its delegate needs no check nor where to make one leaves that to us: then its short
/// life is what bounds the harm. RFC 6960, section 4.2.2.2.1.
pub(super) fn says_where_to_ask(delegate: &Certificate) -> bool {
    let extensions = delegate.extensions();
    !extensions.is_never_revoked && (extensions.list_places.is_some() || extensions.responder.is_some())
}

/// Tags of ResponderID.
const BY_NAME: u32 = 1;
const BY_KEY: u32 = 2;

/// A responder sends its own, and at most a short path.
const MOST_CERTIFICATES: usize = 16;
