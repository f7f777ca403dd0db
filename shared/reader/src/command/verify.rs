use std::fs::File;
use std::io::Read;
use std::time::SystemTime;

use pades::{ReceiptReport, Trust};
use serde_json::json;

use crate::arguments::VerifyArguments;
use crate::failure::{Exit, Failure, Kind};
use crate::original::PdfFile;
use crate::receipt;
use crate::registry;
use crate::revocation::sources;
use crate::trust::trust;
use crate::verdict::{self, People};
use crate::verifier::Verifier;
use crate::voice::Voice;

pub(crate) fn run(arguments: &VerifyArguments, voice: &Voice) -> Result<Exit, Failure> {
    let trust = trust(&arguments.trust)?;
    if arguments.receipt_text {
        return text(arguments, &trust, voice);
    }
    let file = PdfFile::open(&arguments.file)?;
    let people = if arguments.show_person { People::Shown } else { People::Masked };
    let now = arguments.at.unwrap_or_else(SystemTime::now);
    let sources = sources(&arguments.revocation)?;
    let judged = pades::verify_asking(&file, &trust, &Verifier, &sources.revocation(), now)
        .and_then(|verdict| Ok((pades::receipt_of(&file, &verdict)?, verdict)));
    let (receipt, verdict) = match judged {
        Ok(judged) => judged,
        // A file that is no PDF has a verdict's exit code of its own.
        Err(problem) => {
            voice.fail(&problem.into());
            return Ok(Exit::Unreadable);
        }
    };
    let mut text = verdict::text(&verdict, people, voice);
    if let Some(receipt) = &receipt {
        text = format!("{}\n{text}", receipt::text(receipt, voice));
    }
    let unmet = arguments.registry.then(|| registry::unmet(&verdict));
    if let Some(unmet) = &unmet {
        text = format!("{text}\n{}", registry::text(unmet, voice));
    }
    let report = receipt.as_ref().map(ReceiptReport::from);
    let object = verdict::object(&verdict, people);
    let for_registry = unmet.as_deref().map(registry::object);
    voice.result(&text, json!({ "ok": true, "verdict": object, "receipt": report, "registry": for_registry }));
    Ok(match &receipt {
        Some(receipt) => verdict::exit_of(receipt.state.max(verdict.state)),
        None if unmet.is_some_and(|unmet| !unmet.is_empty()) && !verdict.is_unsigned() => Exit::Invalid,
        None => verdict::exit(&verdict),
    })
}

/// What a code on paper held: it speaks of the original alone.
fn text(arguments: &VerifyArguments, trust: &Trust, voice: &Voice) -> Result<Exit, Failure> {
    let unreadable = || Failure::before_all(Kind::InputUnreadable { path: arguments.file.clone() });
    let mut read = Vec::new();
    let file = File::open(&arguments.file).map_err(|_| unreadable())?;
    file.take(LONGEST_TEXT).read_to_end(&mut read).map_err(|_| unreadable())?;
    let now = arguments.at.unwrap_or_else(SystemTime::now);
    let sources = sources(&arguments.revocation)?;
    let judged = pades::receipt_in_text(&String::from_utf8_lossy(&read), (trust, &Verifier), &sources.revocation(), now);
    let Some(judged) = judged else {
        voice.result(&voice.word("no-receipt"), json!({ "ok": true, "verdict": null, "receipt": null }));
        return Ok(Exit::Unreadable);
    };
    let object = json!({ "ok": true, "verdict": null, "receipt": ReceiptReport::from(&judged) });
    voice.result(&receipt::text(&judged, voice), object);
    Ok(verdict::exit_of(judged.state))
}

/// No code holds a tenth of it.
const LONGEST_TEXT: u64 = 64 * 1024;
