//! What a document, a source or an authority brings along to be believed where it should not be.

use std::cell::Cell;
use std::time::Instant;

use jiff::Timestamp;
use pades::{
    Attestation, CertificateStatus, Evidence, Origin, Question, Revocation, RevocationReason, RevocationSource, Revoked, Trust,
    VerdictState, verify, verify_asking,
};
use simulator::practice;
use simulator::revocation::{StatusAuthority, StatusQuirk};
use simulator::timestamp::{TimeStampAuthority, TimeStampQuirk};

use crate::common::AwsLc;
use crate::document::{document_stamped, with_store};
use crate::signing::{
    Asking, Files, Verifier, answer, at, hanako, hours, in_days, judged, list, list_now, now, outcome, signed, stamped, with,
};

#[test]
fn what_a_document_carries_does_not_push_the_callers_list_aside() {
    let old = StatusAuthority::practice().list(hours(-20));
    let mut heap = vec![b"x".to_vec(); 63];
    heap.push(old.clone());
    let fresh = list_now(&StatusAuthority::practice().revoking(hanako(), hours(-3), Some(1)));
    for heap in [heap, vec![old; 70]] {
        let file = with_store(&signed(), b"CRLs", &heap);
        assert_eq!(outcome(&with(&file, &Files(Vec::new()))), "passed", "the document's own list is read");
        assert_eq!(outcome(&with(&file, &fresh)), "revoked");
    }
}

#[test]
fn junk_takes_no_place_from_what_the_caller_hands_in() {
    let mut files = Files(vec![Evidence::list(b"x".to_vec(), Origin::File); 2_000]);
    files.0.extend(list_now(&StatusAuthority::practice().revoking(hanako(), hours(-3), Some(1))).0);
    assert_eq!(outcome(&with(&signed(), &files)), "revoked");
}

#[test]
fn more_than_is_read_is_never_said_to_be_good() {
    let good = StatusAuthority::practice().list(Timestamp::now());
    let mut files = Files(vec![Evidence::list(good, Origin::File); 1_024]);
    assert_eq!(outcome(&with(&signed(), &files)), "passed");
    files.0.push(list_now(&StatusAuthority::practice().revoking(hanako(), hours(-3), Some(1))).0.remove(0));
    assert_eq!(outcome(&with(&signed(), &files)), "revocation_too_much");
}

#[test]
fn a_good_answer_in_the_document_does_not_spare_the_registered_verifier_the_question() {
    let file = with_store(&signed(), b"CRLs", &[StatusAuthority::practice().list(hours(-20))]);
    let revoked = Revoked { since: hours(-3).into(), reason: Some(RevocationReason::KeyCompromise) };
    let says = Attestation { status: CertificateStatus::Revoked(revoked), as_of: now(), name: "a stub of ours".to_owned() };
    let verifier = Verifier { says: Some(says), asked: Cell::new(0) };
    let verdict = judged(&file, &Revocation::default().with_verifier(&verifier), now());
    assert_eq!(outcome(&verdict.signatures[0]), "revoked");
}

#[test]
fn an_answer_from_before_the_proven_time_does_not_clear_a_signer() {
    let file = stamped();
    for (before, code) in [(-6, "revocation_before_proven_time"), (0, "passed")] {
        let lists = list(&StatusAuthority::practice(), hours(before));
        let mut answers = answer(&StatusAuthority::practice(), hours(before));
        assert_eq!(outcome(&with(&file, &lists)), code);
        answers.0.push(Evidence::response(
            StatusAuthority::practice().answer_about(TimeStampAuthority::practice().certificate(), hours(before)),
            Origin::File,
        ));
        assert_eq!(outcome(&with(&file, &answers)), code);
        assert_eq!(outcome(&with(&signed(), &lists)), "passed", "nothing is proven, and the list is current");
    }
}

#[test]
fn a_lasting_revocation_is_never_too_old() {
    let says = |reason, from| StatusAuthority::practice().revoking(hanako(), hours(from - 1), reason);
    for file in [signed(), stamped()] {
        for (reason, code) in [(Some(1), "revoked"), (None, "revoked"), (Some(6), "revocation_expired")] {
            let from = -30 * 24;
            assert_eq!(outcome(&with(&file, &list(&says(reason, from), hours(from)))), code);
            assert_eq!(outcome(&with(&file, &answer(&says(reason, from), hours(from)))), code);
        }
    }
    let mut both = list(&says(Some(1), -30 * 24), hours(-30 * 24));
    both.0.extend(list_now(&StatusAuthority::practice()).0);
    assert_eq!(outcome(&with(&signed(), &both)), "revoked");
}

#[test]
fn a_registered_verifiers_old_word_of_a_lasting_revocation_counts() {
    let revoked = |reason| CertificateStatus::Revoked(Revoked { since: hours(-50).into(), reason });
    for (reason, code) in [(None, "revoked"), (Some(RevocationReason::Hold), "revocation_no_answer")] {
        let says = Attestation { status: revoked(reason), as_of: hours(-48).into(), name: "a stub of ours".to_owned() };
        let verifier = Verifier { says: Some(says), asked: Cell::new(0) };
        let verdict = judged(&signed(), &Revocation::default().with_verifier(&verifier), now());
        assert_eq!(outcome(&verdict.signatures[0]), code);
    }
}

#[test]
fn of_two_revocations_the_one_that_counts_is_heard() {
    let authority = TimeStampAuthority::practice().certificate();
    let closed = StatusAuthority::practice().revoking(authority, hours(2), Some(5));
    let stolen = StatusAuthority::practice().revoking(authority, hours(3), Some(1));
    let mut both = list(&closed, hours(20));
    both.0.extend(list(&stolen, hours(21)).0);
    assert_eq!(at(&stamped(), &both, in_days(1)).proven_time, None);
}

#[test]
fn a_time_that_clears_a_revoked_authority_must_itself_be_cleared() {
    let (practice_stamps, elsewhere) = (TimeStampAuthority::practice(), TimeStampAuthority::with(TimeStampQuirk::OtherRoot));
    let trust = Trust::new(&[practice().authority.ca_der().to_vec(), practice().authority.authentication_ca_der().to_vec()]);
    let trust = trust.unwrap();
    // Its key was stolen after both stamps; of the authority behind the second one nobody knows.
    let lists = list(&StatusAuthority::practice().revoking(practice_stamps.certificate(), hours(2), Some(1)), hours(20));
    for (second, code) in [(practice_stamps, None), (&elsewhere, Some("time_stamp_revocation_unknown"))] {
        let file = document_stamped(&stamped(), second, &trust);
        let verdict = verify_asking(&file, &trust, &AwsLc, &Revocation::default().with_source(&lists), in_days(1)).unwrap();
        let first = &verdict.signatures[0];
        assert_ne!(first.state, VerdictState::Valid);
        assert!(code.is_none_or(|code| outcome(first) == code), "{}", outcome(first));
    }
    // Where nothing rests on the second one, it spoils nothing.
    let file = document_stamped(&stamped(), &elsewhere, &trust);
    let good = list(&StatusAuthority::practice(), hours(20));
    let verdict = verify_asking(&file, &trust, &AwsLc, &Revocation::default().with_source(&good), in_days(1)).unwrap();
    assert_eq!(verdict.signatures[0].state, VerdictState::Valid);
}

#[test]
fn one_question_is_asked_once() {
    struct Counting(Cell<u32>);
    impl RevocationSource for Counting {
        fn evidence(&self, question: &Question<'_>) -> Vec<Evidence> {
            self.0.set(self.0.get() + 1);
            Asking(StatusAuthority::practice()).evidence(question)
        }
    }
    let file = document_stamped(
        &document_stamped(&signed(), TimeStampAuthority::practice(), &crate::signing::trust()),
        TimeStampAuthority::practice(),
        &crate::signing::trust(),
    );
    let counting = Counting(Cell::new(0));
    let verdict = judged(&file, &Revocation::default().with_source(&counting), now());
    assert_eq!(verdict.state, VerdictState::Valid);
    // The signer at its proven time, and the authority behind both stamps now.
    assert_eq!(counting.0.get(), 2);
}

#[test]
fn a_source_that_was_asked_too_much_leaves_no_good_word_to_the_document() {
    struct Exhausted;
    impl RevocationSource for Exhausted {
        fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
            Vec::new()
        }
        fn is_exhausted(&self) -> bool {
            true
        }
    }
    let file = with_store(&signed(), b"CRLs", &[StatusAuthority::practice().list(hours(-20))]);
    assert_eq!(outcome(&with(&file, &Exhausted)), "revocation_too_much");
    let revoking = StatusAuthority::practice().revoking(hanako(), hours(-30), None).list(hours(-20));
    assert_eq!(outcome(&with(&with_store(&signed(), b"CRLs", &[revoking]), &Exhausted)), "revoked");
}

#[test]
fn an_answer_without_the_nonce_counts_while_it_is_current() {
    assert_eq!(outcome(&with(&signed(), &Asking(StatusAuthority::with(StatusQuirk::NoNonce)))), "passed");
    struct Stored(StatusAuthority, i64);
    impl RevocationSource for Stored {
        fn evidence(&self, question: &Question<'_>) -> Vec<Evidence> {
            let stored = self.0.answer_about(question.certificate().der(), hours(self.1));
            vec![Evidence::of_request(&question.request([2; 16]), stored)]
        }
    }
    assert_eq!(outcome(&with(&signed(), &Stored(StatusAuthority::practice(), -24))), "passed");
    assert_eq!(outcome(&with(&signed(), &Stored(StatusAuthority::practice(), -24 * 8))), "revocation_expired");
    assert_eq!(outcome(&with(&signed(), &Stored(StatusAuthority::with(StatusQuirk::NoEnd), 0))), "revocation_other_nonce");
    // Proven long ago, an answer that had not ended then is still an old one.
    let late = at(&stamped(), &Stored(StatusAuthority::practice(), 0), in_days(30));
    assert_eq!(outcome(&late), "revocation_other_nonce");
}

#[test]
fn bombs_of_lists_answers_and_certificates_cost_next_to_nothing() {
    let began = Instant::now();
    for key in [b"CRLs".as_slice(), b"OCSPs", b"Certs"] {
        let file = with_store(&signed(), key, &[many_members(), many_extensions()]);
        assert_eq!(verify(&file, &crate::signing::trust(), &AwsLc, now()).unwrap().state, VerdictState::ValidInPart);
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

/// An OCSP response with a million answers of two bytes each.
fn many_members() -> Vec<u8> {
    let answers = tagged(0x30, &[0x05, 0x00].repeat(1_000_000));
    let time = tagged(0x18, b"20260101000000Z");
    let responder = tagged(0xA2, &tagged(0x04, &[0; 20]));
    let data = tagged(0x30, &[responder, time, answers].concat());
    let algorithm = tagged(0x30, &[0x06, 0x01, 0x2A]);
    let basic = tagged(0x30, &[data, algorithm, tagged(0x03, &[0, 0])].concat());
    let kind = tagged(0x06, &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01]);
    let bytes = tagged(0xA0, &tagged(0x30, &[kind, tagged(0x04, &basic)].concat()));
    tagged(0x30, &[vec![0x0A, 0x01, 0x00], bytes].concat())
}

/// A list with a hundred thousand extensions, each of another kind.
fn many_extensions() -> Vec<u8> {
    let kind =
        |number: u32| [0x2A, 0x86, 0x80 | (number >> 14 & 0x7F) as u8, 0x80 | (number >> 7 & 0x7F) as u8, (number & 0x7F) as u8];
    let one = |number| tagged(0x30, &[tagged(0x06, &kind(number)), vec![0x04, 0x00]].concat());
    let extensions: Vec<u8> = (0..100_000).flat_map(one).collect();
    let algorithm = tagged(0x30, &[0x06, 0x01, 0x2A]);
    let time = tagged(0x17, b"260101000000Z");
    let tagged_extensions = tagged(0xA0, &tagged(0x30, &extensions));
    let body = [vec![0x02, 0x01, 0x01], algorithm.clone(), tagged(0x30, &[]), time, tagged_extensions].concat();
    tagged(0x30, &[tagged(0x30, &body), algorithm, tagged(0x03, &[0, 0])].concat())
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count();
    let mut whole = vec![tag];
    match content.len() {
        0..128 => whole.push(length[3]),
        _ => {
            whole.push(0x84 - u8::try_from(zeros).unwrap());
            whole.extend_from_slice(&length[zeros..]);
        }
    }
    [whole, content.to_vec()].concat()
}
