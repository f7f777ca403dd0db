//! Reading files: one long read where card and link take it, evenly spread short ones otherwise.

use iso7816::Status;
use iso7816::command::Instruction;

use super::{BY_SHORT_ID, File, Jpki, command};
use crate::apdu::{Command, MAX_SHORT_READ};
use crate::der::{SEQUENCE, sequence_length};
use crate::{CardError, Stage};

impl Jpki {
    /// Reads a certificate. The first answer tells its length; whatever is missing then takes as few reads as can be.
    pub(crate) async fn read_certificate(&mut self, file: File) -> Result<Vec<u8>, CardError> {
        let mut certificate = self.read_first(file).await?;
        if certificate.first() != Some(&SEQUENCE) {
            return Err(CardError::NoSigningCertificate);
        }
        let length = sequence_length(&certificate).ok_or(CardError::Malformed { during: Stage::Read })?;
        for _ in 0..MAX_READS {
            let Some(missing) = length.checked_sub(certificate.len()).filter(|missing| *missing > 0) else {
                certificate.truncate(length);
                return Ok(certificate);
            };
            let part = self.read_on(certificate.len(), self.next_read(missing)).await?;
            if part.is_empty() {
                break;
            }
            certificate.extend(part);
        }
        Err(CardError::Malformed { during: Stage::Read })
    }

    /// Reads the first bytes of a file, which is the current one from then on.
    pub(crate) async fn read_start(&mut self, file: File, expected: u16) -> Result<Vec<u8>, CardError> {
        let parameters = if self.by_short_id {
            [BY_SHORT_ID | file.short_id(), 0]
        } else {
            self.select_file(file).await?;
            [0, 0]
        };
        self.read(parameters, expected).await
    }

    async fn read_first(&mut self, file: File) -> Result<Vec<u8>, CardError> {
        let start = match self.read_long_start(file).await? {
            Some(start) => Ok(start),
            None => self.read_start(file, MAX_SHORT_READ).await,
        };
        match start {
            Err(CardError::Unexpected { status, .. }) if Status::from(status) == Status::NotFound => {
                Err(CardError::NoSigningCertificate)
            }
            start => start,
        }
    }

    /// `None` where card or link decline, which costs nothing; and short reads follow a long one that gave no more
    /// than they do. Neither is tried again in this touch.
    async fn read_long_start(&mut self, file: File) -> Result<Option<Vec<u8>>, CardError> {
        if !self.reads_long {
            return Ok(None);
        }
        let start = match self.read_start(file, LONG_READ).await {
            Err(ended @ (CardError::LostContact { .. } | CardError::NotVerified { .. })) => return Err(ended),
            outcome => outcome.ok(),
        };
        self.reads_long = start.as_ref().is_some_and(|start| start.len() > usize::from(MAX_SHORT_READ));
        Ok(start)
    }

    fn next_read(&self, missing: usize) -> u16 {
        match u16::try_from(missing) {
            Ok(missing) if self.reads_long => missing.min(LONG_READ),
            _ => even_share(missing),
        }
    }

    async fn read_on(&self, offset: usize, expected: u16) -> Result<Vec<u8>, CardError> {
        let offset = u16::try_from(offset).map_err(|_| CardError::Malformed { during: Stage::Read })?;
        self.read(offset.to_be_bytes(), expected).await
    }

    async fn read(&self, parameters: [u8; 2], expected: u16) -> Result<Vec<u8>, CardError> {
        let read = command(Stage::Read, Instruction::ReadBinary, parameters, &[]);
        let answer = self.line.send(Command { expected, ..read }).await?;
        match answer.status {
            // The file may end before the bytes that were asked for.
            Status::Success | Status::UnexpectedEof => Ok(answer.body),
            Status::SecurityStatusNotSatisfied => Err(CardError::NotVerified { during: Stage::Read }),
            other => Err(CardError::unexpected(Stage::Read, other)),
        }
    }
}

/// The next read of what is missing, when all reads to come are to be equally long:
/// 251 bytes and the status fit one frame of ISO 14443-4, and 256 do not.
fn even_share(missing: usize) -> u16 {
    let reads = missing.div_ceil(usize::from(MAX_SHORT_READ));
    u16::try_from(missing.div_ceil(reads)).unwrap_or(MAX_SHORT_READ)
}

/// The longest file in reads of 64 bytes, less than any reader needs; a card that gives less is not read for ever.
const MAX_READS: usize = 128;

/// Holds every certificate seen on a card. To ask for all there is would double the time on the air, because the
/// file is padded to far more.
const LONG_READ: u16 = 1_792;
