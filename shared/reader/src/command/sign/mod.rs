mod touches;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use card::Signed;
use pades::{ByteRange, Certificate, Joined, Patch, PrepareOptions, Trust, Verdict};
use serde_json::{Value, json};
use signer::{DocumentDigests, FailureKind};

use self::touches::Touches;
use crate::arguments::SignArguments;
use crate::destination::Destination;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::original::{Inspection, PdfFile, read_whole};
use crate::pcsc::Reader;
use crate::timestamp::{Authorities, Form, stamp_file};
use crate::trust::trust;
use crate::verdict::{self, People};
use crate::verifier::Verifier;
use crate::voice::Voice;

/// Signs a PDF. All that can fail without the card is done before it is touched.
pub(crate) async fn run(arguments: &SignArguments, voice: &Voice, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let trust = trust(&arguments.trust)?;
    let authorities = Authorities::open(&arguments.timestamp)?;
    voice.step("step-reading-document");
    let original = read_whole(&arguments.input)?;
    let inspection = Inspection::begin(original.clone());
    let job = Job::prepare(original, arguments);
    let reader = Reader::open(arguments.reader.reader.as_deref()).await;
    inspection.end().await?;
    let (job, reader) = (job?, reader?);
    let outcome = Touches::new(&reader, &job.digests, arguments, voice, interrupt).sign().await;
    reader.close().await;

    voice.step("step-saving");
    let path = job.complete(&outcome?)?;
    let stamping = match &authorities {
        Some(authorities) => stamp(&path, (authorities, &trust), voice, interrupt).await,
        None => Stamping::NotAsked,
    };
    let verdict = judge(&path, &trust)?;
    report(&path, &verdict, &stamping, voice);
    Ok(match (verdict::exit_after_making(&verdict, arguments.trust.names_a_root()), &stamping) {
        (Exit::Done, Stamping::Failed(_)) => Exit::ValidInPart,
        (exit, _) => exit,
    })
}

/// What became of the time stamp.
enum Stamping {
    NotAsked,
    Done(Form),
    /// The document stands as it was signed.
    Failed(Failure),
}

/// The signed document is in its place before anybody is asked, and stays there until a stamped one takes it over.
async fn stamp(path: &Path, asked: (&Authorities, &Trust), voice: &Voice, interrupt: &Interrupt) -> Stamping {
    voice.step("step-stamping");
    let stamped = match Destination::prepare(path, true, &[]) {
        Ok(destination) => stamp_file(path, destination, None, asked, interrupt).await,
        Err(failure) => Err(failure),
    };
    match stamped {
        Ok((_, form)) => Stamping::Done(form),
        Err(failure) => Stamping::Failed(Failure::after_signing(failure.kind)),
    }
}

/// The document is signed and in its place by now, whatever is found here.
fn judge(path: &Path, trust: &Trust) -> Result<Verdict, Failure> {
    let file = PdfFile::open(path).map_err(|failure| Failure::after_signing(failure.kind))?;
    let verdict = pades::verify(&file, trust, &Verifier, SystemTime::now());
    verdict.map_err(|problem| Failure::after_signing(Failure::from(problem).kind))
}

/// A document with a place for the signature, already on disk.
struct Job {
    original: Vec<u8>,
    revision: Vec<u8>,
    byte_range: ByteRange,
    digests: DocumentDigests,
    destination: Destination,
}

impl Job {
    fn prepare(original: Vec<u8>, arguments: &SignArguments) -> Result<Self, Failure> {
        let options =
            PrepareOptions { declared_name: arguments.name.clone(), ..PrepareOptions::new(SystemTime::now(), rand::random()) };
        let prepared = pades::prepare(&original, &options)?;
        let destination = Destination::prepare(&arguments.output, arguments.overwrite, &[&original, &prepared.revision])?;
        let (revision, byte_range) = (prepared.revision, prepared.byte_range);
        let digests = DocumentDigests::of(&Joined(&original, &revision), &byte_range)?;
        Ok(Self { original, revision, byte_range, digests, destination })
    }

    fn complete(self, signed: &Signed) -> Result<PathBuf, Failure> {
        // What fits nothing is no signature: nobody is given it.
        let unfit = || Failure::before_all(Kind::Shared(FailureKind::SignatureUnfit));
        let patch = self.patch(signed).ok_or_else(unfit)?;
        self.destination.complete(&patch, &[&self.original, &self.revision])
    }

    /// The signature in its CMS, once it is seen to fit the certificate: a torn answer shows here.
    fn patch(&self, signed: &Signed) -> Option<Patch> {
        let certificate = Certificate::parse(&signed.certificate).ok()?;
        let digest = self.digests.for_key(certificate.signature_algorithm().ok()?)?;
        let attributes = pades::signed_attributes(digest, &signed.certificate, None).ok()?;
        pades::check_signature(digest, &certificate, None, &attributes, &signed.signatures.concat(), &Verifier).ok()?;
        let cms = pades::cms(&attributes, &signed.signatures.concat(), &signed.certificate, &[]).ok()?;
        pades::embed(&Joined(&self.original, &self.revision), &self.byte_range, &cms).ok()
    }
}

fn report(path: &Path, verdict: &Verdict, stamping: &Stamping, voice: &Voice) {
    let mut lines = vec![voice.filled("signed-into", &[("path", path.display().to_string())])];
    let time_stamp = match stamping {
        Stamping::NotAsked => Value::Null,
        Stamping::Done(form) => {
            lines.push(voice.word(&format!("stamped-{}", form.code())));
            json!({ "form": form.code() })
        }
        Stamping::Failed(failure) => {
            voice.note_unstamped(failure);
            lines.push(voice.filled("not-stamped", &[("code", failure.kind.code().to_owned())]));
            json!({ "failure": voice.failure_object(failure) })
        }
    };
    lines.push(verdict::text(verdict, People::Masked, voice));
    let verdict = verdict::object(verdict, People::Masked);
    voice.result(&lines.join("\n"), json!({ "ok": true, "output": path, "time_stamp": time_stamp, "verdict": verdict }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_cannot_be_checked_after_saving_is_not_called_unsigned() {
        let trust = Trust::new(&[]).unwrap();
        let failure = judge(Path::new("/nowhere/signed.pdf"), &trust).err().unwrap();
        assert!(failure.facts.signed);
    }
}
