//! SELECT, and how a command refers to a file (card.md sections 1 to 3).

use super::file::{File, FileId};
use super::{Answer, Application, Selected};
use crate::CardProfile;
use crate::apdu::Command;
use crate::status::Status;

impl Application {
    pub(super) fn select(&mut self, command: &Command) -> Result<Answer, Status> {
        if !matches!(command.p2, 0x00 | 0x0C) {
            return Err(Status::WRONG_PARAMETERS);
        }
        match command.p1 {
            0x00 => self.select_master_file(command.data),
            0x02 => self.select_file(command.data),
            0x04 => self.select_application(command.data),
            _ => Err(Status::WRONG_PARAMETERS),
        }
    }

    /// The file that P2 names: 80 for the current one, or 80 and a short id, which makes it current.
    pub(super) fn referenced(&mut self, p2: u8) -> Result<&File, Status> {
        if p2 & 0xE0 != 0x80 || p2 == NO_SHORT_ID {
            return Err(Status::WRONG_PARAMETERS);
        }
        match p2 & 0x1F {
            0 => self.current(),
            short_id => self.by_short_id(short_id),
        }
    }

    pub(super) fn current(&self) -> Result<&File, Status> {
        let id = self.current_file.ok_or(Status::NO_CURRENT_FILE)?;
        self.files.iter().find(|file| file.id == id).ok_or(Status::NO_CURRENT_FILE)
    }

    /// Every file has a short id: its low five bits (card.md section 0).
    pub(super) fn by_short_id(&mut self, short_id: u8) -> Result<&File, Status> {
        if !self.quirks.short_file_ids {
            return Err(Status::WRONG_PARAMETERS);
        }
        if self.selected != Selected::Jpki {
            return Err(Status::NO_CURRENT_FILE);
        }
        let file = self.files.iter().find(|file| file.id.short() == short_id).ok_or(Status::NOT_FOUND)?;
        self.current_file = Some(file.id);
        Ok(file)
    }

    /// Anything that the name starts with selects it (JICSAP 4.2).
    fn select_application(&mut self, name: &[u8]) -> Result<Answer, Status> {
        if name.is_empty() {
            return Err(Status::WRONG_LENGTH);
        }
        let selected = match name {
            _ if self.is_known && self.profile.name().starts_with(name) => Selected::Jpki,
            _ if ISSUER_DOMAIN.starts_with(name) => Selected::IssuerDomain,
            _ => return Err(Status::NOT_FOUND),
        };
        if selected != self.selected || !self.quirks.reselect_keeps_password {
            self.forget_passwords();
        }
        self.selected = selected;
        self.current_file = None;
        Ok(Status::SUCCESS.into())
    }

    fn select_file(&mut self, name: &[u8]) -> Result<Answer, Status> {
        let [high, low] = name else {
            return Err(Status::WRONG_LENGTH);
        };
        if self.selected != Selected::Jpki {
            return Err(Status::NO_CURRENT_FILE);
        }
        let id = FileId(u16::from_be_bytes([*high, *low]));
        if !self.files.iter().any(|file| file.id == id) {
            return Err(Status::NOT_FOUND);
        }
        self.current_file = Some(id);
        Ok(Status::SUCCESS.into())
    }

    /// There is no master file: only the empty name is tolerated, and changes nothing.
    fn select_master_file(&self, name: &[u8]) -> Result<Answer, Status> {
        match (self.selected, name) {
            (Selected::Jpki, []) => Ok(Status::SUCCESS.into()),
            (Selected::IssuerDomain, []) => Err(Status::WRONG_PARAMETERS),
            _ => Err(Status::NOT_FOUND),
        }
    }
}

impl CardProfile {
    fn name(self) -> &'static [u8] {
        match self {
            CardProfile::Today => &JPKI,
            CardProfile::Trial => &TRIAL,
        }
    }
}

/// 公的個人認証AP (card.md section 1).
const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

/// Invented, in the range of names that nobody registers (ISO 7816-4): the next card's is not published.
const TRIAL: [u8; 10] = [0xF0, 0x4B, 0x41, 0x5A, 0x41, 0x53, 0x55, 0x03, 0x84, 0x01];

/// GlobalPlatform's issuer security domain (card.md section 1).
const ISSUER_DOMAIN: [u8; 7] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];

/// ISO 7816-4, section 7.3.1: 31 is no short file id.
const NO_SHORT_ID: u8 = 0x9F;
