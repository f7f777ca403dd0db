//! The hand-off's envelopes and documents against a second implementation: the browser's WebCrypto (`second.js`). What one
//! seals the other opens, and both are held to the pinned values.
#![allow(clippy::unwrap_used)]

#[path = "../../../../shared/wire/tests/support/mod.rs"]
mod support;

use std::path::Path;

use end_to_end::browser::Browser;
use serde_json::{Value, json};
use support::{base64url, bytes, keys, many_bytes, meeting_of, session, text, vectors};
use wire::{
    ContentKey, DocumentOpener, DocumentSealer, FreshContentKey, HandoffKeys, MAX_DOCUMENTS_BYTES, Message, OpeningKey,
    SealedMessage, SealingKey, decode, encode,
};
use zeroize::Zeroizing;

const PURPOSES: [&str; 5] = ["request", "refusal", "rehearsal", "result", "outcome"];

/// A browser whose page may use WebCrypto: one from a file may, one from nowhere may not.
async fn second_implementation() -> (Browser, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(&page, "<!doctype html><title>WebCrypto</title>").unwrap();
    let browser = Browser::open(1280, "en").await;
    browser.page.goto(&format!("file://{}", page.display())).await.unwrap();
    (browser, folder)
}

/// What a function of the second implementation comes to, or `{"error": …}`.
async fn ask(browser: &Browser, function: &str, arguments: &[Value]) -> Value {
    let second = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/webcrypto/second.js")).unwrap();
    let script = format!(
        "{second}; const done = arguments[1];
        {function}(...arguments[0]).then((value) => done({{ value }}), (error) => done({{ error: String(error) }}))"
    );
    browser.page.execute_async(&script, vec![json!(arguments)]).await.unwrap()
}

async fn answer(browser: &Browser, function: &str, arguments: &[Value]) -> Value {
    let answer = ask(browser, function, arguments).await;
    assert!(answer["error"].is_null(), "{function}: {answer}");
    answer["value"].clone()
}

/// All that one end knows. `whose` is `phone` or `service`.
fn known_to(whose: &str, pinned: &Value) -> Value {
    let all = vectors();
    let mut known = json!({ "own": { "d": all[format!("{whose}_private")], "x": all[format!("{whose}_key")] } });
    for name in ["session", "secret", "nonce", "phone_key", "service_key"] {
        known[name] = all[name].clone();
    }
    for name in ["session_kind", "link_kind", "origin", "link_host"] {
        known[name] = pinned[name].clone();
    }
    known
}

fn messages() -> Value {
    PURPOSES.map(|purpose| (purpose.to_owned(), vectors()["messages"][purpose].clone())).into_iter().collect()
}

#[tokio::test]
async fn the_browser_comes_to_the_pinned_keys_digits_and_envelopes_from_either_end() {
    let (browser, _page) = second_implementation().await;
    for pinned in vectors()["handoffs"].as_array().unwrap() {
        for whose in ["phone", "service"] {
            let known = known_to(whose, pinned);
            let told = answer(&browser, "told", &[known.clone()]).await;
            for name in ["commitment", "transcript", "number", "return"] {
                assert_eq!(told[name], pinned[name], "{whose}: {name}");
            }
            let sealed = answer(&browser, "sealedBy", &[known, messages(), vectors()["envelope_nonce"].clone()]).await;
            assert_eq!(sealed, pinned["envelopes"], "{whose}");
        }
    }
    browser.close().await;
}

#[tokio::test]
async fn the_browser_opens_what_our_code_seals() {
    let (browser, _page) = second_implementation().await;
    for pinned in vectors()["handoffs"].as_array().unwrap() {
        let (phones, services) = both_ends(pinned);
        let (phones, services) = (phones.for_phone(), services.for_service());
        let mut sealed = json!({});
        seal("request", services.request, &mut sealed);
        seal("outcome", services.outcome, &mut sealed);
        seal("refusal", phones.refusal, &mut sealed);
        seal("rehearsal", phones.rehearsal, &mut sealed);
        seal("result", phones.result, &mut sealed);
        assert_eq!(answer(&browser, "openedBy", &[known_to("phone", pinned), sealed.clone()]).await, messages());
        let altered = json!({ "result": flipped(&sealed["result"]) });
        assert!(ask(&browser, "openedBy", &[known_to("phone", pinned), altered]).await["error"].is_string());
    }
    browser.close().await;
}

#[tokio::test]
async fn our_code_opens_what_the_browser_seals() {
    let (browser, _page) = second_implementation().await;
    for pinned in vectors()["handoffs"].as_array().unwrap() {
        let (phones, services) = both_ends(pinned);
        let (phones, services) = (phones.for_phone(), services.for_service());
        let sealed = answer(&browser, "sealedBy", &[known_to("service", pinned), messages()]).await;
        open("request", &phones.request, &sealed);
        open("outcome", &phones.outcome, &sealed);
        open("refusal", &services.refusal, &sealed);
        open("rehearsal", &services.rehearsal, &sealed);
        open("result", &services.result, &sealed);
        assert!(services.result.open(&many_bytes(&flipped(&sealed["result"]))).is_err());
    }
    browser.close().await;
}

#[tokio::test]
async fn a_document_is_the_same_stream_in_both_and_each_opens_the_others() {
    let (browser, _page) = second_implementation().await;
    let (id, key, prefix) = (&vectors()["session"], &vectors()["content_key"], &vectors()["prefix"]);
    for pinned in vectors()["documents"].as_array().unwrap() {
        let index = u16::try_from(pinned["index"].as_u64().unwrap()).unwrap();
        let plain: Vec<u8> = (0..pinned["bytes"].as_u64().unwrap()).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let ours = sealed_document(&plain, index);
        let about = json!({ "session": id, "index": index, "key": key, "plain": base64url(&plain), "sealed": base64url(&ours) });
        assert_eq!(answer(&browser, "openedDocument", &[about.clone()]).await, json!(base64url(&plain)));
        let with_prefix = with(&about, "prefix", prefix.clone());
        assert_eq!(answer(&browser, "sealedDocument", &[with_prefix]).await, json!(base64url(&ours)), "{index}");
        let theirs = many_bytes(&answer(&browser, "sealedDocument", &[about.clone()]).await);
        assert_eq!(opened_document(&theirs, index, pinned), Some(plain));
        let cut = json!(base64url(&ours[..ours.len() - 1]));
        assert!(ask(&browser, "openedDocument", &[with(&about, "sealed", cut)]).await["error"].is_string());
        assert_eq!(opened_document(&theirs[..theirs.len() - 1], index, pinned), None);
    }
    browser.close().await;
}

fn both_ends(pinned: &Value) -> (HandoffKeys, HandoffKeys) {
    keys(&meeting_of(pinned))
}

fn message<M: Message>(purpose: &str) -> M {
    decode(text(&vectors()["messages"][purpose]).as_bytes()).unwrap()
}

fn seal<M: SealedMessage>(purpose: &str, key: SealingKey<M>, sealed: &mut Value) {
    sealed[purpose] = json!(base64url(&key.seal(*b"another once", &message(purpose))));
}

fn open<M: SealedMessage>(purpose: &str, key: &OpeningKey<M>, sealed: &Value) {
    let opened = key.open(&many_bytes(&sealed[purpose])).unwrap_or_else(|problem| panic!("{purpose}: {problem:?}"));
    assert_eq!(String::from_utf8(encode(&opened)).unwrap(), text(&vectors()["messages"][purpose]));
}

fn sealed_document(plain: &[u8], index: u16) -> Vec<u8> {
    let key = FreshContentKey::from_bytes(Zeroizing::new(bytes(&vectors()["content_key"])));
    let mut sealed = Vec::new();
    let mut sealer = DocumentSealer::new(key, session(), index, bytes(&vectors()["prefix"]), &mut sealed);
    sealer.push(plain, &mut sealed).unwrap();
    sealer.finish(&mut sealed).unwrap();
    sealed
}

fn opened_document(sealed: &[u8], index: u16, pinned: &Value) -> Option<Vec<u8>> {
    let key = ContentKey::from_bytes(Zeroizing::new(bytes(&vectors()["content_key"])));
    let (mut opener, mut plain) = (DocumentOpener::new(&key, session(), index, MAX_DOCUMENTS_BYTES), Vec::new());
    opener.push(sealed, &mut plain).ok()?;
    opener.finish(&bytes(&pinned["sha256"]), &mut plain).ok()?;
    Some(plain)
}

fn with(about: &Value, name: &str, value: Value) -> Value {
    let mut about = about.clone();
    about[name] = value;
    about
}

/// With one bit of its last byte changed.
fn flipped(sealed: &Value) -> Value {
    let mut bytes = many_bytes(sealed);
    *bytes.last_mut().unwrap() ^= 1;
    json!(base64url(&bytes))
}
