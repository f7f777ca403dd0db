//! A card that answers as told, so that any status word can come at any command.
use std::collections::BTreeMap;
use std::sync::Arc;

use card::{CardError, Carrier, Conversation, Digest, Line, Refused, Signed, Signing, SigningPassword, Step, Survey};

pub(crate) const DIGEST: [u8; 32] = [7; 32];

/// Answers every command well, except those that the test gave another answer for.
pub(crate) struct ScriptedCard {
    pub(crate) attempts_left: u8,
    pub(crate) certificate: Vec<u8>,
    pub(crate) short_ids: bool,
    /// Bytes that one READ BINARY gives at most.
    pub(crate) read_limit: usize,
    pub(crate) carrier: Carrier,
    pub(crate) extended: bool,
    pub(crate) label: &'static str,
    answers: BTreeMap<usize, Vec<u8>>,
    selected: Vec<u8>,
    pub(crate) sent: Vec<Vec<u8>>,
}

impl ScriptedCard {
    pub(crate) fn good() -> Self {
        Self {
            attempts_left: 5,
            certificate: certificate_of(1758),
            short_ids: true,
            read_limit: usize::MAX,
            carrier: Carrier::default(),
            extended: true,
            label: "JPKIAPICCTOKEN2",
            answers: BTreeMap::new(),
            selected: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// The answer to the n-th command, counted from 1.
    pub(crate) fn answering(mut self, nth: usize, answer: &[u8]) -> Self {
        self.answers.insert(nth, answer.to_vec());
        self
    }

    pub(crate) fn sign(&mut self) -> Result<Signed, CardError> {
        self.sign_with(false, |_, _| Ok(Digest::Sha256(DIGEST)))
    }

    pub(crate) fn sign_with(
        &mut self,
        consent: bool,
        digest_for: impl FnMut(&[u8], usize) -> Result<Digest, Refused> + Send + 'static,
    ) -> Result<Signed, CardError> {
        let password = SigningPassword::parse(b"abc123xyz").expect("nine letters and digits");
        let password = Arc::new(if consent { password.with_consent_to_last_try() } else { password });
        let carrier = self.carrier;
        self.hold(|line| card::sign(line, carrier, Signing::one(), password, digest_for))
    }

    pub(crate) fn survey(&mut self) -> Result<Survey, CardError> {
        self.hold(|line| card::survey(line, Carrier::default()))
    }

    pub(crate) fn passwords_sent(&self) -> usize {
        self.sent.iter().filter(|command| carries_password(command)).count()
    }

    fn hold<T: 'static, F>(&mut self, protocol: impl FnOnce(Line) -> F) -> Result<T, CardError>
    where
        F: Future<Output = Result<T, CardError>> + Send + 'static,
    {
        let (mut conversation, mut step) = Conversation::begin(protocol);
        loop {
            match step {
                Step::Transmit(command) => step = conversation.resume(&self.answer(&command)),
                Step::Finished(outcome) => return outcome,
            }
        }
    }

    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        self.sent.push(command.to_vec());
        match self.answers.get(&self.sent.len()) {
            Some(told) => told.clone(),
            None => self.well(command),
        }
    }

    fn well(&mut self, command: &[u8]) -> Vec<u8> {
        let by_short_id =
            matches!(command, [_, 0x20, _, 0x81..=0xFF, ..] | [_, 0xB0, 0x81..=0xFF, ..] | [_, 0x2A, _, 0x81..=0xFF, ..]);
        if by_short_id && !self.short_ids {
            return vec![0x6A, 0x86];
        }
        match command {
            [0x00, 0xA4, 0x02, 0x0C, 2, file @ ..] => self.selected = file.to_vec(),
            [0x00, 0xA4, 0x04, 0x0C, _, 0xD3, ..] => {}
            [0x00, 0xA4, 0x04, ..] => return vec![0x6A, 0x82],
            [0x00, 0x20, 0x00, _] => return vec![0x63, 0xC0 | self.attempts_left],
            [0x00, 0x20, 0x00, ..] => {}
            [0x00, 0xB0, 0x86, 0, ..] => return ok(format!("{:<32}", self.label).as_bytes()),
            [0x00, 0xB0, 0x88, 0, ..] => return ok(&[0x8F, 0x8F, 0x00]),
            [0x00, 0xB0, _, _, 0, _, _] if !self.extended => return vec![0x67, 0x00],
            [0x00, 0xB0, high, low, expected @ ..] => {
                let offset = if *high > 0x80 { 0 } else { u16::from_be_bytes([*high, *low]) };
                return self.read(offset.into(), expected);
            }
            [0x80, 0x2A, 0x02, _, 32, ..] => return ok(&[9; 256]),
            _ => return vec![0x6D, 0x00],
        }
        vec![0x90, 0x00]
    }

    fn read(&self, offset: usize, expected: &[u8]) -> Vec<u8> {
        let expected = match *expected {
            [0] => 256,
            [short] => usize::from(short),
            [0, high, low] => usize::from(u16::from_be_bytes([high, low])),
            _ => return vec![0x67, 0x00],
        };
        let file = [&self.certificate[..], &[0xFF; 2000]].concat();
        ok(&file[offset..][..expected.min(self.read_limit)])
    }
}

pub(crate) fn ok(body: &[u8]) -> Vec<u8> {
    [body, &[0x90, 0x00]].concat()
}

/// A DER SEQUENCE of that many bytes, header and all.
pub(crate) fn certificate_of(length: usize) -> Vec<u8> {
    let content = u16::try_from(length - 4).expect("a length in two bytes").to_be_bytes();
    let filler = (0..length - 4).map(|at| u8::try_from(at % 251).expect("less than 251"));
    [0x30, 0x82, content[0], content[1]].into_iter().chain(filler).collect()
}

/// A VERIFY with data; without data it is the free query.
pub(crate) fn carries_password(command: &[u8]) -> bool {
    command.get(1) == Some(&0x20) && command.len() > 4
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Of the commands of a touch without faults.
pub(crate) const SELECT: usize = 1;
pub(crate) const QUERY: usize = 2;
pub(crate) const VERIFY: usize = 3;
pub(crate) const FIRST_READ: usize = 4;
pub(crate) const SECOND_READ: usize = 5;
pub(crate) const SIGN: usize = 11;

pub(crate) fn after(nth: usize, status: u16) -> (Option<CardError>, ScriptedCard) {
    let mut card = ScriptedCard::good().answering(nth, &status.to_be_bytes());
    let outcome = card.sign();
    (outcome.err(), card)
}
