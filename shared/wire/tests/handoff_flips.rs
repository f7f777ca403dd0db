//! Any bit of a message is another on arrival, in either direction: it is no message for the end that it is bound for.
//! The phone's own side of this, with a card, is in `shared/signer/tests`.

mod support;

use support::{answer, keys, meeting, phone, secret, service, session};
use wire::{
    ApplicationLine, CertificateLine, ClockLine, Consent, ConsentGiven, ContentKey, DocumentOffer, NetworkLine, OpeningKey,
    Outcome, PhoneSide, ReaderLine, Refusal, RefusalKind, Rehearsal, Reveal, SealedMessage, ServiceSide, Settlement,
    SignatureFormat, SignedDocument, SigningRequest, SigningResult, VersionOne,
};
use zeroize::Zeroizing;

#[test]
fn no_bit_of_what_the_service_seals_can_change() {
    let (_, phone, service) = sides();
    covers(&phone.request, service.request.seal([9; 12], &request()));
    covers(&phone.outcome, service.outcome.seal([9; 12], &Outcome { version: VersionOne, settlement: Settlement::Completed }));
}

#[test]
fn no_bit_of_what_the_phone_seals_can_change() {
    let (_, phone, service) = sides();
    covers(&service.refusal, phone.refusal.seal([9; 12], &Refusal { version: VersionOne, kind: RefusalKind::Declined }));
    covers(&service.rehearsal, phone.rehearsal.seal([9; 12], &rehearsal()));
    covers(&service.result, phone.result.seal([9; 12], &result()));
}

#[test]
fn no_bit_of_a_reveal_can_change_on_the_wire() {
    let (reveal, _, _) = sides();
    let sent = wire::encode(&reveal);
    let is_taken = |bytes: &[u8]| {
        let read = wire::decode::<Reveal>(bytes);
        read.is_ok_and(|reveal| service().agree(&meeting(), &phone().commitment(session()), &reveal, &secret()).is_ok())
    };
    assert!(is_taken(&sent));
    every_bit(&sent, |bytes, bit| assert!(!is_taken(bytes), "bit {bit}"));
}

fn covers<M: SealedMessage>(key: &OpeningKey<M>, sealed: Vec<u8>) {
    assert!(key.open(&sealed).is_ok());
    every_bit(&sealed, |bytes, bit| assert!(key.open(bytes).is_err(), "{:?} bit {bit}", M::PURPOSE));
}

/// One at a time. Of what is long, one in each byte: AES-GCM knows no difference between them.
fn every_bit(bytes: &[u8], mut look: impl FnMut(&[u8], usize)) {
    let mut bytes = bytes.to_vec();
    let bits: Vec<usize> =
        if bytes.len() < 1_000 { (0..bytes.len() * 8).collect() } else { (0..bytes.len()).map(|at| at * 8 + at % 8).collect() };
    for bit in bits {
        bytes[bit / 8] ^= 1 << (bit % 8);
        look(&bytes, bit);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

fn sides() -> (Reveal, PhoneSide, ServiceSide) {
    let link = support::link_to(&meeting());
    let verified = support::key_file().verify(&answer(&meeting()), &link, &phone(), support::now()).expect("a good answer");
    let (reveal, _) = phone().reveal(&verified, &link.secret).expect("keys");
    let (phones, services) = keys(&meeting());
    (reveal, phones.for_phone(), services.for_service())
}

fn request() -> SigningRequest {
    let content_key = ContentKey::from_bytes(Zeroizing::new([4; 32]));
    let (title, parties) = ("業務委託契約書".to_owned(), vec!["株式会社見本".to_owned()]);
    let offer = DocumentOffer { title, parties, sha256: [5; 32], format: SignatureFormat::PadesBB, content_key };
    SigningRequest { version: VersionOne, documents: vec![offer], consents: vec![consent()] }
}

fn result() -> SigningResult {
    let document =
        SignedDocument { certificate: vec![1; 1_500], signed_attributes: vec![2; 300], signature: vec![3; 256], opened: true };
    SigningResult {
        version: VersionOne,
        documents: vec![document],
        consents: vec![ConsentGiven { id: consent().id, text_sha256: consent().text_sha256 }],
        touches: 1,
        tries_left_before: Some(5),
        tries_left_after: Some(5),
        app_version: "test".into(),
    }
}

fn rehearsal() -> Rehearsal {
    Rehearsal {
        version: VersionOne,
        reader: ReaderLine::Quick,
        application: ApplicationLine::MyNumberCard,
        attempts_left: Some(5),
        certificate: CertificateLine::Valid,
        network: NetworkLine::Quick,
        clock: ClockLine::Right,
    }
}

fn consent() -> Consent {
    Consent::new("disclosure", "四つの情報が伝わります。", "Four items are disclosed.")
}
