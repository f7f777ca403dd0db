//! What the renderer would show otherwise than other readers, or leave out without a word, is named.

mod charmaps;
mod fonts;
mod japanese;
mod paint;
#[path = "../budget/pdf.rs"]
#[allow(dead_code, reason = "other tests compress their streams")]
mod pdf;
mod places;

use pages::{Fonts, Limits, inspect};
use pdf::Pdf;

/// What is named in a document, each once.
fn named(pdf: Pdf) -> Vec<&'static str> {
    named_with(pdf, &Fonts::built_in())
}

fn named_with(pdf: Pdf, fonts: &Fonts) -> Vec<&'static str> {
    let found = inspect(pdf.finish(), &Limits::default(), fonts).unwrap().undrawable;
    found.iter().map(|entry| entry.construct.code()).collect()
}
