use std::time::{Duration, SystemTime};

use der::asn1::ObjectIdentifier;

use super::TimeStampProblem;
use super::info::{Imprint, TimeStampInfo};
use crate::certificate::{Certificate, DigestAlgorithm, SignatureVerifier, Weakness};
use crate::cms::{AttributeFinding, RevocationData, SignedData, TIME_STAMP_INFO};
use crate::trust::{Path, Trust, find_path};

/// A moment that an authority vouches for.
#[derive(Clone, PartialEq, Eq)]
pub struct TimeStamp {
    pub time: SystemTime,
    /// The common name in the authority's certificate.
    pub authority: Option<String>,
    /// In dotted form.
    pub policy: String,
    /// The token in DER, to be kept in the document.
    pub token: Vec<u8>,
}

/// A time-stamp token as it was read; believed only after its checks.
pub(crate) struct Token<'a> {
    signed: SignedData<'a>,
    info: TimeStampInfo,
}

impl<'a> Token<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, TimeStampProblem> {
        let signed = SignedData::of_token(der).map_err(|_| TimeStampProblem::Malformed)?;
        let info = TimeStampInfo::read(signed.content)?;
        Ok(Self { signed, info })
    }

    /// What a document is put through to be compared.
    pub(crate) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        Some(self.imprint().ok()?.algorithm)
    }

    /// Why nothing can be compared with it.
    pub(crate) fn weakness(&self) -> Option<Weakness> {
        self.info.imprint.as_ref().err().copied()
    }

    /// Whether the token is over what has this digest.
    pub(crate) fn is_over(&self, digest: &[u8]) -> bool {
        self.imprint().is_ok_and(|imprint| imprint.digest == digest)
    }

    /// Whether the token is over these bytes.
    pub(crate) fn is_over_message(&self, message: &[u8]) -> bool {
        self.imprint().is_ok_and(|imprint| imprint.algorithm.hash(message) == imprint.digest)
    }

    pub(crate) fn time(&self) -> SystemTime {
        self.info.time
    }

    /// Lists and answers that came along.
    pub(crate) fn revocation(&self) -> &[RevocationData<'a>] {
        &self.signed.revocation
    }

    pub(crate) fn authority(&self, kept: &[Certificate]) -> Option<Certificate> {
        self.signed.signer_or_kept(kept).ok().map(|(signer, _)| signer)
    }

    /// The authority that made the token, if it is one that is believed; over what, and whether it was revoked, the caller
    /// asks. `more` are certificates that may stand between it and a root, beside those that came along, or be its own if it did not.
    pub(crate) fn check(
        &self,
        trust: &Trust,
        verifier: &dyn SignatureVerifier,
        now: SystemTime,
        more: &[Certificate],
    ) -> Result<(Certificate, Path), TimeStampProblem> {
        let (signer, mut others) = self.signed.signer_or_kept(more).map_err(|_| TimeStampProblem::NoCertificate)?;
        self.check_attributes(&signer)?;
        let algorithm = self.signed.algorithm_of(&signer)?;
        let key = signer.subject_public_key_info();
        if !verifier.verify(key, algorithm, &self.signed.attributes.as_set(), self.signed.signature) {
            return Err(TimeStampProblem::WrongSignature);
        }
        if !signer.can_stamp_time() {
            return Err(TimeStampProblem::NotForTimeStamps);
        }
        if now.checked_add(CLOCKS_DIFFER).is_none_or(|latest| self.time() > latest) {
            return Err(TimeStampProblem::InTheFuture);
        }
        if !signer.is_valid_at(self.time()) {
            return Err(TimeStampProblem::OutsideValidity);
        }
        Certificate::join(&mut others, more);
        let path = find_path(&signer, &others, &trust.for_time_stamps(), verifier, self.time())?;
        Ok((signer, path))
    }

    pub(super) fn imprint(&self) -> Result<&Imprint, TimeStampProblem> {
        self.info.imprint.as_ref().map_err(|weakness| TimeStampProblem::Weak(*weakness))
    }

    pub(super) fn nonce(&self) -> Option<&[u8]> {
        self.info.nonce.as_deref()
    }

    pub(super) fn policy(&self) -> ObjectIdentifier {
        self.info.policy
    }

    /// signing-certificate or -v2 is demanded by RFC 3161, section 2.4.1, and RFC 5816.
    fn check_attributes(&self, signer: &Certificate) -> Result<(), TimeStampProblem> {
        let attributes = &self.signed.attributes;
        let algorithm = DigestAlgorithm::of_identifier(self.signed.digest_algorithm)?;
        let are_right = attributes.is_sorted()
            && self.signed.has_its_algorithms()
            && attributes.content_type(TIME_STAMP_INFO) == AttributeFinding::Right
            && attributes.message_digest(&algorithm.hash(self.signed.content)) == AttributeFinding::Right
            && attributes.signing_certificate(signer) == AttributeFinding::Right;
        are_right.then_some(()).ok_or(TimeStampProblem::WrongAttributes)
    }
}

pub(super) fn stamped(token: &Token<'_>, der: &[u8]) -> TimeStamp {
    TimeStamp {
        time: token.time(),
        authority: token.authority(&[]).and_then(|authority| authority.common_name()),
        policy: token.policy().to_string(),
        token: der.to_vec(),
    }
}

/// How far ahead of ours an authority's clock may be.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5 * 60);
