//! Plays bytes as the answers of a hostile card. One body for the fuzz target, the
//! committed corpus and the property test.
use std::sync::Arc;

use card::{CardError, Conversation, SigningPassword, Step};

/// What went to the card while the answers lasted.
pub(crate) struct Played {
    pub passwords_sent: usize,
    pub signatures_asked: usize,
}

/// Runs a signature against the answers, then a survey against the same ones.
///
/// The first byte says whether the last attempt may be spent; then each answer is two
/// bytes of length, high byte first, and so many bytes, or what is left of them.
pub(crate) fn play(script: &[u8]) -> Played {
    let (consent, answers) = match script {
        [first, rest @ ..] => (first & 1 == 1, rest),
        [] => (false, script),
    };
    let password = Arc::new(SigningPassword::parse(b"ABC123XYZ").expect("nine letters and digits"));
    let signing = run(Conversation::begin(|line| card::sign(line, password, consent, |_| Ok([7; 32]))), answers);
    let surveying = run(Conversation::begin(card::survey), answers);
    assert_eq!(surveying.passwords_sent, 0, "a survey sends no password");
    assert_eq!(surveying.signatures_asked, 0, "a survey signs nothing");
    assert!(signing.passwords_sent <= 1, "the password was sent twice");
    assert!(signing.signatures_asked == 0 || signing.passwords_sent == 1, "signed before the password");
    signing
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
