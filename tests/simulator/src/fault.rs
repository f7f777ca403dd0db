//! Things that go wrong once, at a chosen command.

use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

use crate::apdu::Command;

/// One thing that goes wrong, once.
///
/// In text, on command lines and control sockets: `command 3 tear-before`,
/// `verify 1 tear-after`, `signature 1 answer 6F00`, `command 2 delay 500`
/// (milliseconds), `command 4 garble`, `command 4 cut 1`, `command 4 pad 3`, `command 3 reset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Fault {
    pub at: FaultPoint,
    pub effect: FaultEffect,
}

/// Counted from 1, from the moment the fault was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultPoint {
    Command(u32),
    /// The n-th VERIFY that carries a password.
    Verify(u32),
    /// The n-th signature command.
    Signature(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultEffect {
    /// The card leaves the field before it has done anything: a try is not counted.
    TearBefore,
    /// The card does its work, a try counts, and the answer is lost.
    TearAfter,
    /// The card answers this status word and does nothing.
    Answer(u16),
    /// The card takes so much longer.
    Delay(Duration),
    /// The card does its work, and one byte in the middle of the answer arrives inverted.
    Garble,
    /// The card does its work, and only so many bytes of the answer arrive.
    Cut(usize),
    /// The card does its work, and so many bytes too many arrive before the status word.
    Pad(usize),
    /// The card loses its power for a moment before it hears the command: selection and passwords are forgotten.
    Reset,
}

impl Fault {
    pub fn tear_before_command(number: u32) -> Self {
        Self { at: FaultPoint::Command(number), effect: FaultEffect::TearBefore }
    }

    pub fn tear_after_command(number: u32) -> Self {
        Self { at: FaultPoint::Command(number), effect: FaultEffect::TearAfter }
    }

    /// The password reached the field, but not the card: nothing is spent.
    pub fn tear_before_verify() -> Self {
        Self { at: FaultPoint::Verify(1), effect: FaultEffect::TearBefore }
    }

    /// The card compared the password; nobody hears the result.
    pub fn tear_after_verify() -> Self {
        Self { at: FaultPoint::Verify(1), effect: FaultEffect::TearAfter }
    }
}

/// The text names no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a fault is `command|verify|signature N EFFECT`, an effect tear-before, tear-after, answer SW, delay MS, garble, cut BYTES, pad BYTES or reset; not `{0}`"
)]
pub struct NoFault(String);

impl FromStr for Fault {
    type Err = NoFault;

    fn from_str(text: &str) -> Result<Self, NoFault> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let fault = match words.as_slice() {
            [point, number, effect @ ..] => point_of(point, number).zip(effect_of(effect)),
            _ => None,
        };
        fault.map(|(at, effect)| Self { at, effect }).ok_or_else(|| NoFault(text.into()))
    }
}

impl TryFrom<String> for Fault {
    type Error = NoFault;

    fn try_from(text: String) -> Result<Self, NoFault> {
        text.parse()
    }
}

fn point_of(point: &str, number: &str) -> Option<FaultPoint> {
    let number = number.parse().ok().filter(|number| *number > 0)?;
    match point {
        "command" => Some(FaultPoint::Command(number)),
        "verify" => Some(FaultPoint::Verify(number)),
        "signature" => Some(FaultPoint::Signature(number)),
        _ => None,
    }
}

fn effect_of(words: &[&str]) -> Option<FaultEffect> {
    match words {
        ["tear-before"] => Some(FaultEffect::TearBefore),
        ["tear-after"] => Some(FaultEffect::TearAfter),
        ["garble"] => Some(FaultEffect::Garble),
        ["reset"] => Some(FaultEffect::Reset),
        ["cut", bytes] => bytes.parse().ok().map(FaultEffect::Cut),
        ["pad", bytes] => bytes.parse().ok().filter(|bytes| *bytes <= LONGEST_PAD).map(FaultEffect::Pad),
        ["answer", status] => u16::from_str_radix(status, 16).ok().map(FaultEffect::Answer),
        ["delay", time] => time.parse().ok().map(Duration::from_millis).map(FaultEffect::Delay),
        _ => None,
    }
}

/// Keeps an answer within a message of every link.
const LONGEST_PAD: usize = 256;

/// The faults that have not struck yet, each with how many commands it still lets pass.
pub(crate) struct Armed(Vec<(Fault, u32)>);

/// What befalls one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Struck {
    pub(crate) torn_before: bool,
    pub(crate) torn_after: bool,
    pub(crate) answer: Option<u16>,
    pub(crate) delay: Duration,
    pub(crate) garbled: bool,
    pub(crate) cut: Option<usize>,
    pub(crate) pad: usize,
    pub(crate) reset: bool,
}

impl Armed {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        let mut armed = Self(Vec::new());
        faults.into_iter().for_each(|fault| armed.add(fault));
        armed
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push((fault, fault.at.number().saturating_sub(1)));
    }

    /// `None` for bytes that are no command.
    pub(crate) fn strike(&mut self, command: Option<&Command>) -> Struck {
        let mut struck = Struck::default();
        self.0.retain_mut(|(fault, pass)| {
            if !fault.at.concerns(command) {
                return true;
            }
            let lets_pass = *pass > 0;
            *pass = pass.saturating_sub(1);
            if !lets_pass {
                struck.add(fault.effect);
            }
            lets_pass
        });
        struck
    }
}

impl Struck {
    fn add(&mut self, effect: FaultEffect) {
        match effect {
            FaultEffect::TearBefore => self.torn_before = true,
            FaultEffect::TearAfter => self.torn_after = true,
            FaultEffect::Answer(status) => self.answer = Some(status),
            FaultEffect::Delay(delay) => self.delay += delay,
            FaultEffect::Garble => self.garbled = true,
            FaultEffect::Cut(bytes) => self.cut = Some(bytes),
            FaultEffect::Pad(bytes) => self.pad = bytes,
            FaultEffect::Reset => self.reset = true,
        }
    }
}

impl Struck {
    /// What arrives of an answer: data and status word.
    pub(crate) fn arriving(&self, mut answer: Vec<u8>) -> Vec<u8> {
        let middle = answer.len() / 2;
        if let Some(byte) = answer.get_mut(middle).filter(|_| self.garbled) {
            *byte = !*byte;
        }
        let end_of_data = answer.len().saturating_sub(STATUS_BYTES);
        answer.splice(end_of_data..end_of_data, std::iter::repeat_n(0, self.pad));
        answer.truncate(self.cut.unwrap_or(usize::MAX));
        answer
    }
}

const STATUS_BYTES: usize = 2;

impl FaultPoint {
    fn number(self) -> u32 {
        match self {
            FaultPoint::Command(number) | FaultPoint::Verify(number) | FaultPoint::Signature(number) => number,
        }
    }

    fn concerns(self, command: Option<&Command>) -> bool {
        match self {
            FaultPoint::Command(_) => true,
            FaultPoint::Verify(_) => command.is_some_and(Command::carries_password),
            FaultPoint::Signature(_) => command.is_some_and(Command::is_signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_from_text() {
        assert_eq!("command 3 tear-before".parse(), Ok(Fault::tear_before_command(3)));
        assert_eq!("verify 1 tear-after".parse(), Ok(Fault::tear_after_verify()));
        let refused = Fault { at: FaultPoint::Signature(2), effect: FaultEffect::Answer(0x6F00) };
        assert_eq!("signature 2 answer 6F00".parse(), Ok(refused));
        let cut = Fault { at: FaultPoint::Command(4), effect: FaultEffect::Cut(1) };
        assert_eq!("command 4 cut 1".parse(), Ok(cut));
        for text in [
            "",
            "verify",
            "verify 0 tear-after",
            "verify 1",
            "verify 1 explode",
            "command 1 answer XYZ",
            "verify 1 cut",
            "verify 1 pad 999",
        ] {
            assert_eq!(text.parse::<Fault>(), Err(NoFault(text.into())));
        }
    }

    #[test]
    fn an_answer_arrives_as_the_fault_leaves_it() {
        let struck = |effect| {
            let mut struck = Struck::default();
            struck.add(effect);
            struck.arriving(vec![1, 2, 0x90, 0x00])
        };
        assert_eq!(struck(FaultEffect::Garble), [1, 2, 0x6F, 0x00]);
        assert_eq!(struck(FaultEffect::Cut(1)), [1]);
        assert_eq!(struck(FaultEffect::Cut(9)), [1, 2, 0x90, 0x00]);
        assert_eq!(struck(FaultEffect::Pad(2)), [1, 2, 0, 0, 0x90, 0x00]);
        assert_eq!(struck(FaultEffect::Reset), [1, 2, 0x90, 0x00]);
    }
}
