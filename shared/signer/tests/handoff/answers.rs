use std::time::Duration;

use proptest::test_runner::{Config, TestRunner};
use signer::{CallKind, Event, FailureKind, RelayAnswer, Screen};
use wire::{AnswerKey, Commitment, KeyId, LinkHost, OriginKeys, ProblemCode, ServiceAnswer, SessionKind};
use zeroize::Zeroizing;

use crate::far_side::{FarSide, ORIGIN, in_an_hour, plain, published, refuses, says};
use crate::flipped;
use crate::support::Phone;

fn claimed() -> (Phone, ServiceAnswer, u64) {
    flipped::claimed(SessionKind::Rehearsal)
}

fn refused(alter: impl FnOnce(&mut ServiceAnswer, &FarSide)) {
    let (mut phone, mut answer, id) = claimed();
    alter(&mut answer, &phone.far);
    let told = says(&phone.far.told(answer));
    phone.send(Event::RelayAnswered { id, answer: told });
    assert!(phone.is_refused(&FailureKind::OriginNotProven), "{:?}", phone.flow.screen());
}

fn refused_by(alter: impl FnOnce(&mut FarSide)) -> Phone {
    let mut far = FarSide::rehearsal();
    alter(&mut far);
    let phone = Phone::scanned(far);
    assert!(phone.is_refused(&FailureKind::OriginNotProven), "{:?}", phone.flow.screen());
    phone
}

#[test]
fn a_good_answer_names_the_origin_and_its_keys_are_fetched_there() {
    let phone = Phone::scanned(FarSide::rehearsal());
    let expected = [CallKind::Claim, CallKind::AskAnswer, CallKind::FetchOriginKeys, CallKind::Reveal, CallKind::AskState];
    assert_eq!(phone.calls, [&expected[..], &[CallKind::AskState]].concat(), "and then for news");
    assert_eq!(phone.addresses[2], "https://bank.example/.well-known/kazasu.json");
    let Screen::Rehearsing { page: Some(page), .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((page.origin.as_str(), page.is_origin_checked, page.name.as_str()), (ORIGIN, true, "見本銀行"));
}

#[test]
fn an_answer_is_waited_for() {
    let mut phone = Phone::new(FarSide::rehearsal());
    for _ in 0..3 {
        phone = phone.answers(CallKind::AskAnswer, plain(204, vec![]));
    }
    phone.scan();
    assert_eq!(phone.count(CallKind::AskAnswer), 4);
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }));
}

#[test]
fn answers_that_are_not_signed_for_this_phone_are_refused() {
    refused(|answer, _| answer.service_key = wire::ServiceKey::from_bytes([9; 32]));
    refused(|answer, _| answer.signature = wire::AnswerSignature::from_bytes([0; 64]));
    refused(|answer, _| answer.origin = wire::Origin::parse("https://attacker.example").expect("an origin"));
    refused(|answer, _| answer.origin = wire::Origin::parse("http://127.0.0.1:631").expect("loopback"));
    refused(|answer, far| *answer = far.answer_to(&Commitment::from_bytes([4; 32])).answer);
    refused(|answer, far| {
        let attackers = AnswerKey::from_bytes(&Zeroizing::new([9; 32]));
        let commitment = Commitment::from_bytes([4; 32]);
        *answer = attackers.answer(far.key_id.clone(), &far.meeting, &commitment, answer.service_key);
    });
}

#[test]
fn an_answer_of_an_earlier_hand_off_is_refused() {
    let (_, earlier, _) = claimed();
    refused(|answer, _| *answer = earlier);
}

#[test]
fn the_first_answer_counts_and_another_one_changes_nothing() {
    let (mut phone, answer, id) = claimed();
    let told = says(&phone.far.told(answer.clone()));
    phone.send(Event::RelayAnswered { id, answer: told });
    let before = phone.flow.screen();
    assert!(matches!(before, Screen::Rehearsing { .. }), "{before:?}");
    let other = ServiceAnswer { service_key: wire::ServiceKey::from_bytes([9; 32]), ..answer };
    let told = says(&phone.far.told(other));
    phone.send(Event::RelayAnswered { id, answer: told });
    assert_eq!((phone.flow.screen(), phone.count(CallKind::Reveal)), (before, 1));
    assert_eq!(phone.count(CallKind::AskAnswer), 1, "it is not asked for again");
}

#[test]
fn a_session_that_ends_before_the_keys_are_agreed_says_how() {
    for (code, kind) in [
        (ProblemCode::Replaced, FailureKind::SessionCancelled),
        (ProblemCode::Expired, FailureKind::QrExpired),
        (ProblemCode::BadReveal, FailureKind::PhoneNotProven),
    ] {
        for call in [CallKind::AskAnswer, CallKind::Reveal, CallKind::AskState] {
            let mut phone = Phone::new(FarSide::rehearsal()).answers(call, refuses(code));
            phone.scan();
            assert_eq!(phone.failed().as_ref(), Some(&kind), "{call:?}");
        }
    }
}

#[test]
fn key_files_that_do_not_vouch_for_the_answer_are_refused() {
    let attackers = || AnswerKey::from_bytes(&Zeroizing::new([9; 32]));
    refused_by(|far| far.key_file.keys = vec![published(&far.key_id, &attackers(), in_an_hour())]);
    refused_by(|far| far.key_file.keys = vec![published(&far.key_id, &far.answer_key, 1_000_000)]);
    refused_by(|far| far.key_file.relays = vec![LinkHost::parse("link.other.example").expect("a host")]);
}

#[test]
fn whatever_is_no_key_file_is_refused() {
    let file = || serde_json::to_vec(&FarSide::rehearsal().key_file).expect("a file");
    let mut huge = file();
    huge.resize(OriginKeys::MAX_BYTES + 1, b' ');
    let cut = file()[..file().len() - 1].to_vec();
    for answer in [
        plain(302, file()),
        plain(404, vec![]),
        plain(403, file()),
        plain(200, huge),
        plain(200, cut),
        plain(200, b"<html>".to_vec()),
    ] {
        let mut phone = Phone::new(FarSide::rehearsal()).answers(CallKind::FetchOriginKeys, answer);
        phone.scan();
        assert!(phone.is_refused(&FailureKind::OriginNotProven), "{:?}", phone.flow.screen());
        assert_eq!(phone.count(CallKind::FetchOriginKeys), 1);
    }
}

#[test]
fn an_unknown_key_is_looked_up_once_more_and_only_once() {
    let unknown = || KeyId::parse("2099").expect("a name of a key");
    let phone = refused_by(|far| far.key_id = unknown());
    assert_eq!(phone.count(CallKind::FetchOriginKeys), 2);

    let mut far = FarSide::rehearsal();
    let old = plain(200, serde_json::to_vec(&far.key_file).expect("a file"));
    far.key_id = unknown();
    far.key_file.keys.push(published(&far.key_id, &far.answer_key, in_an_hour()));
    let mut phone = Phone::new(far).answers(CallKind::FetchOriginKeys, old);
    phone.scan();
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
}

#[test]
fn a_key_file_serves_for_an_hour_and_a_newer_one_decides_where_it_does_not_fit() {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    for (minutes, fetched, renews_key) in [(30, 1, false), (29, 1, false), (2, 2, false), (1, 3, true)] {
        phone.send(Event::Declined);
        phone.send(Event::StartOver);
        phone.now_ms += minutes * 60_000;
        phone.far = FarSide::rehearsal();
        if renews_key {
            phone.far.answer_key = AnswerKey::from_bytes(&Zeroizing::new([7; 32]));
            phone.far.key_file.keys = vec![published(&phone.far.key_id, &phone.far.answer_key, in_an_hour())];
        }
        phone.scan();
        assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
        assert_eq!(phone.count(CallKind::FetchOriginKeys), fetched);
    }
}

#[test]
fn an_expired_key_by_a_wrong_clock_is_the_clock_s_fault() {
    let mut far = FarSide::rehearsal();
    far.key_file.keys = vec![published(&far.key_id, &far.answer_key, 1_000_000)];
    far.ahead = Duration::from_secs(86_400);
    assert!(Phone::scanned(far).is_refused(&FailureKind::ClockSkew));
}

#[test]
fn versions_that_do_not_meet_name_the_end_that_is_too_old() {
    for (versions, kind) in
        [(vec![2], FailureKind::AppTooOld), (vec![0, 2], FailureKind::AppTooOld), (vec![0], FailureKind::RelayTooOld)]
    {
        let (mut phone, answer, id) = claimed();
        let told = says(&wire::ClaimAnswer { versions, ..phone.far.told(answer) });
        phone.send(Event::RelayAnswered { id, answer: told });
        assert!(phone.is_refused(&kind), "{kind:?}: {:?}", phone.flow.screen());
        assert_eq!(phone.count(CallKind::FetchOriginKeys), 0);
    }
}

#[test]
fn a_signing_is_not_made_a_rehearsal_on_the_way() {
    let mut phone = Phone::new(FarSide::new(SessionKind::Signing, ORIGIN, crate::far_side::LINK_HOST));
    phone.held = Some((CallKind::AskAnswer, None));
    phone.scan();
    let claim: wire::Claim = wire::decode(&phone.bodies[0]).expect("a claim");
    let signing = phone.far.answer_to(&claim.commitment).answer;
    let told = says(&phone.far.told(ServiceAnswer { kind: SessionKind::Rehearsal, ..signing }));
    let Some((_, Some(id))) = phone.held.take() else { panic!("the answer is asked for") };
    phone.send(Event::RelayAnswered { id, answer: told });
    assert!(phone.is_refused(&FailureKind::OriginNotProven), "{:?}", phone.flow.screen());
}

#[test]
fn the_phone_s_own_words_are_no_answer() {
    for kind in [CallKind::AskAnswer, CallKind::FetchOriginKeys, CallKind::AskState] {
        let (mut phone, _, _) = claimed();
        let reflected = plain(200, phone.bodies[0].clone());
        phone = Phone::new(FarSide::rehearsal()).answers(kind, reflected);
        phone.scan();
        assert!(phone.failed().is_some() && phone.far.reports.is_empty(), "{kind:?}: {:?}", phone.flow.screen());
    }
}

#[test]
fn no_answer_whatever_makes_the_flow_panic() {
    let mut runner = TestRunner::new(Config { cases: 60, ..Config::default() });
    let bodies = (0u16..600, proptest::collection::vec(proptest::num::u8::ANY, 0..60));
    let outcome = runner.run(&bodies, |(status, body)| {
        for kind in [CallKind::Claim, CallKind::AskAnswer, CallKind::FetchOriginKeys, CallKind::Reveal, CallKind::AskState] {
            let mut phone = Phone::new(FarSide::rehearsal()).answers(kind, plain(status, body.clone()));
            phone.scan();
            assert!(!matches!(phone.failed(), Some(FailureKind::AppBroken)));
        }
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
}

#[test]
fn a_service_that_never_answers_is_waited_for_until_the_deadline() {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.held = Some((CallKind::AskAnswer, None));
    phone.scan();
    phone.wait(599);
    assert!(matches!(phone.flow.screen(), Screen::Fetching { origin: None, .. }));
    phone.wait(2);
    assert!(phone.is_refused(&FailureKind::QrExpired));
}

#[test]
fn a_key_file_out_of_reach_is_tried_again() {
    let mut phone = Phone::new(FarSide::rehearsal()).answers(CallKind::FetchOriginKeys, RelayAnswer::Unreachable);
    phone = phone.answers(CallKind::FetchOriginKeys, plain(503, vec![]));
    phone.scan();
    assert_eq!(phone.count(CallKind::FetchOriginKeys), 3);
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }));
}
