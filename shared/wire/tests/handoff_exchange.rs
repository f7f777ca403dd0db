//! Whatever somebody alters between phone and service, the two do not come to the same keys.

mod support;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use support::*;
use wire::{
    AnswerProblem, AnswerSignature, Commitment, EnvelopeProblem, ExchangeProblem, KeyId, Link, LinkHost, LinkKind, LinkSecret,
    Meeting, Nonce, Number, Origin, PhoneEnd, PhoneKey, Proof, Refusal, RefusalKind, ReturnValue, Reveal, ServiceAnswer,
    ServiceKey, SessionId, SessionKind, Step, VerifiedAnswer, VersionOne,
};

#[test]
fn no_bit_of_a_scanned_link_can_change() {
    let own = link_to(&meeting()).to_text();
    let (address, payload) = own.split_once('#').expect("a payload");
    let payload = many_bytes(&serde_json::Value::from(payload));
    assert!(opens_the_request(&own));
    for at in 0..payload.len() * 8 {
        let altered = format!("{address}#{}", base64url(&flipped(&payload, at)));
        assert!(!opens_the_request(&altered), "bit {at}");
    }
}

#[test]
fn no_bit_of_an_answer_can_change() {
    let own = answer(&meeting());
    for at in 0..512 {
        let signature = AnswerSignature::from_bytes(array(flipped(own.signature.as_bytes(), at)));
        assert_eq!(verify(&ServiceAnswer { signature, ..own.clone() }), Err(AnswerProblem::SignatureDoesNotFit), "bit {at}");
    }
    for at in 0..256 {
        let service_key = ServiceKey::from_bytes(array(flipped(own.service_key.as_bytes(), at)));
        assert_eq!(verify(&ServiceAnswer { service_key, ..own.clone() }), Err(AnswerProblem::SignatureDoesNotFit), "bit {at}");
    }
    let origin = Origin::parse("https://bark.example").expect("an origin");
    assert_eq!(verify(&ServiceAnswer { origin, ..own.clone() }), Err(AnswerProblem::SignatureDoesNotFit));
    let signing_key = KeyId::parse("2026-12").expect("a name");
    assert_eq!(verify(&ServiceAnswer { signing_key, ..own.clone() }), Err(AnswerProblem::UnknownKey));
    assert!(verify(&own).is_ok());
}

#[test]
fn a_relay_cannot_make_a_rehearsal_of_a_signing_nor_name_another_key() {
    let own = answer(&meeting());
    let rehearsal = ServiceAnswer { kind: SessionKind::Rehearsal, ..own.clone() };
    assert_eq!(verify(&rehearsal), Err(AnswerProblem::SignatureDoesNotFit));
    let mut published_twice = key_file();
    let other = KeyId::parse("2026-12").expect("a name");
    let again = published_twice.keys.first().cloned().expect("one key");
    published_twice.keys.push(wire::PublishedKey { id: other.clone(), ..again });
    let renamed = ServiceAnswer { signing_key: other, ..own };
    let told = published_twice.verify(&renamed, &link_to(&meeting()), &phone(), now());
    assert_eq!(told.err(), Some(AnswerProblem::SignatureDoesNotFit));
}

#[test]
fn an_answer_to_another_phone_or_session_or_through_another_relay_does_not_fit() {
    let own = answer(&meeting());
    let other_phone = PhoneEnd::new(private("service_private"), Nonce::from_bytes([1; 32]));
    let told = key_file().verify(&own, &link_to(&meeting()), &other_phone, now());
    assert_eq!(told.err(), Some(AnswerProblem::SignatureDoesNotFit));
    let elsewhere = Link { session: SessionId::from_bytes([1; 16]), ..link_to(&meeting()) };
    assert_eq!(key_file().verify(&own, &elsewhere, &phone(), now()).err(), Some(AnswerProblem::SignatureDoesNotFit));
    let listed = Link { base: Origin::parse("http://127.0.0.1:8080").expect("loopback"), ..link_to(&meeting()) };
    assert_eq!(key_file().verify(&own, &listed, &phone(), now()).err(), Some(AnswerProblem::SignatureDoesNotFit));
    let unlisted = Link { base: Origin::parse("https://relay.evil.example").expect("an origin"), ..link_to(&meeting()) };
    assert_eq!(key_file().verify(&own, &unlisted, &phone(), now()).err(), Some(AnswerProblem::RelayNotListed));
}

#[test]
fn an_answer_is_believed_until_its_keys_last_second() {
    let at = |seconds| key_file().verify(&answer(&meeting()), &link_to(&meeting()), &phone(), second(seconds)).map(|_| ());
    assert_eq!(at(1_800_000_000), Ok(()));
    assert_eq!(at(1_800_000_001), Err(AnswerProblem::KeyTooOld));
}

#[test]
fn without_a_key_file_only_loopback_is_believed() {
    let here = meeting_of(&vectors()["handoffs"][3]);
    let answer_here = answer(&here);
    assert!(VerifiedAnswer::on_loopback(&answer_here, &link_to(&here)).is_some_and(|answer| answer.name().is_none()));
    assert!(VerifiedAnswer::on_loopback(&answer_here, &link_to(&meeting())).is_none());
    assert!(VerifiedAnswer::on_loopback(&answer(&meeting()), &link_to(&here)).is_none());
}

#[test]
fn every_input_of_the_transcript_changes_the_digits_the_return_and_the_keys() {
    let own = meeting();
    let altered = [
        Meeting { session_kind: SessionKind::Rehearsal, ..own.clone() },
        Meeting { link_kind: LinkKind::Copied, ..own.clone() },
        Meeting { origin: Origin::parse("https://bark.example").expect("an origin"), ..own.clone() },
        Meeting { link_host: LinkHost::parse("link.kazasa.example").expect("a host"), ..own.clone() },
    ];
    let (phones, services) = keys(&own);
    assert_eq!(phones.transcript(), services.transcript());
    let phones = phones.for_phone();
    for meeting in altered {
        let other = agree(&meeting, &phone().commitment(session()), &reveal(), &secret()).expect("keys");
        assert_ne!(other.transcript(), services.transcript());
        differs(&phones, other);
    }
    let other_secret = LinkSecret::from_bytes(array(flipped(secret().as_bytes(), 255)));
    differs(&phones, agree(&own, &phone().commitment(session()), &reveal(), &other_secret).expect("keys"));
}

#[test]
fn no_bit_of_a_reveal_or_its_commitment_can_change() {
    let (stored, own) = (phone().commitment(session()), reveal());
    for at in 0..256 {
        let phone_key = PhoneKey::from_bytes(array(flipped(own.phone_key.as_bytes(), at)));
        let nonce = Nonce::from_bytes(array(flipped(own.nonce.as_bytes(), at)));
        let commitment = Commitment::from_bytes(array(flipped(stored.as_bytes(), at)));
        for (stored, reveal) in [(&stored, Reveal { phone_key, ..own }), (&stored, Reveal { nonce, ..own }), (&commitment, own)] {
            let told = agree(&meeting(), stored, &reveal, &secret()).err();
            assert_eq!(told, Some(ExchangeProblem::RevealDoesNotFit), "bit {at}");
        }
    }
    let elsewhere = Meeting { session: SessionId::from_bytes([1; 16]), ..meeting() };
    assert_eq!(agree(&elsewhere, &stored, &own, &secret()).err(), Some(ExchangeProblem::RevealDoesNotFit));
}

#[test]
fn keys_of_small_order_are_refused_by_both_ends() {
    for point in SMALL_ORDER {
        let answer = answer_key().answer(key_id(), &meeting(), &phone().commitment(session()), ServiceKey::from_bytes(point));
        let verified = key_file().verify(&answer, &link_to(&meeting()), &phone(), now()).expect("well signed");
        assert_eq!(phone().reveal(&verified, &secret()).err(), Some(ExchangeProblem::AllZero));
        let reveal = Reveal { version: VersionOne, phone_key: PhoneKey::from_bytes(point), nonce: Nonce::from_bytes([7; 32]) };
        let fitting = commitment_to(&reveal);
        assert_eq!(agree(&meeting(), &fitting, &reveal, &secret()).err(), Some(ExchangeProblem::AllZero));
    }
}

#[test]
fn no_bit_of_an_envelope_can_change() {
    let (phones, services) = keys(&meeting());
    let (phones, services) = (phones.for_phone(), services.for_service());
    let sealed = phones.refusal.seal([9; 12], &Refusal { version: VersionOne, kind: RefusalKind::Held });
    assert!(services.refusal.open(&sealed).is_ok_and(|refusal| refusal.kind == RefusalKind::Held));
    for at in 0..sealed.len() * 8 {
        assert_eq!(services.refusal.open(&flipped(&sealed, at)), Err(EnvelopeProblem::DoesNotOpen), "bit {at}");
    }
    for length in 0..sealed.len() {
        assert!(services.refusal.open(sealed.get(..length).expect("shorter")).is_err(), "{length} bytes");
    }
    assert!(services.refusal.open(&[&sealed[..], &[0]].concat()).is_err());
    assert_eq!(services.result.open(&sealed).err(), Some(EnvelopeProblem::DoesNotOpen));
    assert_eq!(services.refusal.open(&vec![0; wire::MAX_ENVELOPE_BYTES + 1]).err(), Some(EnvelopeProblem::Length));
}

#[test]
fn digits_are_read_as_people_type_them() {
    let (phones, services) = keys(&meeting());
    let (shown, stored) = (phones.for_phone().number.to_string(), services.for_service().number);
    let plain: String = shown.split(' ').collect();
    let wide: String = plain.chars().filter_map(|sign| char::from_u32(u32::from(sign) + 0xFEE0)).collect();
    for typed in [shown.clone(), plain.clone(), wide, format!(" {plain}\u{3000}")] {
        assert!(Number::parse(&typed).is_some_and(|number| number == stored), "{typed}");
    }
    for typed in
        ["", "12345", "1234567", "12345a", "-12345", "+12345", "１２３４５", "²23456", "١٢٣٤٥٦", "99999999999", &"9".repeat(1000)]
    {
        assert!(Number::parse(typed).is_none(), "{typed}");
    }
    let next = Number::parse(&format!("{:06}", (plain.parse::<u32>().expect("digits") + 1) % 1_000_000)).expect("six digits");
    assert!(next != stored);
}

#[test]
fn no_bit_of_a_return_value_can_change() {
    let own = keys(&meeting()).0.for_phone().return_value;
    let address = own.address(&meeting().origin);
    let fragment = address.strip_prefix("https://bank.example/return#").expect("the checked origin");
    assert!(ReturnValue::parse(fragment).is_some_and(|value| value == own && value.session() == session()));
    let bytes = many_bytes(&serde_json::Value::from(fragment));
    for at in 0..bytes.len() * 8 {
        assert!(ReturnValue::parse(&base64url(&flipped(&bytes, at))).is_none_or(|value| value != own), "bit {at}");
    }
    assert!(ReturnValue::parse(&format!("{fragment}=")).is_none() && ReturnValue::parse("").is_none());
}

/// What a phone that scanned `text` comes to: admitted by the relay, in agreement with the service, and a request in hand.
fn opens_the_request(text: &str) -> bool {
    let Ok(link) = Link::parse(text, &hosts()) else { return false };
    let Proof::Moving(frame) = &link.proof else { return false };
    if frame_key().check(session(), frame, Step::from_number(8)).is_err() {
        return false;
    }
    let Ok(verified) = key_file().verify(&answer(&meeting()), &link, &phone(), now()) else { return false };
    let (_, keys) = phone().reveal(&verified, &link.secret).expect("a sound key");
    keys.for_phone().request.open(&many_bytes(&vectors()["handoffs"][0]["envelopes"]["request"])).is_ok()
}

fn differs(phones: &wire::PhoneSide, other: wire::HandoffKeys) {
    let other = other.for_service();
    assert!(phones.number != other.number);
    assert!(phones.return_value != other.return_value);
    let sealed = many_bytes(&vectors()["handoffs"][0]["envelopes"]["refusal"]);
    assert_eq!(other.refusal.open(&sealed), Err(EnvelopeProblem::DoesNotOpen));
}

fn verify(answer: &ServiceAnswer) -> Result<(), AnswerProblem> {
    key_file().verify(answer, &link_to(&meeting()), &phone(), now()).map(|_| ())
}

fn agree(
    meeting: &Meeting,
    stored: &Commitment,
    reveal: &Reveal,
    secret: &LinkSecret,
) -> Result<wire::HandoffKeys, ExchangeProblem> {
    service().agree(meeting, stored, reveal, secret)
}

fn reveal() -> Reveal {
    let verified = key_file().verify(&answer(&meeting()), &link_to(&meeting()), &phone(), now()).expect("a good answer");
    phone().reveal(&verified, &secret()).expect("a sound key").0
}

/// By hand, for keys that no phone of ours has.
fn commitment_to(reveal: &Reveal) -> Commitment {
    use sha2::{Digest, Sha256};
    let bytes = [&b"kazasu/1 commit"[..], session().as_bytes(), reveal.phone_key.as_bytes(), reveal.nonce.as_bytes()].concat();
    Commitment::from_bytes(Sha256::digest(bytes).into())
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut altered = bytes.to_vec();
    *altered.get_mut(bit / 8).expect("a bit of these") ^= 1 << (bit % 8);
    altered
}

fn array<const LENGTH: usize>(bytes: Vec<u8>) -> [u8; LENGTH] {
    bytes.try_into().expect("as long as before")
}

fn second(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// 0, 1 and the two points of order 8, little-endian, as Curve25519's page lists them.
const SMALL_ORDER: [[u8; 32]; 4] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb,
        0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4,
        0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];
