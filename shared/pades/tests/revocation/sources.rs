use std::cell::Cell;

use pades::{Answerer, Attestation, CertificateStatus, Revocation, RevocationReason, Revoked, VerdictState};
use simulator::revocation::StatusAuthority;

use crate::signing::{Verifier, hanako, hours, judged, list_now, now, outcome, signed, stamped};

#[test]
fn a_registered_verifier_is_asked_where_no_source_knows() {
    let verifier = verifier(Some(CertificateStatus::Good));
    let revocation = Revocation::default().with_verifier(&verifier);
    let verdict = judged(&stamped(), &revocation, now());
    assert_eq!(verdict.state, VerdictState::Valid);
    assert!(verdict.signatures[0].revocation.iter().all(|answer| answer.by == Answerer::RegisteredVerifier));
    assert_eq!(verdict.signatures[0].revocation[0].name.as_deref(), Some("a stub of ours"));
}

#[test]
fn a_registered_verifier_is_told_nothing_that_a_list_answers() {
    let verifier = verifier(Some(CertificateStatus::Good));
    let lists = list_now(&StatusAuthority::practice().revoking(hanako(), hours(-1), None));
    let revocation = Revocation::default().with_source(&lists).with_verifier(&verifier);
    assert_eq!(judged(&signed(), &revocation, now()).state, VerdictState::Invalid);
    assert_eq!(verifier.asked.get(), 0);
}

#[test]
fn the_word_of_a_registered_verifier_can_be_bad_old_or_missing() {
    let revoked = Revoked { since: now(), reason: Some(RevocationReason::AffiliationChanged) };
    let says = |verifier: &Verifier| {
        let verdict = judged(&signed(), &Revocation::default().with_verifier(verifier), now());
        outcome(&verdict.signatures[0])
    };
    assert_eq!(says(&verifier(Some(CertificateStatus::Revoked(revoked)))), "revoked");
    assert_eq!(says(&verifier(None)), "revocation_no_answer");
    for hours_from_now in [-2, 2] {
        let mut old = verifier(Some(CertificateStatus::Good));
        old.says.as_mut().unwrap().as_of = hours(hours_from_now).into();
        assert_eq!(says(&old), "revocation_no_answer");
    }
}

#[test]
fn what_a_registered_verifier_says_is_not_kept_in_a_document() {
    let verifier = verifier(Some(CertificateStatus::Good));
    let verdict = judged(&stamped(), &Revocation::default().with_verifier(&verifier), now());
    assert!(verdict.validation_data().is_empty());
}

fn verifier(status: Option<CertificateStatus>) -> Verifier {
    let says = status.map(|status| Attestation { status, as_of: now(), name: "a stub of ours".to_owned() });
    Verifier { says, asked: Cell::new(0) }
}
