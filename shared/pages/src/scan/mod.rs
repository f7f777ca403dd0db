//! The allow-list: what is known to be drawn completely.
//!
//! Two passes, and a document must please both. The walk ([`page`] and below)
//! reads the objects and names every construct that is not on its lists. The
//! rehearsal ([`rehearsal`]) interprets the page as drawing does, but onto
//! nothing, and names glyphs and images that would stay empty.

mod action;
mod annotation;
mod catalog;
mod content;
mod encryption;
mod image;
mod page;
mod paint;
mod rehearsal;
mod stream;
mod unfold;

use std::collections::BTreeSet;

use hayro::hayro_interpret::InterpreterCache;
use hayro::hayro_syntax::Pdf;

pub(crate) use encryption::is_encrypted;
pub(crate) use unfold::check_unfolding;

use crate::{Construct, Fonts, Limits, Undrawable};

/// Everything in the document that is not on the lists, by page.
pub(crate) fn undrawable(pdf: &Pdf, limits: &Limits, fonts: &Fonts) -> Vec<Undrawable> {
    let mut findings = Findings::default();
    // A font that several pages use is read once.
    let cache = InterpreterCache::new();
    catalog::walk(pdf, &mut findings);
    for (number, page) in pdf.pages().iter().enumerate() {
        findings.page = Some(number);
        page::walk(page, limits, &mut findings);
        if findings.allow_rehearsal(number) {
            rehearsal::rehearse(page, &cache, limits, fonts, &mut findings);
        }
    }
    findings.found.into_iter().map(|(page, construct)| Undrawable { page, construct }).collect()
}

/// What was found so far, and on which page the walk is.
#[derive(Default)]
pub(crate) struct Findings {
    page: Option<usize>,
    found: BTreeSet<(Option<usize>, Construct)>,
}

impl Findings {
    pub(crate) fn refuse(&mut self, construct: Construct) {
        self.found.insert((self.page, construct));
    }

    pub(crate) fn refuse_unless(&mut self, is_drawn: bool, construct: Construct) {
        if !is_drawn {
            self.refuse(construct);
        }
    }

    /// A page that unfolds too far is not interpreted either.
    fn allow_rehearsal(&self, number: usize) -> bool {
        [Construct::NestedTooDeep, Construct::TooLargeImage]
            .into_iter()
            .all(|construct| !self.found.contains(&(Some(number), construct)))
    }
}
