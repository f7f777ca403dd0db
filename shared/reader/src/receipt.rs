//! What a receipt says, for people.

use pades::{ReceiptSigner, ReceiptVerdict, Statement, VerdictState};

use crate::moment::second;
use crate::voice::Voice;

pub(crate) fn text(judged: &ReceiptVerdict, voice: &Voice) -> String {
    let service = judged.service.clone().unwrap_or_else(|| voice.word("signer-unknown"));
    let mut lines = vec![match judged.problem {
        None if judged.copy.is_none() => voice.filled("receipt-text-title", &[("service", service)]),
        None => voice.filled("receipt-title", &[("service", service)]),
        Some(problem) => voice.filled("receipt-broken", &[("why", voice.word(&format!("problem-{}", problem.code())))]),
    }];
    if let (Some(stated), None) = (&judged.statement, judged.problem) {
        lines.extend(statement(stated, voice));
    }
    if judged.copy.is_none() && judged.problem.is_none() {
        lines.push(voice.word("receipt-text-limit"));
    }
    lines.join("\n")
}

fn statement(receipt: &Statement, voice: &Voice) -> Vec<String> {
    let original: String = receipt.original.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut lines = vec![
        voice.filled("receipt-time", &[("time", second(receipt.time))]),
        voice.filled("receipt-original", &[("digest", original), ("bytes", receipt.original.bytes.to_string())]),
        voice.filled("receipt-state", &[("state", state(receipt.state, voice))]),
    ];
    lines.extend(receipt.signers.iter().zip(1_usize..).map(|(signer, number)| signer_line(signer, number, voice)));
    lines
}

fn signer_line(signer: &ReceiptSigner, number: usize, voice: &Voice) -> String {
    let label = signer.label.clone().unwrap_or_else(|| voice.word("receipt-no-label"));
    let open = signer.failed.iter().chain(&signer.not_checked).map(|code| checked(code, voice)).collect::<Vec<_>>();
    let values =
        [("number", number.to_string()), ("label", label), ("state", state(signer.state, voice)), ("open", open.join(", "))];
    voice.filled(if open.is_empty() { "receipt-signer" } else { "receipt-signer-open" }, &values)
}

fn state(state: VerdictState, voice: &Voice) -> String {
    voice.word(&format!("state-{}", state.code()))
}

/// A stranger's code that has no words here is shown as it is.
fn checked(code: &str, voice: &Voice) -> String {
    voice.known(&format!("check-{code}")).unwrap_or_else(|| code.to_owned())
}
