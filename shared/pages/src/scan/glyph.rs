//! Whether a glyph is the one that its character asks for.

use hayro::hayro_interpret::font::{GlyphId, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};

use hayro::kurbo::Affine;
use skrifa::outline::pen::NullPen;
use skrifa::{DrawMemory, Font, ScalerFont};

use super::work::Work;
use crate::Fonts;
use crate::fonts::Substitute;

/// Character codes without a glyph are drawn as a box or not at all; only white space may be.
///
/// In a font that stands for one that is not in the document, the renderer takes the glyph of the same number where it
/// knows no better, which is another character. So there each is compared with what the font has for its character.
pub(super) fn is_drawn(glyph: &OutlineGlyph, mode: WritingMode, fonts: &Fonts, work: &mut Work) -> bool {
    let data = glyph.font_data();
    match data.as_ref().and_then(|font| fonts.substitute(&font.data)) {
        Some(substitute) => is_same_character(glyph, mode, substitute),
        None if glyph.glyph_id() == GlyphId::NOTDEF => stands_for_space(glyph),
        None => {
            let key = glyph.identifier().cache_key();
            let known = work.outlines.get(&key).copied();
            let is_sound = known.unwrap_or_else(|| !glyph.outline().is_empty() || is_empty_by_intent(glyph));
            work.outlines.insert(key, is_sound);
            is_sound || stands_for_space(glyph)
        }
    }
}

/// Whether the font says that there is nothing to draw; what it says wrongly is drawn as nothing, too.
fn is_empty_by_intent(glyph: &OutlineGlyph) -> bool {
    let Some(font) = glyph.font_data().and_then(|font| Font::new(font.data, 0)) else { return true };
    let scaler = ScalerFont::unhinted(font, None);
    scaler
        .outline(glyph.glyph_id().to_u32().into())
        .is_some_and(|outline| outline.draw(DrawMemory::Scratch, &mut NullPen).is_ok())
}

fn is_same_character(glyph: &OutlineGlyph, mode: WritingMode, substitute: Substitute<'_>) -> bool {
    let Some(BfString::Char(character)) = glyph.as_unicode() else { return false };
    // The number that the renderer gives to bytes that are no character of the encoding.
    if glyph.char_code() == 0 {
        return false;
    }
    let is_upright = mode == WritingMode::Horizontal || !lies_down_in_columns(character);
    is_upright && substitute.glyph(character) == Some(glyph.glyph_id().to_u32())
}

fn stands_for_space(glyph: &OutlineGlyph) -> bool {
    let is_blank = |character: char| character.is_whitespace() || character.is_control();
    match glyph.as_unicode() {
        Some(BfString::Char(character)) => is_blank(character),
        Some(BfString::String(text)) => text.chars().all(is_blank),
        // Above them lie letters in most encodings.
        None => matches!(glyph.char_code(), 0..=0x20 | 0x7F | 0xA0),
    }
}

/// Brackets, strokes and dots have other glyphs in columns, which the renderer does not look for: a long vowel would
/// read as a one. Unicode Standard Annex 50, Vertical_Orientation Tr, and R of those that are as wide as high.
fn lies_down_in_columns(character: char) -> bool {
    matches!(character,
        '\u{2010}'..='\u{2016}' | '\u{2025}' | '\u{2026}' | '\u{2190}'..='\u{21FF}' | '\u{2500}'..='\u{257F}'
        | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' | '\u{3030}' | '\u{30A0}' | '\u{30FC}'
        | '\u{FF08}' | '\u{FF09}' | '\u{FF0D}' | '\u{FF1A}'..='\u{FF1E}' | '\u{FF3B}' | '\u{FF3D}' | '\u{FF3F}'
        | '\u{FF5B}'..='\u{FF60}' | '\u{FFE3}' | '\u{2212}' | '\u{FF70}')
}

/// Whether it is neither thinner than a twenty-fifth of its other side nor of next to no size: such letters PDFium shows forty
/// points high, where all others show a hair or nothing. Measured at a quarter, once and four times the size of a page; of no
/// width or height along the page, they are nothing to it, too.
pub(super) fn has_its_size(glyph: &OutlineGlyph, transform: Affine) -> bool {
    let [a, b, c, d, ..] = transform.as_coeffs().map(|one| one * OUTLINE);
    let (area, sides) = (a.mul_add(d, -b * c).abs(), a * a + b * b + c * c + d * d);
    let is_letter = area >= THINNEST * sides && area * area >= LEAST * LEAST * sides;
    let is_nothing = [(a, b), (c, d), (a, c), (b, d)].contains(&(0.0, 0.0));
    is_letter || is_nothing || glyph.outline().is_empty()
}

/// Units of an outline in the size of its font.
const OUTLINE: f64 = 1_000.0;
/// Of one side in the other; close to what area and squares of the sides have then. PDFium begins at 0.032.
const THINNEST: f64 = 0.04;
/// In points.
const LEAST: f64 = 0.02;
