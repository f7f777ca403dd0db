//! Text in a font that does not show what it means, if it is seen: that of a scanned page lies there for the search only.

use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Dict, Name};

use super::content::{Walk, address};
use super::{encoding, font};
use crate::Construct;

/// The part of the graphics state that decides it. Content within content begins with what is seen.
#[derive(Clone, Copy)]
pub(super) struct Text {
    /// Whether the font shows what it means.
    pub(super) shows: bool,
    pub(super) is_seen: bool,
    /// Where glyphs are content.
    pub(super) steps_of_a_glyph: u64,
}

impl Default for Text {
    fn default() -> Self {
        Self { shows: true, is_seen: true, steps_of_a_glyph: 0 }
    }
}

impl Walk<'_, '_> {
    pub(super) fn set_font(&mut self, font: &Dict<'_>) {
        self.text.steps_of_a_glyph = self.findings().work().glyphs.get(&address(font)).copied().unwrap_or(0);
        let is_content = font.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Type3");
        self.text.shows = if is_content { encoding::is_plain(font) } else { font::shows(font, self.findings()) };
    }

    pub(super) fn text(&mut self, instruction: &TypedInstruction<'_, '_>) {
        match instruction {
            TypedInstruction::TextRenderingMode(mode) => self.text.is_seen = mode.0.as_i64() != INVISIBLE,
            TypedInstruction::ShowText(_)
            | TypedInstruction::ShowTexts(_)
            | TypedInstruction::NextLineAndShowText(_)
            | TypedInstruction::ShowTextWithParameters(_) => {
                let is_right = self.text.shows || !self.text.is_seen;
                self.findings().refuse_unless(is_right, Construct::Font);
                self.take_glyphs(instruction);
            }
            _ => {}
        }
    }
}

/// ISO 32000-2, section 9.3.6, table 104.
const INVISIBLE: i64 = 3;
