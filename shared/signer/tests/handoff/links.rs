use signer::{CallKind, Event, FailureKind, RelayAnswer, Screen};
use wire::{ProblemCode, Proof, Ticket};

use crate::far_side::{FarSide, LINK_HOST, ORIGIN, plain, refuses};
use crate::support::Phone;

#[test]
fn a_moving_link_is_taken_from_the_scanner_alone() {
    let mut phone = Phone::new(FarSide::rehearsal());
    let text = phone.far.moving(10);
    phone.send(Event::LinkPasted { text: text.clone() });
    assert_eq!(phone.failed(), Some(FailureKind::QrStaleFrame));
    phone.send(Event::LinkOpened { text });
    assert_eq!(phone.flow.screen(), Screen::Scan { problem: None }, "it merely opens the scanner");
    assert!(phone.calls.is_empty());
    phone.scan();
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
}

#[test]
fn a_launch_link_is_opened_by_the_system_and_a_copied_one_is_pasted_too() {
    let launch = || Proof::Launch(Ticket::from_bytes([3; 16]));
    let copied = || Proof::Copied(Ticket::from_bytes([3; 16]));
    let here = || FarSide::new(wire::SessionKind::Rehearsal, "http://127.0.0.1:8080", "127.0.0.1:8080");
    let scanned = |text| Event::LinkScanned { text };
    let opened = |text| Event::LinkOpened { text };
    let pasted = |text| Event::LinkPasted { text };
    let takes = |far: FarSide, proof: Proof, event: &dyn Fn(String) -> Event| {
        let mut phone = Phone::new(far);
        let text = phone.far.link(proof);
        phone.send(event(text));
        let is_refused = phone.failed() == Some(FailureKind::NotOurQr) && phone.calls.is_empty();
        assert!(is_refused || matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
        !is_refused
    };
    assert!(takes(FarSide::rehearsal(), launch(), &opened) && takes(FarSide::rehearsal(), copied(), &opened));
    assert!(takes(FarSide::rehearsal(), copied(), &pasted) && takes(here(), copied(), &pasted));
    assert!(takes(here(), launch(), &pasted), "the practice phone has no system that opens links");
    assert!(!takes(FarSide::rehearsal(), launch(), &pasted));
    assert!(!takes(FarSide::rehearsal(), launch(), &scanned) && !takes(FarSide::rehearsal(), copied(), &scanned));
}

#[test]
fn nobody_takes_a_link_of_version_0_whichever_way_it_comes() {
    // Version 0, kind 3, session, secret, ticket.
    let text = || format!("http://127.0.0.1:8080/s#AAM{}", "A".repeat(85));
    for event in [Event::LinkScanned { text: text() }, Event::LinkOpened { text: text() }, Event::LinkPasted { text: text() }] {
        let here = FarSide::new(wire::SessionKind::Rehearsal, "http://127.0.0.1:8080", "127.0.0.1:8080");
        for far in [FarSide::rehearsal(), here] {
            let mut phone = Phone::new(far);
            phone.send(event.clone());
            assert_eq!((phone.failed(), phone.calls.len()), (Some(FailureKind::NotOurQr), 0));
        }
    }
}

#[test]
fn hosts_that_are_not_listed_are_not_ours_and_loopback_is_for_desktops() {
    let other = FarSide::new(wire::SessionKind::Rehearsal, ORIGIN, "link.attacker.example");
    let phone = Phone::scanned(other);
    assert_eq!((phone.failed(), phone.calls.len()), (Some(FailureKind::NotOurQr), 0));
    let here = FarSide::new(wire::SessionKind::Rehearsal, "http://127.0.0.1:8080", "127.0.0.1:8080");
    let text = here.moving(10);
    let mut app = Phone::new(FarSide::rehearsal());
    app.send(Event::LinkScanned { text });
    assert_eq!((app.failed(), app.calls.len()), (Some(FailureKind::NotOurQr), 0));
    assert!(matches!(Phone::scanned(here).flow.screen(), Screen::Rehearsing { .. }));
}

#[test]
fn a_later_version_asks_for_an_update_whatever_its_host() {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.send(Event::LinkScanned { text: "https://elsewhere.example/s#AgAA".into() });
    assert_eq!(phone.failed(), Some(FailureKind::AppTooOld));
}

#[test]
fn a_stale_frame_is_followed_by_newer_ones_without_a_word_and_named_after_the_third() {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.far.step = 20;
    for (step, calls) in [(10, 1), (10, 1), (9, 1), (11, 2)] {
        let text = phone.far.moving(step);
        phone.send(Event::LinkScanned { text });
        assert_eq!(phone.flow.screen(), Screen::Claiming { trouble: None }, "step {step}");
        assert_eq!(phone.count(CallKind::Claim), calls, "step {step}");
    }
    let text = phone.far.moving(12);
    phone.send(Event::LinkScanned { text });
    assert!(phone.is_refused(&FailureKind::QrStaleFrame));
}

#[test]
fn a_second_look_claims_with_the_same_commitment() {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.far.step = 20;
    for step in [17, 19] {
        let text = phone.far.moving(step);
        phone.send(Event::LinkScanned { text });
    }
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }));
    let claims: Vec<wire::Claim> = phone.bodies[..2].iter().map(|body| wire::decode(body).expect("a claim")).collect();
    assert!(claims[0].commitment == claims[1].commitment && claims[0].token_hash == claims[1].token_hash);
}

#[test]
fn the_newest_frame_that_was_seen_meanwhile_is_claimed_with_next() {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.far.step = 20;
    phone.held = Some((CallKind::Claim, None));
    for step in [10, 19, 18] {
        let text = phone.far.moving(step);
        phone.send(Event::LinkScanned { text });
    }
    assert_eq!(phone.count(CallKind::Claim), 1, "one claim at a time");
    phone.let_go();
    assert_eq!(phone.count(CallKind::Claim), 2);
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
}

/// A phone whose claim with the frame of step 10 is on its way, and that has seen the frame of step 14.
fn knocking() -> (Phone, u64) {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.held = Some((CallKind::Claim, None));
    for step in [10, 14] {
        let text = phone.far.moving(step);
        phone.send(Event::LinkScanned { text });
    }
    let Some((_, Some(id))) = phone.held.take() else { panic!("a claim is made") };
    (phone, id)
}

#[test]
fn a_claim_that_was_put_off_or_lost_is_repeated_with_the_newest_frame() {
    for answer in [refuses(ProblemCode::RateLimited), RelayAnswer::Unreachable, plain(503, vec![])] {
        let (mut phone, id) = knocking();
        phone.far.step = 14;
        phone.send(Event::RelayAnswered { id, answer });
        assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
        assert_eq!(phone.count(CallKind::Claim), 2);
        let claim: wire::Claim = wire::decode(&phone.bodies[1]).expect("a claim");
        assert!(matches!(claim.proof, Proof::Moving(frame) if frame.step == wire::Step::from_number(14)));
    }
}

#[test]
fn a_claim_whose_answer_was_lost_is_found_to_be_this_phone_s_own() {
    let (mut phone, id) = knocking();
    let first = phone.bodies[0].clone();
    phone.far.hear(CallKind::Claim, &first);
    phone.far.step = 14;
    phone.send(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable });
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
    assert_eq!((phone.count(CallKind::Claim), &phone.bodies[2]), (3, &first));
}

#[test]
fn a_picture_that_does_not_move_is_called_so_in_the_end() {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.far.step = 20;
    let text = phone.far.moving(10);
    phone.send(Event::LinkScanned { text });
    phone.wait(14);
    assert_eq!(phone.flow.screen(), Screen::Claiming { trouble: None });
    phone.wait(1);
    assert!(phone.is_refused(&FailureKind::QrStaleFrame));
}

#[test]
fn a_claim_is_refused_by_name() {
    for (code, kind) in [
        (ProblemCode::AlreadyClaimed, FailureKind::QrAlreadyUsed),
        (ProblemCode::Expired, FailureKind::QrExpired),
        (ProblemCode::BadTicket, FailureKind::QrExpired),
        (ProblemCode::ForgedFrame, FailureKind::QrStaleFrame),
        (ProblemCode::Replaced, FailureKind::SessionCancelled),
        (ProblemCode::UnsupportedVersion, FailureKind::RelayTooOld),
    ] {
        let mut phone = Phone::new(FarSide::rehearsal()).answers(CallKind::Claim, refuses(code));
        phone.scan();
        assert!(phone.is_refused(&kind), "{code:?}: {:?}", phone.flow.screen());
    }
}

#[test]
fn what_answers_in_no_relay_s_words_is_asked_for_its_versions() {
    let page = || plain(404, b"<html>".to_vec());
    for (versions, kind) in [
        (page(), FailureKind::RelayTooOld),
        (plain(200, br#"{"versions":[0]}"#.to_vec()), FailureKind::RelayTooOld),
        (plain(200, br#"{"versions":[0,2]}"#.to_vec()), FailureKind::AppTooOld),
        (plain(200, br#"{"versions":[1]}"#.to_vec()), FailureKind::ServiceMisbehaved),
        (plain(302, vec![]), FailureKind::RelayUnreachable),
        (plain(200, b"<html>Welcome to our network".to_vec()), FailureKind::RelayUnreachable),
        (RelayAnswer::Unreachable, FailureKind::RelayUnreachable),
    ] {
        let mut phone = Phone::new(FarSide::rehearsal()).answers(CallKind::Claim, page());
        phone = phone.answers(CallKind::AskVersions, versions);
        phone.scan();
        assert_eq!(phone.calls, [CallKind::Claim, CallKind::AskVersions]);
        assert!(phone.is_refused(&kind), "{kind:?}: {:?}", phone.flow.screen());
    }
    let mut phone = Phone::new(FarSide::rehearsal()).answers(CallKind::Claim, page());
    phone.scan();
    assert_eq!(phone.addresses.last(), Some(&format!("https://{LINK_HOST}/relay/versions")));
}

#[test]
fn another_link_is_refused_while_a_rehearsal_runs() {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    let before = phone.flow.screen();
    phone.scan();
    assert!(phone.told.is_empty(), "its own QR is seen many times");
    let mut other = FarSide::rehearsal();
    other.meeting.session = wire::SessionId::from_bytes([9; 16]);
    let text = other.moving(10);
    phone.send(Event::LinkScanned { text: text.clone() });
    phone.send(Event::LinkOpened { text });
    assert_eq!(phone.told.iter().map(|failure| failure.code.as_str()).collect::<Vec<_>>(), ["E-QR-13", "E-QR-13"]);
    assert_eq!(phone.flow.screen(), before);
}
