use std::fs::File;
use std::io::Read;
use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{ReceiptReport, ReceiptVerdict, Trust, Verdict};
use serde_json::{Value, json};

use crate::arguments::VerifyArguments;
use crate::failure::{Exit, Failure, Kind};
use crate::original::PdfFile;
use crate::receipt;
use crate::registry::{self, Unmet};
use crate::revocation::sources;
use crate::trust::trust;
use crate::verdict::{self, People};
use crate::voice::Voice;

pub(crate) fn run(arguments: &VerifyArguments, voice: &Voice) -> Result<Exit, Failure> {
    let trust = trust(&arguments.trust)?;
    if arguments.receipt_text {
        return text(arguments, &trust, voice);
    }
    let file = match PdfFile::open(&arguments.file) {
        Ok(file) => file,
        Err(failure) => return Ok(unreadable(&failure, voice)),
    };
    let people = if arguments.show_person { People::Shown } else { People::Masked };
    let now = arguments.at.unwrap_or_else(SystemTime::now);
    let sources = sources(&arguments.revocation)?;
    let judged = pades::verify_asking(&file, &trust, &AwsLc, &sources.revocation(), now)
        .and_then(|verdict| Ok((pades::receipt_of(&file, &verdict)?, verdict)));
    match judged {
        Ok((receipt, verdict)) => Ok(tell(&Found { receipt, verdict, people }, arguments.registry, voice)),
        Err(problem) => Ok(unreadable(&problem.into(), voice)),
    }
}

/// A file that cannot be opened or is no PDF has a verdict's exit code of its own.
fn unreadable(failure: &Failure, voice: &Voice) -> Exit {
    voice.fail(failure);
    Exit::Unreadable
}

/// What was found in a file, and how much of the signers is shown.
struct Found {
    receipt: Option<ReceiptVerdict>,
    verdict: Verdict,
    people: People,
}

fn tell(found: &Found, for_registry: bool, voice: &Voice) -> Exit {
    let unmet = for_registry.then(|| registry::unmet(&found.verdict));
    // Of hundreds of signatures the one that nobody reads would be long.
    if voice.speaks_json() {
        voice.result("", object(found, unmet.as_deref()));
    } else {
        voice.result(&words(found, unmet.as_deref(), voice), Value::Null);
    }
    match &found.receipt {
        Some(receipt) => verdict::exit_of(receipt.state.max(found.verdict.state)),
        None if unmet.is_some_and(|unmet| !unmet.is_empty()) && !found.verdict.is_unsigned() => Exit::Invalid,
        None => verdict::exit(&found.verdict),
    }
}

fn words(found: &Found, unmet: Option<&[(usize, Unmet)]>, voice: &Voice) -> String {
    let receipt = found.receipt.iter().map(|receipt| receipt::text(receipt, voice));
    let signatures = verdict::text(&found.verdict, found.people, voice);
    let form = unmet.iter().map(|unmet| registry::text(unmet, voice));
    receipt.chain([signatures]).chain(form).collect::<Vec<_>>().join("\n")
}

fn object(found: &Found, unmet: Option<&[(usize, Unmet)]>) -> Value {
    json!({
        "ok": true,
        "verdict": verdict::object(&found.verdict, found.people),
        "receipt": found.receipt.as_ref().map(ReceiptReport::from),
        "registry": unmet.map(registry::object),
    })
}

/// What a code on paper held: it speaks of the original alone.
fn text(arguments: &VerifyArguments, trust: &Trust, voice: &Voice) -> Result<Exit, Failure> {
    let mut read = Vec::new();
    if File::open(&arguments.file).and_then(|file| file.take(LONGEST_TEXT).read_to_end(&mut read)).is_err() {
        let failure = Failure::before_all(Kind::InputUnreadable { path: arguments.file.clone() });
        return Ok(unreadable(&failure, voice));
    }
    let now = arguments.at.unwrap_or_else(SystemTime::now);
    let sources = sources(&arguments.revocation)?;
    let judged = pades::receipt_in_text(&String::from_utf8_lossy(&read), (trust, &AwsLc), &sources.revocation(), now);
    let Some(judged) = judged else {
        voice.result(&voice.word("no-receipt"), json!({ "ok": true, "verdict": null, "receipt": null, "registry": null }));
        return Ok(Exit::Unreadable);
    };
    let object = json!({ "ok": true, "verdict": null, "receipt": ReceiptReport::from(&judged), "registry": null });
    voice.result(&receipt::text(&judged, voice), object);
    Ok(verdict::exit_of(judged.state))
}

/// No code holds a tenth of it.
const LONGEST_TEXT: u64 = 64 * 1024;
