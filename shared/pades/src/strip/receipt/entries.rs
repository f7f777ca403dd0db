//! The receipt as entries of a signature dictionary.

use std::time::{Duration, SystemTime};

use super::{FileDigest, Receipt, ReceiptSigner, Statement};
use crate::pdf::{Dictionary, Object, text_string};
use crate::problem::PdfProblem;
use crate::verify::VerdictState;

/// A name of the third class: for private use. ISO 32000-1, annex E.
pub(super) use crate::revision::RECEIPT as KEY;

pub(super) fn written(receipt: &Receipt) -> Result<Object, PdfProblem> {
    let mut entries = Dictionary::default();
    entries.insert(b"Version", Object::Integer(VERSION));
    entries.insert(b"Original", file(&receipt.statement.original)?);
    entries.insert(b"Copy", file(&receipt.copy)?);
    entries.insert(b"State", name(receipt.statement.state.code()));
    let signers = receipt.statement.signers.iter().map(signer).collect::<Result<_, _>>()?;
    entries.insert(b"Signers", Object::Array(signers));
    if let Some(chain) = receipt.chain {
        entries.insert(b"Chain", Object::String(chain.to_vec().into()));
    }
    Ok(Object::Dictionary(entries))
}

/// `time` is the signature dictionary's own. None if it has another form.
pub(super) fn read(entries: &Dictionary, time: SystemTime) -> Option<Receipt> {
    if entries.integer(b"Version")? != VERSION {
        return None;
    }
    let signers = entries.get(b"Signers")?.as_array()?;
    Some(Receipt {
        statement: Statement {
            original: read_file(entries.get(b"Original")?.as_dictionary()?)?,
            signers: signers.iter().map(|signer| read_signer(signer.as_dictionary()?)).collect::<Option<_>>()?,
            state: read_state(entries)?,
            time,
        },
        copy: read_file(entries.get(b"Copy")?.as_dictionary()?)?,
        chain: match entries.get(b"Chain") {
            None => None,
            Some(_) => Some(digest(entries, b"Chain")?),
        },
    })
}

/// As PDF dates count.
pub(super) fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

fn file(file: &FileDigest) -> Result<Object, PdfProblem> {
    let mut entries = Dictionary::default();
    entries.insert(b"Bytes", integer(file.bytes)?);
    entries.insert(b"SHA256", Object::String(file.sha256.to_vec().into()));
    Ok(Object::Dictionary(entries))
}

fn read_file(entries: &Dictionary) -> Option<FileDigest> {
    Some(FileDigest { bytes: entries.unsigned(b"Bytes")?, sha256: digest(entries, b"SHA256")? })
}

fn signer(signer: &ReceiptSigner) -> Result<Object, PdfProblem> {
    let mut entries = Dictionary::default();
    if let Some(label) = &signer.label {
        entries.insert(b"Label", text_string(label));
    }
    entries.insert(b"State", name(signer.state.code()));
    for (key, codes) in [(b"Failed".as_slice(), &signer.failed), (b"NotChecked", &signer.not_checked)] {
        entries.insert(key, Object::Array(codes.iter().map(|code| name(code)).collect()));
    }
    if let Some(time) = signer.proven_time {
        let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_err(|_| PdfProblem::TimeOutOfRange)?.as_secs();
        entries.insert(b"ProvenTime", integer(seconds)?);
    }
    Ok(Object::Dictionary(entries))
}

fn read_signer(entries: &Dictionary) -> Option<ReceiptSigner> {
    let codes = |key| {
        let codes = entries.get(key)?.as_array()?.iter().map(|code| match code {
            Object::Name(code) => String::from_utf8(code.clone()).ok(),
            _ => None,
        });
        codes.collect::<Option<Vec<_>>>()
    };
    Some(ReceiptSigner {
        label: entries.text(b"Label").map(crate::pdf::Text::to_display),
        state: read_state(entries)?,
        failed: codes(b"Failed")?,
        not_checked: codes(b"NotChecked")?,
        proven_time: match entries.get(b"ProvenTime") {
            None => None,
            Some(_) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(entries.unsigned(b"ProvenTime")?)),
        },
    })
}

fn read_state(entries: &Dictionary) -> Option<VerdictState> {
    state_of(entries.name(b"State")?)
}

pub(super) fn state_of(code: &[u8]) -> Option<VerdictState> {
    let states = [VerdictState::Valid, VerdictState::ValidInPart, VerdictState::Invalid];
    states.into_iter().find(|state| state.code().as_bytes() == code)
}

fn digest(entries: &Dictionary, key: &[u8]) -> Option<[u8; 32]> {
    entries.text(key)?.bytes.as_slice().try_into().ok()
}

fn name(code: &str) -> Object {
    Object::Name(code.as_bytes().to_vec())
}

fn integer(value: u64) -> Result<Object, PdfProblem> {
    i64::try_from(value).map(Object::Integer).map_err(|_| PdfProblem::Unsupported { what: "a file of more than 2^63 bytes" })
}

/// The first form.
const VERSION: i64 = 1;
