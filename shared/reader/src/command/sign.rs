use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use card::{Signed, Signing, SigningPassword};
use pades::{ByteRange, Certificate, CheckResult, Fact, Joined, Patch, PathProblem, PrepareOptions, Trust, Verdict};
use serde_json::json;
use signer::{DocumentDigests, FailureKind};

use crate::arguments::SignArguments;
use crate::destination::Destination;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::original::{PdfFile, read_drawable};
use crate::pcsc::Reader;
use crate::touch::{CARRIER, converse, refuse_real_card, see_card, wait_for_card};
use crate::trust::trust;
use crate::verifier::Verifier;
use crate::voice::Voice;
use crate::{guard, password, verdict};

/// Signs a PDF. All that can fail without the card is done before it is touched, and it is touched once.
pub(crate) async fn run(arguments: &SignArguments, voice: &Voice, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let trust = trust(&arguments.trust.trust)?;
    voice.step("step-reading-document");
    let job = Job::prepare(arguments)?;
    let reader = Reader::open(arguments.reader.reader.as_deref()).await?;
    let outcome = with_card(&reader, &job, arguments, voice, interrupt).await;
    reader.close().await;

    voice.step("step-saving");
    let path = job.complete(&outcome?)?;
    let verdict = judge(&path, &trust)?;
    report(&path, &verdict, voice);
    Ok(exit(&verdict, !arguments.trust.trust.is_empty()))
}

/// The password is asked for when the card lies there, so that it is not kept while nobody knows for how long.
/// Powering the card off is the caller's.
async fn with_card(
    reader: &Reader,
    job: &Job,
    arguments: &SignArguments,
    voice: &Voice,
    interrupt: &Interrupt,
) -> Result<Signed, Failure> {
    let wait = arguments.reader.wait();
    see_card(reader, wait, voice, interrupt).await?;
    let (is_guarded, password) = {
        let (typed, password) = password::ask_well_formed(&arguments.password, voice, interrupt).await?;
        (guard::needs_a_look_at_the_card(&typed, &reader.name()), password)
    };
    wait_for_card(reader, wait.min(signer::PASSWORD_LIFETIME), voice, interrupt).await?;
    if is_guarded {
        refuse_real_card(reader, interrupt).await?;
    }
    touch(reader, job, password, arguments, interrupt).await
}

/// The document is signed and in its place by now, whatever is found here.
fn judge(path: &Path, trust: &Trust) -> Result<Verdict, Failure> {
    let file = PdfFile::open(path).map_err(|failure| Failure::after_signing(failure.kind))?;
    let verdict = pades::verify(&file, trust, &Verifier, SystemTime::now());
    verdict.map_err(|_| Failure::after_signing(Kind::Shared(FailureKind::SignatureUnfit)))
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
    fn prepare(arguments: &SignArguments) -> Result<Self, Failure> {
        let original = read_drawable(&arguments.input)?;
        let options =
            PrepareOptions { declared_name: arguments.name.clone(), ..PrepareOptions::new(SystemTime::now(), rand::random()) };
        let prepared = pades::prepare(&original, &options)?;
        let destination = Destination::prepare(&arguments.output, arguments.overwrite, &[&original, &prepared.revision])?;
        let (revision, byte_range) = (prepared.revision, prepared.byte_range);
        let digests = DocumentDigests::of(&Joined(&original, &revision), &byte_range)?;
        Ok(Self { original, revision, byte_range, digests, destination })
    }

    fn complete(self, signed: &Signed) -> Result<PathBuf, Failure> {
        let unfit = || Failure::after_signing(Kind::Shared(FailureKind::SignatureUnfit));
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

async fn touch(
    reader: &Reader,
    job: &Job,
    password: SigningPassword,
    arguments: &SignArguments,
    interrupt: &Interrupt,
) -> Result<Signed, Failure> {
    let (digests, declared_name) = (job.digests.clone(), arguments.name.clone());
    let decision = Arc::new(OnceLock::new());
    let decide = Arc::clone(&decision);
    let digest_for = move |certificate: &[u8], _| {
        let built = signer::to_sign(&digests, None, certificate, declared_name.as_deref(), SystemTime::now());
        // It is asked once.
        let _ = decide.set(built.as_ref().err().cloned());
        built.map(|built| built.digest).map_err(|reason| signer::refusal(&reason))
    };
    let is_signing = || decision.get().is_some();
    let password = if arguments.password.use_last_try { password.with_consent_to_last_try() } else { password };
    let sign = move |line| card::sign(line, CARRIER, Signing::one(), Arc::new(password), digest_for);
    converse(reader, interrupt, is_signing, sign).await.map_err(|failure| match decision.get() {
        Some(Some(reason)) => Failure { kind: Kind::Shared(reason.clone()), ..failure },
        _ => failure,
    })
}

fn report(path: &Path, verdict: &Verdict, voice: &Voice) {
    let place = voice.filled("signed-into", &[("path", path.display().to_string())]);
    let object = json!({ "ok": true, "output": path, "verdict": verdict::object(verdict) });
    voice.result(&format!("{place}\n{}", verdict::text(verdict, voice)), object);
}

/// Whoever signs need not name a root: not to know one then says nothing against the signature, and `verify --trust` judges it.
fn exit(verdict: &Verdict, is_root_given: bool) -> Exit {
    let no_root = CheckResult::Failed(Fact::Path(PathProblem::NoKnownRoot));
    let checks = verdict.signatures.iter().flat_map(|signature| &signature.checks).chain([&verdict.file]);
    let mut results = checks.map(|check| check.result).filter(|result| is_root_given || *result != no_root);
    if results.any(|result| matches!(result, CheckResult::Failed(_))) { Exit::Invalid } else { Exit::Done }
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
