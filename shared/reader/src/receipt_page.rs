//! The last page of a stripped copy: what the receipt says, and a code with it for whoever has only the paper.

use pades::{Appearance, Statement};
use pages::{ReceiptPage, ReceiptPageSigner};

use crate::failure::{Failure, Kind};
use crate::moment::second;
use crate::original::stamp_font;
use crate::service::Service;
use crate::stamp::StampFailure;

pub(crate) fn of(statement: &Statement, service: &Service) -> Result<Appearance, Failure> {
    let page = ReceiptPage {
        state: statement.state.code(),
        time: second(statement.time),
        original_sha256: statement.original.sha256,
        original_bytes: statement.original.bytes,
        service: service.name().unwrap_or_default(),
        signers: statement
            .signers
            .iter()
            .map(|one| ReceiptPageSigner::new(one.label.clone(), one.state.code(), one.open()))
            .collect(),
        code: service.sign_statement(statement),
    };
    appearance(&page).ok_or_else(|| Failure::before_all(Kind::Stamp(StampFailure::NoReceiptPage)))
}

fn appearance(page: &ReceiptPage) -> Option<Appearance> {
    let (font, index) = stamp_font()?;
    Appearance::of_page(&pages::receipt_page(page, &font, index).ok()?).ok()
}
