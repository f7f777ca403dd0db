use std::time::SystemTime;

use super::candidate::{Candidate, Contents};
use super::check::{Check, CheckKind, Fact};
use super::signature::Court;
use crate::cms::SignedData;
use crate::timestamp::{TimeStampProblem, Token};

/// That a revision, and so everything before it, existed at a time.
pub(super) struct Proof {
    revision: usize,
    time: SystemTime,
}

impl Court<'_> {
    /// What the document time stamps that are believed prove.
    pub(super) fn proofs(&self, candidates: &[Candidate<'_>], digests: &[Option<Vec<u8>>]) -> Vec<Proof> {
        let mut proofs = Vec::new();
        for (candidate, digest) in candidates.iter().zip(digests) {
            if let (Contents::TimeStamp(Ok(token)), Some(digest), None) = (&candidate.contents, digest, candidate.field.problem)
                && token.is_over(digest)
                && token.check(self.trust, self.verifier, self.now).is_ok()
            {
                proofs.push(Proof { revision: candidate.field.revision_index, time: token.time() });
            }
        }
        proofs
    }

    /// The earliest time at which the signature is proven to have existed; why there is none otherwise.
    pub(super) fn proven_time(&self, signed: &SignedData<'_>, revision: usize, proofs: &[Proof]) -> Result<SystemTime, Fact> {
        let tokens = signed.time_stamps.iter().take(MOST_TIME_STAMPS);
        let own: Vec<_> = tokens.map(|token| self.time_of(token, signed.signature)).collect();
        let later = proofs.iter().filter(|proof| proof.revision > revision).map(|proof| proof.time);
        let earliest = own.iter().filter_map(|time| time.ok()).chain(later).min();
        let problem = own.iter().find_map(|time| time.err());
        earliest.ok_or(problem.map_or(Fact::NoTimeStamp, Fact::TimeStamp))
    }

    /// Of a document time stamp, which is judged like a signature of its authority.
    pub(super) fn judge_token(
        &self,
        token: Result<&Token<'_>, TimeStampProblem>,
        digest: Option<&[u8]>,
        checks: &mut Vec<Check>,
    ) -> Option<SystemTime> {
        let token = match token {
            Ok(token) => token,
            Err(problem) => {
                checks.push(failed(problem));
                return None;
            }
        };
        checks.push(Check::passed(CheckKind::Cms));
        let is_over = digest.is_some_and(|digest| token.is_over(digest));
        checks.push(Check::that(CheckKind::MessageDigest, is_over, Fact::DocumentChanged));
        match token.check(self.trust, self.verifier, self.now) {
            Ok(()) => checks.extend(CHECKS_OF_A_TOKEN.map(Check::passed)),
            Err(problem) => {
                checks.push(failed(problem));
                return None;
            }
        }
        Some(token.time()).filter(|_| is_over)
    }

    fn time_of(&self, token: &[u8], signature: &[u8]) -> Result<SystemTime, TimeStampProblem> {
        let token = Token::read(token)?;
        if !token.is_over_message(signature) {
            return Err(TimeStampProblem::OtherContent);
        }
        token.check(self.trust, self.verifier, self.now)?;
        Ok(token.time())
    }
}

/// The failure under the heading where people look for it.
fn failed(problem: TimeStampProblem) -> Check {
    let what = match problem {
        TimeStampProblem::WrongSignature => CheckKind::SignatureValue,
        TimeStampProblem::WrongAttributes => CheckKind::Attributes,
        TimeStampProblem::NoCertificate => CheckKind::SigningCertificate,
        TimeStampProblem::NotForTimeStamps => CheckKind::KeyUsage,
        TimeStampProblem::OutsideValidity => CheckKind::Validity,
        TimeStampProblem::InTheFuture => CheckKind::Time,
        TimeStampProblem::Weak(_) => CheckKind::Algorithms,
        TimeStampProblem::Path(_) => CheckKind::Path,
        _ => CheckKind::Cms,
    };
    Check::failed(what, Fact::TimeStamp(problem))
}

/// A signature has one; a heap of them must not buy more work than this.
const MOST_TIME_STAMPS: usize = 4;

/// What a token that is believed has passed.
const CHECKS_OF_A_TOKEN: [CheckKind; 8] = [
    CheckKind::Algorithms,
    CheckKind::Attributes,
    CheckKind::SigningCertificate,
    CheckKind::SignatureValue,
    CheckKind::KeyUsage,
    CheckKind::Validity,
    CheckKind::Path,
    CheckKind::Time,
];
