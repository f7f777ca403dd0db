use serde::{Deserialize, Serialize};

/// What a card has been asked to do since it was made, or since a mark.
///
/// Power cycles do not reset it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Command APDUs that reached the card, whole or torn.
    pub commands: u64,
    /// VERIFY commands that carried a password; queries are not among them.
    pub verifies: u64,
    /// VERIFY commands after the first one of the same power cycle: a client
    /// that sends everything twice is caught here.
    pub verifies_repeated: u64,
    /// Attempts the card took off its two passwords.
    pub attempts_spent: u64,
    /// Signatures made with either key, also those that a torn link lost.
    pub signatures: u64,
    /// Bytes of command APDUs, without any link framing.
    pub bytes_to_card: u64,
    /// Bytes of answers, status words included.
    pub bytes_from_card: u64,
    /// Times the card was powered: touches, for a card held to a phone.
    pub power_ons: u64,
}

impl Counts {
    /// What was added after `earlier`.
    pub fn since(&self, earlier: &Counts) -> Counts {
        Counts {
            commands: self.commands.saturating_sub(earlier.commands),
            verifies: self.verifies.saturating_sub(earlier.verifies),
            verifies_repeated: self.verifies_repeated.saturating_sub(earlier.verifies_repeated),
            attempts_spent: self.attempts_spent.saturating_sub(earlier.attempts_spent),
            signatures: self.signatures.saturating_sub(earlier.signatures),
            bytes_to_card: self.bytes_to_card.saturating_sub(earlier.bytes_to_card),
            bytes_from_card: self.bytes_from_card.saturating_sub(earlier.bytes_from_card),
            power_ons: self.power_ons.saturating_sub(earlier.power_ons),
        }
    }
}
