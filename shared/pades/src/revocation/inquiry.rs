use std::cell::{Cell, RefCell};
use std::time::SystemTime;

use super::evidence::{Evidence, Kind};
use super::list::RevocationList;
use super::period::{Moment, Period};
use super::problem::RevocationProblem;
use super::response::StatusResponse;
use super::source::{Question, Revocation};
use super::status::{Answerer, CertificateRole, CertificateStatus, RevocationAnswer};
use crate::certificate::{Certificate, SignatureVerifier};
use crate::source::wide;

/// Asks what became of certificates, for one verdict.
pub(crate) struct Inquiry<'a> {
    revocation: &'a Revocation<'a>,
    /// What the document carries itself.
    own: Vec<Evidence>,
    verifier: &'a dyn SignatureVerifier,
    now: SystemTime,
    bytes_left: Cell<u64>,
    /// Lists whose signature was looked at, by the issuer's fingerprint: a long one is hashed once.
    signatures: RefCell<Vec<LookedAt>>,
}

type LookedAt = (Evidence, [u8; 32], Result<(), RevocationProblem>);

/// A certificate, its issuer, and whether their root is one of JPKI.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) role: CertificateRole,
    pub(super) certificate: &'a Certificate,
    pub(super) issuer: &'a Certificate,
    pub(super) is_jpki: bool,
    /// The proven time of the signature, or now.
    pub(super) time: SystemTime,
}

/// An answer, and what it rests on.
pub(super) struct Believed {
    pub(super) answer: RevocationAnswer,
    pub(super) evidence: Vec<Evidence>,
}

/// Why there is no answer.
pub(super) enum Silence {
    /// Nobody was there to be asked.
    NotAsked,
    Because(RevocationProblem),
}

impl<'a> Inquiry<'a> {
    pub(crate) fn new(
        revocation: &'a Revocation<'a>,
        own: Vec<Evidence>,
        verifier: &'a dyn SignatureVerifier,
        now: SystemTime,
    ) -> Self {
        let bytes_left = Cell::new(MOST_BYTES);
        Self { revocation, own, verifier, now, bytes_left, signatures: RefCell::new(Vec::new()) }
    }

    pub(super) fn ask(&self, asked: Asked<'_>) -> Result<Believed, Silence> {
        let question = Question { certificate: asked.certificate, issuer: asked.issuer, time: asked.time };
        if asked.is_jpki {
            return self.attested(asked, &question).ok_or_else(|| self.why_nobody_may_answer());
        }
        let evidence: Vec<Evidence> = self.gathered(&question);
        let mut problem = RevocationProblem::NoAnswer;
        let mut found: Option<Believed> = None;
        for one in evidence.iter().take(MOST_EVIDENCE) {
            match self.judge(one, &evidence, asked) {
                Ok(believed) => {
                    found = Some(match found {
                        None => believed,
                        Some(earlier) => weightier(earlier, believed),
                    });
                }
                Err(next) => problem = problem.or(next),
            }
        }
        match found.or_else(|| self.attested(asked, &question)) {
            Some(believed) => Ok(believed),
            None if self.has_nobody() && evidence.is_empty() => Err(Silence::NotAsked),
            None => Err(Silence::Because(problem)),
        }
    }

    fn gathered(&self, question: &Question<'_>) -> Vec<Evidence> {
        let sources = self.revocation.sources().iter().flat_map(|source| source.evidence(question));
        self.own.iter().cloned().chain(sources).collect()
    }

    fn has_nobody(&self) -> bool {
        self.revocation.sources().is_empty() && self.revocation.verifier().is_none()
    }

    /// Below the roots of JPKI.
    fn why_nobody_may_answer(&self) -> Silence {
        match self.revocation.verifier() {
            Some(_) => Silence::Because(RevocationProblem::NoAnswer),
            None if self.revocation.sources().is_empty() && self.own.is_empty() => Silence::NotAsked,
            None => Silence::Because(RevocationProblem::NotAllowed),
        }
    }

    fn attested(&self, asked: Asked<'_>, question: &Question<'_>) -> Option<Believed> {
        let attestation = self.revocation.verifier()?.attest(question)?;
        let period = Period { this_update: attestation.as_of, next_update: None };
        period.check(self.moment(asked)).ok()?;
        let answer = RevocationAnswer {
            about: asked.role,
            by: Answerer::RegisteredVerifier,
            name: Some(attestation.name),
            as_of: attestation.as_of,
            until: None,
            status: attestation.status,
        };
        Some(Believed { answer, evidence: Vec::new() })
    }

    fn judge(&self, one: &Evidence, all: &[Evidence], asked: Asked<'_>) -> Result<Believed, RevocationProblem> {
        let left = self.bytes_left.get().checked_sub(wide(one.bytes().len())).ok_or(RevocationProblem::TooMuch)?;
        self.bytes_left.set(left);
        match &one.kind {
            Kind::List => self.judge_list(one, asked),
            Kind::Response { nonce } => self.judge_response(one, nonce.as_ref(), all, asked),
        }
    }

    fn judge_list(&self, one: &Evidence, asked: Asked<'_>) -> Result<Believed, RevocationProblem> {
        let list = RevocationList::read(one.bytes())?;
        if !list.is_named(asked.issuer) {
            return Err(RevocationProblem::OtherIssuer);
        }
        let status = list.status_of(asked.certificate, self.moment(asked))?;
        self.check_list_signature(one, &list, asked.issuer)?;
        let Period { this_update, next_update } = list.period();
        let answer = RevocationAnswer {
            about: asked.role,
            by: Answerer::List,
            name: asked.issuer.common_name().or_else(|| asked.certificate.issuer_name()),
            as_of: this_update,
            until: next_update,
            status,
        };
        Ok(Believed { answer, evidence: vec![one.clone()] })
    }

    fn check_list_signature(
        &self,
        one: &Evidence,
        list: &RevocationList<'_>,
        issuer: &Certificate,
    ) -> Result<(), RevocationProblem> {
        let fingerprint = issuer.fingerprint();
        let known = |(other, by, _): &&LookedAt| other.is_same(one) && *by == fingerprint;
        if let Some((_, _, result)) = self.signatures.borrow().iter().find(known) {
            return *result;
        }
        let result = list.check_signature(issuer, self.verifier);
        self.signatures.borrow_mut().push((one.clone(), fingerprint, result));
        result
    }

    fn judge_response(
        &self,
        one: &Evidence,
        nonce: Option<&[u8; 16]>,
        all: &[Evidence],
        asked: Asked<'_>,
    ) -> Result<Believed, RevocationProblem> {
        let response = StatusResponse::read(one.bytes())?;
        if nonce.is_some_and(|nonce| !response.answers(nonce)) {
            return Err(RevocationProblem::OtherNonce);
        }
        let moment = self.moment(asked);
        let said = response.said_of(asked.certificate, asked.issuer, moment)?;
        let responder = response.authorised(asked.issuer, self.verifier, moment)?;
        let mut evidence = vec![one.clone()];
        if let Some(delegate) = &responder.to_be_checked {
            evidence.extend(self.clear_delegate(Asked { certificate: delegate, ..asked }, all)?);
        }
        let answer = RevocationAnswer {
            about: asked.role,
            by: Answerer::Responder,
            name: responder.name,
            as_of: said.period.this_update,
            until: said.period.next_update,
            status: said.status,
        };
        Ok(Believed { answer, evidence })
    }

    /// By a list: a responder does not speak for itself.
    fn clear_delegate(&self, delegate: Asked<'_>, all: &[Evidence]) -> Result<Vec<Evidence>, RevocationProblem> {
        let lists = all.iter().filter(|evidence| evidence.is_list()).take(MOST_EVIDENCE);
        let judged: Vec<Believed> = lists.filter_map(|list| self.judge(list, &[], delegate).ok()).collect();
        let is_clear = !judged.is_empty() && judged.iter().all(|list| list.answer.status == CertificateStatus::Good);
        match is_clear {
            true => Ok(judged.into_iter().flat_map(|list| list.evidence).collect()),
            false => Err(RevocationProblem::ResponderNotChecked),
        }
    }

    pub(super) fn now(&self) -> SystemTime {
        self.now
    }

    fn moment(&self, asked: Asked<'_>) -> Moment {
        Moment { judged: asked.time, now: self.now }
    }
}

/// A lasting revocation outweighs everything, the earlier one first; else the newer answer counts.
fn weightier(one: Believed, other: Believed) -> Believed {
    let lasting = |believed: &Believed| believed.answer.status.revoked().filter(|revoked| !revoked.is_hold());
    match (lasting(&one), lasting(&other)) {
        (Some(first), Some(second)) if second.since < first.since => other,
        (Some(_), _) => one,
        (None, Some(_)) => other,
        (None, None) if other.answer.as_of > one.answer.as_of => other,
        (None, None) => one,
    }
}

/// Files and answers that are looked at for one certificate.
const MOST_EVIDENCE: usize = 64;

/// Bytes of evidence that are read for one verdict: a list of 20 MB for each of nine signers, within a second.
const MOST_BYTES: u64 = 200 * 1024 * 1024;
