//! Whether what a field shows stays where the field stands: what may change with a field must not reach the page around it.

use std::collections::BTreeSet;

use super::rules::Comparison;
use crate::pdf::{Dictionary, Object, Reference, View, keeps_saved_states};
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
    seen: BTreeSet<u32>,
    /// With whether a stream is content wherever it is found.
    ahead: Vec<(Object, bool)>,
}

impl Drawn<'_> {
    fn take_appearances(&mut self, widget: &Dictionary) -> Result<bool, PdfProblem> {
        let appearances = match self.view.value(widget, b"AP")? {
            Object::Null => return Ok(true),
            Object::Dictionary(appearances) => appearances,
            _ => return Ok(false),
        };
        let mut values: Vec<Object> = appearances.iter().map(|(_, value)| value.clone()).collect();
        for _ in 0..STATES_OF_STATES {
            let mut states = Vec::new();
            for value in values {
                match self.view.resolve(&value)? {
                    Object::Stream(stream) if !self.has_frame(&stream.dictionary)? => return Ok(false),
                    Object::Stream(_) => self.ahead.push((value, true)),
                    Object::Dictionary(below) => states.extend(below.iter().map(|(_, state)| state.clone())),
                    _ => {}
                }
            }
            values = states;
        }
        Ok(true)
    }

    /// PDFium draws what has none over the whole page.
    fn has_frame(&self, form: &Dictionary) -> Result<bool, PdfProblem> {
        let Object::Array(corners) = self.view.value(form, b"BBox")? else { return Ok(false) };
        let mut are_numbers = corners.len() == 4;
        for corner in &corners {
            are_numbers &= matches!(self.view.resolve(corner)?, Object::Integer(_) | Object::Real(_));
        }
        Ok(are_numbers)
    }

    /// Follows everything that is drawn.
    fn is_sound(mut self) -> Result<bool, PdfProblem> {
        while let Some((value, is_content)) = self.ahead.pop() {
            if self.seen.len() + self.ahead.len() > MOST_PARTS {
                return Ok(false);
            }
            let value = match value {
                Object::Reference(Reference { number, .. }) if !self.seen.insert(number) => continue,
                Object::Reference(reference) => self.view.object(reference)?,
                direct => direct,
            };
            match value {
                Object::Stream(stream) if is_content || is_drawn(&stream.dictionary) => {
                    if !keeps_saved_states(self.view.document(), &stream)? {
                        return Ok(false);
                    }
                    self.ahead.extend(stream.dictionary.get(b"Resources").map(|resources| (resources.clone(), false)));
                }
                Object::Dictionary(below) => self.take_below(&below),
                Object::Array(items) => self.ahead.extend(items.into_iter().filter(leads_on).map(|item| (item, is_content))),
                Object::Reference(_) => self.ahead.push((value, is_content)),
                _ => {}
            }
        }
        Ok(true)
    }

    fn take_below(&mut self, dictionary: &Dictionary) {
        for (key, value) in dictionary.iter().filter(|(key, value)| !POINTING.contains(key) && leads_on(value)) {
            match value {
                // Glyphs that are content.
                Object::Dictionary(glyphs) if key == b"CharProcs" => {
                    self.ahead.extend(glyphs.iter().map(|(_, glyph)| (glyph.clone(), true)));
                }
                value => self.ahead.push((value.clone(), false)),
            }
        }
    }
}

fn leads_on(value: &Object) -> bool {
    matches!(value, Object::Reference(_) | Object::Array(_) | Object::Dictionary(_))
}

/// A form, or the tile of a pattern.
fn is_drawn(stream: &Dictionary) -> bool {
    stream.name(b"Subtype") == Some(b"Form") || stream.contains(b"PatternType")
}

/// Nothing is drawn from there.
const POINTING: [&[u8]; 3] = [b"Parent", b"P", b"Pg"];
/// The states of a button, and one step more.
const STATES_OF_STATES: usize = 2;
/// Of what one field shows: several times what the richest stamp is made of.
const MOST_PARTS: usize = 4_096;
