//! What crosses the network has one pinned form, made by another implementation: `tests/vectors/wire/make-handoff.py`.

mod support;

use serde_json::Value;
use sha2::{Digest, Sha256};
use support::*;
use wire::{
    Begun, Claim, ClaimAnswer, ContentKey, DocumentOpener, DocumentSealer, FreshContentKey, Link, MAX_DOCUMENTS_BYTES, Message,
    Outcome, Progress, Refusal, Rehearsal, ReturnValue, Reveal, SealedMessage, SealingKey, ServiceSide, SigningRequest,
    SigningResult, Standing, Step, decode, encode,
};
use zeroize::Zeroizing;

#[test]
fn frames_have_their_pinned_macs() {
    for pinned in vectors()["frames"].as_array().expect("frames") {
        let step = u32::try_from(pinned["step"].as_u64().expect("a number")).expect("a step");
        assert_eq!(frame_key().frame(session(), Step::from_number(step)).mac, bytes(&pinned["mac"]));
    }
}

#[test]
fn links_of_each_kind_have_their_pinned_text() {
    for (kind, pinned) in vectors()["links"].as_object().expect("links") {
        let link = Link::parse(text(pinned), &hosts()).expect("our own link");
        assert_eq!(link.kind().code(), kind);
        assert_eq!(link.session, session());
        assert_eq!(link.secret.as_bytes(), secret().as_bytes());
        assert_eq!(link.to_text().as_str(), text(pinned));
    }
}

#[test]
fn public_keys_are_those_of_the_private_ones() {
    let vectors = vectors();
    assert_eq!(service().service_key().to_string(), text(&vectors["service_key"]));
    let origin_key = key_file().keys.first().expect("one key").ed25519;
    assert_eq!(answer_key().origin_key(), origin_key);
    assert_eq!(serde_json::to_string(&key_file()).expect("plain"), text(&vectors["key_file"]));
}

#[test]
fn every_hand_off_has_its_pinned_commitment_signature_digits_and_return() {
    for pinned in vectors()["handoffs"].as_array().expect("hand-offs") {
        let meeting = meeting_of(pinned);
        assert_eq!(phone().commitment(session()).to_string(), text(&pinned["commitment"]));
        assert_eq!(answer(&meeting).signature.to_string(), text(&pinned["signature"]));
        let (phones, services) = keys(&meeting);
        assert_eq!(phones.transcript().to_string(), text(&pinned["transcript"]));
        let (phones, services) = (phones.for_phone(), services.for_service());
        assert_eq!(phones.number.to_string(), text(&pinned["number"]));
        assert!(phones.number == services.number && phones.return_value == services.return_value);
        let address = phones.return_value.address(&meeting.origin);
        assert_eq!(address.as_str(), text(&pinned["return"]));
        let (_, fragment) = address.split_once('#').expect("a fragment");
        assert!(ReturnValue::parse(fragment).is_some_and(|value| value == services.return_value));
    }
}

#[test]
fn every_envelope_has_its_pinned_bytes() {
    for pinned in vectors()["handoffs"].as_array().expect("hand-offs") {
        let sealed = &pinned["envelopes"];
        let (phones, services) = keys(&meeting_of(pinned));
        let (phones, services): (_, ServiceSide) = (phones.for_phone(), services.for_service());
        has_pinned_envelope("request", sealed, services.request);
        has_pinned_envelope("outcome", sealed, services.outcome);
        has_pinned_envelope("refusal", sealed, phones.refusal);
        has_pinned_envelope("rehearsal", sealed, phones.rehearsal);
        has_pinned_envelope("result", sealed, phones.result);
        assert!(phones.request.open(&many_bytes(&sealed["request"])).is_ok());
        assert!(phones.outcome.open(&many_bytes(&sealed["outcome"])).is_ok());
        assert!(services.refusal.open(&many_bytes(&sealed["refusal"])).is_ok());
        assert!(services.rehearsal.open(&many_bytes(&sealed["rehearsal"])).is_ok());
        assert!(services.result.open(&many_bytes(&sealed["result"])).is_ok());
    }
}

#[test]
fn every_message_has_its_pinned_text() {
    is_pinned::<Claim>("claim_moving");
    is_pinned::<Claim>("claim_launch");
    is_pinned::<Claim>("claim_copied");
    is_pinned::<ClaimAnswer>("claim_answer");
    is_pinned::<Reveal>("reveal");
    is_pinned::<Begun>("begun");
    is_pinned::<Progress>("progress");
    is_pinned::<Standing>("standing");
    is_pinned::<SigningRequest>("request");
    is_pinned::<Refusal>("refusal");
    is_pinned::<Rehearsal>("rehearsal");
    is_pinned::<SigningResult>("result");
    is_pinned::<Outcome>("outcome");
}

#[test]
fn every_document_has_its_pinned_stream() {
    for pinned in vectors()["documents"].as_array().expect("documents") {
        let index = u16::try_from(pinned["index"].as_u64().expect("a number")).expect("an index");
        let length = pinned["bytes"].as_u64().expect("a number");
        let plain: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).expect("below 251")).collect();
        let (key, sealed) = seal(&plain, index);
        assert_eq!(pinned["sealed_bytes"], Value::from(sealed.len()));
        assert_eq!(wire::sealed_bytes(length), pinned["sealed_bytes"].as_u64());
        assert_eq!(wire::plain_bytes(sealed.len().try_into().expect("small")), Some(length));
        assert_eq!(base64url(&Sha256::digest(&sealed)), text(&pinned["sealed_sha256"]));
        assert!(sealed.starts_with(&many_bytes(&pinned["first_sealed_bytes"])));
        let mut out = Vec::new();
        let mut opener = DocumentOpener::new(&key, session(), index, MAX_DOCUMENTS_BYTES);
        opener.push(&sealed, &mut out).expect("our own stream");
        assert!(opener.finish(&bytes(&pinned["sha256"]), &mut out).is_ok_and(|bytes| bytes == length));
        assert_eq!(out, plain);
    }
}

fn seal(plain: &[u8], index: u16) -> (ContentKey, Vec<u8>) {
    let key = FreshContentKey::from_bytes(Zeroizing::new(bytes(&vectors()["content_key"])));
    let mut sealed = Vec::new();
    let mut sealer = DocumentSealer::new(key, session(), index, bytes(&vectors()["prefix"]), &mut sealed);
    sealer.push(plain, &mut sealed).expect("within the limit");
    let (key, _) = sealer.finish(&mut sealed).expect("not empty");
    (key, sealed)
}

fn has_pinned_envelope<M: SealedMessage>(name: &str, sealed: &Value, key: SealingKey<M>) {
    let vectors = vectors();
    let message: M = decode(text(&vectors["messages"][name]).as_bytes()).expect("our own message");
    let bytes = key.seal(bytes(&vectors["envelope_nonce"]), &message);
    assert_eq!(base64url(&bytes), text(&sealed[name]), "{name}");
    assert_eq!(M::PURPOSE.code(), name);
}

fn is_pinned<M: Message>(name: &str) {
    let vectors = vectors();
    let pinned = text(&vectors["messages"][name]);
    let message: M = decode(pinned.as_bytes()).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
    assert_eq!(String::from_utf8(encode(&message)).expect("JSON is UTF-8"), pinned);
}
