//! COMPUTE DIGITAL SIGNATURE: in its six forms with an RSA key (card.md section 3, row f), and the one that the trial
//! profile for the next card has.

use p384::ecdsa::SigningKey as EcdsaKey;
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Digest, Sha256};

use super::file::Content;
use super::{Answer, Application};
use crate::PrivateKey;
use crate::apdu::Command;
use crate::authority::ecdsa;
use crate::status::Status;

impl Application {
    pub(super) fn compute_signature(&mut self, command: &Command) -> Result<Answer, Status> {
        let Content::Key { key, usable_after } = &self.referenced(command.p2)?.content else {
            return Err(Status::WRONG_KIND_OF_FILE);
        };
        let (key, secret) = (key.clone(), *usable_after);
        if !self.password(secret).is_verified() {
            return Err(Status::NOT_VERIFIED);
        }
        let key = key.ok_or(Status::KEY_NOT_SET)?;
        let data = match key.as_ref() {
            PrivateKey::Rsa(key) => sign_with_rsa(key, command)?,
            PrivateKey::P384(key) => sign_with_ecdsa(key, command)?,
        };
        self.signatures += 1;
        Ok(Answer { data, status: Status::SUCCESS })
    }
}

fn sign_with_rsa(key: &RsaPrivateKey, command: &Command) -> Result<Vec<u8>, Status> {
    let form = Form::of(command.p1)?;
    form.check_length(command.data.len())?;
    expects(command, RSA_SIGNATURE_BYTES)?;
    form.sign(key, command.data).map_err(|_| Status::SELF_DIAGNOSIS_FAILED)
}

/// P1 00 only: a SHA-384 comes in, r and s go out. Nobody knows what the next card will ask for.
fn sign_with_ecdsa(key: &EcdsaKey, command: &Command) -> Result<Vec<u8>, Status> {
    if command.p1 != 0x00 {
        return Err(Status::WRONG_PARAMETERS);
    }
    if command.data.len() != SHA_384_BYTES {
        return Err(Status::CONDITIONS_OF_USE);
    }
    expects(command, ECDSA_SIGNATURE_BYTES)?;
    Ok(ecdsa(key, command.data).to_bytes().to_vec())
}

fn expects(command: &Command, bytes: usize) -> Result<(), Status> {
    match command.expected {
        Some(expected) if expected >= bytes => Ok(()),
        _ => Err(Status::WRONG_LENGTH),
    }
}

/// What P1 asks the card to do with the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// 00: pad whatever comes.
    Verbatim,
    /// 01: hash, and pad the bare hash.
    HashBare,
    /// 02: put a given SHA-256 into a DigestInfo.
    WrapDigest,
    /// 03: hash, and put it into a DigestInfo.
    HashAndWrap,
    /// 04: a given SHA-256, RSASSA-PSS.
    DigestPss,
    /// 05: hash, RSASSA-PSS.
    HashPss,
}

impl Form {
    fn of(p1: u8) -> Result<Self, Status> {
        match p1 {
            0x00 => Ok(Form::Verbatim),
            0x01 => Ok(Form::HashBare),
            0x02 => Ok(Form::WrapDigest),
            0x03 => Ok(Form::HashAndWrap),
            0x04 => Ok(Form::DigestPss),
            0x05 => Ok(Form::HashPss),
            _ => Err(Status::WRONG_PARAMETERS),
        }
    }

    fn check_length(self, bytes: usize) -> Result<(), Status> {
        match self {
            _ if bytes == 0 => Err(Status::WRONG_LENGTH),
            Form::Verbatim if bytes > LONGEST_VERBATIM => Err(Status::WRONG_LENGTH),
            Form::HashBare | Form::HashAndWrap | Form::HashPss if bytes > LONGEST_HASHED => Err(Status::WRONG_LENGTH),
            Form::WrapDigest | Form::DigestPss if bytes != DIGEST_BYTES => Err(Status::CONDITIONS_OF_USE),
            _ => Ok(()),
        }
    }

    fn sign(self, key: &RsaPrivateKey, data: &[u8]) -> rsa::Result<Vec<u8>> {
        let hash = Sha256::digest(data);
        match self {
            Form::Verbatim => key.sign(Pkcs1v15Sign::new_unprefixed(), data),
            Form::HashBare => key.sign(Pkcs1v15Sign::new_unprefixed(), &hash),
            Form::WrapDigest => key.sign(Pkcs1v15Sign::new::<Sha256>(), data),
            Form::HashAndWrap => key.sign(Pkcs1v15Sign::new::<Sha256>(), &hash),
            Form::DigestPss => key.sign_with_rng(&mut rand::rng(), Pss::<Sha256>::new(), data),
            Form::HashPss => key.sign_with_rng(&mut rand::rng(), Pss::<Sha256>::new(), &hash),
        }
    }
}

/// PKCS#1 v1.5 padding takes eleven of 256 bytes (RFC 8017, section 8.2).
const LONGEST_VERBATIM: usize = 245;

/// A short command carries no more (card.md section 5).
const LONGEST_HASHED: usize = 255;

const DIGEST_BYTES: usize = 32;

/// RSA-2048.
const RSA_SIGNATURE_BYTES: usize = 256;

const SHA_384_BYTES: usize = 48;

/// Two numbers of 384 bits.
const ECDSA_SIGNATURE_BYTES: usize = 96;
