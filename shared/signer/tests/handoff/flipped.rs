//! Whatever byte of what says who asks is another on arrival: nothing is shown, nothing is revealed, and no card is waited
//! for, in a signing as in a rehearsal.

use signer::{CallKind, Event, FailureKind};
use wire::{ServiceAnswer, SessionKind};

use crate::far_side::{FarSide, LINK_HOST, ORIGIN, plain};
use crate::support::Phone;

#[test]
fn every_byte_of_the_service_s_answer_is_covered() {
    for kind in KINDS {
        let (_, answer, _) = claimed(kind);
        // Seconds left and versions are the relay's own word.
        for at in 0..serde_json::to_vec(&answer).expect("an answer").len() {
            let (mut phone, answer, id) = claimed(kind);
            let mut body = wire::encode(&phone.far.told(answer));
            let start = body.windows(8).position(|part| part == br#"{"kind":"#).expect("the answer in it");
            body[start + at] ^= 1 << (at % 7);
            phone.send(Event::RelayAnswered { id, answer: plain(200, body) });
            assert!(phone.failed().is_some(), "{kind:?} byte {at}: {:?}", phone.flow.screen());
            knows_nobody(&phone);
        }
    }
}

#[test]
fn every_byte_of_the_key_file_that_vouches_is_covered() {
    let file = serde_json::to_vec(&FarSide::rehearsal().key_file).expect("a file");
    let text = String::from_utf8(file.clone()).expect("text");
    // Its name is checked by nobody, and another end of its key is another true word of the origin.
    let name = text.find("見").expect("a name")..text.find("\",\"relays").expect("relays");
    let end = text.find("not_after\":").expect("an end") + 11..text.len() - 3;
    for kind in KINDS {
        for at in (0..file.len()).filter(|at| !name.contains(at) && !end.contains(at)) {
            let mut altered = file.clone();
            altered[at] ^= 1;
            let mut phone = Phone::new(asking(kind));
            for _ in 0..2 {
                phone = phone.answers(CallKind::FetchOriginKeys, plain(200, altered.clone()));
            }
            phone.scan();
            assert!(phone.is_refused(&FailureKind::OriginNotProven), "{kind:?} byte {at}: {:?}", phone.flow.screen());
            knows_nobody(&phone);
        }
    }
}

fn knows_nobody(phone: &Phone) {
    assert!(phone.named.is_empty() && phone.awaited.is_none());
    assert_eq!((phone.count(CallKind::Reveal), phone.count(CallKind::Begin)), (0, 0));
}

/// A phone that has claimed, with the answer that the service would give it.
pub(crate) fn claimed(kind: SessionKind) -> (Phone, ServiceAnswer, u64) {
    let mut phone = Phone::new(asking(kind));
    phone.held = Some((CallKind::AskAnswer, None));
    phone.scan();
    let claim: wire::Claim = wire::decode(&phone.bodies[0]).expect("a claim");
    let answer = phone.far.answer_to(&claim.commitment).answer;
    let Some((_, Some(id))) = phone.held.take() else { panic!("the answer is asked for") };
    (phone, answer, id)
}

fn asking(kind: SessionKind) -> FarSide {
    FarSide::new(kind, ORIGIN, LINK_HOST)
}

const KINDS: [SessionKind; 2] = [SessionKind::Signing, SessionKind::Rehearsal];
