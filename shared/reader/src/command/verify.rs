use std::time::SystemTime;

use serde_json::json;

use crate::arguments::VerifyArguments;
use crate::failure::{Exit, Failure};
use crate::original::PdfFile;
use crate::trust::trust;
use crate::verdict;
use crate::verifier::Verifier;
use crate::voice::Voice;

pub(crate) fn run(arguments: &VerifyArguments, voice: &Voice) -> Result<Exit, Failure> {
    let trust = trust(&arguments.trust.trust)?;
    let file = PdfFile::open(&arguments.file)?;
    let judged = pades::verify(&file, &trust, &Verifier, SystemTime::now());
    let verdict = match judged {
        Ok(verdict) => verdict,
        // A file that is no PDF has a verdict's exit code of its own.
        Err(problem) => {
            voice.fail(&problem.into());
            return Ok(Exit::Unreadable);
        }
    };
    voice.result(&verdict::text(&verdict, voice), json!({ "ok": true, "verdict": verdict::object(&verdict) }));
    Ok(verdict::exit(&verdict))
}
