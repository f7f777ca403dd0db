use std::time::Duration;

use signer::{
    ApplicationLine, CallKind, CardStage, ClockLine, Effect, Event, Facts, FailureKind, NetworkLine, RelayAnswer, ReportStage,
    Screen, Sent,
};
use simulator::{CardSetup, Fault};
use wire::{EndReason, ProblemCode, RefusalKind, SessionState, Standing, VersionOne};

use crate::far_side::{FarSide, refuses, says};
use crate::support::Phone;

fn rehearsed(setup: CardSetup) -> Phone {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    phone.touch(setup);
    phone
}

fn stage(phone: &Phone) -> Option<ReportStage> {
    match phone.flow.screen() {
        Screen::Rehearsed { report, .. } => report.map(|report| report.stage),
        _ => None,
    }
}

#[test]
fn the_page_comes_to_have_the_same_six_lines() {
    let phone = rehearsed(CardSetup::good());
    let Screen::Rehearsed { rehearsal, report: Some(report) } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(report.stage, ReportStage::Delivered);
    assert_eq!((rehearsal.network, rehearsal.clock), (Some(NetworkLine::Quick), Some(ClockLine::Right)));
    let [told] = phone.far.reports.as_slice() else { panic!("one report") };
    assert_eq!(told.application, wire::ApplicationLine::MyNumberCard);
    assert_eq!((told.reader, told.attempts_left), (wire::ReaderLine::Quick, Some(5)));
    assert_eq!((told.certificate, told.network), (wire::CertificateLine::Valid, wire::NetworkLine::Quick));
    assert_eq!(told.clock, wire::ClockLine::Right);
    assert_eq!(phone.far.state, SessionState::Completed);
}

#[test]
fn what_a_card_lacks_is_told_to_the_page_too() {
    let phone = rehearsed(CardSetup::not_a_my_number_card());
    let Screen::Rehearsed { rehearsal, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(rehearsal.application, ApplicationLine::OtherCard);
    assert_eq!(phone.far.reports[0].application, wire::ApplicationLine::OtherCard);
}

#[test]
fn a_slow_line_a_lost_call_and_a_wrong_clock_are_told() {
    let mut slow = Phone::new(FarSide::rehearsal());
    slow.lag_ms = 2_001;
    let mut torn = Phone::new(FarSide::rehearsal()).answers(CallKind::Reveal, RelayAnswer::Unreachable);
    torn.lag_ms = 1;
    for phone in [&mut slow, &mut torn] {
        phone.scan();
        phone.touch(CardSetup::good());
        assert_eq!(phone.far.reports[0].network, wire::NetworkLine::Slow);
    }
    let mut far = FarSide::rehearsal();
    far.ahead = Duration::from_secs(301);
    let mut phone = Phone::scanned(far);
    phone.touch(CardSetup::good());
    assert_eq!(phone.far.reports[0].clock, wire::ClockLine::Off);
}

#[test]
fn a_lost_card_is_held_again_and_the_page_waits() {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    phone.touch(CardSetup::good().with_fault(Fault::tear_before_command(3)));
    let Screen::Rehearsing { page: Some(_), .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert!(phone.far.reports.is_empty());
    phone.touch(CardSetup::good());
    assert_eq!((phone.far.reports.len(), stage(&phone)), (1, Some(ReportStage::Delivered)));
}

#[test]
fn saying_no_is_told_sealed_and_confirmed() {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    phone.send(Event::Declined);
    assert_eq!(phone.far.refusals.iter().map(|refusal| refusal.kind).collect::<Vec<_>>(), [RefusalKind::Declined]);
    assert_eq!(phone.flow.screen(), Screen::Declined { facts: Facts { sent: Sent::Refusal, ..Facts::NOTHING_HAPPENED } });
    phone.send(Event::StartOver);
    assert_eq!(phone.flow.screen(), Screen::Scan { problem: None });
}

#[test]
fn saying_no_is_possible_at_every_call_and_tells_nothing_before_the_reveal() {
    for kind in [CallKind::Claim, CallKind::AskAnswer, CallKind::FetchOriginKeys, CallKind::Reveal, CallKind::AskState] {
        let mut phone = Phone::new(FarSide::rehearsal());
        phone.held = Some((kind, None));
        if kind == CallKind::Reveal {
            // Too early for the service to open it, and then late enough.
            phone = phone.answers(CallKind::Refuse, refuses(ProblemCode::WrongState));
            phone = phone.answers(CallKind::Refuse, crate::far_side::plain(202, vec![]));
        }
        phone.scan();
        phone.send(Event::Declined);
        let Screen::Declined { facts } = phone.flow.screen() else { panic!("{kind:?}: {:?}", phone.flow.screen()) };
        let is_revealed = matches!(kind, CallKind::Reveal | CallKind::AskState);
        assert_eq!(facts.sent, if is_revealed { Sent::Refusal } else { Sent::Nothing }, "{kind:?}");
    }
}

#[test]
fn a_session_that_ends_while_the_card_is_awaited_says_so() {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    phone.wait(600);
    assert_eq!(phone.failed(), Some(FailureKind::QrExpired));
}

#[test]
fn a_page_that_ends_or_replaces_the_session_ends_the_wait_for_a_card() {
    for reason in [EndReason::Cancelled, EndReason::Replaced] {
        let mut phone = Phone::scanned(FarSide::rehearsal());
        phone.page_ends(reason);
        assert_eq!(phone.failed(), Some(FailureKind::SessionCancelled), "{reason:?}");
        assert!(phone.far.refusals.is_empty(), "a session that is over is told nothing");
    }
}

#[test]
fn news_is_asked_for_again_while_the_net_is_away() {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    for lost in [RelayAnswer::Unreachable, crate::far_side::plain(200, b"<html>".to_vec())] {
        let id = phone.watching.take().expect("the phone waits for news");
        phone.send(Event::RelayAnswered { id, answer: lost });
        assert!(matches!(phone.flow.screen(), Screen::Rehearsing { .. }), "{:?}", phone.flow.screen());
    }
    phone.page_ends(EndReason::Cancelled);
    assert_eq!(phone.failed(), Some(FailureKind::SessionCancelled));
}

#[test]
fn a_touch_is_not_broken_off_by_the_page() {
    let mut phone = Phone::scanned(FarSide::rehearsal());
    let id = phone.awaited.take().expect("the flow waits for a card");
    let touched = Event::CardTouched { id, extended_length: true, application_selected: false };
    let effects = phone.flow.handle(touched, phone.now_ms);
    let [Effect::Transmit { id, .. }] = effects[..] else { panic!("{effects:?}") };
    phone.page_ends(EndReason::Cancelled);
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { stage: CardStage::Talking { .. }, .. }));
    phone.send(Event::CardLost { id });
    assert_eq!(phone.failed(), Some(FailureKind::SessionCancelled), "nobody holds the card once more for nothing");
}

#[test]
fn the_seconds_left_count_from_the_moment_of_asking() {
    let mut phone = Phone::new(FarSide::rehearsal());
    phone.far.seconds_left = 300;
    let asked_at_ms = phone.now_ms;
    phone.lag_ms = 700;
    phone.scan();
    let Screen::Rehearsing { page: Some(page), .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(page.ends_at_ms, asked_at_ms + 300_000);
}

#[test]
fn a_report_that_cannot_arrive_leaves_the_lines_on_the_phone() {
    for (code, kind) in [
        (ProblemCode::Expired, FailureKind::QrExpired),
        (ProblemCode::Cancelled, FailureKind::SessionCancelled),
        (ProblemCode::BadEnvelope, FailureKind::ServiceMisbehaved),
    ] {
        let mut phone = Phone::scanned(FarSide::rehearsal()).answers(CallKind::SendRehearsal, refuses(code));
        phone.touch(CardSetup::good());
        let Some(ReportStage::Lost { failure }) = stage(&phone) else { panic!("{code:?}: {:?}", phone.flow.screen()) };
        assert_eq!((failure.kind, failure.facts.signed), (kind, false));
    }
}

#[test]
fn a_hotel_s_page_is_not_taken_for_the_relay_s_receipt() {
    let page = || crate::far_side::plain(200, b"<html>".to_vec());
    let mut phone = Phone::scanned(FarSide::rehearsal()).answers(CallKind::SendRehearsal, page());
    phone.touch(CardSetup::good());
    assert_eq!((phone.far.reports.len(), stage(&phone)), (1, Some(ReportStage::Delivered)));
    let mut phone = Phone::new(FarSide::rehearsal()).answers(CallKind::Reveal, page());
    phone.scan();
    assert_eq!(phone.failed(), Some(FailureKind::ServiceMisbehaved));
}

#[test]
fn a_lost_report_is_sent_again_by_hand_as_the_same_bytes() {
    let mut phone = Phone::scanned(FarSide::rehearsal()).answers(CallKind::SendRehearsal, refuses(ProblemCode::UnknownSession));
    phone.touch(CardSetup::good());
    phone.send(Event::TryAgain);
    assert_eq!(stage(&phone), Some(ReportStage::Delivered));
    let sent: Vec<&Vec<u8>> = phone
        .calls
        .iter()
        .zip(&phone.bodies)
        .filter(|(kind, _)| **kind == CallKind::SendRehearsal)
        .map(|(_, body)| body)
        .collect();
    assert!(sent.len() == 2 && sent[0] == sent[1]);
}

#[test]
fn a_page_that_ended_before_it_opened_the_lines_is_named() {
    let ended = SessionState::Ended { reason: EndReason::Cancelled };
    let mut phone = Phone::scanned(FarSide::rehearsal()).answers(CallKind::AskState, says(&standing(SessionState::Numbered)));
    phone = phone.answers(CallKind::AskState, says(&standing(ended)));
    phone.touch(CardSetup::good());
    assert!(matches!(stage(&phone), Some(ReportStage::Lost { failure }) if failure.kind == FailureKind::SessionCancelled));
}

#[test]
fn once_more_is_for_the_phone_alone() {
    let mut phone = rehearsed(CardSetup::good());
    phone.send(Event::RehearsalWanted);
    assert!(matches!(phone.flow.screen(), Screen::Rehearsing { page: None, .. }));
    phone.touch(CardSetup::locked());
    assert!(matches!(phone.flow.screen(), Screen::Rehearsed { report: None, .. }));
    assert_eq!(phone.far.reports.len(), 1);
}

fn standing(state: SessionState) -> Standing {
    Standing { version: VersionOne, state, seconds_left: 600 }
}
