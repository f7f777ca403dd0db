//! The allow-list: what is known to be drawn completely.
//!
//! Two passes, and a document must please both. The walk ([`page`] and below)
//! reads the objects and names every construct that is not on its lists. The
//! rehearsal ([`rehearsal`]) interprets the page as drawing does, but onto
//! nothing, and names glyphs and images that would stay empty.

mod action;
mod annotation;
mod catalog;
mod charmap;
mod claim;
mod codes;
mod content;
mod count;
mod encoded;
mod encoding;
mod encryption;
mod field;
mod font;
mod glyph;
mod image;
mod inheritance;
mod inline_image;
mod layer;
mod length;
mod letter;
mod looks;
mod operands;
mod page;
mod paint;
mod part;
mod picture;
mod reach;
mod rehearsal;
mod samples;
mod stream;
mod surroundings;
mod text;
mod toll;
mod type3;
mod unfold;
mod weight;
mod whole;
mod work;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use hayro::hayro_interpret::InterpreterCache;
use hayro::hayro_syntax::Pdf;

pub(crate) use encryption::is_encrypted;
pub(crate) use unfold::{Lengths, check_unfolding};

use crate::draw;
use crate::ink::READING_WIDTH;
use crate::{Construct, Fonts, Limits, PagesError, Undrawable};
use work::Work;

/// Everything in the document that is not on the lists, by page. `lengths` are those of its streams.
pub(crate) fn undrawable(
    (pdf, lengths): (&Pdf, &Arc<Lengths>),
    limits: &Limits,
    fonts: &Fonts,
) -> Result<Vec<Undrawable>, PagesError> {
    let work = Work::within(limits, Arc::clone(lengths));
    let mut findings = Findings { page: None, found: BTreeSet::new(), work, redraws_fields: false, layers: None };
    // A font that several pages use is read once, as long as there is room for it.
    let mut cache = InterpreterCache::new();
    catalog::walk(pdf, &mut findings);
    for (number, page) in pdf.pages().iter().enumerate() {
        findings.page = Some(number);
        draw::canvas(draw::size_of(page), READING_WIDTH.into(), limits)?;
        if findings.work.begins_anew() {
            cache = InterpreterCache::new();
        }
        let before = findings.work.steps_left();
        let (content, parts) = page::walk(page, limits, &mut findings);
        if findings.work.is_over() {
            return Err(PagesError::TooMuchContent { limit: limits.max_steps });
        }
        if findings.allow_rehearsal(number) {
            let ink = rehearsal::rehearse((page, &content, &parts), &cache, fonts, &mut findings);
            if ink.is_too_much(before.saturating_sub(findings.work.steps_left()), limits.max_steps) {
                findings.work.end();
            }
        }
        if findings.work.is_over() {
            return Err(PagesError::TooMuchContent { limit: limits.max_steps });
        }
    }
    Ok(findings.found.into_iter().map(|(page, construct)| Undrawable { page, construct }).collect())
}

/// What was found so far, on which page the walk is, and what it may still cost.
pub(crate) struct Findings {
    page: Option<usize>,
    found: BTreeSet<(Option<usize>, Construct)>,
    work: Work,
    /// Readers draw each field themselves, whatever appearance it has. ISO 32000-2, table 224.
    redraws_fields: bool,
    /// Those that the document lists, if it lists any.
    layers: Option<HashSet<usize>>,
}

impl Findings {
    fn work(&mut self) -> &mut Work {
        &mut self.work
    }

    /// How far streams unfold, as far as that is known.
    fn lengths(&self) -> &Lengths {
        self.work.lengths()
    }

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
