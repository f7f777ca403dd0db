//! The last page of a copy: what its receipt says, and a code with it for whoever has only the paper.

use std::time::SystemTime;

use arithmetic::AwsLc;
use jiff::Timestamp;
use jiff::tz::Offset;
use pades::{Appearance, Statement};
use pages::{ReceiptPage, ReceiptPageSigner};

use super::keys::ReceiptKey;

/// None where the font does not serve: a copy without the page proves as much.
pub(super) fn of(statement: &Statement, key: &ReceiptKey, font: &[u8]) -> Option<Appearance> {
    let code = pades::sign_statement(statement, (&key.certificate, &[]), &AwsLc, |message| key.sign(message));
    let page = ReceiptPage {
        state: statement.state.code(),
        time: moment(statement.time),
        original_sha256: statement.original.sha256,
        original_bytes: statement.original.bytes,
        service: key.certificate.common_name().unwrap_or_default(),
        signers: statement
            .signers
            .iter()
            .map(|one| ReceiptPageSigner::new(one.label.clone(), one.state.code(), one.open()))
            .collect(),
        code,
    };
    let made = pages::receipt_page(&page, font, FIRST_IN_COLLECTION).map_err(|error| error.to_string());
    let made = made.and_then(|pdf| Appearance::of_page(&pdf).map_err(|error| error.to_string()));
    made.inspect_err(|error| tracing::warn!(error, "a copy goes without the page of its receipt")).ok()
}

/// To the second, in Japan.
fn moment(time: SystemTime) -> String {
    let shown = Timestamp::try_from(time).map(|time| JAPAN.to_datetime(time).strftime("%Y-%m-%d %H:%M:%S (JST)").to_string());
    shown.unwrap_or_default()
}

const JAPAN: Offset = Offset::constant(9);
/// In the collections that Debian ships, the Japanese face comes first.
const FIRST_IN_COLLECTION: u32 = 0;
