//! The last page of a stripped copy: what the receipt says, and a code with it for whoever has only the paper.

use pades::{Appearance, ReceiptSigner, Statement, VerdictState};
use pages::{ReceiptPage, ReceiptPageSigner, ReceiptPageState};

use crate::failure::{Failure, Kind};
use crate::moment::second;
use crate::original::stamp_font;
use crate::service::Service;
use crate::stamp::StampFailure;

pub(crate) fn of(statement: &Statement, service: &Service) -> Result<Appearance, Failure> {
    let page = ReceiptPage {
        state: state(statement.state),
        time: second(statement.time),
        original_sha256: statement.original.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        original_bytes: statement.original.bytes,
        service: service.name().unwrap_or_default(),
        signers: statement.signers.iter().map(signer).collect(),
        code: service.sign_statement(statement),
    };
    appearance(&page).ok_or_else(|| Failure::before_all(Kind::Stamp(StampFailure::NoReceiptPage)))
}

fn appearance(page: &ReceiptPage) -> Option<Appearance> {
    let (font, index) = stamp_font()?;
    Appearance::of_page(&pages::receipt_page(page, &font, index).ok()?).ok()
}

fn signer(signer: &ReceiptSigner) -> ReceiptPageSigner {
    let open = signer.failed.iter().chain(&signer.not_checked).cloned().collect();
    ReceiptPageSigner { label: signer.label.clone(), state: state(signer.state), open }
}

fn state(state: VerdictState) -> ReceiptPageState {
    match state {
        VerdictState::Valid => ReceiptPageState::Valid,
        VerdictState::ValidInPart => ReceiptPageState::ValidInPart,
        VerdictState::Invalid => ReceiptPageState::Invalid,
    }
}
