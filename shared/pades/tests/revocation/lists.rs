use std::sync::LazyLock;

use jiff::Timestamp;
use pades::{Answerer, CertificateStatus, Evidence, Origin, RevocationReason, VerdictState};
use proptest::prelude::*;
use simulator::practice;
use simulator::revocation::{StatusAuthority, StatusQuirk};

use crate::signing::{Files, at, hanako, hours, in_days, list, list_now, outcome, signed, with};

#[test]
fn a_list_without_the_certificate_makes_a_signature_valid() {
    let verdict = with(&signed(), &list_now(&StatusAuthority::practice()));
    assert_eq!(outcome(&verdict), "passed");
    let [answer] = &verdict.revocation[..] else { panic!("one certificate below the root") };
    assert_eq!((answer.by, answer.status), (Answerer::List, CertificateStatus::Good));
    // Nothing proves when it was signed.
    assert_eq!(verdict.state, VerdictState::ValidInPart);
}

#[test]
fn a_list_with_the_certificate_makes_it_invalid() {
    let revoked = |reason| list_now(&StatusAuthority::practice().revoking(hanako(), hours(-5), reason));
    let verdict = with(&signed(), &revoked(Some(3)));
    assert_eq!((outcome(&verdict), verdict.state), ("revoked", VerdictState::Invalid));
    let said = verdict.revocation[0].status.revoked().unwrap();
    assert_eq!(said.reason, Some(RevocationReason::AffiliationChanged));
    assert_eq!(outcome(&with(&signed(), &revoked(None))), "revoked");
    assert_eq!(outcome(&with(&signed(), &revoked(Some(6)))), "on_hold");
}

#[test]
fn lists_of_other_people_say_nothing_against_it() {
    let taro = &practice().taro.signing.certificate;
    let verdict = with(&signed(), &list_now(&StatusAuthority::practice().revoking(taro, hours(-5), Some(1))));
    assert_eq!(outcome(&verdict), "passed");
}

#[test]
fn every_wrong_list_is_refused_by_its_own_name() {
    for (quirk, code) in [
        (StatusQuirk::WrongSignature, "revocation_wrong_signature"),
        (StatusQuirk::OtherIssuer, "revocation_other_issuer"),
        (StatusQuirk::OtherKey, "revocation_wrong_signature"),
        (StatusQuirk::UnknownCritical, "revocation_unknown_critical_extension"),
        (StatusQuirk::Delta, "revocation_delta_list"),
        (StatusQuirk::UnknownCriticalEntry, "revocation_unknown_critical_extension"),
        (StatusQuirk::Indirect, "revocation_indirect_list"),
        (StatusQuirk::IndirectEntry, "revocation_indirect_list"),
        (StatusQuirk::SomeReasons, "revocation_other_scope"),
        (StatusQuirk::AuthoritiesOnly, "revocation_other_scope"),
        (StatusQuirk::OtherPlace, "revocation_other_scope"),
    ] {
        // The entry is about somebody else: what spoils one entry spoils the list.
        let taro = &practice().taro.signing.certificate;
        let authority = StatusAuthority::with(quirk).revoking(taro, hours(-5), Some(1));
        assert_eq!(outcome(&with(&signed(), &list_now(&authority))), code, "{quirk:?}");
    }
}

#[test]
fn a_list_that_clears_nobody_can_still_revoke() {
    let quirks = [
        StatusQuirk::Delta,
        StatusQuirk::Indirect,
        StatusQuirk::SomeReasons,
        StatusQuirk::AuthoritiesOnly,
        StatusQuirk::OtherPlace,
    ];
    for quirk in quirks {
        let authority = StatusAuthority::with(quirk).revoking(hanako(), hours(-5), Some(1));
        let mut lists = list_now(&authority);
        assert_eq!(outcome(&with(&signed(), &lists)), "revoked", "{quirk:?}");
        lists.0.extend(list_now(&StatusAuthority::practice()).0);
        assert_eq!(outcome(&with(&signed(), &lists)), "revoked", "{quirk:?} beside a whole list");
    }
}

#[test]
fn what_a_delta_list_takes_off_is_not_revoked_by_it() {
    let mut lists = list_now(&StatusAuthority::with(StatusQuirk::Delta).revoking(hanako(), hours(-5), Some(8)));
    assert_eq!(outcome(&with(&signed(), &lists)), "revocation_delta_list");
    lists.0.extend(list_now(&StatusAuthority::practice()).0);
    assert_eq!(outcome(&with(&signed(), &lists)), "passed");
}

#[test]
fn a_list_for_persons_at_their_place_counts_and_so_does_one_of_the_first_version() {
    for quirk in [StatusQuirk::OwnPlace, StatusQuirk::FirstVersion] {
        assert_eq!(outcome(&with(&signed(), &list_now(&StatusAuthority::with(quirk)))), "passed", "{quirk:?}");
        let revoking = StatusAuthority::with(quirk).revoking(hanako(), hours(-5), None);
        assert_eq!(outcome(&with(&signed(), &list_now(&revoking))), "revoked", "{quirk:?}");
    }
}

#[test]
fn a_list_counts_for_its_own_time() {
    let authority = StatusAuthority::practice();
    for (from, code) in [(-8 * 24, "revocation_expired"), (-6 * 24, "passed"), (24, "revocation_in_the_future")] {
        assert_eq!(outcome(&with(&signed(), &list(&authority, hours(from)))), code, "from {from} hours ago");
    }
    let endless = StatusAuthority::with(StatusQuirk::NoEnd);
    assert_eq!(outcome(&with(&signed(), &list(&endless, hours(0)))), "passed");
    assert_eq!(outcome(&with(&signed(), &list(&endless, hours(-2)))), "revocation_expired");
}

#[test]
fn a_list_made_after_a_certificate_ended_need_not_name_it() {
    let ten_years = hours(10 * 365 * 24);
    let later = at(&signed(), &list(&StatusAuthority::practice(), ten_years), in_days(10 * 365));
    assert_eq!(outcome(&later), "revocation_after_the_end");
}

#[test]
fn only_a_delta_list_takes_a_certificate_off() {
    let authority = StatusAuthority::practice().revoking(hanako(), hours(-5), Some(8));
    assert_eq!(outcome(&with(&signed(), &list_now(&authority))), "revocation_malformed");
}

#[test]
fn the_earlier_of_two_entries_and_a_suspect_key_count() {
    let authority = StatusAuthority::practice()
        .revoking(hanako(), hours(-3), Some(6))
        .revoking(hanako(), hours(-2), Some(1))
        .suspect_since(hours(-50));
    let verdict = with(&signed(), &list_now(&authority));
    assert_eq!(outcome(&verdict), "revoked");
    let since = Timestamp::try_from(verdict.revocation[0].status.revoked().unwrap().since).unwrap();
    assert!(since < hours(-49));
}

#[test]
fn an_old_list_does_not_outweigh_a_newer_one() {
    let mut both = list(&StatusAuthority::practice(), hours(-20));
    both.0.extend(list_now(&StatusAuthority::practice().revoking(hanako(), hours(-5), Some(4))).0);
    assert_eq!(outcome(&with(&signed(), &both)), "revoked");
    both.0.reverse();
    assert_eq!(outcome(&with(&signed(), &both)), "revoked");
}

#[test]
fn a_lifted_suspension_is_over_and_a_revocation_never_is() {
    let suspended = list(&StatusAuthority::practice().revoking(hanako(), hours(-30), Some(6)), hours(-20));
    let mut lifted = list_now(&StatusAuthority::practice());
    lifted.0.extend(suspended.0);
    assert_eq!(outcome(&with(&signed(), &lifted)), "passed");
    let mut forgotten = list_now(&StatusAuthority::practice());
    forgotten.0.extend(list(&StatusAuthority::practice().revoking(hanako(), hours(-30), Some(4)), hours(-20)).0);
    assert_eq!(outcome(&with(&signed(), &forgotten)), "revoked");
}

#[test]
fn no_bit_of_a_list_can_be_another() {
    let authority = StatusAuthority::practice().revoking(hanako(), hours(-5), Some(1));
    let honest = authority.list(Timestamp::now());
    let file = signed();
    for place in 0..honest.len() {
        let mut altered = honest.clone();
        altered[place] ^= 0x04;
        let altered = Files(vec![pades::Evidence::list(altered, pades::Origin::File)]);
        assert_ne!(outcome(&with(&file, &altered)), "passed", "byte {place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_verdict_follows_from_the_entries(
        entries in proptest::collection::vec((-100_i64..-1, proptest::option::of(prop_oneof![0_u8..=6, 9_u8..=10]), any::<bool>()), 0..6),
    ) {
        let mut authority = StatusAuthority::practice();
        for (since, reason, is_hanako) in &entries {
            let certificate = if *is_hanako { hanako() } else { &practice().taro.signing.certificate };
            authority = authority.revoking(certificate, hours(*since), *reason);
        }
        let own: Vec<_> = entries.iter().filter(|(_, _, is_hanako)| *is_hanako).map(|(_, reason, _)| *reason).collect();
        let expected = match own.as_slice() {
            [] => "passed",
            reasons if reasons.iter().all(|reason| *reason == Some(6)) => "on_hold",
            _ => "revoked",
        };
        prop_assert_eq!(outcome(&with(&SIGNED, &list_now(&authority))), expected);
    }

    #[test]
    fn arbitrary_bytes_are_neither_a_list_nor_an_answer(bytes: Vec<u8>) {
        for evidence in [Evidence::list(bytes.clone(), Origin::File), Evidence::response(bytes, Origin::File)] {
            prop_assert_eq!(outcome(&with(&SIGNED, &Files(vec![evidence]))), "revocation_malformed");
        }
    }

    /// Parts of an honest list in another order, twice or not at all.
    #[test]
    fn a_rearranged_list_is_never_believed(cuts in proptest::collection::vec((0_usize..900, 0_usize..900), 1..4)) {
        let honest = StatusAuthority::practice().list(Timestamp::now());
        let part = |(from, to): &(usize, usize)| {
            let (from, to) = (*from.min(to), *from.max(to));
            honest.get(from.min(honest.len())..to.min(honest.len())).unwrap_or_default().to_vec()
        };
        let rearranged: Vec<u8> = cuts.iter().flat_map(part).collect();
        prop_assume!(rearranged != honest);
        let files = Files(vec![Evidence::list(rearranged, Origin::File)]);
        prop_assert_ne!(outcome(&with(&SIGNED, &files)), "passed");
    }
}

static SIGNED: LazyLock<Vec<u8>> = LazyLock::new(signed);
