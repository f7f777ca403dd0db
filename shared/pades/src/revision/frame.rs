//! Whether what a field shows stays where the field stands: what may change with a field must not reach the page around it.

use std::collections::BTreeSet;

use super::rules::{Comparison, number};
use crate::pdf::{Dictionary, Object, View, keeps_saved_states};
use crate::problem::PdfProblem;

impl Comparison<'_> {
    /// Whatever the widget shows now or in another state, and those below it as well: without a state of their own, readers
    /// take theirs from its value.
    pub(super) fn stays_in_its_place(&self, widget: &Dictionary) -> Result<bool, PdfProblem> {
        let mut widgets = vec![widget.clone()];
        if let Object::Array(kids) = self.new.value(widget, b"Kids")? {
            for kid in &kids {
                widgets.extend(self.new.resolve(kid)?.as_dictionary().cloned());
            }
        }
        let mut drawn = Drawn { view: self.new, seen: BTreeSet::new(), ahead: Vec::new() };
        for widget in &widgets {
            if !drawn.take_appearances(widget)? {
                return Ok(false);
            }
        }
        drawn.is_sound()
    }
}

/// What is drawn, and what that names in turn.
struct Drawn<'d> {
    view: View<'d>,
    seen: BTreeSet<(u32, What)>,
    ahead: Vec<(Object, What)>,
}

/// What a reader takes something for, wherever it found it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Content,
    /// An image, or a form.
    Picture,
    Resources,
    State,
    Font,
}

impl Drawn<'_> {
    fn take_appearances(&mut self, widget: &Dictionary) -> Result<bool, PdfProblem> {
        let appearances = match self.view.value(widget, b"AP")? {
            Object::Null => return Ok(true),
            Object::Dictionary(appearances) if self.has_corners(widget, b"Rect")? => appearances,
            _ => return Ok(false),
        };
        let mut values: Vec<Object> = appearances.iter().map(|(_, value)| value.clone()).collect();
        for _ in 0..STATES_OF_STATES {
            let mut states = Vec::new();
            for value in values {
                match self.view.resolve(&value)? {
                    Object::Stream(stream) if !self.has_corners(&stream.dictionary, b"BBox")? => return Ok(false),
                    Object::Stream(_) => self.ahead.push((value, What::Content)),
                    Object::Dictionary(below) => states.extend(below.iter().map(|(_, state)| state.clone())),
                    _ => {}
                }
            }
            values = states;
        }
        Ok(true)
    }

    /// PDFium draws over the whole page what has no frame, and MuPDF what has no place.
    fn has_corners(&self, holder: &Dictionary, key: &[u8]) -> Result<bool, PdfProblem> {
        let Object::Array(corners) = self.view.value(holder, key)? else { return Ok(false) };
        let mut are_numbers = corners.len() == 4;
        for corner in &corners {
            are_numbers &= number(&self.view.resolve(corner)?).is_some();
        }
        Ok(are_numbers)
    }

    /// Follows everything that is drawn.
    fn is_sound(mut self) -> Result<bool, PdfProblem> {
        while let Some((value, what)) = self.ahead.pop() {
            if self.seen.len() + self.ahead.len() > MOST_PARTS {
                return Ok(false);
            }
            let is_new = value.as_reference().is_none_or(|reference| self.seen.insert((reference.number, what)));
            if !is_new {
                continue;
            }
            match self.view.resolve(&value)? {
                Object::Stream(stream) if what == What::Picture && stream.dictionary.name(b"Subtype") == Some(b"Image") => {}
                Object::Stream(stream) => {
                    if !keeps_saved_states(self.view.document(), &stream)? {
                        return Ok(false);
                    }
                    self.take(&stream.dictionary, b"Resources", What::Resources);
                }
                Object::Dictionary(entries) => self.take_below(&entries, what)?,
                _ => {}
            }
        }
        Ok(true)
    }

    /// ISO 32000-2, tables 34, 57, 74, 110 and 142.
    fn take_below(&mut self, entries: &Dictionary, what: What) -> Result<(), PdfProblem> {
        match what {
            What::Resources => {
                self.take_each(entries, b"XObject", What::Picture)?;
                self.take_each(entries, b"Pattern", What::Content)?;
                self.take_each(entries, b"ExtGState", What::State)?;
                self.take_each(entries, b"Font", What::Font)?;
            }
            What::State => {
                if let Object::Dictionary(mask) = self.view.value(entries, b"SMask")? {
                    self.take(&mask, b"G", What::Content);
                }
                if let Object::Array(font) = self.view.value(entries, b"Font")? {
                    self.ahead.extend(font.into_iter().next().map(|font| (font, What::Font)));
                }
            }
            // Glyphs that are content.
            What::Font => {
                self.take_each(entries, b"CharProcs", What::Content)?;
                self.take(entries, b"Resources", What::Resources);
            }
            // A shading.
            What::Content | What::Picture => self.take(entries, b"ExtGState", What::State),
        }
        Ok(())
    }

    fn take_each(&mut self, entries: &Dictionary, key: &[u8], what: What) -> Result<(), PdfProblem> {
        if let Object::Dictionary(below) = self.view.value(entries, key)? {
            self.ahead.extend(below.iter().map(|(_, value)| (value.clone(), what)));
        }
        Ok(())
    }

    fn take(&mut self, entries: &Dictionary, key: &[u8], what: What) {
        self.ahead.extend(entries.get(key).map(|value| (value.clone(), what)));
    }
}

/// The states of a button, and one step more.
const STATES_OF_STATES: usize = 2;
/// Of what one field shows: several times what the richest stamp is made of.
const MOST_PARTS: usize = 4_096;
