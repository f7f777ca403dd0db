//! Content that the renderer interprets at another time than that which names it: a tile, a mask, a glyph.

use hayro::hayro_syntax::object::Stream;
use hayro::hayro_syntax::page::Resources;

use super::content::{Walk, address, identity};

pub(super) struct Part<'a> {
    pub(super) content: Stream<'a>,
    pub(super) resources: Resources<'a>,
}

impl<'a> Walk<'_, 'a> {
    /// Sets it aside for the rehearsal, once for all pages.
    pub(super) fn set_aside(&mut self, content: &Stream<'a>, resources: &Resources<'a>) {
        let key = (address(content.dict()), identity(resources));
        if self.findings().work().set_aside.insert(key) {
            self.parts.push(Part { content: content.clone(), resources: resources.clone() });
        }
    }
}
