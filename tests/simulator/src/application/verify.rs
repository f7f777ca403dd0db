//! VERIFY, the retry query, and CHANGE REFERENCE DATA (card.md section 3, rows c, d and g).

use super::file::Content;
use super::password::Comparison;
use super::{Answer, Application, Secret};
use crate::apdu::Command;
use crate::quirks::BlockedAnswer;
use crate::status::Status;

impl Application {
    pub(super) fn verify(&mut self, command: &Command) -> Result<Answer, Status> {
        if command.p1 != 0x00 {
            return Err(Status::WRONG_PARAMETERS);
        }
        let secret = self.referenced_secret(command.p2)?;
        match (command.data, command.expected) {
            ([], None) => Ok(self.query(secret).into()),
            (password, None) if password.len() <= LONGEST_PASSWORD => Ok(self.compare(secret, password).into()),
            // A trailing Le gives 6700 on a real card (card.md section 0, item 6).
            _ => Err(Status::WRONG_LENGTH),
        }
    }

    /// `00 24 01 80 Lc new`: only after the password it replaces was verified.
    pub(super) fn change_password(&mut self, command: &Command) -> Result<Answer, Status> {
        if command.p1 != 0x01 {
            return Err(Status::WRONG_PARAMETERS);
        }
        let secret = self.referenced_secret(command.p2)?;
        if command.expected.is_some() || command.data.is_empty() || command.data.len() > LONGEST_PASSWORD {
            return Err(Status::WRONG_LENGTH);
        }
        if !self.password(secret).is_verified() {
            return Err(Status::NOT_VERIFIED);
        }
        self.password_mut(secret).change(command.data);
        Ok(Status::SUCCESS.into())
    }

    fn referenced_secret(&mut self, p2: u8) -> Result<Secret, Status> {
        match self.referenced(p2)?.content {
            Content::Password(secret) => Ok(secret),
            _ => Err(Status::WRONG_KIND_OF_FILE),
        }
    }

    /// Costs nothing, whatever the answer.
    fn query(&self, secret: Secret) -> Status {
        let password = self.password(secret);
        if password.is_blocked() {
            return self.quirks.blocked_query.status();
        }
        if password.is_verified() && self.quirks.query_succeeds_when_verified {
            return Status::SUCCESS;
        }
        Status::attempts_left(password.attempts_left())
    }

    fn compare(&mut self, secret: Secret, offered: &[u8]) -> Status {
        let blocked = self.quirks.blocked_verify.status();
        let password = self.password_mut(secret);
        match password.compare(offered) {
            Comparison::Equal => Status::SUCCESS,
            Comparison::Different => Status::attempts_left(password.attempts_left()),
            Comparison::Blocked => blocked,
        }
    }
}

impl BlockedAnswer {
    fn status(self) -> Status {
        match self {
            BlockedAnswer::NoTriesLeft => Status::attempts_left(0),
            BlockedAnswer::AuthenticationBlocked => Status::AUTHENTICATION_BLOCKED,
            BlockedAnswer::FileLocked => Status::FILE_LOCKED,
        }
    }
}

/// In bytes (card.md section 3, row d).
const LONGEST_PASSWORD: usize = 16;
