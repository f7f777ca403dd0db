//! A genuine envelope with bytes laid over it: it opens only where they change nothing.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wire::{AcceptedHosts, AnswerKey, EphemeralKey, HandoffKeys, KeyId, Link, LinkHost, LinkKind, Meeting, Nonce, Origin, PhoneEnd, Refusal, RefusalKind, ServiceEnd, ServiceSide, SessionId, SessionKind, VerifiedAnswer, VersionOne};
use zeroize::Zeroizing;

/// The keys are agreed once: the envelope is what is tried.
static ENVELOPE: LazyLock<(ServiceSide, Vec<u8>)> = LazyLock::new(|| {
    let (phone, service) = keys();
    let refusal = Refusal { version: VersionOne, kind: RefusalKind::Held };
    (service.for_service(), phone.for_phone().refusal.seal([9; 12], &refusal))
});

fuzz_target!(|over: &[u8]| {
    let (service, genuine) = &*ENVELOPE;
    let altered: Vec<u8> = genuine.iter().zip(over.iter().chain(std::iter::repeat(&0))).map(|(a, b)| a ^ b).collect();
    assert_eq!(service.refusal.open(&altered).is_ok(), altered == *genuine);
    assert_eq!(service.refusal.open(over).is_ok(), over == genuine);
    assert!(service.result.open(over).is_err());
});

/// A hand-off on loopback, where no key file is needed.
fn keys() -> (HandoffKeys, HandoffKeys) {
    let link = Link::parse(LINK, &AcceptedHosts::of_desktop()).expect("our own link");
    let meeting = Meeting {
        session: SessionId::from_bytes([0; 16]),
        session_kind: SessionKind::Signing,
        link_kind: LinkKind::Copied,
        origin: Origin::parse("http://127.0.0.1").expect("loopback"),
        link_host: LinkHost::parse("127.0.0.1").expect("loopback"),
    };
    let phone = PhoneEnd::new(EphemeralKey::from_bytes(Zeroizing::new([1; 32])), Nonce::from_bytes([2; 32]));
    let service = ServiceEnd::new(EphemeralKey::from_bytes(Zeroizing::new([3; 32])));
    let commitment = phone.commitment(meeting.session);
    let id = KeyId::parse("a").expect("a name");
    let answer = AnswerKey::from_bytes(&Zeroizing::new([4; 32])).answer(id, &meeting, &commitment, service.service_key());
    let verified = VerifiedAnswer::on_loopback(&answer, &link).expect("loopback");
    let (reveal, phones) = phone.reveal(&verified, &link.secret).expect("a sound key");
    let services = service.agree(&meeting, &commitment, &reveal, &link.secret).expect("a sound key");
    (phones, services)
}

/// Session, secret and ticket are zero.
const LINK: &str = "http://127.0.0.1/s#AQMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
