//! What stands in a PDF that somebody wants to have verified: found in a child process, shown once, kept nowhere.

pub(crate) mod line;

use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{PdfProblem, Person, ReceiptVerdict, Revocation, Sex, SignatureKind, SignatureVerdict, Source, Trust, Verdict};
use serde::{Deserialize, Serialize};

use crate::handoff::{answer_line, check_line, seal};
use crate::http::pages::{JudgedSignature, JudgedView, PersonView, ReceiptSignerView, ReceiptView};

/// The child's answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Examined {
    Judged(Box<JudgedView>),
    /// Readable, and nothing in it is signed.
    Unsigned,
    Empty,
    Encrypted,
    NoPages,
    NotAPdf,
    Broken,
}

/// Judges every signature of a document, and its receipt if it is a stripped copy.
pub(crate) fn examine(document: &dyn Source, trust: &Trust, revocation: &Revocation<'_>, now: SystemTime) -> Examined {
    let judged = pades::verify_asking(document, trust, &AwsLc, revocation, now)
        .and_then(|verdict| Ok((pades::receipt_of(document, &verdict)?, verdict)));
    match judged {
        Ok((_, verdict)) if verdict.is_unsigned() => Examined::Unsigned,
        Ok((receipt, verdict)) => Examined::Judged(Box::new(view(&verdict, receipt.as_ref()))),
        Err(PdfProblem::Empty) => Examined::Empty,
        Err(PdfProblem::Encrypted) => Examined::Encrypted,
        Err(PdfProblem::NoPages) => Examined::NoPages,
        Err(PdfProblem::NotAPdf) => Examined::NotAPdf,
        Err(_) => Examined::Broken,
    }
}

fn view(verdict: &Verdict, receipt: Option<&ReceiptVerdict>) -> JudgedView {
    let state = receipt.map_or(verdict.state, |receipt| receipt.state.max(verdict.state));
    JudgedView {
        seal: seal(state),
        file: check_line(&verdict.file),
        signatures: verdict.signatures.iter().map(signature).collect(),
        receipt: receipt.map(receipt_view),
    }
}

fn signature(signature: &SignatureVerdict) -> JudgedSignature {
    let signer = signature.signer.as_ref();
    let person = signer.and_then(|signer| signer.person.as_ref()).map(person);
    let mut changes: Vec<String> = signature.changes.iter().map(|change| change.what.code().to_owned()).collect();
    changes.sort();
    changes.dedup();
    JudgedSignature {
        seal: seal(signature.state),
        is_time_stamp: signature.kind == SignatureKind::DocumentTimeStamp,
        // A card's common name tells where and when the certificate was issued.
        common_name: signer.filter(|signer| !signer.names_person).and_then(|signer| signer.common_name.clone()),
        person,
        claimed_time: signature.claimed.time,
        proven_time: signature.proven_time,
        covers_whole_file: signature.covers_whole_document,
        changes,
        checks: signature.checks.iter().map(check_line).collect(),
        answers: signature.revocation.iter().map(|answer| answer_line(answer, signature.proven_time)).collect(),
    }
}

fn person(person: &Person) -> PersonView {
    PersonView {
        name: person.name.clone(),
        address: person.address.clone(),
        birth: format!("{:04}-{:02}-{:02}", person.birth.year, person.birth.month, person.birth.day),
        sex: match person.sex {
            Sex::Male => "male",
            Sex::Female => "female",
            Sex::Unknown => "unknown",
        }
        .to_owned(),
    }
}

fn receipt_view(judged: &ReceiptVerdict) -> ReceiptView {
    let believed = judged.statement.as_ref().filter(|_| judged.problem.is_none());
    let signers = believed.iter().flat_map(|receipt| &receipt.signers);
    ReceiptView {
        problem: judged.problem.map(|problem| problem.code().to_owned()),
        service: judged.service.clone(),
        written: believed.map(|receipt| receipt.time),
        original_sha256: believed.map(|receipt| receipt.original.sha256.iter().map(|byte| format!("{byte:02x}")).collect()),
        original: believed.map(|receipt| seal(receipt.state)),
        signers: signers.map(|signer| ReceiptSignerView { label: signer.label.clone(), seal: seal(signer.state) }).collect(),
    }
}
