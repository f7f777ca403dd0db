use pades::{CertificateRole, Revocation, VerdictState, verify};
use simulator::revocation::StatusAuthority;
use simulator::timestamp::TimeStampAuthority;

use crate::common::AwsLc;
use crate::signing::{Asking, at, hanako, hours, in_days, judged, list, list_now, now, outcome, signed, stamped, trust, with};

#[test]
fn what_is_proven_and_answered_for_in_full_is_valid() {
    let verdict = with(&stamped(), &list_now(&StatusAuthority::practice()));
    assert_eq!((outcome(&verdict), verdict.state), ("passed", VerdictState::Valid));
    let about: Vec<_> = verdict.revocation.iter().map(|answer| answer.about).collect();
    assert_eq!(about, [CertificateRole::Signer, CertificateRole::TimeStamp]);
}

#[test]
fn without_a_source_nobody_is_asked_and_the_verdict_says_so() {
    let verdict = verify(&stamped(), &trust(), &AwsLc, now()).unwrap();
    assert_eq!((outcome(&verdict.signatures[0]), verdict.state), ("revocation_not_asked", VerdictState::ValidInPart));
    assert!(verdict.signatures[0].revocation.is_empty() && verdict.validation_data().is_empty());
}

#[test]
fn a_source_that_knows_nothing_leaves_the_verdict_open() {
    let verdict = with(&stamped(), &crate::signing::Files(Vec::new()));
    assert_eq!((outcome(&verdict), verdict.state), ("revocation_no_answer", VerdictState::ValidInPart));
}

#[test]
fn revoked_after_the_proven_time_is_still_valid_and_mentioned() {
    let file = stamped();
    // Tomorrow's list says that the certificate was revoked two hours from now.
    let authority = StatusAuthority::practice().revoking(hanako(), hours(2), Some(3));
    let verdict = at(&file, &list(&authority, hours(20)), in_days(1));
    assert_eq!((outcome(&verdict), verdict.state), ("passed", VerdictState::Valid));
    assert!(verdict.revocation[0].status.revoked().is_some());
    // Without a time stamp nobody knows which came first.
    assert_eq!(outcome(&at(&signed(), &list(&authority, hours(20)), in_days(1))), "revoked");
}

#[test]
fn revoked_or_suspended_before_the_proven_time_is_invalid() {
    for (reason, code) in [(None, "revoked"), (Some(1), "revoked"), (Some(6), "on_hold")] {
        let authority = StatusAuthority::practice().revoking(hanako(), hours(-1), reason);
        let verdict = with(&stamped(), &list_now(&authority));
        assert_eq!((outcome(&verdict), verdict.state), (code, VerdictState::Invalid));
    }
}

#[test]
fn a_key_that_was_suspect_before_the_proven_time_signs_nothing() {
    let authority = StatusAuthority::practice().revoking(hanako(), hours(2), Some(1)).suspect_since(hours(-2));
    assert_eq!(outcome(&at(&stamped(), &list(&authority, hours(20)), in_days(1))), "revoked");
}

#[test]
fn a_list_that_ended_after_the_proven_time_still_counts_but_for_the_authority_behind_the_time() {
    let file = stamped();
    let old = list_now(&StatusAuthority::practice());
    let next_year = at(&file, &old, in_days(365));
    // Stamps can be made with a stolen key long after: of their authority something newer has to be known.
    assert_eq!((outcome(&next_year), next_year.state), ("time_stamp_revocation_unknown", VerdictState::ValidInPart));
    assert_eq!(next_year.revocation.len(), 1);
    let newer = list(&StatusAuthority::practice(), hours(365 * 24));
    assert_eq!(at(&file, &newer, in_days(365)).state, VerdictState::Valid);
    assert_eq!(outcome(&at(&signed(), &old, in_days(365))), "revocation_expired");
}

#[test]
fn a_time_rests_on_a_certificate_too() {
    let asked = with(&stamped(), &Asking(StatusAuthority::practice()));
    assert_eq!((asked.revocation.len(), asked.state), (2, VerdictState::Valid));
    let filed = with(&stamped(), &crate::signing::answer(&StatusAuthority::practice(), hours(0)));
    assert_eq!((outcome(&filed), filed.state), ("time_stamp_revocation_unknown", VerdictState::ValidInPart));
}

#[test]
fn stamps_outlive_their_authority_only_if_its_key_was_never_in_other_hands() {
    let authority = TimeStampAuthority::practice().certificate();
    let file = stamped();
    let judge = |since, reason| {
        let lists = StatusAuthority::practice().revoking(authority, hours(since), reason);
        let verdict = at(&file, &list(&lists, hours(20)), in_days(1));
        (verdict.proven_time.is_some(), verdict.state)
    };
    assert_eq!(judge(2, Some(5)), (true, VerdictState::Valid), "it closed");
    assert_eq!(judge(2, Some(1)).0, false, "its key was stolen");
    assert_eq!(judge(2, None).0, false, "nobody says why");
    assert_eq!(judge(-1, Some(5)).0, false, "it had closed before");
}

#[test]
fn the_report_names_who_answered_and_when() {
    let lists = list_now(&StatusAuthority::practice().revoking(hanako(), hours(-1), Some(3)));
    let verdict = judged(&signed(), &Revocation::default().with_source(&lists), now());
    let report = serde_json::to_value(pades::report::Report::from(&verdict)).unwrap();
    let said = &report["signatures"][0]["revocation"][0];
    assert_eq!((&said["about"], &said["by"]), (&"signer".into(), &"crl".into()));
    assert_eq!((&said["status"], &said["why"]), (&"revoked".into(), &"affiliation_changed".into()));
    assert!(said["as_of"].is_string() && said["until"].is_string() && said["since"].is_string() && said["name"].is_string());
    assert_eq!(report["version"], 2);
}
