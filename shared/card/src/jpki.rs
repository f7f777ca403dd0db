//! What this card is: its application, files, commands and status words.
//!
//! There is no public standard for it. The facts are public observations of real
//! cards, collected by the clients `myna-card`, `myna`, OpenSC and `jpki-local-signer`.

use iso7816::Status;
use iso7816::command::Instruction;

use crate::apdu::{Answer, Command, INTERINDUSTRY, MAX_SHORT_READ, PROPRIETARY};
use crate::der::{SEQUENCE, sequence_length};
use crate::{CardError, Line, SigningPassword, Stage};

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
}

/// A card in the reader's field, from the selection of its application on.
pub(crate) struct Jpki {
    line: Line,
    /// Files and keys by short id, without selecting them, until the card declines.
    by_short_id: bool,
    selected: Option<File>,
}

/// A file, key or password of the application.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct File(u16);

impl Jpki {
    pub(crate) async fn select(line: Line) -> Result<Self, CardError> {
        let select = command(Stage::SelectApplication, Instruction::Select, SELECT_BY_NAME, APPLICATION);
        let mut answer = line.send(select).await?;
        if answer.status == Status::UnspecifiedCheckingError {
            answer = line.send(select).await?;
        }
        match answer.status {
            Status::Success => Ok(Self { line, by_short_id: true, selected: None }),
            Status::NotFound
            | Status::FunctionNotSupported
            | Status::InstructionNotSupportedOrInvalid
            | Status::ClassNotSupported => Err(CardError::NotThisCard),
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

    /// Sends the signing password, once and only once.
    pub(crate) async fn verify(&mut self, password: &SigningPassword, before: AttemptsLeft) -> Result<(), CardError> {
        let reference = self.reference(SIGNING_PASSWORD).await?;
        let verify = command(Stage::Verify, Instruction::Verify, [0x00, reference], password.as_bytes());
        let unknown = |_| CardError::VerifyOutcomeUnknown { before };
        match self.line.send_once(verify).await.map_err(unknown)?.status {
            Status::Success => Ok(()),
            Status::RemainingRetries(0) | Status::OperationBlocked | Status::ReferenceDataNotUsable => {
                Err(CardError::Locked { by_this_attempt: true })
            }
            Status::RemainingRetries(attempts_left) => Err(CardError::WrongPassword { attempts_left }),
            other => Err(CardError::unexpected(Stage::Verify, other)),
        }
    }

    /// Reads a certificate: its first 256 bytes tell its length, and the reads for the
    /// rest are as few as short APDUs allow and equally long.
    pub(crate) async fn read_certificate(&mut self, file: File) -> Result<Vec<u8>, CardError> {
        let mut certificate = match self.read_start(file, MAX_SHORT_READ).await {
            Err(CardError::Unexpected { status, .. }) if Status::from(status) == Status::NotFound => {
                return Err(CardError::NoSigningCertificate);
            }
            start => start?,
        };
        if certificate.first() != Some(&SEQUENCE) {
            return Err(CardError::NoSigningCertificate);
        }
        let length = sequence_length(&certificate).ok_or(CardError::Malformed { during: Stage::Read })?;
        while let Some(missing) = length.checked_sub(certificate.len()).filter(|missing| *missing > 0) {
            let part = self.read_on(certificate.len(), even_share(missing)).await?;
            if part.is_empty() {
                return Err(CardError::Malformed { during: Stage::Read });
            }
            certificate.extend(part);
        }
        certificate.truncate(length);
        Ok(certificate)
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

    /// The card pads the digest itself: it adds the DigestInfo of SHA-256.
    pub(crate) async fn compute_signature(&mut self, digest: &[u8; 32]) -> Result<Vec<u8>, CardError> {
        let reference = self.reference(SIGNING_KEY).await?;
        let command = Command {
            class: PROPRIETARY,
            expected: RSA_2048_BYTES,
            ..command(Stage::Sign, COMPUTE_SIGNATURE, [SHA_256_DIGEST, reference], digest)
        };
        let answer = self.line.send(command).await?;
        match answer.status {
            Status::Success if answer.body.len() == usize::from(RSA_2048_BYTES) => Ok(answer.body),
            Status::Success => Err(CardError::Malformed { during: Stage::Sign }),
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

/// The next read of what is missing, when all reads to come are to be equally long:
/// 251 bytes and the status fit one frame of ISO 14443-4, and 256 do not.
fn even_share(missing: usize) -> u16 {
    let reads = missing.div_ceil(usize::from(MAX_SHORT_READ));
    u16::try_from(missing.div_ceil(reads)).unwrap_or(MAX_SHORT_READ)
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

/// AID of the JPKI application (公的個人認証AP). All clients, and OpenSC `card-jpki.c`.
/// Always sent in full, because a shorter one would select by prefix.
const APPLICATION: &[u8] = &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

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
/// A signature by the card's key, RSA-2048.
const RSA_2048_BYTES: u16 = 256;
