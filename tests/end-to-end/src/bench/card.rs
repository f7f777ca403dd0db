//! Commands, bytes and time of one signature, counted on the card in this process.

use std::sync::Arc;
use std::time::Instant;

use card::{Carrier, Conversation, Digest, Signed, Signing, SigningPassword, Step};
use simulator::{CardSetup, Counts, PRACTICE_PASSWORD, VirtualCard};

use super::{air, f64_of, report, say};

/// The practice certificate has about 1.75 kB, as a real one.
pub(super) fn count() {
    let (short, long) = (touch(Carrier::default()), touch(LONG));
    report("card: commands of one signature, short reads", f64_of(short.counts.commands), 11.0, "");
    report("card: bytes both ways, short reads", f64_of(bytes(&short.counts)), 2150.0, "");
    report("card: commands of one signature, one long read", f64_of(long.counts.commands), 5.0, "");
    report("card: bytes both ways, one long read", f64_of(bytes(&long.counts)), 2150.0, "");
    report("card: time of a conversation on our side", conversation_us(&short), 20.0, "µs");
    say("");
    air::table(&short.counts, &long.counts);
    say("");
}

/// One touch: what it took, and what the card answered.
struct Touch {
    counts: Counts,
    answers: Vec<Vec<u8>>,
}

fn touch(carrier: Carrier) -> Touch {
    let mut card = VirtualCard::new(CardSetup::good());
    card.power_on();
    let mut answers = Vec::new();
    let (mut talk, mut step) = conversation(carrier);
    while let Step::Transmit(command) = step {
        let answer = card.transmit(&command);
        step = talk.resume(&answer);
        answers.push(answer);
    }
    Touch { counts: card.counts(), answers }
}

/// The card's answers played again, so that only our side is timed.
fn conversation_us(touch: &Touch) -> f64 {
    let started = Instant::now();
    for _ in 0..CONVERSATIONS {
        let (mut talk, _) = conversation(Carrier::default());
        for answer in &touch.answers {
            std::hint::black_box(talk.resume(answer));
        }
    }
    started.elapsed().as_secs_f64() * 1_000_000.0 / f64::from(CONVERSATIONS)
}

fn conversation(carrier: Carrier) -> (Conversation<Signed>, Step<Signed>) {
    let password = SigningPassword::parse(PRACTICE_PASSWORD.as_bytes()).expect("the practice password is well formed");
    Conversation::begin(|line| card::sign(line, carrier, Signing::one(), Arc::new(password), |_, _| Ok(Digest::Sha256([7; 32]))))
}

pub(super) fn bytes(counts: &Counts) -> u64 {
    counts.bytes_to_card + counts.bytes_from_card
}

const LONG: Carrier = Carrier { extended_length: true, application_selected: false };
const CONVERSATIONS: u32 = 20_000;
