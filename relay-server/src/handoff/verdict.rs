use std::time::SystemTime;

use pades::{Check, CheckResult, RevocationAnswer, SignatureVerdict, Verdict, VerdictState};

use crate::http::pages::{AnswerLine, CheckLine, CheckMark, SignatureLine, VerdictSeal, VerdictView};

/// What the page will show of a verdict. Of the signer it names the name, and none of the other three items.
pub(super) fn view(verdict: &Verdict) -> VerdictView {
    VerdictView { seal: seal(verdict.state), signatures: verdict.signatures.iter().map(line).collect() }
}

fn line(signature: &SignatureVerdict) -> SignatureLine {
    let signer = signature.signer.as_ref();
    let named = signer.and_then(|signer| signer.person.as_ref()).map(|person| person.name.clone());
    SignatureLine {
        signer: named.or_else(|| signer.filter(|signer| !signer.names_person)?.common_name.clone()),
        claimed_time: signature.claimed.time,
        proven_time: signature.proven_time,
        covers_whole_file: signature.covers_whole_document,
        checks: signature.checks.iter().map(check_line).collect(),
        answers: signature.revocation.iter().map(|answer| answer_line(answer, signature.proven_time)).collect(),
    }
}

/// Who answered about revocation, when, and what.
pub(crate) fn answer_line(answer: &RevocationAnswer, proven_time: Option<SystemTime>) -> AnswerLine {
    let since = answer.status.revoked().map(|revoked| revoked.since);
    AnswerLine {
        about: answer.about.code().to_owned(),
        by: answer.by.code().to_owned(),
        name: answer.name.clone(),
        as_of: answer.as_of,
        status: answer.status.code().to_owned(),
        since,
        is_later: since.zip(proven_time).is_some_and(|(since, proven)| since > proven),
    }
}

pub(crate) fn check_line(check: &Check) -> CheckLine {
    CheckLine {
        what: check.what.code().to_owned(),
        mark: mark(check.result),
        fact: check.result.fact().map(|fact| fact.code().to_owned()),
    }
}

pub(crate) fn seal(state: VerdictState) -> VerdictSeal {
    match state {
        VerdictState::Valid => VerdictSeal::Valid,
        VerdictState::ValidInPart => VerdictSeal::ValidInPart,
        VerdictState::Invalid => VerdictSeal::Invalid,
    }
}

fn mark(result: CheckResult) -> CheckMark {
    match result {
        CheckResult::Passed => CheckMark::Passed,
        CheckResult::Failed(_) => CheckMark::Failed,
        CheckResult::NotChecked(_) => CheckMark::NotChecked,
    }
}
