use std::cell::RefCell;
use std::rc::Rc;
use std::time::SystemTime;

use super::evidence::{Evidence, Kind};
use super::list::RevocationList;
use super::period::{Moment, Period};
use super::problem::RevocationProblem;
use super::responder::says_where_to_ask;
use super::response::{Said, StatusResponse};
use super::shelf::Shelf;
use super::source::{Question, Revocation};
use super::status::{Answerer, CertificateRole, CertificateStatus, RevocationAnswer};
use super::weight::{Believed, Told};
use crate::certificate::{Certificate, SignatureVerifier};

/// Asks what became of certificates, for one verdict.
pub(crate) struct Inquiry<'a> {
    revocation: &'a Revocation<'a>,
    /// What the document carries itself.
    own: Vec<Evidence>,
    verifier: &'a dyn SignatureVerifier,
    now: SystemTime,
    shelf: Shelf,
    /// Nobody is asked the same twice.
    told: RefCell<Vec<(Subject, Answered)>>,
}

/// What was said of one certificate, or why nothing was.
type Answered = Result<Rc<Told>, Silence>;

/// A certificate, its issuer, and whether their root is one of JPKI.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) role: CertificateRole,
    pub(super) certificate: &'a Certificate,
    pub(super) issuer: &'a Certificate,
    pub(super) is_jpki: bool,
    pub(super) proven: Option<SystemTime>,
}

/// What makes two questions the same: both fingerprints, the root and the time.
#[derive(PartialEq, Eq)]
struct Subject([u8; 32], [u8; 32], bool, Option<SystemTime>);

/// Why there is no answer.
#[derive(Clone, Copy)]
pub(super) enum Silence {
    /// Nobody was there to be asked.
    NotAsked,
    Because(RevocationProblem),
}

/// All lists at hand, and what they say of responders: many answers may come from one.
struct Lists<'a> {
    all: Vec<&'a Evidence>,
    cleared: RefCell<Vec<Cleared>>,
}

/// By the responder's fingerprint: the lists that clear it, or why it is not heard.
type Cleared = ([u8; 32], Result<Vec<Evidence>, RevocationProblem>);

/// What a heap of evidence came to.
struct Heard {
    believed: Vec<Believed>,
    problem: RevocationProblem,
    has_more: bool,
}

impl<'a> Inquiry<'a> {
    pub(crate) fn new(
        revocation: &'a Revocation<'a>,
        own: Vec<Evidence>,
        verifier: &'a dyn SignatureVerifier,
        now: SystemTime,
    ) -> Self {
        Self { revocation, own, verifier, now, shelf: Shelf::new(), told: RefCell::default() }
    }

    pub(super) fn ask(&self, asked: Asked<'_>) -> Answered {
        let subject = Subject(asked.certificate.fingerprint(), asked.issuer.fingerprint(), asked.is_jpki, asked.proven);
        if let Some((_, told)) = self.told.borrow().iter().find(|(other, _)| *other == subject) {
            return told.clone();
        }
        let told = self.find_out(asked).map(Rc::new);
        self.told.borrow_mut().push((subject, told.clone()));
        told
    }

    fn find_out(&self, asked: Asked<'_>) -> Result<Told, Silence> {
        let question = Question { certificate: asked.certificate, issuer: asked.issuer, time: self.moment(asked).judged };
        if asked.is_jpki {
            let attested = self.attested(asked, &question).ok_or_else(|| self.why_nobody_may_answer())?;
            return Ok(Told { believed: vec![attested], has_more: false });
        }
        let handed: Vec<Evidence> = self.revocation.sources().iter().flat_map(|source| source.evidence(&question)).collect();
        let all = handed.iter().chain(&self.own).filter(|evidence| evidence.is_list()).collect();
        let lists = Lists { all, cleared: RefCell::default() };
        // Each with places of its own: whoever made the document takes none from the caller.
        let by_caller = self.hear(&handed, MOST_OF_CALLER, &lists, asked);
        let by_document = self.hear(&self.own, MOST_OF_DOCUMENT, &lists, asked);
        let is_settled = !by_caller.believed.is_empty() || by_document.believed.iter().any(|one| one.lasting().is_some());
        let mut believed = [by_caller.believed, by_document.believed].concat();
        if !is_settled {
            believed.extend(self.attested(asked, &question));
        }
        match believed.is_empty() {
            false => Ok(Told { believed, has_more: by_caller.has_more || self.revocation.is_exhausted() }),
            true if self.has_nobody() && handed.is_empty() && self.own.is_empty() => Err(Silence::NotAsked),
            true => Err(Silence::Because(by_caller.problem.or(by_document.problem))),
        }
    }

    fn hear(&self, evidence: &[Evidence], most: usize, lists: &Lists<'_>, asked: Asked<'_>) -> Heard {
        let mut heard = Heard { believed: Vec::new(), problem: RevocationProblem::NoAnswer, has_more: false };
        let mut places = most;
        for one in evidence {
            if places == 0 {
                heard.has_more = true;
                break;
            }
            match self.judge(one, lists, asked) {
                Ok(believed) => heard.believed.push(believed),
                Err(problem) => {
                    heard.has_more |= problem == RevocationProblem::TooMuch;
                    heard.problem = heard.problem.or(problem);
                    if problem.is_beside_the_point() {
                        continue;
                    }
                }
            }
            places = places.saturating_sub(1);
        }
        heard
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
        period.check(attestation.status, self.moment(asked)).ok()?;
        let name = Some(attestation.name);
        let answer = answer(asked, Answerer::RegisteredVerifier, name, Said { status: attestation.status, period });
        Some(Believed { answer, evidence: Vec::new() })
    }

    fn judge(&self, one: &Evidence, lists: &Lists<'_>, asked: Asked<'_>) -> Result<Believed, RevocationProblem> {
        match &one.kind {
            Kind::List => self.judge_list(one, asked),
            Kind::Response { nonce } => self.judge_response(one, nonce.as_ref(), lists, asked),
        }
    }

    fn judge_list(&self, one: &Evidence, asked: Asked<'_>) -> Result<Believed, RevocationProblem> {
        let list = RevocationList::read(one.bytes())?;
        if !list.is_named(asked.issuer) {
            return Err(RevocationProblem::OtherIssuer);
        }
        let index = self.shelf.index(one, &list, asked.issuer, self.verifier)?;
        let status = list.status_of(asked.certificate, &index, self.moment(asked))?;
        let name = asked.issuer.common_name().or_else(|| asked.certificate.issuer_name());
        let answer = answer(asked, Answerer::List, name, Said { status, period: list.period() });
        Ok(Believed { answer, evidence: vec![one.clone()] })
    }

    fn judge_response(
        &self,
        one: &Evidence,
        nonce: Option<&[u8; 16]>,
        lists: &Lists<'_>,
        asked: Asked<'_>,
    ) -> Result<Believed, RevocationProblem> {
        self.shelf.charge(one)?;
        let response = StatusResponse::read(one.bytes())?;
        let said = response.said_of(asked.certificate, asked.issuer, self.moment(asked))?;
        self.check_nonce(nonce, &response, &said)?;
        // Whoever was revoked for good stays so when the responder's certificate has ended.
        let needed_until = if said.status.is_lasting() { response.produced_at } else { self.moment(asked).judged };
        let responder = response.authorised(asked.issuer, self.verifier, needed_until)?;
        let mut evidence = vec![one.clone()];
        if let Some(delegate) = &responder.delegate {
            evidence.extend(self.clear_delegate(Asked { certificate: delegate, ..asked }, lists)?);
        }
        Ok(Believed { answer: answer(asked, Answerer::Responder, responder.name, said), evidence })
    }

    /// Answers that are made beforehand cannot repeat what was asked: they count while they are current. RFC 5019,
    /// section 4. One that repeats something else is somebody else's.
    fn check_nonce(&self, nonce: Option<&[u8; 16]>, response: &StatusResponse<'_>, said: &Said) -> Result<(), RevocationProblem> {
        let is_right = nonce.is_none_or(|nonce| match response.answers(nonce) {
            Some(is_right) => is_right,
            None => said.status.is_lasting() || said.period.is_announced_current(self.now),
        });
        if is_right { Ok(()) } else { Err(RevocationProblem::OtherNonce) }
    }

    fn clear_delegate(&self, delegate: Asked<'_>, lists: &Lists<'_>) -> Result<Vec<Evidence>, RevocationProblem> {
        let fingerprint = delegate.certificate.fingerprint();
        if let Some((_, known)) = lists.cleared.borrow().iter().find(|(other, _)| *other == fingerprint) {
            return known.clone();
        }
        let found = self.look_up_delegate(delegate, lists);
        lists.cleared.borrow_mut().push((fingerprint, found.clone()));
        found
    }

    /// By a list: a responder does not speak for itself. One that needs none must still stand on none that is at hand.
    fn look_up_delegate(&self, delegate: Asked<'_>, lists: &Lists<'_>) -> Result<Vec<Evidence>, RevocationProblem> {
        let needs_list = says_where_to_ask(delegate.certificate);
        let judged: Vec<Believed> = lists.all.iter().filter_map(|list| self.judge_list(list, delegate).ok()).collect();
        let is_clear = judged.iter().all(|list| list.answer.status == CertificateStatus::Good);
        match is_clear && !(needs_list && judged.is_empty()) {
            true => Ok(judged.into_iter().filter(|_| needs_list).flat_map(|list| list.evidence).collect()),
            false => Err(RevocationProblem::ResponderNotChecked),
        }
    }

    fn moment(&self, asked: Asked<'_>) -> Moment {
        Moment { judged: asked.proven.unwrap_or(self.now), is_proven: asked.proven.is_some(), now: self.now }
    }
}

fn answer(asked: Asked<'_>, by: Answerer, name: Option<String>, said: Said) -> RevocationAnswer {
    let Period { this_update, next_update } = said.period;
    RevocationAnswer { about: asked.role, by, name, as_of: this_update, until: next_update, status: said.status }
}

/// What speaks of one certificate and is looked at: of what the document carries, and of what the caller hands in, where
/// more makes nothing good.
const MOST_OF_DOCUMENT: usize = 64;
const MOST_OF_CALLER: usize = 1_024;
