//! That nobody signs here is told to the service also where the net was away, and the person has gone on.

use std::mem;
use std::sync::Arc;

use signer::{CallKind, Effect, Event, FailureKind, RelayAnswer, RelayCall, Screen, Sent};
use simulator::{CardSetup, VirtualCard};
use wire::{ProblemCode, RefusalKind};

use crate::far_side::{FarSide, refuses};
use crate::support::{PASSWORD, Phone, asking_for, link_to, practice_revision};

type Letter = (u64, Arc<RelayCall>);

#[test]
fn a_refusal_outlives_the_screen_that_the_person_left_while_the_net_was_away() {
    let mut phone = Phone::at_review();
    let mut letter = declined(&mut phone);
    let sealed = letter.1.letter();
    phone.send(Event::StartOver);
    for lost in [RelayAnswer::Unreachable, refuses(ProblemCode::Unavailable), RelayAnswer::Unreachable] {
        letter = refusal_in(answered(&mut phone, letter.0, lost));
        assert!(letter.1.letter() == sealed, "the same bytes, to the same place");
    }
    let mut far = mem::replace(&mut phone.far, asking_for(vec![]));
    arrives(&mut phone, &letter, &mut far);
    assert_eq!(kinds(&far), [RefusalKind::Declined]);
    assert_eq!(phone.flow.screen(), Screen::Scan { problem: None });
}

#[test]
fn what_this_device_will_not_sign_is_told_as_long() {
    let mut phone = Phone::at_card();
    let mut effects = phone.touch_and_keep(&mut VirtualCard::new(CardSetup::locked()));
    effects.retain(|effect| !matches!(effect, Effect::ReleaseCard));
    let letter = refusal_in(effects);
    assert_eq!(phone.failure_kind(), Some(FailureKind::PasswordLocked));
    phone.send(Event::StartOver);
    let letter = refusal_in(answered(&mut phone, letter.0, RelayAnswer::Unreachable));
    let mut far = mem::replace(&mut phone.far, asking_for(vec![]));
    arrives(&mut phone, &letter, &mut far);
    assert_eq!(kinds(&far), [RefusalKind::Locked]);
}

#[test]
fn another_signing_runs_meanwhile_and_neither_disturbs_the_other() {
    let mut phone = Phone::at_review();
    let letter = declined(&mut phone);
    let mut first = begins_another(&mut phone);
    let letter = refusal_in(answered(&mut phone, letter.0, RelayAnswer::Unreachable));
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }), "{:?}", phone.flow.screen());
    let mut phone = phone.to_password();
    phone.enter(PASSWORD);
    arrives(&mut phone, &letter, &mut first);
    assert!(matches!(phone.flow.screen(), Screen::HoldCard { .. }), "{:?}", phone.flow.screen());
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{:?}", phone.flow.screen());
    assert_eq!((kinds(&first), phone.far.signing.results.len()), (vec![RefusalKind::Declined], 1));
    assert!(phone.far.refusals.is_empty());
}

#[test]
fn the_end_of_one_signing_says_nothing_of_another_one_s_refusal() {
    let mut phone = Phone::at_review();
    let earlier = declined(&mut phone);
    let mut first = begins_another(&mut phone);
    let later = declined(&mut phone);
    arrives(&mut phone, &earlier, &mut first);
    assert_eq!(phone.flow.facts().sent, Sent::Unknown);
    let mut second = mem::replace(&mut phone.far, asking_for(vec![]));
    arrives(&mut phone, &later, &mut second);
    assert_eq!(phone.flow.facts().sent, Sent::Refusal);
    assert_eq!((first.refusals.len(), second.refusals.len()), (1, 1));
}

#[test]
fn a_refusal_is_tried_until_its_own_deadline_and_no_longer() {
    let mut phone = Phone::at_review();
    let letter = declined(&mut phone);
    let _ = begins_another_of(&mut phone, 60);
    phone.now_ms += 599_000;
    let letter = refusal_in(answered(&mut phone, letter.0, RelayAnswer::Unreachable));
    phone.now_ms += 1_000;
    assert!(answered(&mut phone, letter.0, RelayAnswer::Unreachable).is_empty(), "the session is over");
    assert!(answered(&mut phone, letter.0, RelayAnswer::Unreachable).is_empty());
}

/// The person says no, and nothing is answered yet.
fn declined(phone: &mut Phone) -> Letter {
    refusal_in(phone.flow.handle(Event::Declined, phone.now_ms))
}

/// Of another session; gives the far side of the one before.
fn begins_another(phone: &mut Phone) -> FarSide {
    begins_another_of(phone, 600)
}

fn begins_another_of(phone: &mut Phone, seconds_left: u64) -> FarSide {
    phone.send(Event::StartOver);
    let mut far = asking_for(vec![practice_revision().to_vec()]);
    far.seconds_left = seconds_left;
    let first = mem::replace(&mut phone.far, far);
    phone.send(Event::LinkScanned { text: link_to([9; 16]) });
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }), "{:?}", phone.flow.screen());
    first
}

fn answered(phone: &mut Phone, id: u64, answer: RelayAnswer) -> Vec<Effect> {
    phone.flow.handle(Event::RelayAnswered { id, answer }, phone.now_ms)
}

fn arrives(phone: &mut Phone, letter: &Letter, far: &mut FarSide) {
    let answer = far.hear(CallKind::Refuse, &letter.1.letter().1);
    assert!(answered(phone, letter.0, answer).is_empty(), "nothing is left to do");
}

fn refusal_in(effects: Vec<Effect>) -> Letter {
    let [Effect::Call { id, call }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(call.kind(), CallKind::Refuse);
    (*id, Arc::clone(call))
}

fn kinds(far: &FarSide) -> Vec<RefusalKind> {
    far.refusals.iter().map(|refusal| refusal.kind).collect()
}
