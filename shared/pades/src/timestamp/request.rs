use std::time::SystemTime;

use der::asn1::ObjectIdentifier;
use der::{Encode, Tag};

use super::info::{Imprint, VERSION, significant};
use super::response::token_of;
use super::token::{Token, stamped};
use super::{TimeStamp, TimeStampProblem};
use crate::asn1;
use crate::certificate::{DigestAlgorithm, SignatureVerifier};
use crate::cms::{CmsProblem, SignedData};
use crate::trust::Trust;

/// What an authority is asked to stamp. RFC 3161, section 2.4.1.
///
/// ```
/// use pades::{DigestAlgorithm, TimeStampRequest};
///
/// let request = TimeStampRequest::new(DigestAlgorithm::Sha256, DigestAlgorithm::Sha256.hash(b"a document"), 7);
/// let body: Vec<u8> = request.to_der(); // posted as application/timestamp-query
/// # assert_eq!(body.first(), Some(&0x30));
/// ```
#[derive(Clone)]
pub struct TimeStampRequest {
    imprint: Imprint,
    nonce: u64,
    policy: Option<ObjectIdentifier>,
}

impl TimeStampRequest {
    /// For a document: `digest` is that of its byte range in this hash. `nonce` is random, and new for every request.
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm, digest: Vec<u8>, nonce: u64) -> Self {
        Self { imprint: Imprint { algorithm, digest }, nonce, policy: None }
    }

    /// For a signature: over its value, in the hash that its signer used. EN 319 122-1, section 5.3.
    pub fn for_signature(cms: &[u8], nonce: u64) -> Result<Self, CmsProblem> {
        let signed = SignedData::read(cms)?;
        let algorithm = DigestAlgorithm::of_identifier(signed.digest_algorithm)?;
        Ok(Self::new(algorithm, algorithm.hash(signed.signature), nonce))
    }

    /// Under a policy of the authority's, in dotted form; None if that is not an identifier.
    #[must_use]
    pub fn under_policy(self, policy: &str) -> Option<Self> {
        Some(Self { policy: Some(ObjectIdentifier::new(policy).ok()?), ..self })
    }

    pub(super) fn asked_anew(self, nonce: u64, policy: Option<ObjectIdentifier>) -> Self {
        Self { nonce, policy, ..self }
    }

    /// The body of the request; the authority's certificate is asked to come along.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        self.try_to_der().unwrap_or_default()
    }

    /// Whether the answer is a time stamp over just what was asked, by an authority that is believed.
    ///
    /// Checked are status, nonce, imprint, policy, the token's attributes and signature, the purpose of the authority's
    /// certificate, its validity and its path at the time stamped, and the size. `now` is when the answer came.
    pub fn check(
        &self,
        response: &[u8],
        trust: &Trust,
        verifier: &dyn SignatureVerifier,
        now: SystemTime,
    ) -> Result<TimeStamp, TimeStampProblem> {
        if response.len() > MAX_ANSWER_BYTES {
            return Err(TimeStampProblem::TooLarge);
        }
        let response = asn1::ber::in_der(response);
        let token_der = token_of(&response)?;
        let token = Token::read(token_der)?;
        if token.nonce() != Some(significant(&self.nonce.to_be_bytes())) {
            return Err(TimeStampProblem::OtherNonce);
        }
        if self.policy.is_some_and(|policy| token.policy() != policy) {
            return Err(TimeStampProblem::OtherPolicy);
        }
        if *token.imprint()? != self.imprint {
            return Err(TimeStampProblem::OtherContent);
        }
        token.check(trust, verifier, now, &[])?;
        Ok(stamped(&token, token_der))
    }

    fn try_to_der(&self) -> asn1::Result<Vec<u8>> {
        let policy = self.policy.map_or(Ok(Vec::new()), |policy| policy.to_der())?;
        let parts = [VERSION.to_der()?, self.imprint.to_der()?, policy, self.nonce.to_der()?, true.to_der()?];
        asn1::element(Tag::Sequence, &[&parts.concat()])
    }
}

/// Several times what authorities send with a whole chain; a token must fit beside a signature.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;
