use jiff::Timestamp;
use pades::{Answerer, Evidence, Origin, VerdictState};
use simulator::practice;
use simulator::revocation::{StatusAuthority, StatusQuirk};

use crate::signing::{Asking, Files, answer, at, hanako, hours, in_days, list, list_now, outcome, signed, with};

#[test]
fn an_answer_is_believed_with_both_hashes_and_from_issuer_or_delegate() {
    for quirk in [None, Some(StatusQuirk::AnsweredByIssuer)] {
        let asked = with(&signed(), &Asking(StatusAuthority::with(quirk)));
        let filed = with(&signed(), &answer(&StatusAuthority::with(quirk), hours(0)));
        assert_eq!((outcome(&asked), outcome(&filed)), ("passed", "passed"), "{quirk:?}");
        assert_eq!(asked.revocation[0].by, Answerer::Responder);
    }
}

#[test]
fn a_revoked_certificate_makes_a_signature_invalid() {
    let revoking = |reason| Asking(StatusAuthority::practice().revoking(hanako(), hours(-5), reason));
    for (reason, code) in [(None, "revoked"), (Some(1), "revoked"), (Some(6), "on_hold")] {
        let verdict = with(&signed(), &revoking(reason));
        assert_eq!((outcome(&verdict), verdict.state), (code, VerdictState::Invalid));
    }
    assert_eq!(outcome(&with(&signed(), &revoking(Some(8)))), "revocation_malformed");
}

#[test]
fn every_wrong_answer_is_refused_by_its_own_name() {
    for (quirk, code) in [
        (StatusQuirk::WrongSignature, "revocation_wrong_signature"),
        (StatusQuirk::OtherIssuer, "revocation_responder_not_authorised"),
        (StatusQuirk::UnknownCritical, "revocation_unknown_critical_extension"),
        (StatusQuirk::Undelegated, "revocation_responder_not_authorised"),
        (StatusQuirk::EndedDelegate, "revocation_responder_not_valid"),
        (StatusQuirk::DelegateOnAList, "revocation_responder_not_checked"),
        (StatusQuirk::AnsweredByPerson, "revocation_responder_not_authorised"),
        (StatusQuirk::OtherSerial, "revocation_other_certificate"),
        (StatusQuirk::OtherKeyHash, "revocation_other_certificate"),
        (StatusQuirk::Unknown, "revocation_unknown"),
        (StatusQuirk::OtherNonce, "revocation_other_nonce"),
        (StatusQuirk::Refuses, "revocation_refused"),
        (StatusQuirk::Babbles, "revocation_malformed"),
    ] {
        assert_eq!(outcome(&with(&signed(), &Asking(StatusAuthority::with(quirk)))), code, "{quirk:?}");
    }
}

#[test]
fn an_old_answer_is_no_answer_to_a_new_request() {
    struct Replaying(StatusAuthority);
    impl pades::RevocationSource for Replaying {
        fn evidence(&self, question: &pades::Question<'_>) -> Vec<Evidence> {
            let earlier = self.0.answer(&question.request([1; 16]).to_der(), Timestamp::now());
            vec![Evidence::of_request(&question.request([2; 16]), earlier)]
        }
    }
    assert_eq!(outcome(&with(&signed(), &Replaying(StatusAuthority::practice()))), "revocation_other_nonce");
}

#[test]
fn an_answer_counts_for_its_own_time() {
    let authority = StatusAuthority::practice();
    for (from, code) in [(-8 * 24, "revocation_expired"), (-6 * 24, "passed"), (24, "revocation_in_the_future")] {
        assert_eq!(outcome(&with(&signed(), &answer(&authority, hours(from)))), code, "{from} hours from now");
    }
    let endless = StatusAuthority::with(StatusQuirk::NoEnd);
    assert_eq!(outcome(&with(&signed(), &answer(&endless, hours(0)))), "passed");
    assert_eq!(outcome(&with(&signed(), &answer(&endless, hours(-2)))), "revocation_expired");
    let by_issuer = StatusAuthority::with(StatusQuirk::AnsweredByIssuer);
    let ten_years = at(&signed(), &answer(&by_issuer, hours(10 * 365 * 24)), in_days(10 * 365));
    assert_eq!(outcome(&ten_years), "revocation_after_the_end");
}

#[test]
fn an_answer_about_somebody_else_says_nothing() {
    let taro = StatusAuthority::practice().answer_about(&practice().taro.signing.certificate, Timestamp::now());
    let files = Files(vec![Evidence::response(taro, Origin::File)]);
    assert_eq!(outcome(&with(&signed(), &files)), "revocation_other_certificate");
}

#[test]
fn a_responder_that_names_a_list_needs_it_and_must_not_stand_on_it() {
    let authority = StatusAuthority::with(StatusQuirk::DelegateOnAList);
    let answered = |lists: &StatusAuthority| {
        let mut files = answer(&authority, hours(0));
        files.0.extend(list_now(lists).0);
        // A list answers for Hanako as well: what matters is whether the responder is heard.
        with(&signed(), &files).revocation.iter().any(|answer| answer.by == Answerer::Responder)
    };
    assert!(answered(&StatusAuthority::practice()) || answered(&StatusAuthority::with(StatusQuirk::OwnPlace)));
    let revoked = StatusAuthority::practice().revoking(authority.responder(), hours(-5), Some(1));
    assert!(!answered(&revoked));
}

#[test]
fn a_responder_that_need_not_be_asked_about_must_still_stand_on_no_list_at_hand() {
    let authority = StatusAuthority::practice();
    let mut files = answer(&authority, hours(0));
    files.0.extend(list(&StatusAuthority::practice().revoking(authority.responder(), hours(-30), Some(1)), hours(-20)).0);
    assert!(with(&signed(), &files).revocation.iter().all(|answer| answer.by != Answerer::Responder));
}

#[test]
fn not_to_know_a_certificate_takes_nothing_from_its_revocation() {
    let says = StatusAuthority::with(StatusQuirk::AlsoUnknown);
    assert_eq!(outcome(&with(&signed(), &answer(&says, hours(0)))), "revocation_unknown");
    let says = says.revoking(hanako(), hours(-5), Some(1));
    assert_eq!(outcome(&with(&signed(), &answer(&says, hours(0)))), "revoked");
}

#[test]
fn a_reason_that_nobody_knows_is_still_a_revocation() {
    let says = StatusAuthority::practice().revoking(hanako(), hours(-5), Some(7));
    assert_eq!(outcome(&with(&signed(), &answer(&says, hours(0)))), "revoked");
    assert_eq!(outcome(&with(&signed(), &list_now(&says))), "revoked");
}

#[test]
fn no_bit_of_an_answer_can_be_another() {
    let authority = StatusAuthority::practice().revoking(hanako(), hours(-5), Some(1));
    let honest = authority.answer_about(hanako(), Timestamp::now());
    let file = signed();
    for place in 0..honest.len() {
        let mut altered = honest.clone();
        altered[place] ^= 0x04;
        let altered = Files(vec![Evidence::response(altered, Origin::File)]);
        assert_ne!(outcome(&with(&file, &altered)), "passed", "byte {place}");
    }
}
