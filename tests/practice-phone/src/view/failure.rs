use serde::Serialize;
use signer::{Failure, FailureKind};

/// A failure by its code, for which the page has words, and its three facts.
#[derive(Serialize)]
pub(super) struct FailureView {
    code: String,
    facts: FactsView,
    /// Pages, counted from 1, and constructs that cannot be drawn.
    places: Vec<PlaceView>,
}

#[derive(Serialize)]
pub(super) struct FactsView {
    signed: bool,
    try_spent: &'static str,
    tries_left: Option<u8>,
    sent: &'static str,
}

#[derive(Serialize)]
struct PlaceView {
    page: Option<u32>,
    construct: String,
}

impl From<Failure> for FailureView {
    fn from(failure: Failure) -> Self {
        let places = match failure.kind {
            FailureKind::CannotBeDrawn { places } => places,
            _ => Vec::new(),
        };
        let places = places.into_iter().map(|place| PlaceView { page: place.page, construct: place.construct });
        Self { code: failure.code, facts: failure.facts.into(), places: places.collect() }
    }
}

impl From<signer::Facts> for FactsView {
    fn from(facts: signer::Facts) -> Self {
        let (try_spent, tries_left) = facts.try_spent.code();
        Self { signed: facts.signed, try_spent, tries_left, sent: facts.sent.code() }
    }
}
