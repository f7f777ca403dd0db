//! Bodies and key files come from the network: what is not exactly ours is refused.

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::{key_file, text, vectors};
use wire::{
    Begun, Claim, ClaimAnswer, KeyFileProblem, MAX_DOCUMENTS, MAX_TITLE_BYTES, Message, OriginKeys, Outcome, ProblemCode,
    Progress, Refusal, Rehearsal, Reveal, SigningRequest, SigningResult, Standing, decode,
};

proptest! {
    #[test]
    fn no_body_makes_a_reader_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode::<Claim>(&body);
        let _ = decode::<SigningRequest>(&body);
        let _ = OriginKeys::parse(&body);
    }
}

#[test]
fn every_message_refuses_what_it_does_not_know() {
    is_strict::<Claim>("claim_moving");
    is_strict::<Claim>("claim_copied");
    is_strict::<ClaimAnswer>("claim_answer");
    is_strict::<Reveal>("reveal");
    is_strict::<Begun>("begun");
    is_strict::<Progress>("progress");
    is_strict::<Standing>("standing");
    is_strict::<SigningRequest>("request");
    is_strict::<Refusal>("refusal");
    is_strict::<Rehearsal>("rehearsal");
    is_strict::<SigningResult>("result");
    is_strict::<Outcome>("outcome");
}

#[test]
fn a_claim_has_one_proof_of_a_known_kind() {
    for proof in [
        json!({}),
        json!({"scanned": "QEFCQ0RFRkdISUpLTE1OTw"}),
        json!({"launch": "QEFCQ0RFRkdISUpLTE1OTw", "copied": "QEFCQ0RFRkdISUpLTE1OTw"}),
        json!({"launch": "QEFCQ0RFRkdISUpLTE1O"}),
        json!({"moving": {"step": 7, "mac": "OGeCwZFBIg"}}),
        json!({"moving": {"step": -1, "mac": "OGeCwZFBIgg"}}),
        json!({"moving": {"step": 4_294_967_296_u64, "mac": "OGeCwZFBIgg"}}),
        json!({"moving": {"step": 7, "mac": "OGeCwZFBIgg", "more": 1}}),
    ] {
        assert_eq!(told::<Claim>("claim_moving", "/proof", proof.clone()), Some(ProblemCode::BadMessage), "{proof}");
    }
}

#[test]
fn every_length_has_its_bound() {
    let long = |bytes: usize| Value::from("x".repeat(bytes));
    let request = |at: &str, value| told::<SigningRequest>("request", at, value);
    let result = |at: &str, value| told::<SigningResult>("result", at, value);
    let document = |name: &str| message(name).pointer("/documents/0").cloned().expect("a document");
    let many = |name: &str| Value::from(vec![document(name); MAX_DOCUMENTS + 1]);
    assert_eq!(request("/documents/0/title", long(MAX_TITLE_BYTES)), None);
    for refused in [
        request("/documents/0/title", long(MAX_TITLE_BYTES + 1)),
        request("/documents/0/title", long(0)),
        request("/documents/0/parties", Value::from(vec!["x"; 17])),
        request("/documents/0/parties/0", long(1_025)),
        request("/documents/0/content_key", long(42)),
        request("/documents/0/sha256", long(44)),
        request("/documents", Value::from(Vec::<Value>::new())),
        request("/documents", many("request")),
        request("/consents/0/text_ja", long(4_097)),
        request("/consents/0/id", long(65)),
        result("/documents", many("result")),
        result("/documents/0/certificate", long(11_000)),
        result("/documents/0/signed_attributes", long(1_400)),
        result("/documents/0/signature", long(700)),
        result("/documents/0/signature", long(0)),
        result("/app_version", long(65)),
        result("/app_version", Value::from("line\nfeed")),
        told::<Claim>("claim_moving", "/app_version", long(0)),
        told::<ClaimAnswer>("claim_answer", "/versions", Value::from(vec![1; 17])),
        told::<ClaimAnswer>("claim_answer", "/answer/signing_key", long(33)),
        told::<ClaimAnswer>("claim_answer", "/answer/signature", long(84)),
        told::<Rehearsal>("rehearsal", "/attempts_left", Value::from(6)),
    ] {
        assert_eq!(refused, Some(ProblemCode::BadMessage));
    }
}

#[test]
fn a_rehearsal_says_closed_words_only() {
    for line in ["/reader", "/application", "/certificate", "/network", "/clock"] {
        for words in ["2031-04-01", "", "Valid"] {
            assert_eq!(told::<Rehearsal>("rehearsal", line, Value::from(words)), Some(ProblemCode::BadMessage));
        }
    }
}

#[test]
fn a_key_file_keeps_to_its_form() {
    let good = || serde_json::to_value(key_file()).expect("plain");
    let with = |at: &str, value: Value| {
        let mut altered = good();
        *altered.pointer_mut(at).expect("a field") = value;
        OriginKeys::parse(altered.to_string().as_bytes()).map(|_| ())
    };
    let key = good().pointer("/keys/0").cloned().expect("a key");
    assert_eq!(with("/name", "見本銀行".into()), Ok(()));
    for name in ["", "   ", "two\nlines", "bank\u{202E}elpmaxe", "hidden\u{200B}", &"x".repeat(65)] {
        assert_eq!(with("/name", name.into()), Err(KeyFileProblem::BadName), "{name:?}");
    }
    assert_eq!(with("/relays", json!([])), Err(KeyFileProblem::BadRelays));
    for host in ["https://link.kazasu.example", "LINK.example", "link.example:443", "10.0.0.1", "link.example/"] {
        assert_eq!(with("/relays", json!([host])), Err(KeyFileProblem::NotAKeyFile), "{host}");
    }
    assert_eq!(with("/keys", json!([])), Err(KeyFileProblem::BadKeys));
    assert_eq!(with("/keys", json!([key, key])), Err(KeyFileProblem::BadKeys));
    for point in [SMALL_ORDER, NO_POINT] {
        assert_eq!(with("/keys/0/ed25519", point.into()), Err(KeyFileProblem::BadKeys), "{point}");
    }
    for (at, value) in [("/keys/0/id", json!("a b")), ("/keys/0/not_after", json!(-1)), ("/keys/0/ed25519", json!("AAAA"))] {
        assert_eq!(with(at, value), Err(KeyFileProblem::NotAKeyFile), "{at}");
    }
}

#[test]
fn a_key_file_has_no_more_fields_and_no_more_than_16_kib() {
    let body = text(&vectors()["key_file"]).to_owned();
    let more = body.replacen('{', "{\"owner\":1,", 1);
    let twice = body.replacen('{', "{\"name\":\"x\",", 1);
    assert_eq!(OriginKeys::parse(more.as_bytes()), Err(KeyFileProblem::NotAKeyFile));
    assert_eq!(OriginKeys::parse(twice.as_bytes()), Err(KeyFileProblem::NotAKeyFile));
    let padded = |bytes: usize| format!("{body}{}", " ".repeat(bytes - body.len()));
    assert!(OriginKeys::parse(padded(16 * 1024).as_bytes()).is_ok());
    assert_eq!(OriginKeys::parse(padded(16 * 1024 + 1).as_bytes()), Err(KeyFileProblem::TooLarge));
}

fn is_strict<M: Message>(name: &str) {
    let with = |at: &str, value: Value| {
        let mut altered = message(name);
        altered.as_object_mut().expect("an object").insert(at.to_owned(), value);
        decode::<M>(altered.to_string().as_bytes()).err()
    };
    assert_eq!(with("more", json!(1)), Some(ProblemCode::BadMessage), "{name}");
    assert_eq!(with("version", json!(0)), Some(ProblemCode::UnsupportedVersion), "{name}");
    assert_eq!(with("version", json!(2)), Some(ProblemCode::UnsupportedVersion), "{name}");
    assert_eq!(with("version", json!("1")), Some(ProblemCode::BadMessage), "{name}");
    let fields: Vec<String> = message(name).as_object().expect("an object").keys().cloned().collect();
    for field in fields {
        let mut altered = message(name);
        altered.as_object_mut().expect("an object").remove(&field);
        assert_eq!(decode::<M>(altered.to_string().as_bytes()).err(), Some(ProblemCode::BadMessage), "{name} without {field}");
    }
}

fn told<M: Message>(name: &str, at: &str, value: Value) -> Option<ProblemCode> {
    let mut altered = message(name);
    *altered.pointer_mut(at).expect("a field") = value;
    decode::<M>(altered.to_string().as_bytes()).err()
}

fn message(name: &str) -> Value {
    serde_json::from_str(text(&vectors()["messages"][name])).expect("JSON")
}

/// The neutral element, (0, 1). RFC 8032, section 5.1.2.
const SMALL_ORDER: &str = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// y = 2, for which the curve has no x.
const NO_POINT: &str = "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
