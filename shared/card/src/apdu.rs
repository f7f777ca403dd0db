//! Commands and answers of ISO 7816-4, and the two answers that ask for another command.

use iso7816::Status;
use iso7816::command::class::Class;
use iso7816::command::{CommandBuilder, Instruction};
use zeroize::Zeroizing;

use crate::{CardError, Line, Stage};

/// A command APDU, and what it is for.
#[derive(Clone, Copy)]
pub(crate) struct Command<'a> {
    pub(crate) during: Stage,
    pub(crate) class: Class,
    pub(crate) instruction: Instruction,
    pub(crate) parameters: [u8; 2],
    pub(crate) body: &'a [u8],
    /// Bytes wanted back, in extended length above [`MAX_SHORT_READ`]; 0 sends no Le at all.
    pub(crate) expected: u16,
}

pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    pub(crate) status: Status,
}

impl Command<'_> {
    pub(crate) fn to_bytes(self) -> Zeroizing<Vec<u8>> {
        let [p1, p2] = self.parameters;
        let command = CommandBuilder::new(self.class, self.instruction, p1, p2, self.body, self.expected);
        Zeroizing::new(command.serialize_to_vec())
    }
}

impl Line {
    /// Sends a command and fetches the rest of its answer where the card says that
    /// there is more (61xx).
    pub(crate) async fn send(&self, command: Command<'_>) -> Result<Answer, CardError> {
        let mut answer = self.send_measured(command).await?;
        for _ in 0..MAX_GET_RESPONSES {
            let Status::MoreAvailable(more) = answer.status else {
                break;
            };
            let rest = self.send_measured(get_response(command.during, more)).await?;
            answer.body.extend(rest.body);
            answer.status = rest.status;
        }
        Ok(answer)
    }

    /// Sends a command, and once more where the card names the right length (6Cxx).
    async fn send_measured(&self, command: Command<'_>) -> Result<Answer, CardError> {
        let answer = self.send_once(command).await?;
        match answer.status {
            Status::WrongLeField(exact) => {
                let expected = short_length(exact);
                self.send_once(Command { expected, ..command }).await
            }
            _ => Ok(answer),
        }
    }

    /// Sends a command once, whatever the answer.
    pub(crate) async fn send_once(&self, command: Command<'_>) -> Result<Answer, CardError> {
        self.exchange(command.during, command.to_bytes()).await
    }

    pub(crate) async fn exchange(&self, during: Stage, command: Zeroizing<Vec<u8>>) -> Result<Answer, CardError> {
        let answer = self.transmit(command).await;
        Answer::parse(answer).ok_or(CardError::LostContact { during })
    }
}

impl Answer {
    /// `None` where the bytes end before a status word: the link was lost.
    fn parse(mut bytes: Vec<u8>) -> Option<Self> {
        let status = *bytes.last_chunk::<2>()?;
        bytes.truncate(bytes.len() - status.len());
        Some(Self { body: bytes, status: status.into() })
    }
}

fn get_response(during: Stage, more: u8) -> Command<'static> {
    Command {
        during,
        class: INTERINDUSTRY,
        instruction: Instruction::GetResponse,
        parameters: [0, 0],
        body: &[],
        expected: short_length(more),
    }
}

/// A length in one byte, where 0 stands for 256. ISO 7816-4, section 5.1.
fn short_length(byte: u8) -> u16 {
    match byte {
        0 => MAX_SHORT_READ,
        length => length.into(),
    }
}

const fn class(byte: u8) -> Class {
    match Class::from_byte(byte) {
        Ok(class) => class,
        Err(_) => panic!("FF is the only byte that is no class"),
    }
}

/// Class of the commands that ISO 7816-4 defines, basic channel, no secure messaging.
pub(crate) const INTERINDUSTRY: Class = class(0x00);

/// Class of the card's own commands.
pub(crate) const PROPRIETARY: Class = class(0x80);

/// Short APDUs carry at most 256 bytes back. ISO 7816-4, section 5.1.
pub(crate) const MAX_SHORT_READ: u16 = 256;

/// More than any answer needs; a card that asks for ever is not followed for ever.
const MAX_GET_RESPONSES: usize = 8;
