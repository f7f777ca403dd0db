//! The card as a reader sees it: power, a link that can tear, and commands.

use std::time::Duration;

use crate::{CardSetup, Counts};

/// One card. It starts outside the field: [`power_on`](Self::power_on) comes first.
pub struct VirtualCard {
    setup: CardSetup,
    powered: bool,
    counts: Counts,
}

/// What the card answers, and how long it takes over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Data and status word; empty when the link is torn.
    pub bytes: Vec<u8>,
    pub takes: Duration,
}

impl VirtualCard {
    pub fn new(setup: CardSetup) -> Self {
        Self { setup, powered: false, counts: Counts::default() }
    }

    /// Puts the card in the field and gives its ATR. Tries survive; selection and verified passwords do not.
    pub fn power_on(&mut self) -> Vec<u8> {
        self.powered = true;
        self.counts.power_ons += 1;
        Vec::new()
    }

    /// Takes the card out of the field: everything but the tries is forgotten.
    pub fn power_off(&mut self) {
        self.powered = false;
    }

    /// A warm reset (SCARD_RESET_CARD), and the ATR.
    pub fn reset(&mut self) -> Vec<u8> {
        Vec::new()
    }

    /// Sends one command APDU and really waits as long as the card takes.
    ///
    /// An empty answer means that the link is torn, or that the card has no
    /// power; it stays so until [`power_on`](Self::power_on).
    pub fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let response = self.respond(command);
        std::thread::sleep(response.takes);
        response.bytes
    }

    /// Like [`transmit`](Self::transmit), for callers with a clock of their own.
    pub fn respond(&mut self, command: &[u8]) -> Response {
        self.counts.commands += 1;
        let _ = (command, &self.setup);
        Response { bytes: Vec::new(), takes: Duration::ZERO }
    }

    pub fn is_powered(&self) -> bool {
        self.powered
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Tries left of the signing password, without asking the card.
    pub fn signing_attempts_left(&self) -> u8 {
        self.setup.signing_attempts_left
    }

    /// Tries left of the authentication PIN, without asking the card.
    pub fn authentication_attempts_left(&self) -> u8 {
        self.setup.authentication_attempts_left
    }

    /// The signing certificate, DER, without asking the card.
    pub fn signing_certificate(&self) -> &[u8] {
        &self.setup.credentials.signing.certificate
    }
}
