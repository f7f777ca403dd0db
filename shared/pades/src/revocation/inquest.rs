use std::time::SystemTime;

use super::inquiry::{Asked, Inquiry, Silence};
use super::problem::RevocationProblem;
use super::status::{CertificateRole, RevocationAnswer, RevocationReason, Revoked};
use super::validation_data::ValidationData;
use super::weight::Believed;
use crate::certificate::Certificate;
use crate::trust::Path;
use crate::verify::{CheckResult, Fact};

/// What came of asking about every certificate of a path below its root.
#[derive(Clone)]
pub(crate) struct Inquest {
    pub(crate) result: CheckResult,
    pub(crate) answers: Vec<RevocationAnswer>,
    pub(crate) kept: ValidationData,
}

impl Inquest {
    /// No path, nobody to ask.
    pub(crate) fn not_held() -> Self {
        let result = CheckResult::NotChecked(Fact::RevocationNotAsked);
        Self { result, answers: Vec::new(), kept: ValidationData::default() }
    }

    fn of_path(signer: &Certificate, path: &Path) -> Self {
        let mut kept = ValidationData::default();
        if !path.is_jpki {
            [signer].into_iter().chain(&path.issuers).for_each(|certificate| kept.keep_certificate(certificate));
        }
        Self { result: CheckResult::Passed, answers: Vec::new(), kept }
    }

    /// With what is known of the authority whose time stamp it rests on: it is no better than that.
    pub(crate) fn resting_on(mut self, time: &Self) -> Self {
        self.answers.extend(time.answers.iter().cloned());
        self.kept.join(&time.kept);
        if self.result == CheckResult::Passed && time.result != CheckResult::Passed {
            self.result = CheckResult::NotChecked(Fact::TimeStampRevocationUnknown);
        }
        self
    }

    fn note(&mut self, result: CheckResult) {
        if result.state() > self.result.state() {
            self.result = result;
        }
    }

    fn take(&mut self, believed: Believed, may_be_kept: bool) {
        if may_be_kept {
            believed.evidence.iter().for_each(|evidence| self.kept.keep(evidence));
        }
        self.answers.push(believed.answer);
    }
}

impl Inquiry<'_> {
    /// Of a signer: `proven` is when the signature is proven to have existed. Revoked after that it is still good; without
    /// such a time nobody knows which came first.
    pub(crate) fn about_signer(&self, signer: &Certificate, path: &Path, proven: Option<SystemTime>) -> Inquest {
        let counts = |revoked: Revoked| proven.is_none_or(|proven| revoked.since <= proven);
        self.about(signer, path, proven, CertificateRole::Signer, &counts)
    }

    /// Of the authority behind a time stamp that says `stamped`: its stamps outlive it only where its key did not fall into
    /// other hands, or where a later stamp proves (`proven`) that they were made before. RFC 3161, section 4.
    pub(crate) fn about_authority(
        &self,
        authority: &Certificate,
        path: &Path,
        stamped: SystemTime,
        proven: Option<SystemTime>,
    ) -> Inquest {
        let outlives = |revoked: Revoked| {
            let was_before = proven.is_some_and(|proven| proven < revoked.since);
            was_before || revoked.reason.is_some_and(is_harmless)
        };
        let counts = |revoked: Revoked| revoked.since <= stamped || !outlives(revoked);
        self.about(authority, path, proven, CertificateRole::TimeStamp, &counts)
    }

    fn about(
        &self,
        signer: &Certificate,
        path: &Path,
        proven: Option<SystemTime>,
        role: CertificateRole,
        counts: &dyn Fn(Revoked) -> bool,
    ) -> Inquest {
        let mut inquest = Inquest::of_path(signer, path);
        let subjects = [signer].into_iter().chain(&path.issuers);
        for (place, (certificate, issuer)) in subjects.zip(&path.issuers).enumerate() {
            let is_issuer = place > 0;
            let role = if is_issuer && role == CertificateRole::Signer { CertificateRole::Issuer } else { role };
            let asked = Asked { role, certificate, issuer, is_jpki: path.is_jpki, proven };
            match self.weigh(asked, counts) {
                Ok((believed, has_more)) => {
                    let revoked = believed.answer.status.revoked().filter(|revoked| counts(*revoked));
                    inquest.note(match revoked {
                        Some(revoked) => failed(revoked, is_issuer),
                        None if has_more => CheckResult::NotChecked(Fact::Revocation(RevocationProblem::TooMuch)),
                        None => CheckResult::Passed,
                    });
                    inquest.take(believed, !path.is_jpki);
                }
                Err(silence) => inquest.note(CheckResult::NotChecked(silence.fact())),
            }
        }
        // A signer that is a root itself has nobody above it who could answer.
        if path.issuers.is_empty() { Inquest::not_held() } else { inquest }
    }
}

impl Inquiry<'_> {
    /// What is to go by of all that was told, and whether there was more than is read.
    fn weigh(&self, asked: Asked<'_>, counts: &dyn Fn(Revoked) -> bool) -> Result<(Believed, bool), Silence> {
        let told = self.ask(asked)?;
        let believed = told.weightiest(asked.role, counts).ok_or(Silence::Because(RevocationProblem::NoAnswer))?;
        Ok((believed, told.has_more))
    }
}

impl Silence {
    fn fact(self) -> Fact {
        match self {
            Self::NotAsked => Fact::RevocationNotAsked,
            Self::Because(problem) => Fact::Revocation(problem),
        }
    }
}

fn failed(revoked: Revoked, is_issuer: bool) -> CheckResult {
    CheckResult::Failed(match revoked.is_hold() {
        _ if is_issuer => Fact::IssuerRevoked,
        true => Fact::OnHold,
        false => Fact::Revoked,
    })
}

fn is_harmless(reason: RevocationReason) -> bool {
    matches!(
        reason,
        RevocationReason::Unspecified
            | RevocationReason::AffiliationChanged
            | RevocationReason::Superseded
            | RevocationReason::CessationOfOperation
    )
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use simulator::practice;

    use super::*;
    use crate::certificate::{SignatureAlgorithm, SignatureVerifier};
    use crate::revocation::{
        Answerer, Attestation, CertificateStatus, Evidence, Origin, Question, RegisteredVerifier, Revocation, RevocationSource,
    };

    #[test]
    fn below_the_roots_of_jpki_files_and_responders_are_not_even_asked() {
        let tempting = Tempting(Cell::new(0));
        let inquest = asked(&Revocation::default().with_source(&tempting), Vec::new());
        assert_eq!(code(&inquest), "revocation_source_not_allowed");
        assert_eq!(tempting.0.get(), 0);
    }

    #[test]
    fn below_the_roots_of_jpki_what_a_document_carries_is_no_answer() {
        let inquest = asked(&Revocation::default(), vec![Evidence::list(Vec::new(), Origin::Document)]);
        assert_eq!(code(&inquest), "revocation_source_not_allowed");
    }

    #[test]
    fn below_the_roots_of_jpki_nobody_is_asked_unless_somebody_may_answer() {
        assert_eq!(code(&asked(&Revocation::default(), Vec::new())), "revocation_not_asked");
    }

    #[test]
    fn below_the_roots_of_jpki_a_registered_verifier_answers_and_nothing_is_kept() {
        let (tempting, verifier) = (Tempting(Cell::new(0)), Registered(now()));
        let inquest = asked(&Revocation::default().with_source(&tempting).with_verifier(&verifier), Vec::new());
        assert_eq!(inquest.result, CheckResult::Passed);
        assert_eq!(
            (inquest.answers.len(), inquest.answers.first().map(|answer| answer.by)),
            (1, Some(Answerer::RegisteredVerifier))
        );
        assert!(inquest.kept.is_empty() && inquest.kept.certificates.is_empty() && tempting.0.get() == 0);
    }

    fn asked(revocation: &Revocation<'_>, own: Vec<Evidence>) -> Inquest {
        let signer = Certificate::parse(&practice().hanako.signing.certificate).expect("a certificate");
        let root = Certificate::parse(practice().authority.ca_der()).expect("a certificate");
        let path = Path { issuers: vec![root], is_jpki: true };
        Inquiry::new(revocation, own, &Believer, now()).about_signer(&signer, &path, None)
    }

    fn code(inquest: &Inquest) -> &'static str {
        inquest.result.fact().map_or("passed", Fact::code)
    }

    struct Tempting(Cell<u32>);

    impl RevocationSource for Tempting {
        fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
            self.0.set(self.0.get() + 1);
            Vec::new()
        }
    }

    struct Registered(SystemTime);

    impl RegisteredVerifier for Registered {
        fn attest(&self, _: &Question<'_>) -> Option<Attestation> {
            Some(Attestation { status: CertificateStatus::Good, as_of: self.0, name: "a stub".to_owned() })
        }
    }

    struct Believer;

    impl SignatureVerifier for Believer {
        fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
            true
        }
    }

    /// 2027-01-01T00:00:00Z.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
    }
}
