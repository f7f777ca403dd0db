//! What the card makes of a command: selection, passwords, files and signatures.

mod file;
mod password;
mod read;
mod select;
mod sign;
mod token;
mod verify;

use file::{File, FileId};
use password::Password;
pub(crate) use password::{AUTHENTICATION_ATTEMPTS, SIGNING_ATTEMPTS};

use crate::apdu::{self, Command};
use crate::quirks::{LongAnswers, Quirks};
use crate::setup::{CardProfile, CardSetup};
use crate::status::Status;

/// The memory of a card: what outlives power, and what does not.
pub(crate) struct Application {
    is_known: bool,
    profile: CardProfile,
    files: Vec<File>,
    passwords: [Password; 2],
    selected: Selected,
    current_file: Option<FileId>,
    /// Data that waits for GET RESPONSE.
    waiting: Vec<u8>,
    signatures: u64,
    quirks: Quirks,
}

/// What SELECT has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selected {
    /// GlobalPlatform's issuer security domain, also after power-on.
    IssuerDomain,
    Jpki,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) data: Vec<u8>,
    pub(crate) status: Status,
}

impl Application {
    pub(crate) fn new(setup: &CardSetup) -> Self {
        Self {
            is_known: setup.has_jpki_application,
            profile: setup.profile,
            files: file::files_of(setup),
            passwords: password::passwords_of(setup),
            selected: Selected::IssuerDomain,
            current_file: None,
            waiting: Vec::new(),
            signatures: 0,
            quirks: setup.quirks,
        }
    }

    pub(crate) fn execute(&mut self, command: &Command) -> Answer {
        if command.extended && !self.quirks.extended_length {
            return Status::WRONG_LENGTH.into();
        }
        if command.instruction == apdu::GET_RESPONSE {
            return self.more(command);
        }
        self.waiting.clear();
        let answer = self.dispatch(command).unwrap_or_else(Answer::from);
        self.delivered(answer, command)
    }

    /// Power is gone: everything but the tries and the files is forgotten.
    pub(crate) fn forget(&mut self) {
        self.selected = Selected::IssuerDomain;
        self.current_file = None;
        self.waiting.clear();
        self.forget_passwords();
    }

    /// A warm reset: observed to leave application and password as they are.
    pub(crate) fn reset(&mut self) {
        if self.quirks.reset_keeps_password {
            self.current_file = None;
            self.waiting.clear();
        } else {
            self.forget();
        }
    }

    pub(crate) fn signatures(&self) -> u64 {
        self.signatures
    }

    pub(crate) fn attempts_spent(&self) -> u64 {
        self.passwords.iter().map(Password::attempts_spent).sum()
    }

    pub(crate) fn signing_attempts_left(&self) -> u8 {
        self.password(Secret::SigningPassword).attempts_left()
    }

    pub(crate) fn authentication_attempts_left(&self) -> u8 {
        self.password(Secret::AuthenticationPin).attempts_left()
    }

    fn dispatch(&mut self, command: &Command) -> Result<Answer, Status> {
        check_class(command.class)?;
        match (command.class, command.instruction) {
            (0x00, apdu::SELECT) => self.select(command),
            (0x00, apdu::VERIFY) => self.verify(command),
            (0x00, apdu::CHANGE_REFERENCE_DATA) => self.change_password(command),
            (0x00, apdu::READ_BINARY) => self.read_binary(command),
            (0x00, apdu::GET_CHALLENGE) => read::challenge(command),
            (0x00, apdu::INTERNAL_AUTHENTICATE) => Err(Status::CONDITIONS_OF_USE),
            (0x80, apdu::COMPUTE_SIGNATURE) => self.compute_signature(command),
            (0x00, apdu::COMPUTE_SIGNATURE) | (0x80, apdu::SELECT | apdu::VERIFY | apdu::READ_BINARY) => {
                Err(Status::CLASS_UNKNOWN)
            }
            _ => Err(Status::INSTRUCTION_UNKNOWN),
        }
    }

    /// Sends data with the command, or as the quirk says.
    fn delivered(&mut self, answer: Answer, command: &Command) -> Answer {
        let bytes = answer.data.len();
        match self.quirks.long_answers {
            LongAnswers::ByGetResponse if bytes > 0 => {
                self.waiting = answer.data;
                Status::more_waits(bytes).into()
            }
            LongAnswers::WithExactLength if bytes > 0 && command.expected.is_some_and(|expected| expected > bytes) => {
                Status::exact_length(bytes).into()
            }
            _ => answer,
        }
    }

    /// GET RESPONSE, of at most 256 bytes.
    fn more(&mut self, command: &Command) -> Answer {
        let expected = command.expected.unwrap_or_default().min(MORE_AT_ONCE).min(self.waiting.len());
        if expected == 0 {
            return Status::CONDITIONS_OF_USE.into();
        }
        let rest = self.waiting.split_off(expected);
        let data = std::mem::replace(&mut self.waiting, rest);
        let status = if self.waiting.is_empty() { Status::SUCCESS } else { Status::more_waits(self.waiting.len()) };
        Answer { data, status }
    }

    fn forget_passwords(&mut self) {
        self.passwords.iter_mut().for_each(Password::forget);
    }

    fn password(&self, secret: Secret) -> &Password {
        let [signing, authentication] = &self.passwords;
        match secret {
            Secret::SigningPassword => signing,
            Secret::AuthenticationPin => authentication,
        }
    }

    fn password_mut(&mut self, secret: Secret) -> &mut Password {
        let [signing, authentication] = &mut self.passwords;
        match secret {
            Secret::SigningPassword => signing,
            Secret::AuthenticationPin => authentication,
        }
    }
}

/// Which of the two passwords a file or key belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secret {
    SigningPassword,
    AuthenticationPin,
}

impl From<Status> for Answer {
    fn from(status: Status) -> Self {
        Self { data: Vec::new(), status }
    }
}

/// Logical channel 0 only, and no secure messaging (card.md section 1).
fn check_class(class: u8) -> Result<(), Status> {
    match class {
        0x00 | 0x80 => Ok(()),
        _ if class & 0x03 != 0 => Err(Status::CHANNEL_UNKNOWN),
        _ if class & 0x0C != 0 => Err(Status::SECURE_MESSAGING_UNKNOWN),
        _ => Err(Status::CLASS_UNKNOWN),
    }
}

const MORE_AT_ONCE: usize = 256;
