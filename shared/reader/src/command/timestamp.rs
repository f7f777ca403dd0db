use std::time::SystemTime;

use arithmetic::AwsLc;
use serde_json::json;

use crate::arguments::TimestampCommandArguments;
use crate::destination::Destination;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::original::PdfFile;
use crate::timestamp::{Authorities, Form, stamp_file};
use crate::trust::trust;
use crate::verdict::{self, People};
use crate::voice::Voice;

/// Adds a time stamp: to the signature with which the file ends, or else over the whole document.
pub(crate) async fn run(arguments: &TimestampCommandArguments, voice: &Voice) -> Result<Exit, Failure> {
    let trust = trust(&arguments.trust)?;
    let authorities = Authorities::open(&arguments.timestamp)?.ok_or_else(|| Failure::before_all(Kind::NoAuthorityNamed))?;
    let interrupt = Interrupt::listen()?;
    let destination = Destination::prepare(&arguments.output, arguments.overwrite, &[])?;
    voice.step("step-stamping");
    let wanted = arguments.document.then_some(Form::Document);
    let (path, form) = match stamp_file(&arguments.input, destination, wanted, (&authorities, &trust), &interrupt).await {
        Ok(stamped) => stamped,
        Err(failure) => {
            voice.note_unstamped(&failure);
            return Err(failure);
        }
    };
    let verdict = pades::verify(&PdfFile::open(&path)?, &trust, &AwsLc, SystemTime::now())?;
    let words = [
        voice.filled("stamped-into", &[("path", path.display().to_string())]),
        voice.word(&format!("stamped-{}", form.code())),
        verdict::text(&verdict, People::Masked, voice),
    ];
    let (output, object) = (path.display().to_string(), verdict::object(&verdict, People::Masked));
    let object = json!({ "ok": true, "output": output, "form": form.code(), "verdict": object });
    voice.result(&words.join("\n"), object);
    Ok(verdict::exit_after_making(&verdict, arguments.trust.names_a_root()))
}
