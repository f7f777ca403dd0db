//! A copy in the making: everything that reads a stranger's document, for a thread that may block.

use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{
    Appearance, Certificate, Joined, PdfProblem, Receipt, SignatureKind, Source, Stampable, Statement, StripProblem, Stripped,
    TimeStamp, Trust, Verdict, VerdictState,
};

use super::copy::CopyProblem;
use super::keys::ReceiptKey;
use super::page;
use crate::document::{Bounded, FileSource, Scratch};
use crate::revocation::Revocations;

/// What a copy is made of.
pub(super) struct Material {
    pub(super) original: Bounded<FileSource>,
    /// The signed revision behind it.
    pub(super) revision: Vec<u8>,
    pub(super) trust: Trust,
    pub(super) revocations: Revocations,
    pub(super) key: ReceiptKey,
    pub(super) now: SystemTime,
    pub(super) page_font: Option<Arc<Vec<u8>>>,
}

/// A stripped copy with a signed receipt that is not behind it yet.
pub(super) struct Draft {
    copy: Scratch,
    copy_bytes: u64,
    receipt: Vec<u8>,
}

impl Material {
    pub(super) fn into_draft(self, mut copy: Scratch) -> Result<Draft, CopyProblem> {
        let signed = Joined(&self.original, self.revision.as_slice());
        let verdict = pades::verify_asking(&signed, &self.trust, &AwsLc, &self.revocations.sources().revocation(), self.now)?;
        let statement = Statement::new(&signed, &verdict, &labels(&verdict), self.now)?;
        let page = self.page_font.as_ref().and_then(|font| page::of(&statement, &self.key, font));
        let stripped = strip(&signed, page.as_ref(), &mut copy)?;
        let receipt = Receipt::new(statement, &stripped, &[]);
        let written = copy.source()?;
        let prepared = pades::prepare_receipt(&written, &receipt)?;
        let service: (&Certificate, &[Vec<u8>]) = (&self.key.certificate, &[]);
        let receipt = pades::sign_receipt(&written, prepared, service, &AwsLc, |message| self.key.sign(message));
        Ok(Draft { copy, copy_bytes: stripped.bytes, receipt: receipt.ok_or(CopyProblem::NoKey)? })
    }
}

impl Draft {
    /// Where a time stamp goes.
    pub(super) fn place(&self) -> Result<Stampable, CopyProblem> {
        Ok(pades::stampable(&Joined(self.copy.source()?, self.receipt.as_slice()))?)
    }

    /// With the time stamp, unless the receipt proves more without it: one of an authority that sends other certificates
    /// along cannot stand in a receipt.
    pub(super) fn stamped(mut self, place: &Stampable, stamp: &TimeStamp, by: (&Trust, SystemTime)) -> Result<Self, CopyProblem> {
        let Ok(patch) = place.stamp(stamp) else { return Ok(self) };
        let unstamped = self.receipt.clone();
        patch.apply_to(&mut self.receipt, self.copy_bytes).ok_or(CopyProblem::Unsound)?;
        if self.is_sound(by)? {
            return Ok(self);
        }
        tracing::warn!("the time stamp of an authority does not fit into a receipt");
        Ok(Self { receipt: unstamped, ..self })
    }

    /// The copy with its receipt, which anybody who believes the service's roots finds right.
    pub(super) fn finished(mut self, by: (&Trust, SystemTime)) -> Result<Scratch, CopyProblem> {
        if !self.is_sound(by)? {
            return Err(CopyProblem::Unsound);
        }
        self.copy.write_all(&self.receipt)?;
        Ok(self.copy)
    }

    fn is_sound(&self, (trust, now): (&Trust, SystemTime)) -> Result<bool, CopyProblem> {
        let whole = Joined(self.copy.source()?, self.receipt.as_slice());
        let verdict = pades::verify(&whole, trust, &AwsLc, now)?;
        let judged = pades::receipt_of(&whole, &verdict)?;
        let is_sound = |judged: pades::ReceiptVerdict| judged.problem.is_none() && judged.state != VerdictState::Invalid;
        Ok(verdict.state != VerdictState::Invalid && judged.is_some_and(is_sound))
    }
}

fn strip(signed: &dyn Source, page: Option<&Appearance>, copy: &mut Scratch) -> Result<Stripped, CopyProblem> {
    let mut buffered = BufWriter::with_capacity(BUFFER_BYTES, copy);
    let stripped = match page {
        Some(page) => pades::strip_with_page(signed, page, &mut buffered),
        None => pades::strip(signed, &mut buffered),
    };
    let stripped = stripped.map_err(|problem| match problem {
        StripProblem::Pdf(PdfProblem::Source(error)) => CopyProblem::Unreadable(error),
        problem => CopyProblem::NotStrippable(problem),
    })?;
    buffered.flush()?;
    Ok(stripped)
}

/// Nobody has said yet what the parties are to be called, and a certificate's name is never one.
fn labels(verdict: &Verdict) -> Vec<String> {
    let signers = verdict.signatures.iter().filter(|signature| signature.kind != SignatureKind::DocumentTimeStamp).count();
    (1..=signers).map(|number| format!("署名者{number} / Signer {number}")).collect()
}

const BUFFER_BYTES: usize = 64 * 1024;
