use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{Appearance, PdfProblem, Receipt, Statement, StripProblem, Stripped, Trust, Verdict};
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::arguments::StripArguments;
use crate::destination::Destination;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::original::{PdfFile, Stoppable};
use crate::receipt_page;
use crate::service::Service;
use crate::trust::trust;
use crate::voice::Voice;

/// Makes a copy without the signatures, and lets it carry a receipt where a key for one is given.
pub(crate) async fn run(arguments: &StripArguments, voice: &Voice) -> Result<Exit, Failure> {
    let trust = trust(&arguments.trust)?;
    let service = service(arguments)?;
    let original = PdfFile::open(&arguments.input)?;
    voice.step("step-reading-document");
    let receipt = match service {
        None => None,
        Some(service) => {
            let Some(verdict) = verdict(&original, &trust, voice) else { return Ok(Exit::Unreadable) };
            Some(ReceiptToBe::of(&original, &verdict, service, arguments)?)
        }
    };
    let interrupt = Interrupt::listen()?;
    let destination = Destination::prepare(&arguments.output, arguments.overwrite, &[])?;
    let original = Stoppable { file: original, interrupt: interrupt.clone() };
    let has_receipt = receipt.is_some();
    let (copy, made) = Copy { original, receipt, destination }.made().await;
    interrupt.refuse_if_set().await?;
    // Nothing was judged yet where no receipt tells of it: what `verify` cannot read is refused in its words.
    let may_be_unreadable = !has_receipt && made.as_ref().map_or(true, |stripped| stripped.signatures == 0);
    if may_be_unreadable && verdict(&copy.original.file, &trust, voice).is_none() {
        return Ok(Exit::Unreadable);
    }
    let stripped = made?;
    report(&copy.destination.place()?, &stripped, has_receipt, voice);
    Ok(Exit::Done)
}

/// A copy on its way.
struct Copy {
    original: Stoppable,
    receipt: Option<ReceiptToBe>,
    destination: Destination,
}

impl Copy {
    /// On a thread of its own, so that somebody may want to end it: then no byte is read any more.
    async fn made(mut self) -> (Self, Result<Stripped, Failure>) {
        let work = move || {
            let made = self.make();
            (self, made)
        };
        spawn_blocking(work).await.unwrap_or_else(|stopped| resume_unwind(stopped.into_panic()))
    }

    fn make(&mut self) -> Result<Stripped, Failure> {
        let stripped = match self.receipt.as_ref().and_then(|receipt| receipt.page.as_ref()) {
            Some(page) => pades::strip_with_page(&self.original, page, &mut self.destination),
            None => pades::strip(&self.original, &mut self.destination),
        };
        let stripped = stripped.map_err(|problem| failure(problem, &self.destination))?;
        if let Some(receipt) = self.receipt.take() {
            receipt.append_to(&mut self.destination, &stripped, &self.original.interrupt)?;
        }
        Ok(stripped)
    }
}

/// What a receipt will say, once the copy is there that it is about.
struct ReceiptToBe {
    statement: Statement,
    page: Option<Appearance>,
    service: Service,
    key: PathBuf,
}

impl ReceiptToBe {
    fn of(original: &PdfFile, verdict: &Verdict, service: Service, arguments: &StripArguments) -> Result<Self, Failure> {
        let statement = Statement::new(original, verdict, &arguments.label, SystemTime::now())?;
        let page = arguments.receipt_page.then(|| receipt_page::of(&statement, &service)).transpose()?;
        Ok(Self { statement, page, service, key: arguments.receipt_key.clone().unwrap_or_default() })
    }

    fn append_to(self, destination: &mut Destination, stripped: &Stripped, interrupt: &Interrupt) -> Result<(), Failure> {
        let receipt = Receipt::new(self.statement, stripped, &self.service.chain);
        let copy = Stoppable { file: destination.written()?, interrupt: interrupt.clone() };
        let prepared = pades::prepare_receipt(&copy, &receipt)?;
        let unreadable = || Failure::before_all(Kind::InputUnreadable { path: self.key.clone() });
        let revision = self.service.sign(&copy, prepared).ok_or_else(unreadable)?;
        destination.append(&revision)
    }
}

/// `None` if there is nothing to take out, which is told.
fn verdict(original: &PdfFile, trust: &Trust, voice: &Voice) -> Option<Verdict> {
    match pades::verify(original, trust, &AwsLc, SystemTime::now()) {
        Ok(verdict) if !verdict.is_unsigned() => return Some(verdict),
        Ok(_) => voice.result(&voice.word("no-signature"), json!({ "ok": false, "removed": 0 })),
        Err(problem) => drop(voice.fail(&problem.into())),
    }
    None
}

fn service(arguments: &StripArguments) -> Result<Option<Service>, Failure> {
    let files = arguments.receipt_key.as_deref().zip(arguments.receipt_certificate.as_deref());
    files.map(|(key, certificate)| Service::open(key, certificate)).transpose()
}

fn report(path: &Path, stripped: &Stripped, has_receipt: bool, voice: &Voice) {
    let mut lines = vec![
        voice.filled("stripped-into", &[("path", path.display().to_string())]),
        voice.filled("stripped-signatures", &[("count", stripped.signatures.to_string())]),
    ];
    lines.push(voice.word(if has_receipt { "stripped-with-receipt" } else { "stripped-without-receipt" }));
    let output = path.display().to_string();
    let object = json!({ "ok": true, "output": output, "removed": stripped.signatures, "receipt": has_receipt });
    voice.result(&lines.join("\n"), object);
}

fn failure(problem: StripProblem, destination: &Destination) -> Failure {
    match problem {
        StripProblem::Pdf(PdfProblem::Unsupported { .. }) => Failure::before_all(Kind::NoCopy),
        StripProblem::Pdf(problem) => problem.into(),
        StripProblem::Unwritable(_) => destination.not_writable(),
    }
}

#[cfg(test)]
mod tests {
    use pades::Source;

    use super::*;

    #[tokio::test]
    async fn whoever_wants_to_end_ends_a_copy_before_anything_more_is_read_or_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pades/tests/vectors/pyhanko-pades-rsa.pdf");
        for (interrupt, is_made) in [(Interrupt::never(), true), (Interrupt::long_ago(), false)] {
            let original = Stoppable { file: PdfFile::open(&path).unwrap(), interrupt };
            let destination = Destination::prepare(&folder.path().join("copy.pdf"), false, &[]).unwrap();
            let (copy, made) = Copy { original, receipt: None, destination }.made().await;
            assert_eq!(made.is_ok(), is_made, "{made:?}");
            assert_eq!(copy.destination.written().unwrap().len() > 0, is_made);
            drop(copy);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
