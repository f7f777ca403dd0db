//! docs/protocol.md, section Threats, as far as keys and envelopes answer: a relay that has photographed the link, and so knows
//! its secret, stands between the real ends and does as it likes.

mod support;

use aws_lc_rs::aead::{self, AES_256_GCM, Aad, LessSafeKey, UnboundKey};
use hkdf::Hkdf;
use sha2::Sha256;
use support::*;
use wire::{
    AnswerKey, AnswerProblem, Commitment, EnvelopeProblem, EphemeralKey, ExchangeProblem, HandoffKeys, LinkKind, Meeting, Nonce,
    Number, Origin, PhoneEnd, RefusalKind, Reveal, ServiceAnswer, ServiceEnd, Settlement, VerifiedAnswer, VersionOne,
};
use wire::{Link, Outcome, Refusal};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

#[test]
fn a_relay_that_swaps_the_services_key_is_refused_by_the_phone() {
    let swapped = ServiceAnswer { service_key: relays_service().service_key(), ..answer(&meeting()) };
    assert_eq!(verified(&swapped, &phone()).err(), Some(AnswerProblem::SignatureDoesNotFit));
    let committed = phone().commitment(session());
    let signed_by_relay = relays_signing_key().answer(key_id(), &meeting(), &committed, relays_service().service_key());
    assert_eq!(verified(&signed_by_relay, &phone()).err(), Some(AnswerProblem::SignatureDoesNotFit));
}

#[test]
fn a_relay_that_swaps_the_phones_key_is_refused_by_the_service() {
    let stored = phone().commitment(session());
    let told = service().agree(&meeting(), &stored, &reveal_of(relays_phone(0), &meeting()), &secret());
    assert_eq!(told.err(), Some(ExchangeProblem::RevealDoesNotFit));
}

#[test]
fn a_relay_that_commits_in_the_phones_place_has_an_answer_that_the_phone_does_not_take() {
    let commitment = relays_phone(0).commitment(session());
    let answer = answer_key().answer(key_id(), &meeting(), &commitment, service().service_key());
    assert!(verified(&answer, &relays_phone(0)).is_ok(), "it is an answer, to the relay");
    assert_eq!(verified(&answer, &phone()).err(), Some(AnswerProblem::SignatureDoesNotFit));
}

#[test]
fn an_answer_lifted_to_another_listed_relay_does_not_fit() {
    let mut keys = key_file();
    let elsewhere = Origin::parse("https://other.relay.example").expect("an origin");
    keys.relays.push(elsewhere.host());
    let own = link_to(&meeting());
    assert!(keys.verify(&answer(&meeting()), &own, &phone(), now()).is_ok());
    let lifted = Link { base: elsewhere, ..own };
    assert_eq!(keys.verify(&answer(&meeting()), &lifted, &phone(), now()).err(), Some(AnswerProblem::SignatureDoesNotFit));
}

#[test]
fn a_relay_between_two_exchanges_of_its_own_leaves_the_ends_with_other_digits() {
    // Where no key file is asked, the relay may be the service to the phone: then the digits are the guard.
    let (phones, _) = exchange_on_loopback(phone(), relays_service());
    let (_, services) = exchange_on_loopback(relays_phone(0), service());
    assert!(phones.for_phone().number != services.for_service().number);
}

#[test]
fn a_relay_that_could_choose_last_would_grind_the_digits_and_is_held_to_its_commitment() {
    let (phones, _) = exchange_on_loopback(phone(), relays_service());
    let shown = phones.for_phone().number;
    let committed = relays_phone(0).commitment(session());
    // The first three digits in some thousand tries; all six would take some million.
    let ground = (1..20_000).find(|tries| {
        let (_, services) = exchange_on_loopback(relays_phone(*tries), service());
        begins_alike(&services.for_service().number, &shown)
    });
    let ground = ground.expect("who chooses last finds the digits that it wants");
    let here = loopback();
    let late = reveal_of(relays_phone(ground), &here);
    assert_eq!(service().agree(&here, &committed, &late, &secret()).err(), Some(ExchangeProblem::RevealDoesNotFit));
}

#[test]
fn a_relay_with_the_secret_seals_and_opens_nothing() {
    let (phones, services) = keys(&meeting());
    let (phones, services) = (phones.for_phone(), services.for_service());
    let (own_phones, own_services) = exchange_of(relays_phone(0), relays_service());
    let (own_phones, own_services) = (own_phones.for_phone(), own_services.for_service());
    let forged = own_services.outcome.seal([1; 12], &completed());
    assert_eq!(phones.outcome.open(&forged).err(), Some(EnvelopeProblem::DoesNotOpen));
    let forged = own_phones.refusal.seal([1; 12], &declined());
    assert_eq!(services.refusal.open(&forged).err(), Some(EnvelopeProblem::DoesNotOpen));
    let sealed = phones.refusal.seal([1; 12], &declined());
    assert_eq!(own_services.refusal.open(&sealed).err(), Some(EnvelopeProblem::DoesNotOpen));
}

#[test]
fn neither_the_secret_nor_all_that_passed_through_the_relay_takes_the_place_of_the_shared_value() {
    let (phones, _) = exchange_of(phone(), service());
    let transcript = *phones.transcript().as_bytes();
    let sealed = phones.for_phone().refusal.seal([1; 12], &declined());
    let (phone_key, service_key) = (*reveal_of(phone(), &meeting()).phone_key.as_bytes(), *service().service_key().as_bytes());
    let shared = |own: EphemeralKey, other: [u8; 32]| {
        StaticSecret::from(*own.to_bytes()).diffie_hellman(&PublicKey::from(other)).to_bytes()
    };
    assert!(opens_by(&shared(private("service_private"), phone_key), &transcript, &sealed), "by hand as by the ends");
    let guesses = [[0; 32], phone_key, service_key, shared(key(20), phone_key), shared(key(20), service_key), transcript];
    assert!(guesses.iter().all(|guess| !opens_by(guess, &transcript, &sealed)));
    assert!(!opens_by(&[], &transcript, &sealed));
}

#[test]
fn what_one_end_has_sealed_is_nothing_else_to_either_end() {
    let (phones, services) = keys(&meeting());
    let (phones, services) = (phones.for_phone(), services.for_service());
    let outcome = services.outcome.seal([1; 12], &completed());
    let refusal = phones.refusal.seal([1; 12], &declined());
    assert!(phones.outcome.open(&outcome).is_ok() && services.refusal.open(&refusal).is_ok());
    let told = [
        phones.request.open(&outcome).map(drop),
        services.refusal.open(&outcome).map(drop),
        services.rehearsal.open(&outcome).map(drop),
        services.result.open(&outcome).map(drop),
        phones.request.open(&refusal).map(drop),
        phones.outcome.open(&refusal).map(drop),
        services.rehearsal.open(&refusal).map(drop),
        services.result.open(&refusal).map(drop),
    ];
    assert_eq!(told, [Err(EnvelopeProblem::DoesNotOpen); 8]);
}

#[test]
fn what_was_sealed_in_an_earlier_exchange_of_the_same_link_opens_in_no_later_one() {
    let (earlier, _) = exchange_of(PhoneEnd::new(key(40), Nonce::from_bytes([40; 32])), service());
    let replayed = earlier.for_phone().refusal.seal([1; 12], &declined());
    let (_, services) = keys(&meeting());
    assert_eq!(services.for_service().refusal.open(&replayed).err(), Some(EnvelopeProblem::DoesNotOpen));
}

#[test]
fn a_launch_relabelled_as_a_copied_link_has_neither_its_digits_nor_its_return() {
    let of = |link_kind| Meeting { link_kind, ..meeting() };
    let launched = keys(&of(LinkKind::Launch)).0.for_phone();
    let copied = keys(&of(LinkKind::Copied)).1.for_service();
    assert!(launched.return_value != copied.return_value && launched.number != copied.number);
}

/// Keys of both ends of one exchange; the answer is signed by the service's key for whoever answers.
fn exchange_of(phone: PhoneEnd, service: ServiceEnd) -> (HandoffKeys, HandoffKeys) {
    let commitment = phone.commitment(session());
    let answer = answer_key().answer(key_id(), &meeting(), &commitment, service.service_key());
    let verified = key_file().verify(&answer, &link_to(&meeting()), &phone, now()).expect("signed");
    agreed(&meeting(), phone, service, &verified, &commitment)
}

/// The same where no signature is asked for.
fn exchange_on_loopback(phone: PhoneEnd, service: ServiceEnd) -> (HandoffKeys, HandoffKeys) {
    let here = loopback();
    let commitment = phone.commitment(session());
    let answer = relays_signing_key().answer(key_id(), &here, &commitment, service.service_key());
    let verified = VerifiedAnswer::on_loopback(&answer, &link_to(&here)).expect("both here");
    agreed(&here, phone, service, &verified, &commitment)
}

fn agreed(
    meeting: &Meeting,
    phone: PhoneEnd,
    service: ServiceEnd,
    verified: &VerifiedAnswer,
    commitment: &Commitment,
) -> (HandoffKeys, HandoffKeys) {
    let (reveal, phones) = phone.reveal(verified, &secret()).expect("sound keys");
    (phones, service.agree(meeting, commitment, &reveal, &secret()).expect("sound keys"))
}

fn reveal_of(phone: PhoneEnd, meeting: &Meeting) -> Reveal {
    let answer = answer_key().answer(key_id(), meeting, &phone.commitment(session()), service().service_key());
    let verified = VerifiedAnswer::on_loopback(&answer, &link_to(meeting));
    let verified = verified.or_else(|| key_file().verify(&answer, &link_to(meeting), &phone, now()).ok()).expect("signed");
    phone.reveal(&verified, &secret()).expect("sound keys").0
}

fn verified(answer: &ServiceAnswer, phone: &PhoneEnd) -> Result<VerifiedAnswer, AnswerProblem> {
    key_file().verify(answer, &link_to(&meeting()), phone, now())
}

/// docs/protocol.md, sections From link to keys and Envelopes, by hand.
fn opens_by(shared: &[u8], transcript: &[u8; 32], sealed: &[u8]) -> bool {
    let (_, prk) = Hkdf::<Sha256>::extract(Some(secret().as_bytes()), shared);
    let mut key = [0; 32];
    prk.expand_multi_info(&[b"kazasu/1 ", b"refusal", &[0], transcript], &mut key).expect("not too long");
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).expect("32 bytes"));
    let (nonce, text) = sealed.split_first_chunk().expect("a nonce");
    key.open_in_place(aead::Nonce::assume_unique_for_key(*nonce), Aad::from(transcript), &mut text.to_vec()).is_ok()
}

fn begins_alike(one: &Number, other: &Number) -> bool {
    one.to_string().split(' ').next() == other.to_string().split(' ').next()
}

fn loopback() -> Meeting {
    meeting_of(&vectors()["handoffs"][3])
}

fn relays_service() -> ServiceEnd {
    ServiceEnd::new(key(30))
}

/// With one key and as many nonces as it likes.
fn relays_phone(tries: u32) -> PhoneEnd {
    let mut nonce = [20; 32];
    nonce.iter_mut().zip(tries.to_be_bytes()).for_each(|(to, from)| *to = from);
    PhoneEnd::new(key(20), Nonce::from_bytes(nonce))
}

fn relays_signing_key() -> AnswerKey {
    AnswerKey::from_bytes(&Zeroizing::new([9; 32]))
}

fn key(number: u8) -> EphemeralKey {
    EphemeralKey::from_bytes(Zeroizing::new([number; 32]))
}

fn completed() -> Outcome {
    Outcome { version: VersionOne, settlement: Settlement::Completed }
}

fn declined() -> Refusal {
    Refusal { version: VersionOne, kind: RefusalKind::Declined }
}
