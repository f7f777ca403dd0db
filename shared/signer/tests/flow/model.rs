//! Every fault at every command, with a right and a wrong password, and with another card held afterwards. The
//! simulator counts, not the client.

use std::time::Duration;

use signer::{CallKind, Event, Screen, TrySpent};
use simulator::{CardSetup, Counts, Fault, FaultEffect, FaultPoint, Quirks, VirtualCard};

use crate::support::{PASSWORD, Phone, WRONG};

/// A person who types this first and the right password from then on, and holds the card whenever asked.
struct Person<'a> {
    first: &'a str,
    typings: u64,
    wrong_typings: u64,
    /// Held once, in the second touch, by mistake.
    other: Option<VirtualCard>,
}

/// What the first card and the other one have counted at the end.
struct Run {
    phone: Phone,
    card: VirtualCard,
    typings: u64,
    wrong_typings: u64,
    other: Option<Counts>,
}

impl Person<'_> {
    fn sign(mut self, mut phone: Phone, mut card: VirtualCard) -> Run {
        let (mut touches, mut other_counts) = (0, None);
        for _ in 0..24 {
            match phone.flow.screen() {
                Screen::EnterPassword { must_confirm_last_try: true, .. } => break,
                Screen::EnterPassword { .. } => self.enter(&mut phone),
                Screen::HoldCard { .. } => {
                    touches += 1;
                    match self.other.take_if(|_| touches == 2) {
                        Some(mut other) => {
                            phone.touch(&mut other);
                            other_counts = Some(other.counts());
                        }
                        None => phone.touch(&mut card),
                    }
                }
                _ => break,
            }
        }
        Run { phone, card, typings: self.typings, wrong_typings: self.wrong_typings, other: other_counts }
    }

    fn enter(&mut self, phone: &mut Phone) {
        let typed = if self.typings == 0 { self.first } else { PASSWORD };
        self.typings += 1;
        self.wrong_typings += u64::from(typed != PASSWORD);
        phone.enter(typed);
    }
}

fn run(setup: CardSetup, first: &str, other: Option<CardSetup>) -> Run {
    let person = Person { first, typings: 0, wrong_typings: 0, other: other.map(VirtualCard::new) };
    person.sign(Phone::at_password(), VirtualCard::new(setup))
}

/// Short reads or one long one, each with every fault at each of its commands.
fn every_case() -> impl Iterator<Item = (CardSetup, Fault)> {
    let cards = [true, false].map(|extended_length| {
        let setup = CardSetup::good().with_quirks(Quirks { extended_length, ..Quirks::default() });
        (setup, if extended_length { 5 } else { 12 })
    });
    cards.into_iter().flat_map(|(setup, commands)| {
        (1..=commands).flat_map(move |nth| {
            let setup = setup.clone();
            every_effect().into_iter().map(move |effect| {
                let fault = Fault { at: FaultPoint::Command(nth), effect };
                (setup.clone().with_fault(fault), fault)
            })
        })
    })
}

fn every_effect() -> Vec<FaultEffect> {
    vec![
        FaultEffect::TearBefore,
        FaultEffect::TearAfter,
        FaultEffect::Garble,
        FaultEffect::Cut(1),
        FaultEffect::Cut(2),
        FaultEffect::Cut(30),
        FaultEffect::Pad(1),
        FaultEffect::Pad(200),
        FaultEffect::Reset,
        FaultEffect::Answer(0x9000),
        FaultEffect::Answer(0x6F00),
        FaultEffect::Answer(0x6982),
        FaultEffect::Answer(0x63C0),
        FaultEffect::Delay(Duration::from_millis(1)),
    ]
}

#[test]
fn tries_spent_never_exceed_wrong_passwords_typed_and_nothing_is_signed_twice_or_lost() {
    for (setup, fault) in every_case() {
        for first in [PASSWORD, WRONG] {
            let ran = run(setup.clone(), first, None);
            let counts = ran.card.counts();
            assert!(counts.attempts_spent <= ran.wrong_typings, "{fault:?} {first}: {counts:?}");
            assert!(counts.verifies <= ran.typings, "{fault:?} {first}: {counts:?}");
            assert_eq!(counts.verifies_repeated, 0, "{fault:?} {first}");
            let is_done = matches!(ran.phone.flow.screen(), Screen::Done { .. });
            assert_eq!(ran.phone.count(CallKind::SendResult), usize::from(is_done), "{fault:?} {first}");
            assert!(is_done || says_no_more(&ran.phone), "{fault:?} {first}: {:?}", ran.phone.flow.screen());
        }
    }
}

#[test]
fn a_count_that_the_person_is_told_is_the_card_s() {
    for (setup, fault) in every_case() {
        // A card that says something else than it counted deceives everybody.
        if matches!(fault.effect, FaultEffect::Answer(_) | FaultEffect::Garble | FaultEffect::Cut(_)) {
            continue;
        }
        let mut phone = Phone::at_password();
        let mut card = VirtualCard::new(setup);
        phone.enter(WRONG);
        for _ in 0..3 {
            if matches!(phone.flow.screen(), Screen::HoldCard { .. }) {
                phone.touch(&mut card);
            }
            if let Some(TrySpent::Yes { left }) = phone.failure().map(|failure| failure.facts.try_spent) {
                assert_eq!(left, card.signing_attempts_left(), "{fault:?}");
            }
            if let Some(TrySpent::No) = phone.failure().map(|failure| failure.facts.try_spent) {
                assert_eq!(card.counts().attempts_spent, 0, "{fault:?}");
            }
        }
    }
}

#[test]
fn another_card_held_after_a_torn_verify_is_sent_no_password() {
    for (setup, fault) in every_case().filter(|(_, fault)| is_tear_from_verify_on(fault)) {
        // After a wrong password no command follows that could be torn.
        let is_verify = fault.at == FaultPoint::Command(3);
        for first in [PASSWORD, WRONG].into_iter().filter(|first| is_verify || *first == PASSWORD) {
            let ran = run(setup.clone(), first, Some(CardSetup::other_person()));
            let other = ran.other.expect("the other card was held in the second touch");
            assert_eq!((other.verifies, other.signatures), (0, 0), "{fault:?} {first}");
            assert!(ran.card.counts().attempts_spent <= ran.wrong_typings, "{fault:?} {first}");
        }
    }
}

#[test]
fn in_doubt_on_a_known_card_the_same_password_goes_on_by_itself() {
    for (second, verifies) in [(Fault::tear_before_verify(), 3), (Fault::tear_after_verify(), 3)] {
        let (mut phone, mut card) = torn_on_a_known_card(PASSWORD, second);
        let failure = phone.failure().expect("a word about it");
        assert_eq!((failure.code.as_str(), failure.facts.try_spent), ("E-PIN-06", TrySpent::Unknown));
        phone.touch(&mut card);
        assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{second:?}: {:?}", phone.flow.screen());
        assert_eq!((card.counts().verifies, card.counts().attempts_spent), (verifies, 0), "{second:?}");
    }
}

#[test]
fn in_doubt_on_a_known_card_a_wrong_password_is_told_without_sending_it_again() {
    let (mut phone, mut card) = torn_on_a_known_card(WRONG, Fault::tear_after_verify());
    let verifies = card.counts().verifies;
    phone.touch(&mut card);
    let failure = phone.failure().expect("a word about it");
    assert_eq!((failure.code.as_str(), failure.facts.try_spent), ("E-PIN-03", TrySpent::Yes { left: 4 }));
    assert_eq!(card.counts().verifies, verifies);
}

#[test]
fn a_password_in_doubt_dies_with_its_minute_and_in_the_background() {
    for leave in [Event::WentToBackground, Event::Ticked] {
        let (mut phone, card) = torn_on_a_known_card(PASSWORD, Fault::tear_before_verify());
        if matches!(leave, Event::Ticked) {
            phone.wait(61);
        } else {
            phone.send(leave);
        }
        assert_eq!(phone.failure().map(|failure| failure.code), Some("E-PIN-07".into()));
        let verifies = card.counts().verifies;
        assert!(matches!(phone.flow.screen(), Screen::EnterPassword { .. }));
        assert_eq!(card.counts().verifies, verifies);
    }
}

/// A first VERIFY is torn, the card counted and known from then on; this password is typed and torn by that fault.
fn torn_on_a_known_card(typed: &str, fault: Fault) -> (Phone, VirtualCard) {
    let mut card = VirtualCard::new(CardSetup::good().with_fault(Fault::tear_before_verify()));
    let mut phone = Phone::at_password();
    phone.enter(PASSWORD);
    phone.touch(&mut card);
    phone.touch(&mut card);
    phone.enter(typed);
    card.arm(fault);
    phone.touch(&mut card);
    (phone, card)
}

/// The flow has ended, or waits for the person with a reason on the screen.
fn says_no_more(phone: &Phone) -> bool {
    match phone.flow.screen() {
        Screen::Failed { .. } => true,
        Screen::EnterPassword { problem, .. } => problem.is_some(),
        _ => false,
    }
}

fn is_tear_from_verify_on(fault: &Fault) -> bool {
    let is_tear = matches!(fault.effect, FaultEffect::TearBefore | FaultEffect::TearAfter | FaultEffect::Cut(1));
    is_tear && matches!(fault.at, FaultPoint::Command(nth) if nth >= 3)
}
