//! The whole job with nobody at the keyboard: through the same pages, the same QR and the same flow.

use std::path::Path;
use std::time::{Duration, SystemTime};

use pades::{CheckKind, CheckResult, Trust, Verdict};
use signer::{CardVerifier, Screen};
use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard, practice};

use super::{Stage, say};
use crate::page::{Page, SessionPage};
use crate::person::Person;
use crate::phone::{JOB_LIMIT, Phone};
use crate::visitor::Visitor;

/// Signs `pdf` with a practice card, writes the result to `out`, and prints each step and the verdict.
///
/// # Errors
/// The step that failed, or the check of the result that did.
pub async fn sign_unattended(pdf: &Path, out: &Path) -> Result<(), String> {
    let bytes = std::fs::read(pdf).map_err(|problem| format!("{}: {problem}", pdf.display()))?;
    let name = pdf.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut stage = Stage::new()?;
    let signed = sign(&stage, &name, bytes).await?;
    std::fs::write(out, &signed).map_err(|problem| format!("{}: {problem}", out.display()))?;
    say(&format!("  8  signed PDF written, {} bytes", signed.len()));
    stage.stop()?;
    judge(&signed)
}

async fn sign(stage: &Stage, name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let visitor = Visitor::at(stage.page())?;
    say(&format!("  1  page up at {}", stage.page()));
    let document = visitor.drop_pdf(name, bytes).await?;
    say("  2  PDF dropped and prepared for a signature");
    let session = visitor.press_next(&document).await?;
    say("  3  consents given, 「次へ」 pressed, ten minutes run");
    let link = visitor.scan(&session).await?;
    say("  4  QR read from the picture on the page");
    hold_card(&link, &SessionPage { visitor: &visitor, session: &session }).await?;
    let state = visitor.wait_for_state(&session, &["completed", "rejected", "ended"], PAGE_LIMIT).await?;
    match state["state"].as_str() {
        Some("completed") => say("  7  the page turned by itself: completed"),
        other => return Err(format!("the page says {}", other.unwrap_or("nothing"))),
    }
    visitor.download(&format!("{document}/signed.pdf")).await
}

/// One person before phone and page.
async fn hold_card(link: &str, page: &SessionPage<'_>) -> Result<(), String> {
    let mut phone = Phone::with(VirtualCard::new(CardSetup::good()));
    let stuck = |_| "the phone is stuck".to_owned();
    let mut person = Person::knowing(PRACTICE_PASSWORD);
    let shown = tokio::time::timeout(JOB_LIMIT, phone.sign_as(&mut person, link)).await.map_err(stuck)?;
    if let Screen::Number { number, .. } = &shown {
        page.type_number(number).await;
        say(&format!("  5  the phone's digits typed into the page: {number}"));
    }
    let screen = tokio::time::timeout(JOB_LIMIT, phone.go_on(&mut person)).await.map_err(stuck)?;
    let counts = phone.card().counts();
    match screen {
        Screen::Done { .. } => {
            say(&format!(
                "  6  card held: {} commands, {} password sent, {} signature",
                counts.commands, counts.verifies, counts.signatures
            ));
            Ok(())
        }
        Screen::Failed { failure, .. } => Err(format!("the phone says {}", failure.code)),
        other => Err(format!("the phone stopped at {other:?}")),
    }
}

/// Prints the verdict; an error unless everything but revocation and time was checked and is right.
fn judge(signed: &[u8]) -> Result<(), String> {
    let trust = Trust::new(&[practice().authority.ca_der().to_vec()]).map_err(|problem| problem.to_string())?;
    let verdict = pades::verify(&signed, &trust, &CardVerifier, SystemTime::now()).map_err(|problem| problem.to_string())?;
    say("  9  verdict");
    let mut failed = unexpected(&verdict);
    if verdict.signatures.is_empty() {
        failed.push("no signature".to_owned());
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("the signed PDF does not hold: {}", failed.join(", "))) }
}

fn unexpected(verdict: &Verdict) -> Vec<String> {
    let mut failed = Vec::new();
    let checks = std::iter::once(&verdict.file).chain(verdict.signatures.iter().flat_map(|signature| &signature.checks));
    for check in checks {
        say(&format!("       {:<20} {}", check.what.code(), check.result.code()));
        let may_be_open = matches!(check.what, CheckKind::Revocation | CheckKind::Time);
        match check.result {
            CheckResult::Passed => {}
            CheckResult::NotChecked(_) if may_be_open => {}
            _ => failed.push(check.what.code().to_owned()),
        }
    }
    failed
}

const PAGE_LIMIT: Duration = Duration::from_secs(30);
