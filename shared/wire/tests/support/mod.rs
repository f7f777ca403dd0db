//! One hand-off, played with the values that `tests/vectors/wire/handoff.json` pins.
#![allow(dead_code)]

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use wire::{
    AcceptedHosts, AnswerKey, EphemeralKey, FrameKey, HandoffKeys, KeyId, Link, LinkHost, LinkKind, LinkSecret, Meeting, Nonce,
    Origin, OriginKeys, PhoneEnd, Proof, ServiceAnswer, ServiceEnd, SessionId, SessionKind, Step, Ticket,
};
use zeroize::Zeroizing;

pub(crate) fn vectors() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/wire/handoff.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the file is there")).expect("JSON")
}

pub(crate) fn bytes<const LENGTH: usize>(value: &Value) -> [u8; LENGTH] {
    many_bytes(value).try_into().expect("the length that the type wants")
}

pub(crate) fn many_bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text(value)).expect("base64url")
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

pub(crate) fn private(name: &str) -> EphemeralKey {
    EphemeralKey::from_bytes(Zeroizing::new(bytes(&vectors()[name])))
}

pub(crate) fn session() -> SessionId {
    SessionId::from_bytes(bytes(&vectors()["session"]))
}

pub(crate) fn secret() -> LinkSecret {
    LinkSecret::from_bytes(bytes(&vectors()["secret"]))
}

pub(crate) fn ticket() -> Ticket {
    Ticket::from_bytes(bytes(&vectors()["ticket"]))
}

pub(crate) fn frame_key() -> FrameKey {
    FrameKey::from_bytes(bytes(&vectors()["frame_key"]))
}

pub(crate) fn phone() -> PhoneEnd {
    PhoneEnd::new(private("phone_private"), Nonce::from_bytes(bytes(&vectors()["nonce"])))
}

pub(crate) fn service() -> ServiceEnd {
    ServiceEnd::new(private("service_private"))
}

pub(crate) fn answer_key() -> AnswerKey {
    AnswerKey::from_bytes(&Zeroizing::new(bytes(&vectors()["origin_private"])))
}

pub(crate) fn key_id() -> KeyId {
    KeyId::parse("2026-11").expect("a name of a key")
}

pub(crate) fn key_file() -> OriginKeys {
    OriginKeys::parse(text(&vectors()["key_file"]).as_bytes()).expect("our own key file")
}

pub(crate) fn hosts() -> AcceptedHosts {
    AcceptedHosts::listed("link.kazasu.example").and_loopback()
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

pub(crate) fn meeting() -> Meeting {
    meeting_of(&vectors()["handoffs"][0])
}

pub(crate) fn meeting_of(pinned: &Value) -> Meeting {
    Meeting {
        session: session(),
        session_kind: SessionKind::from_code(text(&pinned["session_kind"])).expect("a kind"),
        link_kind: LinkKind::from_code(text(&pinned["link_kind"])).expect("a kind"),
        origin: Origin::parse(text(&pinned["origin"])).expect("an origin"),
        link_host: LinkHost::parse(text(&pinned["link_host"])).expect("a host"),
    }
}

/// The link by which a phone comes to this meeting.
pub(crate) fn link_to(meeting: &Meeting) -> Link {
    let scheme = if meeting.origin.is_loopback() { "http" } else { "https" };
    let proof = match meeting.link_kind {
        LinkKind::Moving => Proof::Moving(frame_key().frame(session(), Step::from_number(7))),
        LinkKind::Launch => Proof::Launch(ticket()),
        LinkKind::Copied => Proof::Copied(ticket()),
    };
    let base = Origin::parse(&format!("{scheme}://{}", meeting.link_host)).expect("an origin");
    Link { base, session: session(), secret: secret(), proof }
}

pub(crate) fn answer(meeting: &Meeting) -> ServiceAnswer {
    answer_key().answer(key_id(), meeting, &phone().commitment(session()), service().service_key())
}

/// The keys of both ends: the phone's, then the service's.
pub(crate) fn keys(meeting: &Meeting) -> (HandoffKeys, HandoffKeys) {
    let link = link_to(meeting);
    let answer = answer(meeting);
    let verified = key_file().verify(&answer, &link, &phone(), now()).expect("a good answer");
    let (reveal, phones) = phone().reveal(&verified, &link.secret).expect("keys");
    let services = service().agree(meeting, &phone().commitment(session()), &reveal, &secret()).expect("keys");
    (phones, services)
}
