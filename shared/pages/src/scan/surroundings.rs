//! Where a part of a page lies: what the renderer does there differs from what other readers do.

use std::mem;

use hayro::hayro_syntax::object::Dict;

use super::content::Walk;
use crate::Construct;

/// What content is blended with. The renderer starts every group, tile and
/// glyph on nothing, which is right for isolated groups only.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Backdrop {
    /// The page, or an isolated group: as in other readers.
    AsDrawn,
    /// What lies below the group, which the renderer leaves out.
    LeftOut,
    /// The same, and the renderer takes one colour for all, and leaves out images that bring their own.
    Stencils,
}

/// Where a part lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Surroundings {
    pub(super) backdrop: Backdrop,
    /// Within a group that knocks out, however deep: each part replaces what the group drew before it. The renderer paints
    /// over it, which looks the same as long as every part is opaque and blends with nothing.
    pub(super) knocks_out: bool,
    /// A pattern was set, in this content or in what names it, and may show through stencils.
    pub(super) has_patterns: bool,
}

impl Walk<'_, '_> {
    /// Walks a part that is blended with another backdrop.
    pub(super) fn on(&mut self, backdrop: Backdrop, walk: impl FnOnce(&mut Self)) {
        let outer = mem::replace(&mut self.around.backdrop, backdrop);
        walk(self);
        self.around.backdrop = outer;
    }

    /// Walks what may be a group that knocks out, or lies in one.
    pub(super) fn knocking_out(&mut self, group: &Dict<'_>, walk: impl FnOnce(&mut Self)) {
        let outer = self.around.knocks_out;
        self.around.knocks_out |= is_group_with(group, "K");
        walk(self);
        self.around.knocks_out = outer;
    }

    pub(super) fn has_colors(&self) -> bool {
        self.around.backdrop != Backdrop::Stencils
    }

    pub(super) fn blends_as_drawn(&self) -> bool {
        self.around.backdrop == Backdrop::AsDrawn && !self.around.knocks_out
    }

    /// LibreOffice lets every group knock out, and draws in it what is opaque.
    pub(super) fn refuse_in_knockout_unless(&mut self, is_opaque: bool) {
        if self.around.knocks_out {
            self.findings().refuse_unless(is_opaque, Construct::KnockoutGroup);
        }
    }
}

/// Of a transparency group; other forms draw straight onto what lies below.
pub(super) fn group_backdrop(form: &Dict<'_>) -> Option<Backdrop> {
    form.get::<Dict<'_>>("Group")?;
    Some(if is_group_with(form, "I") { Backdrop::AsDrawn } else { Backdrop::LeftOut })
}

fn is_group_with(form: &Dict<'_>, key: &str) -> bool {
    form.get::<Dict<'_>>("Group").and_then(|group| group.get::<bool>(key)).unwrap_or(false)
}
