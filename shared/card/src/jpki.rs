//! What this card is: its application, files, commands and status words.
//!
//! There is no public standard for it. The facts are public observations of real
//! cards, collected by the clients `myna-card`, `myna`, OpenSC and `jpki-local-signer`.

mod profile;
mod read;

use iso7816::Status;
use iso7816::command::Instruction;

use self::profile::{Algorithm, PROFILES, Profile};
use crate::apdu::{Answer, Command, INTERINDUSTRY, PROPRIETARY};
use crate::{CardError, Carrier, Digest, Line, Mark, SigningPassword, Stage};

/// What the free query says about a password's attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptsLeft {
    /// So many wrong passwords are still allowed; 0 means locked.
    Count(u8),
    /// The password was given to this card earlier and still holds, so none is
    /// spent; the card does not tell their number.
    Verified,
}

impl AttemptsLeft {
    /// The number, where the card gave one.
    pub fn count(self) -> Option<u8> {
        match self {
            Self::Count(left) => Some(left),
            Self::Verified => None,
        }
    }

    /// What a right password leaves, where this was said before it: the full count, for whatever wrong ones came before.
    /// Not asked for: a card that has the password answers the free query without a number. `None` where the card gave no
    /// number before either, or one that no known card has.
    pub fn after_right_password(self) -> Option<u8> {
        self.count().filter(|before| (1..=FULL_COUNT).contains(before)).map(|_| FULL_COUNT)
    }
}

/// A card in the reader's field, from the selection of its application on.
///
/// What card or link declined once is remembered here: for this touch, and never for longer.
pub(crate) struct Jpki {
    line: Line,
    algorithm: Algorithm,
    /// Files and keys by short id, without selecting them, until the card declines.
    by_short_id: bool,
    /// Reads with extended length, until card or link declines.
    reads_long: bool,
    selected: Option<File>,
}

/// A file, key or password of the application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct File(u16);

impl Jpki {
    pub(crate) async fn select(line: Line, carrier: Carrier) -> Result<Self, CardError> {
        let mut repeats = true;
        for profile in PROFILES {
            let known = carrier.application_selected || Self::knows(&line, &profile, repeats).await?;
            if known {
                let reads_long = carrier.extended_length;
                return Ok(Self { line, algorithm: profile.algorithm, by_short_id: true, reads_long, selected: None });
            }
            repeats = false;
        }
        Err(CardError::NotThisCard)
    }

    /// Selects the application. The first command after power-on may fail once.
    async fn knows(line: &Line, profile: &Profile, repeats: bool) -> Result<bool, CardError> {
        let select = command(Stage::SelectApplication, Instruction::Select, SELECT_BY_NAME, profile.application);
        let mut answer = line.send(select).await?;
        if repeats && answer.status == Status::UnspecifiedCheckingError {
            answer = line.send(select).await?;
        }
        match answer.status {
            Status::Success => Ok(true),
            Status::NotFound
            | Status::FunctionNotSupported
            | Status::InstructionNotSupportedOrInvalid
            | Status::ClassNotSupported => Ok(false),
            other => Err(CardError::unexpected(Stage::SelectApplication, other)),
        }
    }

    /// Asks with an empty VERIFY, which costs no attempt. It also shows whether the
    /// card takes short file ids, before a password is sent that way.
    pub(crate) async fn attempts_left(&mut self, password: File) -> Result<AttemptsLeft, CardError> {
        let mut answer = self.query(password).await?;
        if self.by_short_id && declines_short_id(answer.status) {
            self.by_short_id = false;
            answer = self.query(password).await?;
        }
        match answer.status {
            Status::RemainingRetries(left) => Ok(AttemptsLeft::Count(left)),
            Status::OperationBlocked | Status::ReferenceDataNotUsable => Ok(AttemptsLeft::Count(0)),
            Status::Success => Ok(AttemptsLeft::Verified),
            Status::NotFound | Status::KeyReferenceNotFound => Err(CardError::NoSigningCertificate),
            other => Err(CardError::unexpected(Stage::AttemptsQuery, other)),
        }
    }

    /// Sends the signing password, once and only once, if by what it has been through it may go to this card.
    pub(crate) async fn verify(
        &mut self,
        password: &SigningPassword,
        before: AttemptsLeft,
        mark: Option<Mark>,
    ) -> Result<(), CardError> {
        let reference = self.reference(SIGNING_PASSWORD).await?;
        password.sent_to(mark, before)?;
        let outcome = self.send_password(reference, password, before).await;
        password.answered(mark, &outcome);
        outcome
    }

    async fn send_password(&self, reference: u8, password: &SigningPassword, before: AttemptsLeft) -> Result<(), CardError> {
        let verify =
            password.lend(|characters| command(Stage::Verify, Instruction::Verify, [0x00, reference], characters).to_bytes());
        let unknown = |_| CardError::VerifyOutcomeUnknown { before };
        match self.line.exchange(Stage::Verify, verify).await.map_err(unknown)?.status {
            Status::Success => Ok(()),
            Status::RemainingRetries(0) | Status::OperationBlocked | Status::ReferenceDataNotUsable => {
                Err(CardError::Locked { by_this_attempt: true })
            }
            Status::RemainingRetries(attempts_left) => Err(CardError::WrongPassword { attempts_left }),
            other => Err(CardError::unexpected(Stage::Verify, other)),
        }
    }

    /// The card pads the digest itself, as its profile says.
    pub(crate) async fn compute_signature(&mut self, digest: &Digest) -> Result<Vec<u8>, CardError> {
        let (form, body) = self.algorithm.input(digest)?;
        let reference = self.reference(SIGNING_KEY).await?;
        let command = Command {
            class: PROPRIETARY,
            expected: self.algorithm.answer_bytes(),
            ..command(Stage::Sign, COMPUTE_SIGNATURE, [form, reference], body)
        };
        let answer = self.line.send(command).await?;
        match answer.status {
            Status::Success => self.algorithm.signature(answer.body),
            Status::SecurityStatusNotSatisfied => Err(CardError::NotVerified { during: Stage::Sign }),
            other => Err(CardError::unexpected(Stage::Sign, other)),
        }
    }

    async fn query(&mut self, password: File) -> Result<Answer, CardError> {
        let reference = self.reference(password).await?;
        self.line.send_once(command(Stage::AttemptsQuery, Instruction::Verify, [0x00, reference], &[])).await
    }

    /// How P2 names a key or password: by its short id, or as the selected file.
    async fn reference(&mut self, file: File) -> Result<u8, CardError> {
        if self.by_short_id {
            return Ok(BY_SHORT_ID | file.short_id());
        }
        self.select_file(file).await?;
        Ok(SELECTED)
    }

    async fn select_file(&mut self, file: File) -> Result<(), CardError> {
        if self.selected == Some(file) {
            return Ok(());
        }
        let id = file.0.to_be_bytes();
        let answer = self.line.send(command(Stage::SelectFile, Instruction::Select, SELECT_BY_ID, &id)).await?;
        match answer.status {
            Status::Success => self.selected = Some(file),
            Status::NotFound => return Err(CardError::NoSigningCertificate),
            other => return Err(CardError::unexpected(Stage::SelectFile, other)),
        }
        Ok(())
    }
}

impl File {
    /// Short ids are the low five bits of the file's id on this card.
    fn short_id(self) -> u8 {
        let [_, low] = self.0.to_be_bytes();
        low & 0b0001_1111
    }
}

/// A command of ISO 7816-4 that wants no data back.
fn command(during: Stage, instruction: Instruction, parameters: [u8; 2], body: &[u8]) -> Command<'_> {
    Command { during, class: INTERINDUSTRY, instruction, parameters, body, expected: 0 }
}

/// What a card that does not know short ids may say to the free query.
fn declines_short_id(status: Status) -> bool {
    matches!(
        status,
        Status::IncorrectP1OrP2Parameter
            | Status::KeyReferenceNotFound
            | Status::InstructionNotSupportedOrInvalid
            | Status::WrongLength
    )
}

/// The signer's certificate, readable after the signing password. OpenSC `jpki.h`.
pub(crate) const SIGNING_CERTIFICATE: File = File(0x0001);
/// Token info: a PKCS#11 `CK_TOKEN_INFO` whose first 32 bytes are the label. `myna`.
pub(crate) const TOKEN_INFO: File = File(0x0006);
/// Which certificates there are, in three bytes. `myna-card`.
pub(crate) const CERTIFICATES_PRESENT: File = File(0x0008);
/// The certificate for logging in, readable without a password. OpenSC `jpki.h`.
pub(crate) const AUTHENTICATION_CERTIFICATE: File = File(0x000A);
/// The four-digit number of the authentication key. OpenSC `jpki.h`.
pub(crate) const AUTHENTICATION_PASSWORD: File = File(0x0018);
/// The key for signing contracts. OpenSC `jpki.h`.
const SIGNING_KEY: File = File(0x001A);
/// The password of the signing key. OpenSC `jpki.h`.
pub(crate) const SIGNING_PASSWORD: File = File(0x001B);
/// Wrong signing passwords in a row that lock a card; a right one brings them all back. J-LIS, 「パスワードについて」 on
/// jpki.go.jp, and `jpki-local-signer`.
const FULL_COUNT: u8 = 5;

/// SELECT by application name, no answer wanted. ISO 7816-4, section 11.2.2.
const SELECT_BY_NAME: [u8; 2] = [0x04, 0x0C];
/// SELECT a file of the current application. This card knows no other form.
const SELECT_BY_ID: [u8; 2] = [0x02, 0x0C];
/// P1 of READ BINARY and P2 of the others: the low five bits are a short id.
const BY_SHORT_ID: u8 = 0b1000_0000;
/// P2 of VERIFY and of the signature: the file selected last.
const SELECTED: u8 = 0b1000_0000;

/// COMPUTE DIGITAL SIGNATURE of this card, in class 80. OpenSC `card-jpki.c`.
const COMPUTE_SIGNATURE: Instruction = Instruction::Unknown(0x2A);
/// P1 of the signature: a bare SHA-256 comes in and the card adds its DigestInfo.
/// Swept and checked with the public key by `myna-card` on a card "E16R01NJ".
const SHA_256_DIGEST: u8 = 0x02;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_password_brings_back_all_tries_of_a_card_that_counts_as_cards_do() {
        for before in 1..=5 {
            assert_eq!(AttemptsLeft::Count(before).after_right_password(), Some(5));
        }
        for untold in [AttemptsLeft::Verified, AttemptsLeft::Count(0), AttemptsLeft::Count(10)] {
            assert_eq!(untold.after_right_password(), None, "{untold:?}");
        }
    }
}
