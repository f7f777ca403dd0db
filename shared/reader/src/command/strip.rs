use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{Appearance, PdfProblem, Receipt, Statement, StripProblem, Stripped, Trust, Verdict};
use serde_json::json;
use signer::FailureKind;
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
    if !has_receipt && is_refused(&copy.original.file, &made, &trust, voice) {
        return Ok(Exit::Unreadable);
    }
    let stripped = made?;
    report(&copy.destination.place()?, &stripped, has_receipt, voice);
    Ok(Exit::Done)
}

/// Whether it was told that the document holds no signature or cannot be read, in the words of `verify`. Nothing was judged yet
/// where no receipt tells of it; a document that takes long to refuse is not read a second time for that.
fn is_refused(original: &PdfFile, made: &Result<Stripped, Failure>, trust: &Trust, voice: &Voice) -> bool {
    match made {
        Ok(stripped) if stripped.signatures > 0 => return false,
        Ok(_) => tell_unsigned(voice),
        Err(failure) => match failure.kind {
            Kind::OutputNotWritable { .. } | Kind::Shared(FailureKind::PdfAmbiguous) => return false,
            // It may be the document or the form of its signatures.
            Kind::NoCopy => return verdict(original, trust, voice).is_none(),
            _ => drop(voice.fail(failure)),
        },
    }
    true
}

fn tell_unsigned(voice: &Voice) {
    voice.result(&voice.word("no-signature"), json!({ "ok": false, "removed": 0 }));
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
        Ok(_) => tell_unsigned(voice),
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
    use crate::language::Language;

    /// It could be read, if it were: then this would not be taken for unreadable.
    #[test]
    fn a_document_that_took_long_to_refuse_is_not_read_again_for_the_words() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pades/tests/vectors/pyhanko-pades-rsa.pdf");
        let (original, trust) = (PdfFile::open(&path).unwrap(), Trust::new(&[]).unwrap());
        let is_refused = |kind: Kind| {
            let voice = Voice::new(Language::English, true);
            super::is_refused(&original, &Err(Failure::before_all(kind)), &trust, &voice)
        };
        assert!(is_refused(Kind::Shared(FailureKind::PdfTooLarge)));
        assert!(!is_refused(Kind::Shared(FailureKind::PdfAmbiguous)));
        assert!(!is_refused(Kind::NoCopy), "of this one it is found out");
    }

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
