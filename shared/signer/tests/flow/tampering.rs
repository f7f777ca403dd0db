//! Whatever byte of what was sealed is another on arrival: the phone signs nothing and believes nothing, and the service
//! takes nothing. What no seal and no signature covers is the relay's own word (states, seconds left, progress): nothing
//! that counts is decided by it.

use std::ops::Range;

use proptest::prelude::*;
use signer::{CallKind, Effect, Event, FailureKind, RelayAnswer, Screen};
use simulator::{CardHolder, CardSetup, VirtualCard};
use wire::{ProblemCode, SessionState};

use crate::far_side::{long_revision, plain, refuses};
use crate::support::{ORIGIN, PASSWORD, Phone, asking_for, link_text, practice_revision};

#[test]
fn every_byte_of_the_first_half_of_a_request_is_covered() {
    request_is_covered(0..length_of(CallKind::FetchRequest, practice_revision()) / 2);
}

#[test]
fn every_byte_of_the_second_half_of_a_request_is_covered() {
    let length = length_of(CallKind::FetchRequest, practice_revision());
    assert_eq!(length, 8_220, "protocol.md, Envelopes");
    request_is_covered(length / 2..length);
}

#[test]
fn every_byte_of_a_short_document_is_covered() {
    let length = length_of(CallKind::FetchDocument, practice_revision());
    // In between lie the zeros in which the signature will stand.
    assert!(length > CHUNK + 1_000, "a whole chunk and a short one");
    for at in (0..1_500).chain((1_500..length - 2_000).step_by(97)).chain(length - 2_000..length) {
        assert_eq!(refusal(practice_revision(), CallKind::FetchDocument, at), Some(FailureKind::DocumentDiffers), "byte {at}");
    }
}

#[test]
fn every_byte_about_the_seams_of_a_long_document_is_covered() {
    let long = long();
    let length = length_of(CallKind::FetchDocument, &long);
    let seams = (1..).map(|chunk| wire::PREFIX_BYTES + chunk * CHUNK).take_while(|seam| *seam < length);
    let about = seams.flat_map(|seam| seam - TAG - 4..seam + 4);
    let places: Vec<usize> = (0..wire::PREFIX_BYTES + 4).chain(about).chain(length - TAG - 4..length).collect();
    assert!(places.len() > 100, "three seams");
    for at in places {
        assert_eq!(refusal(&long, CallKind::FetchDocument, at), Some(FailureKind::DocumentDiffers), "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_byte_of_a_long_document_is_covered(at: prop::sample::Index) {
        let long = long();
        let at = at.index(length_of(CallKind::FetchDocument, &long));
        prop_assert_eq!(refusal(&long, CallKind::FetchDocument, at), Some(FailureKind::DocumentDiffers));
    }
}

#[test]
fn every_byte_of_an_outcome_is_covered() {
    let mut phone = Phone::at_card();
    phone.far.signing.checks = 0;
    let (id, result) = letter(&phone.touch_and_keep(&mut VirtualCard::new(CardSetup::good())), CallKind::SendResult);
    let taken = phone.far.hear(CallKind::SendResult, &result);
    let (mut id, _) = letter(&answered(&mut phone, id, taken), CallKind::AskOutcome);
    let RelayAnswer::Answered { status: 200, body } = phone.far.hear(CallKind::AskOutcome, &[]) else { panic!("no outcome") };
    for at in 0..body.as_bytes().len() {
        (id, _) = letter(&answered(&mut phone, id, plain(200, flipped(body.as_bytes(), at))), CallKind::AskOutcome);
        assert!(matches!(phone.flow.screen(), Screen::Checking { trouble: Some(_) }), "byte {at}: {:?}", phone.flow.screen());
    }
    let effects = answered(&mut phone, id, plain(200, body.as_bytes().to_vec()));
    assert!(matches!((&effects[..], phone.flow.screen()), ([Effect::ForgetResult], Screen::Done { .. })));
}

#[test]
fn every_byte_of_a_result_is_covered() {
    let mut phone = Phone::at_card();
    let effects = phone.touch_and_keep(&mut VirtualCard::new(CardSetup::good()));
    let (_, result) = letter(&effects, CallKind::SendResult);
    for at in 0..result.len() {
        let refused = phone.far.hear(CallKind::SendResult, &flipped(&result, at));
        assert!(is_refused_as(&refused, ProblemCode::BadEnvelope), "byte {at}");
    }
    assert_eq!((phone.far.signing.results.len(), phone.far.state), (0, SessionState::Signing));
    phone.perform(effects);
    assert_eq!((phone.far.signing.results.len(), phone.far.state), (1, SessionState::Completed));
}

fn request_is_covered(places: Range<usize>) {
    for at in places {
        let told = refusal(practice_revision(), CallKind::FetchRequest, at);
        assert_eq!(told, Some(FailureKind::ServiceMisbehaved), "byte {at}");
    }
}

/// What ends the flow of a phone that scanned, while this byte of such answers changes on its way, and whose person goes
/// on wherever it lets them.
fn refusal(revision: &[u8], kind: CallKind, at: usize) -> Option<FailureKind> {
    let mut phone = Phone::with_revision(revision.to_vec());
    phone.altered = Some((kind, at));
    phone.send(Event::LinkScanned { text: link_text() });
    let mut phone = phone.to_password();
    phone.enter(PASSWORD);
    assert_eq!(verifies(&mut phone), 0, "{kind:?} {at}");
    assert_eq!((phone.count(CallKind::Begin), phone.count(CallKind::SendResult)), (0, 0));
    assert_eq!(phone.far.refusals.len(), 1, "the service is told");
    match phone.flow.screen() {
        Screen::Failed { failure, can_send_again: false } => Some(failure.kind),
        _ => None,
    }
}

/// By a card that is held wherever one is waited for.
fn verifies(phone: &mut Phone) -> u64 {
    if phone.awaited.is_none() {
        return 0;
    }
    let mut card = VirtualCard::new(CardSetup::good());
    phone.touch(&mut card);
    card.counts().verifies
}

/// Of an answer that takes this phone to the review.
fn length_of(kind: CallKind, revision: &[u8]) -> usize {
    let mut phone = Phone::before(asking_for(vec![revision.to_vec()]));
    phone.send(Event::LinkScanned { text: link_text() });
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }), "{:?}", phone.flow.screen());
    match phone.far.hear_at("/documents/0", kind, &[]) {
        RelayAnswer::Answered { body, .. } => body.as_bytes().len(),
        RelayAnswer::Unreachable => 0,
    }
}

/// Of four chunks.
fn long() -> Vec<u8> {
    long_revision(&CardHolder::hanako().name, ORIGIN, 2 * CHUNK)
}

fn answered(phone: &mut Phone, id: u64, answer: RelayAnswer) -> Vec<Effect> {
    phone.flow.handle(Event::RelayAnswered { id, answer }, phone.now_ms)
}

fn letter(effects: &[Effect], kind: CallKind) -> (u64, Vec<u8>) {
    let letters = effects.iter().find_map(|effect| match effect {
        Effect::Call { id, call } if call.kind() == kind => Some((*id, call.letter().1)),
        _ => None,
    });
    letters.unwrap_or_else(|| panic!("no {kind:?} in {effects:?}"))
}

fn is_refused_as(answer: &RelayAnswer, code: ProblemCode) -> bool {
    match (answer, refuses(code)) {
        (RelayAnswer::Answered { status, body }, RelayAnswer::Answered { status: wanted, body: words }) => {
            (*status, body.as_bytes()) == (wanted, words.as_bytes())
        }
        _ => false,
    }
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1 << (at % 8);
    bytes
}

/// As it lies on the wire, with its tag.
const CHUNK: usize = 65_536 + TAG;
const TAG: usize = 16;
