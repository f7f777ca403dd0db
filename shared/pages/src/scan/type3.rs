//! Fonts whose glyphs are content.

use std::mem;

use hayro::hayro_syntax::object::{Dict, Stream};
use hayro::hayro_syntax::page::Resources;

use super::content::{Walk, address};
use super::surroundings::Backdrop;
use crate::Construct;

impl<'a> Walk<'_, 'a> {
    pub(super) fn type3_glyphs(&mut self, font: &Dict<'a>, parent: &Resources<'a>) {
        let own = font.get::<Dict<'_>>("Resources").map(Resources::new);
        let resources = own.as_ref().unwrap_or(parent);
        let Some(procedures) = font.get::<Dict<'_>>("CharProcs") else {
            return self.refuse(Construct::Font);
        };
        let mut dearest = 0;
        for name in procedures.keys() {
            let outer = mem::take(&mut self.cost);
            match procedures.get::<Stream<'_>>(&name) {
                Some(glyph) => self.type3_glyph(&glyph, resources),
                None => self.refuse(Construct::Font),
            }
            let inner = mem::replace(&mut self.cost, outer);
            dearest = dearest.max(inner.of_glyph());
            self.cost.add(inner);
        }
        self.findings().work().glyphs.insert(address(font), dearest);
    }

    /// Resources of a glyph's own are read by some readers only. A glyph that does not begin by saying that it has
    /// colours takes those of the text.
    fn type3_glyph(&mut self, glyph: &Stream<'a>, resources: &Resources<'a>) {
        self.findings().refuse_unless(!glyph.dict().contains_key("Resources"), Construct::Font);
        self.set_aside(glyph, resources);
        let outer = mem::replace(&mut self.in_glyph, true);
        self.on(Backdrop::Stencils, |walk| walk.nested_content(glyph, resources));
        self.in_glyph = outer;
    }
}
