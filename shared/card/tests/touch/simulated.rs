//! The same promises on the simulator, which reads the card's rules for itself.
use std::sync::Arc;

use card::{CardError, Carrier, Conversation, Line, Signed, Signing, SigningPassword, Step, TokenKind};
use proptest::prelude::*;
use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::Verifier;
use simulator::{BlockedAnswer, CardSetup, Fault, LongAnswers, PRACTICE_PASSWORD, Quirks, VirtualCard};

const MESSAGE: &[u8] = b"what is signed";

pub(crate) fn held(setup: CardSetup) -> VirtualCard {
    let mut card = VirtualCard::new(setup);
    card.power_on();
    card
}

pub(crate) fn talk<T: 'static, F>(card: &mut VirtualCard, protocol: impl FnOnce(Line) -> F) -> Result<T, CardError>
where
    F: Future<Output = Result<T, CardError>> + Send + 'static,
{
    let (mut conversation, mut step) = Conversation::begin(protocol);
    loop {
        match step {
            Step::Transmit(command) => step = conversation.resume(&card.transmit(&command)),
            Step::Finished(outcome) => return outcome,
        }
    }
}

fn digest_of_message(_: &[u8], _: usize) -> Result<card::Digest, card::Refused> {
    Ok(card::Digest::Sha256(Sha256::digest(MESSAGE).into()))
}

fn sign(card: &mut VirtualCard, password: &str) -> Result<Signed, CardError> {
    sign_by(card, Carrier::default(), password)
}

fn sign_by(card: &mut VirtualCard, carrier: Carrier, password: &str) -> Result<Signed, CardError> {
    let password = Arc::new(SigningPassword::parse(password.as_bytes()).expect("a password in its form"));
    talk(card, |line| card::sign(line, carrier, Signing::one(), password, digest_of_message))
}

#[test]
fn a_signature_of_the_card_verifies_with_its_key() {
    let setup = CardSetup::good();
    let key = RsaPublicKey::from_public_key_der(&setup.credentials.signing.public_key_der()).unwrap();
    let mut card = held(setup);
    let signed = sign(&mut card, PRACTICE_PASSWORD).ok().unwrap();
    assert_eq!(signed.certificate, card.signing_certificate());
    let signature = Signature::try_from(&signed.signatures[0][..]).unwrap();
    assert!(VerifyingKey::<Sha256>::new(key).verify(MESSAGE, &signature).is_ok());
}

#[test]
fn a_touch_costs_eleven_commands_or_five_up_to_1792_bytes_and_few_bytes() {
    let short = [(1742, 11), (1757, 11), (1758, 11), (1792, 11), (1793, 12)].map(|sizes| (false, sizes));
    let long = [(1742, 5), (1757, 5), (1758, 5), (1792, 5), (1793, 6)].map(|sizes| (true, sizes));
    for (extended_length, (bytes, commands)) in short.into_iter().chain(long) {
        let mut card = held(CardSetup::good().with_signing_certificate_bytes(bytes).unwrap());
        let carrier = Carrier { extended_length, ..Carrier::default() };
        assert_eq!(sign_by(&mut card, carrier, PRACTICE_PASSWORD).ok().unwrap().certificate.len(), bytes);
        let counts = card.counts();
        assert_eq!((counts.commands, counts.verifies, counts.signatures), (commands, 1, 1), "{bytes} bytes");
        assert!(bytes > 1758 || counts.bytes_to_card + counts.bytes_from_card <= 2_150, "{counts:?}");
    }
}

#[test]
fn one_typed_password_costs_one_try_wherever_the_card_is_lost() {
    for nth in 1..=11 {
        for fault in [Fault::tear_before_command(nth), Fault::tear_after_command(nth)] {
            let mut card = held(CardSetup::good().with_fault(fault));
            let error = sign(&mut card, "WRONG123").err().unwrap();
            let (counts, left) = (card.counts(), card.signing_attempts_left());
            assert!(counts.verifies <= 1 && left >= 4, "command {nth}: {counts:?}");
            if nth == 3 {
                assert!(matches!(error, CardError::VerifyOutcomeUnknown { .. }));
            }
        }
    }
}

#[test]
fn every_oddity_that_a_card_can_have_still_signs() {
    let quirks = [
        Quirks { first_command_fails: true, ..Quirks::default() },
        Quirks { read_limit: Some(128), ..Quirks::default() },
        Quirks { long_answers: LongAnswers::ByGetResponse, ..Quirks::default() },
        Quirks { long_answers: LongAnswers::WithExactLength, ..Quirks::default() },
        Quirks { short_file_ids: false, ..Quirks::default() },
        Quirks { extended_length: false, ..Quirks::default() },
        Quirks { query_succeeds_when_verified: true, ..Quirks::default() },
    ];
    for quirks in quirks {
        let mut card = held(CardSetup::good().with_quirks(quirks));
        for (verifies, extended_length) in [(1, false), (2, true)] {
            let carrier = Carrier { extended_length, ..Carrier::default() };
            card.power_on();
            assert!(sign_by(&mut card, carrier, PRACTICE_PASSWORD).is_ok(), "{quirks:?}");
            assert_eq!(card.counts().verifies, verifies);
        }
    }
}

#[test]
fn a_second_touch_without_a_power_cycle_signs_too() {
    let quirks = Quirks { query_succeeds_when_verified: true, ..Quirks::default() };
    let mut card = held(CardSetup::good().with_quirks(quirks));
    assert!(sign(&mut card, PRACTICE_PASSWORD).is_ok());
    assert!(sign(&mut card, PRACTICE_PASSWORD).is_ok());
}

#[test]
fn five_wrong_passwords_count_down_to_a_lock_and_no_sixth_is_sent() {
    for blocked in [BlockedAnswer::NoTriesLeft, BlockedAnswer::AuthenticationBlocked, BlockedAnswer::FileLocked] {
        let quirks = Quirks { blocked_query: blocked, blocked_verify: blocked, ..Quirks::default() };
        let mut card = held(CardSetup::good().with_quirks(quirks));
        for attempts_left in [4, 3, 2, 1] {
            assert_eq!(sign(&mut card, "WRONG123").err(), Some(CardError::WrongPassword { attempts_left }));
        }
        assert_eq!(sign(&mut card, "WRONG123").err(), Some(CardError::LastAttempt));
        let last = SigningPassword::parse(b"WRONG123").expect("a password in its form").with_consent_to_last_try();
        let (carrier, last) = (Carrier::default(), Arc::new(last));
        let error = talk(&mut card, |line| card::sign(line, carrier, Signing::one(), last, digest_of_message)).err();
        assert_eq!(error, Some(CardError::Locked { by_this_attempt: true }));
        assert_eq!(sign(&mut card, PRACTICE_PASSWORD).err(), Some(CardError::Locked { by_this_attempt: false }));
        assert_eq!(card.counts().verifies, 5);
    }
}

#[test]
fn other_cards_are_told_apart_before_any_password() {
    let mut other = held(CardSetup::not_a_my_number_card());
    assert_eq!(sign(&mut other, PRACTICE_PASSWORD).err(), Some(CardError::NotThisCard));
    assert_eq!(other.counts().verifies, 0);

    let mut child = held(CardSetup::without_signing_certificate());
    assert_eq!(sign(&mut child, PRACTICE_PASSWORD).err(), Some(CardError::NoSigningCertificate));
}

#[test]
fn a_survey_of_every_kind_of_token_spends_nothing() {
    let kinds = [
        (CardSetup::good(), TokenKind::MyNumberCard),
        (CardSetup::old_resident_card(), TokenKind::ResidentCard),
        (CardSetup::held_by_phone(simulator::TokenKind::AndroidPhone), TokenKind::AndroidPhone),
        (CardSetup::held_by_phone(simulator::TokenKind::Iphone), TokenKind::IPhone),
    ];
    for (setup, token) in kinds {
        let mut card = held(setup);
        let survey = talk(&mut card, |line| card::survey(line, Carrier::default())).ok().unwrap();
        assert_eq!(survey.token, token);
        assert_eq!(survey.authentication_certificate.is_some(), token != TokenKind::AndroidPhone);
        assert_eq!((card.counts().verifies, card.counts().attempts_spent), (0, 0));
    }
}

proptest! {
    #[test]
    fn tries_spent_never_exceed_passwords_typed(tears in prop::collection::vec((1u32..14, any::<bool>()), 0..8)) {
        let mut card = held(CardSetup::good());
        let mut typed = 0;
        for (nth, before) in tears {
            card.arm(if before { Fault::tear_before_command(nth) } else { Fault::tear_after_command(nth) });
            card.power_off();
            card.power_on();
            typed += 1;
            let _ = sign(&mut card, "WRONG123");
        }
        prop_assert!(card.counts().attempts_spent <= typed);
        prop_assert!(card.signing_attempts_left() >= 1, "the last one was spent unasked");
    }
}
