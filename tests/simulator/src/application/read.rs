//! READ BINARY and GET CHALLENGE (card.md section 3, rows e and h).

use rand::Rng;

use super::file::{Content, File};
use super::{Answer, Application};
use crate::apdu::Command;
use crate::status::Status;

impl Application {
    pub(super) fn read_binary(&mut self, command: &Command) -> Result<Answer, Status> {
        let (Some(expected), []) = (command.expected, command.data) else {
            return Err(Status::WRONG_LENGTH);
        };
        let offset = self.address(command.p1, command.p2)?;
        let content = self.readable(self.current()?)?;
        let rest = content.get(offset..).filter(|rest| !rest.is_empty()).ok_or(Status::BEYOND_FILE)?;
        let at_once = self.quirks.read_limit.map_or(usize::MAX, usize::from);
        let data: Vec<u8> = rest.iter().copied().take(expected.min(at_once)).collect();
        let ended = rest.len() < expected && !command.expects_all();
        Ok(Answer { data, status: if ended { Status::END_OF_FILE } else { Status::SUCCESS } })
    }

    /// P1 and P2 are a short id, which makes a file current, and eight bits of offset; or fifteen bits of offset.
    fn address(&mut self, p1: u8, p2: u8) -> Result<usize, Status> {
        match p1 {
            0x00..=0x7F => Ok(usize::from(u16::from_be_bytes([p1, p2]))),
            0x81..=0x9E => self.by_short_id(p1 & 0x1F).map(|_| usize::from(p2)),
            _ => Err(Status::WRONG_PARAMETERS),
        }
    }

    fn readable<'a>(&self, file: &'a File) -> Result<&'a [u8], Status> {
        match &file.content {
            Content::Bytes { bytes, readable_after: None } => Ok(bytes),
            Content::Bytes { bytes, readable_after: Some(secret) } if self.password(*secret).is_verified() => Ok(bytes),
            Content::Bytes { .. } | Content::NeverOpened => Err(Status::NOT_VERIFIED),
            Content::Key { .. } | Content::Password(_) | Content::PublicKeyReference => Err(Status::WRONG_KIND_OF_FILE),
        }
    }
}

/// 1 to 256 random bytes; extended length is refused (card.md section 1).
pub(super) fn challenge(command: &Command) -> Result<Answer, Status> {
    match (command.p1, command.p2, command.expected) {
        _ if command.extended => Err(Status::CONDITIONS_OF_USE),
        (0, 0, Some(expected)) if command.data.is_empty() => {
            let mut data = vec![0; expected];
            rand::rng().fill_bytes(&mut data);
            Ok(Answer { data, status: Status::SUCCESS })
        }
        (0, 0, _) => Err(Status::WRONG_LENGTH),
        _ => Err(Status::WRONG_PARAMETERS),
    }
}
