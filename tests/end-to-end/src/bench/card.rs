//! Commands and bytes of one signature, counted by the card.

use std::sync::Arc;

use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard};

use super::report;

/// The practice certificate has about 1.75 kB, as a real one.
pub(super) fn count() {
    let mut virtual_card = VirtualCard::new(CardSetup::good());
    virtual_card.power_on();
    let before = virtual_card.counts();
    let password =
        Arc::new(card::SigningPassword::parse(PRACTICE_PASSWORD.as_bytes()).expect("the practice password is well formed"));
    let (mut talk, mut step) = card::Conversation::begin(|line| {
        card::sign(line, card::Carrier::default(), card::Signing::one(), password, |_, _| Ok(card::Digest::Sha256([7; 32])))
    });
    while let card::Step::Transmit(command) = step {
        step = talk.resume(&virtual_card.transmit(&command));
    }
    let counts = virtual_card.counts();
    report("card: commands of one signature, short reads", f64_of(counts.commands - before.commands), 11.0, "");
    let bytes = counts.bytes_to_card + counts.bytes_from_card - before.bytes_to_card - before.bytes_from_card;
    report("card: bytes both ways", f64_of(bytes), 2150.0, "");
}

fn f64_of(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
