//! What a card tells without a password.
use crate::scripted::{DIGEST, ScriptedCard};
use card::{AttemptsLeft, CardError, Certificates, Digest, Stage, TokenKind};

#[test]
fn a_survey_tells_all_and_sends_no_password() {
    let mut card = ScriptedCard::good();
    let survey = card.survey().ok().unwrap();
    assert_eq!(survey.token, TokenKind::MyNumberCard);
    assert_eq!(survey.attempts_left, AttemptsLeft::Count(5));
    assert_eq!(survey.authentication_attempts_left, Some(AttemptsLeft::Count(5)));
    assert_eq!(survey.certificates, Some(Certificates { signing: true, authentication: true }));
    assert_eq!(survey.authentication_certificate.as_deref(), Some(&card.certificate[..]));
    assert_eq!(card.passwords_sent(), 0);
}

#[test]
fn files_that_a_card_does_not_give_are_left_out() {
    let mut card = ScriptedCard::good();
    for nth in 3..=8 {
        card = card.answering(nth, &[0x69, 0x82]);
    }
    let survey = card.survey().ok().unwrap();
    assert_eq!(survey.token, TokenKind::Unknown);
    assert_eq!(survey.authentication_attempts_left, None);
    assert_eq!(survey.certificates, None);
    assert_eq!(survey.authentication_certificate, None);
}

#[test]
fn a_locked_card_can_still_be_looked_at() {
    let mut card = ScriptedCard::good().answering(2, &[0x69, 0x84]);
    assert_eq!(card.survey().ok().unwrap().attempts_left, AttemptsLeft::Count(0));
}

#[test]
fn a_card_lost_on_the_way_is_lost_and_not_half_described() {
    for nth in 1..=5 {
        let error = ScriptedCard::good().answering(nth, &[]).survey().err();
        assert!(matches!(error, Some(CardError::LostContact { .. })), "{nth}");
    }
    let error = ScriptedCard::good().answering(2, &[]).survey().err();
    assert_eq!(error, Some(CardError::LostContact { during: Stage::AttemptsQuery }));
}

#[test]
fn an_old_card_and_a_phone_are_told_by_their_label() {
    for (label, token) in [("JPKIAPICCTOKEN", TokenKind::ResidentCard), ("JPKIAPIOSTOKEN", TokenKind::IPhone)] {
        let mut card = ScriptedCard::good();
        card.label = label;
        assert_eq!(card.survey().ok().unwrap().token, token);
        assert!(card.sign_with(true, |_, _| Ok(Digest::Sha256(DIGEST))).is_ok());
    }
}
