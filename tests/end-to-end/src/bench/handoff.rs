//! The cryptography of a hand-off: what phone and service each compute, and the documents beside openssl's cipher.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wire::{
    AnswerKey, ContentKey, DocumentOpener, DocumentSealer, EphemeralKey, FrameKey, FreshContentKey, KeyId, LinkSecret,
    MAX_DOCUMENTS_BYTES, Meeting, Nonce, Origin, OriginKeys, PhoneEnd, Proof, ServiceEnd, SessionId, SessionKind, Settlement,
    Step, VersionOne,
};
use wire::{Link, Outcome, SigningRequest, SigningResult};
use zeroize::Zeroizing;

use super::{quantile, report};

/// From the claim to the outcome: every key, signature and envelope that one end makes or checks, of CPU time.
pub(super) fn keys() -> Result<(), String> {
    let [mut phones, mut services] = [Vec::new(), Vec::new()];
    for number in 0..HAND_OFFS {
        let spent = hand_off(number)?;
        phones.push(spent.phone_ms);
        services.push(spent.service_ms);
    }
    report("hand-off: the phone's cryptography, median CPU of 200", quantile(phones, 0.5), 3.0, "ms");
    report("hand-off: the service's cryptography, median CPU of 200", quantile(services, 0.5), 3.0, "ms");
    Ok(())
}

/// 50 MB in chunks, beside openssl's cipher over blocks of the same length: what only ciphers is the harder yardstick.
pub(super) fn documents() -> Result<(), String> {
    let plain = document();
    let [mut sealing, mut opening, mut hashing, mut openssl] = [(); 4].map(|()| Vec::new());
    for round in 0..ROUNDS {
        openssl.push(openssl_ciphers_ms(DOCUMENT_BYTES)?);
        let mut sealed = Vec::with_capacity(DOCUMENT_BYTES + DOCUMENT_BYTES / 1_000);
        let key = seal(&plain, round, |piece| sealed.extend_from_slice(piece))?;
        let mut again = Ok(());
        sealing.push(spent_ms(|| {
            again = seal(&plain, round, |piece| {
                black_box(piece.first());
            })
            .map(drop)
        }));
        again?;
        let digest = Sha256::digest(&plain).into();
        hashing.push(spent_ms(|| {
            black_box(Sha256::digest(&plain));
        }));
        let mut opened = Ok(0);
        opening.push(spent_ms(|| opened = open(&sealed, &key, &digest)));
        opened?;
    }
    let [sealing, opening, hashing, openssl] = [sealing, opening, hashing, openssl].map(|spent| quantile(spent, 0.5));
    report("hand-off: sealing 50 MB, beside twice openssl's AES-256-GCM", sealing, 2.0 * openssl, "ms");
    report("hand-off: opening 50 MB, less a hash of it", opening - hashing, 2.0 * openssl, "ms");
    report("hand-off: opening and hashing 50 MB", opening, 2.0 * openssl + hashing, "ms");
    Ok(())
}

struct Spent {
    phone_ms: f64,
    service_ms: f64,
}

/// Neither end waits for the other here: what each computes is counted for it alone.
fn hand_off(number: u32) -> Result<Spent, String> {
    let mut spent = Spent { phone_ms: 0.0, service_ms: 0.0 };
    let (link, meeting) = link(number)?;
    let signing_key = AnswerKey::from_bytes(&Zeroizing::new([1; 32]));
    let key_file = key_file(&signing_key);
    let (request, result) = (request()?, result()?);

    let phone = timed(&mut spent.phone_ms, || PhoneEnd::new(key(number, 2), Nonce::from_bytes([3; 32])));
    let commitment = timed(&mut spent.phone_ms, || phone.commitment(link.session));
    let service = ServiceEnd::new(key(number, 4));
    let id = KeyId::parse("k1").ok_or("a name")?;
    let answer = timed(&mut spent.service_ms, || signing_key.answer(id, &meeting, &commitment, service.service_key()));
    let (reveal, phones) = timed(&mut spent.phone_ms, || {
        let keys = OriginKeys::parse(key_file.as_bytes()).map_err(said)?;
        let verified = keys.verify(&answer, &link, &phone, UNIX_EPOCH).map_err(said)?;
        phone.reveal(&verified, &link.secret).map_err(said)
    })?;
    let services = timed(&mut spent.service_ms, || service.agree(&meeting, &commitment, &reveal, &link.secret).map_err(said))?;
    let phones = timed(&mut spent.phone_ms, || phones.for_phone());
    let services = timed(&mut spent.service_ms, || services.for_service());
    if phones.number != services.number {
        return Err("the ends do not agree".to_owned());
    }
    let sealed = timed(&mut spent.service_ms, || services.request.seal([5; 12], &request));
    timed(&mut spent.phone_ms, || phones.request.open(&sealed).map(drop).map_err(said))?;
    let sealed = timed(&mut spent.phone_ms, || phones.result.seal([6; 12], &result));
    timed(&mut spent.service_ms, || services.result.open(&sealed).map(drop).map_err(said))?;
    let outcome = Outcome { version: VersionOne, settlement: Settlement::Completed };
    let sealed = timed(&mut spent.service_ms, || services.outcome.seal([7; 12], &outcome));
    timed(&mut spent.phone_ms, || phones.outcome.open(&sealed).map(drop).map_err(said))?;
    Ok(spent)
}

fn link(number: u32) -> Result<(Link, Meeting), String> {
    let mut id = [8; 16];
    id.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    let (session, base) = (SessionId::from_bytes(id), Origin::parse("https://link.bank.example").map_err(said)?);
    let proof = Proof::Moving(FrameKey::from_bytes([9; 32]).frame(session, Step::from_number(1)));
    let link = Link { base, session, secret: LinkSecret::from_bytes([10; 32]), proof };
    let origin = Origin::parse("https://bank.example").map_err(said)?;
    let meeting = Meeting { session, session_kind: SessionKind::Signing, link_kind: link.kind(), origin, link_host: link.host() };
    Ok((link, meeting))
}

fn key_file(key: &AnswerKey) -> String {
    let public = URL_SAFE_NO_PAD.encode(key.origin_key().as_bytes());
    let keys = json!([{ "id": "k1", "ed25519": public, "not_after": 1_800_000_000 }]);
    json!({ "name": "Bank", "relays": ["link.bank.example"], "keys": keys }).to_string()
}

/// One document and three consents, as the service asks for them.
fn request() -> Result<SigningRequest, String> {
    let digest = URL_SAFE_NO_PAD.encode([1; 32]);
    let offer =
        json!({ "title": "Contract", "parties": ["A", "B"], "sha256": digest, "format": "pades_b_b", "content_key": digest });
    read(&json!({ "version": 1, "documents": [offer], "consents": [] }))
}

/// With a certificate of the usual length.
fn result() -> Result<SigningResult, String> {
    let bytes = |length: usize| URL_SAFE_NO_PAD.encode(vec![1; length]);
    let signed = json!({ "certificate": bytes(1_750), "signed_attributes": bytes(250), "signature": bytes(256), "opened": true });
    read(&json!({ "version": 1, "documents": [signed], "consents": [], "touches": 1, "tries_left_before": 5,
        "tries_left_after": 5, "app_version": "bench" }))
}

fn read<M: wire::Message>(message: &Value) -> Result<M, String> {
    wire::decode(message.to_string().as_bytes()).map_err(|code| format!("{code:?}"))
}

fn key(number: u32, place: u8) -> EphemeralKey {
    let mut bytes = Zeroizing::new([place; 32]);
    bytes.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to ^= from);
    EphemeralKey::from_bytes(bytes)
}

pub(super) fn document() -> Vec<u8> {
    (0..DOCUMENT_BYTES).map(|index| (index % 251).to_le_bytes()[0]).collect()
}

pub(super) fn sealer(number: u8, out: &mut Vec<u8>) -> DocumentSealer {
    let key = FreshContentKey::from_bytes(Zeroizing::new([number; 32]));
    DocumentSealer::new(key, SessionId::from_bytes([8; 16]), 0, [number; 7], out)
}

/// As the service does, which sends each piece off as it is sealed.
fn seal(plain: &[u8], round: u8, mut send: impl FnMut(&[u8])) -> Result<ContentKey, String> {
    let mut out = Vec::with_capacity(2 * PIECE_BYTES);
    let mut sealer = sealer(round, &mut out);
    for piece in plain.chunks(PIECE_BYTES) {
        sealer.push(piece, &mut out).map_err(said)?;
        send(&out);
        out.clear();
    }
    let (key, _) = sealer.finish(&mut out).map_err(said)?;
    send(&out);
    Ok(key)
}

/// As the phone does, which keeps nothing of it in memory.
fn open(sealed: &[u8], key: &ContentKey, sha256: &[u8; 32]) -> Result<u64, String> {
    let mut opener = DocumentOpener::new(key, SessionId::from_bytes([8; 16]), 0, MAX_DOCUMENTS_BYTES);
    let mut out = Vec::with_capacity(2 * PIECE_BYTES);
    for piece in sealed.chunks(PIECE_BYTES) {
        opener.push(piece, &mut out).map_err(said)?;
        black_box(&out);
        out.clear();
    }
    opener.finish(sha256, &mut out).map_err(said)
}

/// What openssl's AES-256-GCM takes for so many bytes, from the bytes a second of `openssl speed -mr`. It counts CPU time.
fn openssl_ciphers_ms(bytes: usize) -> Result<f64, String> {
    let block = PIECE_BYTES.to_string();
    let words = ["speed", "-mr", "-seconds", "1", "-bytes", &block, "-evp", "aes-256-gcm"];
    let output = Command::new("openssl").args(words).output().map_err(said)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let a_second =
        text.lines().find(|line| line.starts_with("+F:")).and_then(|line| line.rsplit(':').next()?.parse::<f64>().ok());
    let a_second = a_second.ok_or_else(|| format!("openssl speed said {text}"))?;
    Ok(super::f64_of(u64::try_from(bytes).map_err(said)?) / a_second * 1000.0)
}

fn spent_ms(work: impl FnOnce()) -> f64 {
    let mut spent = 0.0;
    timed(&mut spent, work);
    spent
}

/// CPU time of this thread: others share the machine.
fn timed<T>(spent_ms: &mut f64, work: impl FnOnce() -> T) -> T {
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default();
    let began = now();
    let done = black_box(work());
    *spent_ms += now().saturating_sub(began).as_secs_f64() * 1000.0;
    done
}

pub(super) fn said(problem: impl std::fmt::Display) -> String {
    problem.to_string()
}

const HAND_OFFS: u32 = 200;
const ROUNDS: u8 = 5;
const DOCUMENT_BYTES: usize = 50_000_000;
/// A chunk of a sealed document. docs/protocol.md, section Documents.
pub(super) const PIECE_BYTES: usize = 64 * 1024;
