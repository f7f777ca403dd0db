//! Several touches for one password, and several documents in one touch, on the simulator.

use std::num::NonZeroUsize;
use std::sync::Arc;

use card::{AttemptsLeft, CardError, Carrier, Digest, Signed, Signing, SigningPassword};
use rsa::sha2::{self, Digest as _};
use simulator::{CardSetup, Fault, PRACTICE_PASSWORD, Quirks, TokenKind, VirtualCard};

use crate::simulated::{held, talk};

/// One typed password and what is to be signed with it.
struct Job {
    signing: Signing,
    password: Arc<SigningPassword>,
}

impl Job {
    fn of(documents: usize, password: &str) -> Self {
        let documents = NonZeroUsize::new(documents).expect("a document at least");
        Self { signing: Signing::of(documents), password: Arc::new(typed(password)) }
    }

    fn retyped(&mut self, password: &str) {
        self.password = Arc::new(typed(password));
    }

    fn touch(&self, card: &mut VirtualCard) -> Result<Signed, CardError> {
        card.power_off();
        card.power_on();
        let (signing, password) = (self.signing.clone(), Arc::clone(&self.password));
        talk(card, |line| card::sign(line, Carrier::default(), signing, password, digest_of))
    }

    fn recount(&self, card: &mut VirtualCard) -> Result<AttemptsLeft, CardError> {
        card.power_off();
        card.power_on();
        let signing = self.signing.clone();
        let recount = talk(card, |line| card::recount(line, Carrier::default(), signing))?;
        self.signing.go_on_with(&recount);
        Ok(recount.attempts_left)
    }
}

fn typed(password: &str) -> SigningPassword {
    SigningPassword::parse(password.as_bytes()).expect("a password in its form")
}

fn digest_of(_: &[u8], document: usize) -> Result<Digest, card::Refused> {
    Ok(Digest::Sha256(sha2::Sha256::digest(document.to_be_bytes()).into()))
}

fn good_with(fault: Fault) -> VirtualCard {
    held(CardSetup::good().with_fault(fault))
}

#[test]
fn a_batch_costs_one_command_for_each_further_document_and_one_read_for_all() {
    for (documents, commands) in [(1, 11), (2, 13), (10, 21), (50, 61)] {
        let mut card = held(CardSetup::good());
        let signed = Job::of(documents, PRACTICE_PASSWORD).touch(&mut card).ok().unwrap();
        let counts = card.counts();
        assert_eq!((signed.signatures.len(), counts.commands), (documents, commands));
        assert_eq!((counts.verifies, usize::try_from(counts.signatures)), (1, Ok(documents)));
    }
}

#[test]
fn a_batch_torn_at_any_command_goes_on_where_it_stopped() {
    let documents = 3;
    for nth in 1..=14 {
        for fault in [Fault::tear_before_command(nth), Fault::tear_after_command(nth)] {
            let mut card = good_with(fault);
            let job = Job::of(documents, PRACTICE_PASSWORD);
            assert!(job.touch(&mut card).is_err(), "{fault:?}");
            let done = job.signing.done();
            let made = card.counts().signatures;
            let signed = job.touch(&mut card).ok().unwrap_or_else(|| panic!("{fault:?}"));
            assert_eq!(signed.signatures.len(), documents);
            assert_eq!(card.counts().attempts_spent, 0);
            let made_again = card.counts().signatures - made;
            assert_eq!(usize::try_from(made_again), Ok(documents - done), "{fault:?}: no document twice");
        }
    }
}

#[test]
fn a_certificate_in_hand_is_not_fetched_again() {
    let mut card = good_with(Fault::tear_before_command(14));
    let job = Job::of(3, PRACTICE_PASSWORD);
    assert!(job.touch(&mut card).is_err());
    let before = card.counts();
    assert!(job.touch(&mut card).is_ok());
    assert_eq!(card.counts().since(&before).commands, 5, "select, count, mark, verify, sign");
}

#[test]
fn another_card_held_in_a_torn_batch_is_not_sent_the_password() {
    for nth in 4..=14 {
        let mut card = good_with(Fault::tear_before_command(nth));
        let job = Job::of(3, PRACTICE_PASSWORD);
        assert!(job.touch(&mut card).is_err());
        let mut other = held(CardSetup::other_person());
        assert_eq!(job.touch(&mut other).err(), Some(CardError::OtherCard), "command {nth}");
        assert_eq!((other.counts().verifies, other.counts().signatures), (0, 0));
        assert!(job.touch(&mut card).is_ok(), "the first card goes on");
    }
}

#[test]
fn a_card_that_refused_the_password_may_give_way_to_another() {
    let mut job = Job::of(3, "WRONG123");
    let mut borrowed = held(CardSetup::other_person());
    assert_eq!(job.touch(&mut borrowed).err(), Some(CardError::WrongPassword { attempts_left: 4 }));
    job.retyped(PRACTICE_PASSWORD);
    assert!(job.touch(&mut held(CardSetup::good())).is_ok());
}

#[test]
fn in_doubt_another_card_is_not_judged_and_the_first_one_still_is() {
    let mut card = good_with(Fault::tear_after_verify());
    let job = Job::of(2, "WRONG123");
    assert!(matches!(job.touch(&mut card).err(), Some(CardError::VerifyOutcomeUnknown { .. })));
    let mut other = held(CardSetup::other_person().with_signing_attempts_left(4));
    assert_eq!(job.touch(&mut other).err(), Some(CardError::OtherCard));
    assert_eq!(other.counts().verifies, 0);
    assert_eq!(job.touch(&mut card).err(), Some(CardError::WrongPassword { attempts_left: 4 }));
}

#[test]
fn in_doubt_a_wrong_password_that_counted_is_not_sent_again() {
    let mut card = good_with(Fault::tear_after_verify());
    let job = Job::of(2, "WRONG123");
    assert!(matches!(job.touch(&mut card).err(), Some(CardError::VerifyOutcomeUnknown { .. })));
    assert_eq!(job.touch(&mut card).err(), Some(CardError::WrongPassword { attempts_left: 4 }));
    assert_eq!((card.counts().verifies, card.counts().attempts_spent), (1, 1));
    assert!(!job.password.can_go_on());
}

#[test]
fn in_doubt_a_password_that_never_arrived_is_sent_once_more() {
    let mut card = good_with(Fault::tear_before_verify());
    let job = Job::of(2, "WRONG123");
    assert!(matches!(job.touch(&mut card).err(), Some(CardError::VerifyOutcomeUnknown { .. })));
    assert_eq!(job.touch(&mut card).err(), Some(CardError::WrongPassword { attempts_left: 4 }));
    assert_eq!((card.counts().verifies, card.counts().attempts_spent), (2, 1));
}

#[test]
fn a_password_torn_twice_is_asked_for_again() {
    let mut card = good_with(Fault::tear_before_verify());
    card.arm(Fault { at: simulator::FaultPoint::Verify(2), effect: simulator::FaultEffect::TearBefore });
    let mut job = Job::of(2, PRACTICE_PASSWORD);
    for _ in 0..2 {
        assert!(matches!(job.touch(&mut card).err(), Some(CardError::VerifyOutcomeUnknown { .. })));
    }
    let in_doubt = CardError::PasswordInDoubt { attempts_left: AttemptsLeft::Count(5) };
    assert_eq!(job.touch(&mut card).err(), Some(in_doubt));
    job.retyped(PRACTICE_PASSWORD);
    assert!(job.touch(&mut card).is_ok());
}

#[test]
fn a_plain_signature_torn_in_verify_counts_anew_and_asks_again() {
    let mut card = good_with(Fault::tear_after_verify());
    let mut job = Job::of(1, "WRONG123");
    assert!(matches!(job.touch(&mut card).err(), Some(CardError::VerifyOutcomeUnknown { .. })));
    assert!(!job.password.can_go_on());
    assert_eq!(job.recount(&mut card).ok(), Some(AttemptsLeft::Count(4)));
    job.retyped(PRACTICE_PASSWORD);
    let mut other = held(CardSetup::other_person());
    assert_eq!(job.touch(&mut other).err(), Some(CardError::OtherCard));
    assert!(job.touch(&mut card).is_ok());
    assert_eq!((other.counts().verifies, card.counts().verifies), (0, 2));
}

#[test]
fn a_reset_between_two_commands_never_repeats_the_password() {
    for nth in 1..=13 {
        let reset = Fault { at: simulator::FaultPoint::Command(nth), effect: simulator::FaultEffect::Reset };
        let mut card = good_with(reset);
        let outcome = Job::of(2, PRACTICE_PASSWORD).touch(&mut card);
        assert_eq!(outcome.is_ok(), nth == 1, "command {nth}");
        assert!(card.counts().verifies <= 1 && card.counts().attempts_spent == 0);
    }
}

#[test]
fn a_phone_is_told_apart_before_a_batch_s_password() {
    let mut phone = held(CardSetup::held_by_phone(TokenKind::AndroidPhone));
    assert_eq!(Job::of(2, PRACTICE_PASSWORD).touch(&mut phone).err(), Some(CardError::HeldByPhone));
    assert_eq!(phone.counts().verifies, 0);
}

#[test]
fn what_an_unknown_card_gave_is_not_mixed_with_what_the_next_one_gives() {
    let unknowable = CardSetup { token: TokenKind::MyNumberCard, has_authentication_certificate: false, ..CardSetup::good() };
    for (documents, first, signature) in [(1, CardSetup::good(), 11), (3, unknowable, 14)] {
        let mut first = held(first.with_fault(Fault::tear_before_command(signature)));
        let mut job = Job::of(documents, PRACTICE_PASSWORD);
        assert!(job.touch(&mut first).is_err());
        let other = CardSetup::other_person();
        let certificate = other.credentials.signing.certificate.clone();
        let mut other = held(other);
        assert!(job.recount(&mut other).is_ok());
        job.retyped(PRACTICE_PASSWORD);
        let signed = job.touch(&mut other).ok().unwrap();
        assert_eq!((signed.certificate, other.counts().signatures), (certificate, u64::try_from(documents).unwrap()));
        assert_eq!(signed.signatures.len(), documents);
    }
}

#[test]
fn consent_to_the_last_try_is_for_the_card_that_asked_for_it() {
    let mut card = held(CardSetup::last_try());
    let mut other = held(CardSetup::other_person().with_signing_attempts_left(1));
    let mut job = Job::of(1, PRACTICE_PASSWORD);
    assert_eq!(job.touch(&mut card).err(), Some(CardError::LastAttempt));
    job.password = Arc::new(typed(PRACTICE_PASSWORD).with_consent_to_last_try());
    assert_eq!(job.touch(&mut other).err(), Some(CardError::LastAttempt));
    assert_eq!(other.counts().verifies, 0);
    job.password = Arc::new(typed(PRACTICE_PASSWORD).with_consent_to_last_try());
    assert_eq!(job.touch(&mut card).err(), Some(CardError::LastAttempt), "asked again, for the card that came back");
    job.password = Arc::new(typed(PRACTICE_PASSWORD).with_consent_to_last_try());
    assert!(job.touch(&mut card).is_ok());
}

#[test]
fn a_card_that_cannot_be_known_again_begins_a_batch_anew() {
    let unknowable =
        |owner: CardSetup| CardSetup { token: TokenKind::MyNumberCard, has_authentication_certificate: false, ..owner };
    let mut card = held(unknowable(CardSetup::good()).with_fault(Fault::tear_before_command(14)));
    let mut job = Job::of(3, PRACTICE_PASSWORD);
    assert!(job.touch(&mut card).is_err());
    assert_eq!(job.signing.done(), 2);
    assert!(!job.password.can_go_on());
    job.retyped(PRACTICE_PASSWORD);
    let mut other = held(unknowable(CardSetup::other_person()));
    let signed = job.touch(&mut other).ok().unwrap();
    assert_eq!((signed.signatures.len(), other.counts().signatures), (3, 3), "no signature of the first card is among them");
}

#[test]
fn a_batch_works_without_short_file_ids() {
    let quirks = Quirks { short_file_ids: false, ..Quirks::default() };
    let mut card = held(CardSetup::good().with_quirks(quirks));
    assert_eq!(Job::of(3, PRACTICE_PASSWORD).touch(&mut card).ok().unwrap().signatures.len(), 3);
    assert_eq!(card.counts().verifies, 1);
}

#[test]
fn the_next_card_signs_a_sha_384_in_der() {
    use p384::ecdsa::{DerSignature, VerifyingKey, signature::hazmat::PrehashVerifier};
    use p384::pkcs8::DecodePublicKey;

    let setup = CardSetup::next_card();
    let key = VerifyingKey::from_public_key_der(&setup.credentials.signing.public_key_der()).unwrap();
    let mut card = held(setup);
    let digest: [u8; 48] = sha2::Sha384::digest(b"what is signed").into();
    let password = Arc::new(typed(PRACTICE_PASSWORD));
    let sign = |line| card::sign(line, Carrier::default(), Signing::one(), password, move |_, _| Ok(Digest::Sha384(digest)));
    let signed = talk(&mut card, sign).ok().unwrap();
    let signature = DerSignature::try_from(&signed.signatures[0][..]).unwrap();
    assert!(key.verify_prehash(&digest, &signature).is_ok());
    assert_eq!((card.counts().verifies, card.counts().signatures), (1, 1));

    let mut card = held(CardSetup::next_card());
    assert_eq!(Job::of(1, PRACTICE_PASSWORD).touch(&mut card).err(), Some(CardError::DigestUnfit));
}
