mod ending;
mod job;
mod paths;
mod touches;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use pades::{PrepareOptions, Trust};
use signer::DocumentDigests;

use self::ending::{Ending, Stamping, Unsigned, judge};
use self::job::Job;
use self::paths::{DocumentPaths, Paths};
use self::touches::{Finished, Signature, Touches};
use crate::arguments::SignArguments;
use crate::destination::Destination;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::original::{Inspection, read_whole};
use crate::pcsc::Reader;
use crate::stamp;
use crate::timestamp::{Authorities, stamp_file};
use crate::trust::trust;
use crate::voice::Voice;

/// Signs PDFs, all with one password and in one touch. All that can fail without the card is done before it is touched.
pub(crate) async fn run(arguments: &SignArguments, voice: &Voice) -> Result<Exit, Failure> {
    let (trust, authorities) = (trust(&arguments.trust)?, Authorities::open(&arguments.timestamp)?);
    let interrupt = &Interrupt::listen()?;
    voice.step("step-reading-document");
    let options = options(arguments, voice)?;
    let (jobs, reader) = prepare(arguments, &options, interrupt).await?;
    let digests: Vec<DocumentDigests> = jobs.iter().map(|job| job.digests.clone()).collect();
    let Finished { signatures, failure } =
        Touches::new(&reader, (digests, options.signing_time()), arguments, voice, interrupt).sign().await;
    reader.close().await;

    voice.step("step-saving");
    let saved = save(jobs, &signatures);
    let mut ending = Ending::new(saved.len(), voice, arguments.trust.names_a_root());
    // Who gave no time stamp for one document is not waited for with each further one.
    let mut silence: Option<Failure> = None;
    for (input, saved) in saved {
        match saved {
            Saved::Unsigned => ending.unsigned(&input),
            Saved::NotKept(failure) => ending.not_kept(&input, failure),
            Saved::At(path) => {
                let stamping = match &silence {
                    Some(failure) => Stamping::Failed(failure.clone()),
                    None => stamp(&path, authorities.as_ref(), &trust, voice, interrupt).await,
                };
                silence = silence.or_else(|| stamping.silence());
                ending.signed(&path, stamping, judge(&path, &trust));
            }
        }
    }
    ending.tell(failure.map(|failure| Unsigned { failure, signed: signatures.len() }))
}

/// What became of one document.
enum Saved {
    Unsigned,
    At(PathBuf),
    NotKept(Failure),
}

/// All that the card signed is in its place before anything else is done that could take long or fail.
fn save(jobs: Vec<Job>, signatures: &[Signature]) -> Vec<(PathBuf, Saved)> {
    let outcomes = jobs.into_iter().enumerate().map(|(nth, job)| {
        let input = job.input.clone();
        let saved = signatures.get(nth).map(|signature| job.complete(signature));
        (input, saved.map_or(Saved::Unsigned, |path| path.map_or_else(Saved::NotKept, Saved::At)))
    });
    outcomes.collect()
}

/// The first document that cannot be shown, or cannot be signed, ends it before the reader counts.
async fn prepare(
    arguments: &SignArguments,
    options: &PrepareOptions,
    interrupt: &Interrupt,
) -> Result<(Vec<Job>, Reader), Failure> {
    let paths = Paths::of(arguments)?;
    let originals = paths.iter().map(|paths| read_whole(&paths.input)).collect::<Result<Vec<_>, _>>()?;
    let is_batch = originals.len() > 1;
    let to_see = paths.iter().map(|paths| paths.input.clone()).zip(originals.iter().cloned());
    let inspection = Inspection::begin(to_see.collect());
    let names_one = |failure: &Failure| is_batch && failure.kind != Kind::Interrupted;
    let about = |failure: Failure, path: &Path| if names_one(&failure) { failure.about(path) } else { failure };
    let begin = |(paths, original): (DocumentPaths, Arc<Vec<u8>>)| {
        let input = paths.input.clone();
        Job::prepare(paths, original, options, arguments.overwrite).map_err(|failure| about(failure, &input))
    };
    let jobs = one_by_one(paths.into_iter().zip(originals), begin, interrupt).await;
    let reader = Reader::open(arguments.reader.reader.as_deref()).await;
    inspection.end(interrupt).await.map_err(|(path, failure)| about(failure, &path))?;
    let jobs = jobs?;
    // What is put on top is seen through as well.
    if options.visible.is_some() {
        let to_see = jobs.iter().map(|job| (job.input.clone(), Arc::new(job.prepared_document())));
        Inspection::begin(to_see.collect()).end(interrupt).await.map_err(|(path, failure)| about(failure, &path))?;
    }
    Ok((jobs, reader?))
}

/// Up to the first that fails, or to a wish to end in between.
async fn one_by_one<D, J>(
    documents: impl Iterator<Item = D>,
    begin: impl Fn(D) -> Result<J, Failure>,
    interrupt: &Interrupt,
) -> Result<Vec<J>, Failure> {
    let mut jobs = Vec::new();
    for document in documents {
        interrupt.refuse_if_set().await?;
        jobs.push(begin(document)?);
    }
    Ok(jobs)
}

/// What is the same for all documents.
fn options(arguments: &SignArguments, voice: &Voice) -> Result<PrepareOptions, Failure> {
    let claimed_time = SystemTime::now();
    let (stamped_field, visible) = stamp::of(&arguments.stamp, arguments.name.as_deref(), claimed_time, voice)?;
    Ok(PrepareOptions {
        declared_name: arguments.name.clone(),
        target: arguments.form.target(),
        field: stamped_field.or_else(|| arguments.form.field.clone()),
        certification: arguments.form.certification(),
        visible,
        ..PrepareOptions::new(claimed_time, rand::random())
    })
}

/// The signed document is in its place before anybody is asked, and stays there until a stamped one takes it over.
async fn stamp(path: &Path, authorities: Option<&Authorities>, trust: &Trust, voice: &Voice, interrupt: &Interrupt) -> Stamping {
    let Some(authorities) = authorities else { return Stamping::NotAsked };
    voice.step("step-stamping");
    let stamped = match Destination::prepare(path, true, &[]) {
        Ok(destination) => stamp_file(path, destination, None, (authorities, trust), interrupt).await,
        Err(failure) => Err(failure),
    };
    match stamped {
        Ok((_, form)) => Stamping::Done(form),
        Err(failure) => {
            voice.note_unstamped(&failure);
            Stamping::Failed(Failure::after_signing(failure.kind))
        }
    }
}
