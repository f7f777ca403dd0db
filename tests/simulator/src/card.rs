//! The card as a reader sees it: power, a link that can tear, and commands.

use std::sync::Arc;
use std::time::Duration;

use crate::apdu::Command;
use crate::application::{Answer, Application};
use crate::fault::{Armed, Struck};
use crate::status::Status;
use crate::{CardSetup, Counts, Credentials, Fault, Pace, Quirks};

/// One card. It starts outside the field: [`power_on`](Self::power_on) comes first.
pub struct VirtualCard {
    application: Application,
    credentials: Arc<Credentials>,
    quirks: Quirks,
    pace: Pace,
    faults: Armed,
    power: Power,
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
        Self {
            application: Application::new(&setup),
            credentials: setup.credentials,
            quirks: setup.quirks,
            pace: setup.pace,
            faults: Armed::new(setup.faults),
            power: Power::Off,
            counts: Counts::default(),
        }
    }

    /// Puts the card in the field and gives its ATR. Tries survive; selection and verified passwords do not.
    pub fn power_on(&mut self) -> Vec<u8> {
        self.application.forget();
        self.power = Power::On { commands: 0, verifies: 0 };
        self.counts.power_ons += 1;
        self.atr()
    }

    /// Takes the card out of the field: everything but the tries is forgotten.
    pub fn power_off(&mut self) {
        self.application.forget();
        self.power = Power::Off;
    }

    /// A warm reset (SCARD_RESET_CARD), and the ATR.
    pub fn reset(&mut self) -> Vec<u8> {
        self.application.reset();
        self.atr()
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
        let Power::On { commands, verifies } = self.power else {
            return Response { bytes: Vec::new(), takes: Duration::ZERO };
        };
        let parsed = Command::parse(command);
        let carries_password = parsed.is_ok_and(|command| command.carries_password());
        self.power = Power::On { commands: commands + 1, verifies: verifies + u64::from(carries_password) };
        self.count(command, carries_password, verifies);
        let struck = self.faults.strike(parsed.as_ref().ok());
        let response = self.answer(parsed, &struck, commands == 0);
        self.counts.bytes_from_card += size(&response.bytes);
        response
    }

    /// Adds a fault to those that have not struck yet. It counts commands from here.
    pub fn arm(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    pub fn is_powered(&self) -> bool {
        self.power != Power::Off
    }

    /// As a contactless reader makes it up, or as a contact card sends it.
    pub fn atr(&self) -> Vec<u8> {
        if self.quirks.contact { CONTACT_ATR.into() } else { CONTACTLESS_ATR.into() }
    }

    pub fn counts(&self) -> Counts {
        Counts { attempts_spent: self.application.attempts_spent(), signatures: self.application.signatures(), ..self.counts }
    }

    /// Tries left of the signing password, without asking the card.
    pub fn signing_attempts_left(&self) -> u8 {
        self.application.signing_attempts_left()
    }

    /// Tries left of the authentication PIN, without asking the card.
    pub fn authentication_attempts_left(&self) -> u8 {
        self.application.authentication_attempts_left()
    }

    /// The signing certificate, DER, without asking the card.
    pub fn signing_certificate(&self) -> &[u8] {
        &self.credentials.signing.certificate
    }

    fn count(&mut self, command: &[u8], carries_password: bool, verifies_before: u64) {
        self.counts.commands += 1;
        self.counts.bytes_to_card += size(command);
        self.counts.verifies += u64::from(carries_password);
        self.counts.verifies_repeated += u64::from(carries_password && verifies_before > 0);
    }

    fn answer(&mut self, command: Result<Command, Status>, struck: &Struck, is_first: bool) -> Response {
        if struck.torn_before {
            return self.torn();
        }
        if struck.reset {
            self.application.forget();
        }
        let signatures = self.application.signatures();
        let answer = match (struck.answer, command) {
            (Some(status), _) => Status(status).into(),
            _ if is_first && self.quirks.first_command_fails => Status::SELF_DIAGNOSIS_FAILED.into(),
            (None, Ok(command)) => self.application.execute(&command),
            (None, Err(status)) => status.into(),
        };
        if struck.torn_after {
            return self.torn();
        }
        let signed = self.application.signatures() > signatures;
        let signing = if signed { self.pace.signature } else { Duration::ZERO };
        Response { bytes: struck.arriving(answer.to_bytes()), takes: self.pace.command + signing + struck.delay }
    }

    fn torn(&mut self) -> Response {
        self.power_off();
        Response { bytes: Vec::new(), takes: Duration::ZERO }
    }
}

impl Answer {
    fn to_bytes(&self) -> Vec<u8> {
        let Status(status) = self.status;
        [self.data.as_slice(), &status.to_be_bytes()].concat()
    }
}

/// Whether the card is in the field, and what it has heard since it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Power {
    Off,
    On { commands: u64, verifies: u64 },
}

fn size(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// ISO 14443 type B behind PC/SC (card.md section 1).
const CONTACTLESS_ATR: [u8; 13] = [0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x05, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x7F];

/// T=1 (card.md section 1).
const CONTACT_ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];
