//! The last page of a stripped copy: what the receipt says, and a code with it for whoever has only the paper.

use pades::{Appearance, Statement};
use pages::ReceiptPage;

use crate::failure::{Failure, Kind};
use crate::moment::second;
use crate::original::stamp_font;
use crate::service::Service;
use crate::stamp::StampFailure;

pub(crate) fn of(statement: &Statement, service: &Service) -> Result<Appearance, Failure> {
    let code = service.sign_statement(statement);
    let page = ReceiptPage { statement, time: second(statement.time), service: service.name().unwrap_or_default(), code };
    appearance(&page).ok_or_else(|| Failure::before_all(Kind::Stamp(StampFailure::NoReceiptPage)))
}

fn appearance(page: &ReceiptPage<'_>) -> Option<Appearance> {
    let (font, index) = stamp_font()?;
    Appearance::of_page(&pages::receipt_page(page, &font, index).ok()?).ok()
}
