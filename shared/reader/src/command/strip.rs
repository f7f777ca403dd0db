use std::path::Path;
use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{PdfProblem, Receipt, Statement, StripProblem, Stripped, Trust, Verdict};
use serde_json::json;

use crate::arguments::StripArguments;
use crate::destination::Destination;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::original::PdfFile;
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
    let Some(verdict) = verdict(&original, &trust, voice) else { return Ok(Exit::Unreadable) };
    let statement = Statement::new(&original, &verdict, &arguments.label, SystemTime::now())?;
    let page = service.as_ref().filter(|_| arguments.receipt_page);
    let page = page.map(|service| receipt_page::of(&statement, service)).transpose()?;
    let interrupt = Interrupt::listen()?;
    let mut destination = Destination::prepare(&arguments.output, arguments.overwrite, &[])?;
    let stripped = match &page {
        Some(page) => pades::strip_with_page(&original, page, &mut destination),
        None => pades::strip(&original, &mut destination),
    };
    let stripped = stripped.map_err(|problem| failure(problem, &arguments.output))?;
    if let Some(service) = &service {
        append_receipt(statement, &stripped, service, arguments, &mut destination)?;
    }
    interrupt.refuse_if_set().await?;
    let path = destination.place()?;
    report(&path, &stripped, service.is_some(), voice);
    Ok(Exit::Done)
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

fn append_receipt(
    statement: Statement,
    stripped: &Stripped,
    service: &Service,
    arguments: &StripArguments,
    destination: &mut Destination,
) -> Result<(), Failure> {
    let receipt = Receipt::new(statement, stripped, &service.chain);
    let copy = destination.written()?;
    let prepared = pades::prepare_receipt(&copy, &receipt)?;
    let key = || arguments.receipt_key.clone().unwrap_or_default();
    let revision = service.sign(&copy, prepared).ok_or_else(|| Failure::before_all(Kind::InputUnreadable { path: key() }))?;
    destination.append(&revision)
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

fn failure(problem: StripProblem, output: &Path) -> Failure {
    match problem {
        StripProblem::Pdf(PdfProblem::Unsupported { .. }) => Failure::before_all(Kind::NoCopy),
        StripProblem::Pdf(problem) => problem.into(),
        StripProblem::Unwritable(_) => Failure::before_all(Kind::OutputNotWritable { path: output.to_owned() }),
    }
}
