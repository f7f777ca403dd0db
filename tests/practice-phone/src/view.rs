//! What the page draws: the flow's screen and the table beside the phone, as JSON.

mod failure;
mod rehearsal;
mod screen;

use serde::Serialize;
use simulator::CardKind;

use crate::cards::ON_THE_TABLE;
use crate::phone::Phone;
use screen::ScreenView;

/// One snapshot.
#[derive(Serialize)]
pub(crate) struct View {
    /// Grows with every change, so that a late answer is not drawn over a newer one.
    revision: u64,
    /// Of the session's ten minutes, where the screen has a deadline.
    ms_left: Option<u64>,
    /// The link to tap that confirms the browser that launched this phone.
    return_address: Option<String>,
    #[serde(flatten)]
    screen: ScreenView,
    table: Table,
}

/// The practice cards, and which of them is held to the phone.
#[derive(Serialize)]
struct Table {
    held: Option<CardKind>,
    is_reader_on: bool,
    cards: Vec<CardOnTable>,
}

#[derive(Serialize)]
struct CardOnTable {
    kind: CardKind,
    /// Known once the card was held to the phone.
    tries_left: Option<u8>,
}

impl View {
    pub(crate) fn of(phone: &Phone) -> Self {
        let revision = *phone.watch().borrow();
        let (screen, ends_at_ms) = ScreenView::of(phone.screen());
        let ms_left = ends_at_ms.map(|end| end.saturating_sub(phone.now_ms()));
        Self { revision, ms_left, return_address: phone.return_address(), screen, table: table(phone) }
    }
}

fn table(phone: &Phone) -> Table {
    let reader = phone.reader();
    let cards = ON_THE_TABLE.into_iter().map(|kind| CardOnTable { kind, tries_left: reader.tries_left(kind) });
    Table { held: reader.held(), is_reader_on: reader.is_waiting(), cards: cards.collect() }
}
