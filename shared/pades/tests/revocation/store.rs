//! What a document carries itself, and what may be kept in it.

use jiff::Timestamp;
use pades::{Answerer, Revocation, VerdictState, keep_validation_data, verify};
use simulator::revocation::StatusAuthority;

use crate::common::AwsLc;
use crate::signing::{Asking, Files, hanako, hours, in_days, judged, list, list_now, now, outcome, stamped, trust};

#[test]
fn what_was_believed_is_kept_and_believed_again_without_asking() {
    let lists = list_now(&StatusAuthority::practice());
    let file = kept(&stamped(), &lists);
    let verdict = verify(&file, &trust(), &AwsLc, now()).unwrap();
    assert_eq!((verdict.state, verdict.signatures.len()), (VerdictState::Valid, 1));
    assert!(verdict.signatures[0].changes.is_empty());
    assert!(verdict.validation_data().is_empty(), "it is there already");
}

#[test]
fn answers_of_a_responder_are_kept_too() {
    let file = kept(&stamped(), &Asking(StatusAuthority::practice()));
    let verdict = verify(&file, &trust(), &AwsLc, now()).unwrap();
    assert_eq!(verdict.state, VerdictState::Valid);
    assert!(verdict.signatures[0].revocation.iter().all(|answer| answer.by == Answerer::Responder));
}

#[test]
fn what_was_not_believed_is_not_kept() {
    for files in [Files(Vec::new()), list(&StatusAuthority::practice(), hours(-8 * 24))] {
        let verdict = judged(&stamped(), &Revocation::default().with_source(&files), now());
        assert!(keep_validation_data(&stamped(), &verdict.validation_data(), [3; 16]).unwrap().is_empty());
    }
}

#[test]
fn kept_data_does_not_hide_a_later_revocation() {
    let file = kept(&stamped(), &list_now(&StatusAuthority::practice()));
    let newer = list(&StatusAuthority::practice().revoking(hanako(), hours(-1), Some(1)), Timestamp::now());
    let verdict = judged(&file, &Revocation::default().with_source(&newer), now());
    assert_eq!((outcome(&verdict.signatures[0]), verdict.state), ("revoked", VerdictState::Invalid));
}

#[test]
fn newer_data_stands_beside_older() {
    let once = kept(&stamped(), &list_now(&StatusAuthority::practice()));
    let later = list(&StatusAuthority::practice(), hours(30 * 24));
    let judged_later = judged(&once, &Revocation::default().with_source(&later), in_days(30));
    assert_eq!(judged_later.state, VerdictState::Valid);
    let twice = [once.clone(), keep_validation_data(&once, &judged_later.validation_data(), [4; 16]).unwrap()].concat();
    assert_eq!(verify(&twice, &trust(), &AwsLc, in_days(30)).unwrap().state, VerdictState::Valid);
    assert_eq!(verify(&once, &trust(), &AwsLc, in_days(30)).unwrap().state, VerdictState::ValidInPart);
}

#[test]
fn a_broken_store_proves_nothing_and_spoils_nothing() {
    let file = kept(&stamped(), &list_now(&StatusAuthority::practice()));
    let place = file.windows(5).rposition(|window| window == b"/CRLs").unwrap();
    let mut renamed = file.clone();
    renamed[place + 1..place + 5].copy_from_slice(b"OCSP");
    let verdict = verify(&renamed, &trust(), &AwsLc, now()).unwrap();
    assert_eq!((outcome(&verdict.signatures[0]), verdict.state), ("revocation_not_asked", VerdictState::ValidInPart));
}

fn kept(file: &[u8], source: &dyn pades::RevocationSource) -> Vec<u8> {
    let verdict = judged(file, &Revocation::default().with_source(source), now());
    let revision = keep_validation_data(&file, &verdict.validation_data(), [3; 16]).unwrap();
    assert!(!revision.is_empty());
    [file, &revision].concat()
}
