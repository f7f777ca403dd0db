use std::time::SystemTime;

use super::candidate::{Candidate, Contents};
use super::check::{Check, CheckKind, CheckResult, Fact};
use super::signature::{Court, Evidence, Findings};
use crate::certificate::Certificate;
use crate::cms::SignedData;
use crate::revocation::Inquest;
use crate::timestamp::{TimeStampProblem, Token};
use crate::trust::Path;

/// That a revision, and so everything before it, existed at a time.
pub(super) struct Proof {
    revision: usize,
    time: ProvenTime,
}

/// A time that is believed, and what is known of the authority behind it.
#[derive(Clone)]
pub(super) struct ProvenTime {
    pub(super) time: SystemTime,
    pub(super) inquest: Inquest,
}

impl Court<'_> {
    /// What the document time stamps that are believed prove.
    pub(super) fn proofs(&self, candidates: &[Candidate<'_>], digests: &[Option<Vec<u8>>]) -> Vec<Proof> {
        let mut proofs = Vec::new();
        // The newest first: each proves that those before it were there.
        for (candidate, digest) in candidates.iter().zip(digests).rev() {
            if let (Contents::TimeStamp(Ok(token)), Some(digest), None) = (&candidate.contents, digest, candidate.field.problem)
                && token.is_over(digest)
                && let Ok(time) = self.believed(token, earliest_after(candidate.field.revision_index, &proofs))
            {
                proofs.push(Proof { revision: candidate.field.revision_index, time });
            }
        }
        proofs
    }

    /// The earliest time at which the signature is proven to have existed; why there is none otherwise.
    pub(super) fn proven_time(&self, signed: &SignedData<'_>, revision: usize, proofs: &[Proof]) -> Result<ProvenTime, Fact> {
        let tokens = signed.time_stamps.iter().take(MOST_TIME_STAMPS);
        let (mut own, mut problem) = (Vec::new(), None);
        let proven = earliest_after(revision, proofs);
        for time in tokens.map(|token| self.time_of(token, signed.signature, proven)) {
            match time {
                Ok(time) => own.push(time),
                Err(found) => problem = problem.or(Some(found)),
            }
        }
        let later = proofs.iter().filter(|proof| proof.revision > revision).map(|proof| proof.time.clone());
        let earliest = own.into_iter().chain(later).min_by_key(|proven| proven.time);
        earliest.ok_or(problem.map_or(Fact::NoTimeStamp, Fact::TimeStamp))
    }

    /// Of a document time stamp, which is judged like a signature of its authority.
    pub(super) fn judge_token(
        &self,
        token: Result<&Token<'_>, TimeStampProblem>,
        evidence: &Evidence<'_>,
        revision: usize,
        found: &mut Findings,
    ) -> Option<SystemTime> {
        let checks = &mut found.checks;
        let token = match token {
            Ok(token) => token,
            Err(problem) => {
                checks.push(failed(problem));
                return None;
            }
        };
        let proven = earliest_after(revision, evidence.proofs);
        checks.push(Check::passed(CheckKind::Cms));
        let is_over = evidence.digest.is_some_and(|digest| token.is_over(digest));
        let fact = token.weakness().map_or(Fact::DocumentChanged, Fact::Weak);
        checks.push(Check::that(CheckKind::MessageDigest, is_over, fact));
        match token.check(self.trust, self.verifier, self.now, self.more) {
            Ok((authority, path)) => {
                checks.extend(CHECKS_OF_A_TOKEN.map(Check::passed));
                found.inquest = Some(self.inquest_of_authority(&authority, &path, token.time(), proven));
            }
            Err(problem) => {
                checks.push(failed(problem));
                return None;
            }
        }
        Some(token.time()).filter(|_| is_over)
    }

    fn time_of(&self, token: &[u8], signature: &[u8], proven: Option<&ProvenTime>) -> Result<ProvenTime, TimeStampProblem> {
        let token = Token::read(token)?;
        if !token.is_over_message(signature) {
            return Err(TimeStampProblem::OtherContent);
        }
        self.believed(&token, proven)
    }

    /// `proven` is when the token itself is proven to have existed, by a later one.
    fn believed(&self, token: &Token<'_>, proven: Option<&ProvenTime>) -> Result<ProvenTime, TimeStampProblem> {
        let (authority, path) = token.check(self.trust, self.verifier, self.now, self.more)?;
        let inquest = self.inquest_of_authority(&authority, &path, token.time(), proven);
        match inquest.result {
            CheckResult::Failed(_) => Err(TimeStampProblem::Revoked),
            _ => Ok(ProvenTime { time: token.time(), inquest }),
        }
    }

    /// As of now, if that is enough; else as of a later time stamp, and then it rests on that one's authority as well.
    fn inquest_of_authority(
        &self,
        authority: &Certificate,
        path: &Path,
        stamped: SystemTime,
        proven: Option<&ProvenTime>,
    ) -> Inquest {
        let alone = self.inquiry.about_authority(authority, path, stamped, None);
        match proven {
            Some(later) if alone.result != CheckResult::Passed => {
                self.inquiry.about_authority(authority, path, stamped, Some(later.time)).resting_on(&later.inquest)
            }
            _ => alone,
        }
    }
}

/// When everything up to this revision is proven to have existed.
fn earliest_after(revision: usize, proofs: &[Proof]) -> Option<&ProvenTime> {
    let later = proofs.iter().filter(|proof| proof.revision > revision).map(|proof| &proof.time);
    later.min_by_key(|proven| proven.time)
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
pub(super) const MOST_TIME_STAMPS: usize = 4;

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
