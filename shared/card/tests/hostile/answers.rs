//! Plays bytes as the answers of a hostile card. One body for the fuzz target, the
//! committed corpus and the property test.
use std::num::NonZeroUsize;
use std::sync::Arc;

use card::{CardError, Carrier, Conversation, Digest, Refused, Signing, SigningPassword, Step};

/// What went to the card while the answers lasted.
pub(crate) struct Played {
    pub passwords_sent: usize,
    pub signatures_asked: usize,
}

/// Runs a signature against the answers, the same again as a touch that goes on, then a recount and a survey.
///
/// Of the first byte, the lowest bit says whether the last attempt may be spent, the second whether reads are long,
/// the next two how many documents there are; then each answer is two bytes of length, high byte first, and so many
/// bytes, or what is left of them.
pub(crate) fn play(script: &[u8]) -> Played {
    let (first, answers) = script.split_first().map_or((0, script), |(first, rest)| (*first, rest));
    let carrier = Carrier { extended_length: first & 2 == 2, ..Carrier::default() };
    let documents = NonZeroUsize::MIN.saturating_add(usize::from(first >> 2 & 3));
    let (signing, password) = (Signing::of(documents), password(first & 1 == 1));
    let touch = || {
        let (signing, password) = (signing.clone(), Arc::clone(&password));
        run(Conversation::begin(|line| card::sign(line, carrier, signing, password, digest)), answers)
    };
    let first_touch = touch();
    assert!(first_touch.passwords_sent <= 1, "the password was sent twice in a touch");
    assert!(first_touch.signatures_asked == 0 || first_touch.passwords_sent == 1, "signed before the password");
    let can_go_on = password.can_go_on();
    let second_touch = touch();
    assert!(can_go_on || second_touch.passwords_sent == 0, "a spent password was sent");
    let recounted = signing.clone();
    for look in [
        run(Conversation::begin(|line| card::recount(line, carrier, recounted)), answers),
        run(Conversation::begin(|line| card::survey(line, carrier)), answers),
    ] {
        assert_eq!((look.passwords_sent, look.signatures_asked), (0, 0), "a look sends no password and signs nothing");
    }
    first_touch
}

fn password(consents: bool) -> Arc<SigningPassword> {
    let password = SigningPassword::parse(b"ABC123XYZ").expect("nine letters and digits");
    Arc::new(if consents { password.with_consent_to_last_try() } else { password })
}

fn digest(_: &[u8], _: usize) -> Result<Digest, Refused> {
    Ok(Digest::Sha256([7; 32]))
}

fn run<T: 'static>((mut conversation, mut step): (Conversation<T>, Step<T>), mut answers: &[u8]) -> Played {
    let mut played = Played { passwords_sent: 0, signatures_asked: 0 };
    while let Step::Transmit(command) = &step {
        played.passwords_sent += usize::from(command.get(1) == Some(&0x20) && command.len() > 4);
        played.signatures_asked += usize::from(command.get(1) == Some(&0x2A));
        step = conversation.resume(next_answer(&mut answers));
    }
    let late = conversation.resume(&[0x90, 0x00]);
    assert!(matches!(late, Step::Finished(Err(CardError::ConversationOver))));
    played
}

/// An empty answer, which is a lost card, once the script has ended.
fn next_answer<'a>(answers: &mut &'a [u8]) -> &'a [u8] {
    let Some((length, rest)) = answers.split_first_chunk::<2>() else {
        return &[];
    };
    let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
    let (answer, rest) = rest.split_at(length);
    *answers = rest;
    answer
}
