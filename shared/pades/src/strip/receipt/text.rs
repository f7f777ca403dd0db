//! A receipt as text, for a code on paper: the statement alone, in lines that anybody can read, with a CMS around it.
//!
//! It says nothing about any file but the original, and nothing about the paper that it stands on.

use std::str::FromStr;
use std::time::SystemTime;

use data_encoding::BASE32_NOPAD;
use der::DateTime;

use super::check::{ReceiptProblem, ReceiptVerdict};
use super::contents::digest_of_chain;
use super::{FileDigest, ReceiptSigner, Statement, entries};
use crate::certificate::SignatureVerifier;
use crate::cms::{SignedData, cms_around};
use crate::revocation::Revocation;
use crate::trust::Trust;
use crate::verify::report::rfc3339;
use crate::verify::{Signer, VerdictState, judge_statement};

/// What a text is worth that [`sign_statement`](super::sign_statement) may have made; None if it does not begin like one.
///
/// Ends of lines and spaces that a program put in are passed over. The CMS is made anew from its parts and the text from what
/// it says, so that no change goes unseen. Such a receipt has no time stamp, and names no copy.
#[must_use]
pub fn receipt_in_text(
    text: &str,
    (trust, verifier): (&Trust, &dyn SignatureVerifier),
    revocation: &Revocation<'_>,
    now: SystemTime,
) -> Option<ReceiptVerdict> {
    let letters: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let carried = letters.strip_prefix(PREFIX)?;
    let cms = BASE32_NOPAD.decode(carried.as_bytes()).unwrap_or_default();
    let judged = SignedData::of_statement(&cms).ok().and_then(|signed| {
        let statement = read(signed.content, &chain_if_as_made(&signed, &cms)?)?;
        Some((statement, judge_statement(&signed, (trust, verifier), revocation, now)))
    });
    Some(match judged {
        Some((statement, (state, signer))) => verdict(statement, state, signer),
        None => ReceiptVerdict { state: VerdictState::Invalid, service: None, statement: None, copy: None, problem: MALFORMED },
    })
}

fn verdict(statement: Statement, state: VerdictState, signer: Option<Signer>) -> ReceiptVerdict {
    let is_person = signer.as_ref().is_some_and(|signer| signer.names_person);
    let problem = match state {
        VerdictState::Invalid => Some(ReceiptProblem::Signature),
        _ if is_person => Some(ReceiptProblem::SignedByAPerson),
        _ => None,
    };
    ReceiptVerdict {
        state: if problem.is_some() { VerdictState::Invalid } else { state },
        service: signer.and_then(|signer| signer.common_name),
        statement: Some(statement),
        copy: None,
        problem,
    }
}

/// In letters that codes for the eye and people who type can carry. RFC 4648, section 6.
pub(super) fn carried(cms: &[u8]) -> String {
    format!("{PREFIX}{}", BASE32_NOPAD.encode(cms))
}

/// None if a label is more than a line.
pub(super) fn written(statement: &Statement, chain: &[Vec<u8>]) -> Option<String> {
    let FileDigest { bytes, sha256 } = statement.original;
    let mut lines = vec![
        TITLE.to_owned(),
        format!("time {}", rfc3339(statement.time)?),
        format!("original {bytes} {}", hexadecimal(&sha256)),
        format!("state {}", statement.state.code()),
    ];
    let chain = digest_of_chain(chain.iter().map(Vec::as_slice));
    lines.extend(chain.map(|digest| format!("chain {}", hexadecimal(&digest))));
    for signer in &statement.signers {
        lines.push(signer_line(signer)?);
    }
    lines.push(String::new());
    Some(lines.join("\n"))
}

fn signer_line(signer: &ReceiptSigner) -> Option<String> {
    let mut line = format!("signer {}", signer.state.code());
    for (key, codes) in [(FAILED, &signer.failed), (NOT_CHECKED, &signer.not_checked)] {
        if !codes.is_empty() {
            line += &format!(" {key}{}", codes.join(","));
        }
    }
    if let Some(time) = signer.proven_time {
        line += &format!(" {PROVEN}{}", rfc3339(time)?);
    }
    if let Some(label) = &signer.label {
        line += &format!(" {LABEL}{label}");
    }
    (!line.contains(char::is_control)).then_some(line)
}

/// What it says, if it is written as it would be made anew.
fn read(content: &[u8], chain: &[Vec<u8>]) -> Option<Statement> {
    let text = std::str::from_utf8(content).ok()?;
    let mut lines = text.lines().skip(1).filter(|line| !line.starts_with("chain "));
    let time = moment(lines.next()?.strip_prefix("time ")?)?;
    let (bytes, sha256) = lines.next()?.strip_prefix("original ")?.split_once(' ')?;
    let original = FileDigest { bytes: bytes.parse().ok()?, sha256: digest(sha256)? };
    let state = entries::state_of(lines.next()?.strip_prefix("state ")?.as_bytes())?;
    let signers = lines.map(|line| signer(line.strip_prefix("signer ")?)).collect::<Option<_>>()?;
    let statement = Statement { original, signers, state, time };
    (written(&statement, chain)? == text).then_some(statement)
}

fn signer(line: &str) -> Option<ReceiptSigner> {
    let (facts, label) = match line.split_once(LABEL) {
        Some((facts, label)) => (facts, Some(label.to_owned())),
        None => (line, None),
    };
    let mut facts = facts.split_whitespace();
    let state = entries::state_of(facts.next()?.as_bytes())?;
    let facts: Vec<&str> = facts.collect();
    let fact = |key: &str| facts.iter().find_map(|fact| fact.strip_prefix(key));
    let codes = |key| fact(key).map_or_else(Vec::new, |codes| codes.split(',').map(str::to_owned).collect());
    Some(ReceiptSigner {
        label,
        state,
        failed: codes(FAILED),
        not_checked: codes(NOT_CHECKED),
        proven_time: fact(PROVEN).and_then(moment),
    })
}

/// The certificates beside the service's own; None if a byte of the CMS is another than a service makes it.
fn chain_if_as_made(signed: &SignedData<'_>, cms: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (signer, others) = signed.signer_and_others().ok()?;
    let others: Vec<Vec<u8>> = others.iter().map(|other| other.der().to_vec()).collect();
    let made = cms_around(Some(signed.content), &signed.attributes.as_set(), signed.signature, (signer.der(), &others));
    (made.ok()? == cms).then_some(others)
}

fn moment(text: &str) -> Option<SystemTime> {
    DateTime::from_str(text).ok().map(|time| time.to_system_time())
}

fn digest(text: &str) -> Option<[u8; 32]> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

fn hexadecimal(digest: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(digest)
}

/// So that a person who scans it learns what it is, and a later form has another number.
const PREFIX: &str = "KAZASU-RECEIPT-1:";
const TITLE: &str = "Kazasu receipt 1";
const FAILED: &str = "failed=";
const NOT_CHECKED: &str = "not_checked=";
const PROVEN: &str = "proven=";
const LABEL: &str = "label=";
const MALFORMED: Option<ReceiptProblem> = Some(ReceiptProblem::Malformed);
