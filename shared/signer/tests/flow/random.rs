//! Events in any order, real and made up.

use crate::far_side::{plain, refuses};
use crate::private::snapshot;
use crate::support::{PASSWORD, Phone, WRONG, link_text, link_to, touched};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use signer::{Body, CallKind, Effect, Event, RelayAnswer, Screen, Sent, TrySpent};
use simulator::{CardSetup, VirtualCard};

/// What the world does next.
#[derive(Debug, Clone)]
enum Move {
    Person(u8),
    Decline,
    Type(bool),
    Touch,
    TearAway,
    AnswerCard(Vec<u8>),
    Stray { id: u64, kind: u8 },
    Wait(u16),
    RelayFails(u8),
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        8 => (0u8..14).prop_map(Move::Person),
        1 => Just(Move::Decline),
        4 => any::<bool>().prop_map(Move::Type),
        4 => Just(Move::Touch),
        1 => Just(Move::TearAway),
        1 => prop::collection::vec(any::<u8>(), 0..6).prop_map(Move::AnswerCard),
        2 => (0u64..60, 0u8..4).prop_map(|(id, kind)| Move::Stray { id, kind }),
        2 => (0u16..90).prop_map(Move::Wait),
        2 => (0u8..8).prop_map(Move::RelayFails),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_spends_a_try_unasked(moves in prop::collection::vec(any_move(), 1..60), at_card in any::<bool>()) {
        let mut card = VirtualCard::new(CardSetup::good());
        let mut phone = if at_card { Phone::at_card() } else { Phone::new() };
        let mut typings = u64::from(at_card);
        for next in moves {
            typings += u64::from(step(&mut phone, &mut card, next));
            let begun = phone.count(CallKind::Begin) > 0;
            prop_assert!(card.counts().verifies == 0 || begun);
            prop_assert!(card.counts().verifies <= typings);
            prop_assert_eq!(card.counts().verifies_repeated, 0);
            prop_assert!(phone.count(CallKind::SendResult) == 0 || card.counts().signatures > 0);
            let shown = snapshot(&phone.flow.screen());
            prop_assert!(!shown.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes()));
            tells_no_better_than_it_is(&phone, &card)?;
        }
    }
}

/// The facts that a shell would tell if all ended here.
fn tells_no_better_than_it_is(phone: &Phone, card: &VirtualCard) -> Result<(), TestCaseError> {
    let facts = phone.flow.facts();
    prop_assert!(!facts.signed || card.counts().signatures > 0);
    match facts.sent {
        Sent::Nothing => prop_assert!(!facts.signed),
        Sent::Refusal => prop_assert!(!facts.signed && phone.count(CallKind::Refuse) > 0),
        Sent::Signature => prop_assert!(facts.signed && phone.count(CallKind::SendResult) > 0),
        Sent::Unknown => prop_assert!(phone.count(CallKind::Refuse) + phone.count(CallKind::SendResult) > 0),
    }
    match facts.try_spent {
        TrySpent::Yes { left } => prop_assert_eq!(left, card.signing_attempts_left()),
        // A session knows nothing of the one before it.
        TrySpent::No if is_in_first_session(phone) => prop_assert_eq!(card.signing_attempts_left(), FULL_COUNT),
        TrySpent::No | TrySpent::Unknown => {}
    }
    Ok(())
}

fn is_in_first_session(phone: &Phone) -> bool {
    phone.count(CallKind::Claim) <= 1 && !matches!(phone.flow.screen(), Screen::Scan { .. })
}

/// Whether a password was typed where one is asked for.
fn step(phone: &mut Phone, card: &mut VirtualCard, next: Move) -> bool {
    match next {
        Move::Person(which) => phone.send(person(which)),
        Move::Decline => phone.send(Event::Declined),
        Move::Type(right) => {
            let is_asked = matches!(phone.flow.screen(), Screen::EnterPassword { .. });
            phone.enter(if right { PASSWORD } else { WRONG });
            return is_asked;
        }
        Move::Touch if phone.awaited.is_some() => phone.touch(card),
        Move::TearAway => tear_away(phone, card, Event::CardLost { id: 0 }),
        Move::AnswerCard(response) => tear_away(phone, card, Event::CardAnswered { id: 0, response }),
        Move::Stray { id, kind } => phone.send(stray(id, kind)),
        Move::Wait(seconds) => phone.wait(seconds.into()),
        Move::RelayFails(which) => fail_next_call(phone, which),
        Move::Touch => {}
    }
    false
}

fn person(which: u8) -> Event {
    match which {
        0 => Event::LinkScanned { text: link_text() },
        1 => Event::LinkScanned { text: link_to([9; 16]) },
        2 => Event::ConsentsGiven,
        3 => Event::LastTryConfirmed { typed: "1".into() },
        4 => Event::StartOver,
        5 => Event::TryAgain,
        6 => Event::WentToBackground,
        7 => Event::PagesSeen { document: 0 },
        8 => Event::SignatureGivenUp,
        _ => Event::Proceed,
    }
}

/// Three commands of a touch, then whatever comes instead of an answer.
fn tear_away(phone: &mut Phone, card: &mut VirtualCard, instead: Event) {
    let Some(id) = phone.awaited.take() else { return };
    card.power_on();
    let mut effects = phone.flow.handle(touched(id), phone.now_ms);
    for answered in 0..=3 {
        let [Effect::Transmit { id, command }] = effects.as_slice() else { break };
        let id = *id;
        let event = match (&instead, answered) {
            (Event::CardAnswered { response, .. }, 3) => Event::CardAnswered { id, response: response.clone() },
            (_, 3) => Event::CardLost { id },
            _ => Event::CardAnswered { id, response: card.transmit(command) },
        };
        effects = phone.flow.handle(event, phone.now_ms);
    }
    while let [Effect::Transmit { id, .. }] = effects[..] {
        effects = phone.flow.handle(Event::CardLost { id }, phone.now_ms);
    }
    card.power_off();
    phone.perform(effects);
}

fn stray(id: u64, kind: u8) -> Event {
    match kind {
        0 => touched(id + 100_000),
        1 => Event::CardAnswered { id, response: vec![0x90, 0x00] },
        2 => Event::CardLost { id },
        _ => Event::RelayAnswered { id, answer: plain(202, vec![]) },
    }
}

fn fail_next_call(phone: &mut Phone, which: u8) {
    let kinds = [
        CallKind::Claim,
        CallKind::FetchRequest,
        CallKind::FetchDocument,
        CallKind::Begin,
        CallKind::SendResult,
        CallKind::AskOutcome,
        CallKind::Refuse,
        CallKind::ReportProgress,
    ];
    let kind = kinds[usize::from(which) % kinds.len()];
    let answers = [
        RelayAnswer::Unreachable,
        refuses(wire::ProblemCode::RateLimited),
        RelayAnswer::Answered { status: 200, body: Body::new(b"{}".to_vec()) },
    ];
    let answer = answers[usize::from(which) % answers.len()].clone();
    phone.relay_answers(kind, answer);
}

/// Tries of a signing password that was not typed wrong since it was right.
const FULL_COUNT: u8 = 5;
