use skrifa::charmap::{Charmap, MapVariant};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::raw::TableProvider;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider, Tag};
use subsetter::GlyphRemapper;

use super::StampProblem;
use super::character::{is_selector, stands_alone};

/// A font, and which of its glyphs are needed so far.
pub(crate) struct Face<'f> {
    bytes: &'f [u8],
    index: u32,
    font: FontRef<'f>,
    characters: Charmap<'f>,
    widths: GlyphMetrics<'f>,
    units_per_em: f64,
    used: GlyphRemapper,
    glyphs: Vec<Glyph>,
}

/// A glyph of the subset, with the number that it has there.
#[derive(Clone)]
pub(super) struct Glyph {
    pub(super) number: u16,
    /// To its size.
    pub(super) width: f64,
    /// What it stands for.
    pub(super) text: String,
}

/// Text as numbers of glyphs: nothing of it can be read as an operator.
pub(crate) struct Line {
    pub(crate) size_pt: f64,
    glyphs: Vec<Glyph>,
}

/// What is put into a document of a font.
pub(crate) struct Subset {
    /// In the order of their numbers, from 1.
    pub(super) glyphs: Vec<Glyph>,
    pub(super) program: Program,
    /// Letters, digits and hyphens.
    pub(super) name: String,
    /// In thousandths.
    pub(super) bounds: [f64; 4],
    pub(super) ascent: f64,
    pub(super) descent: f64,
}

pub(super) enum Program {
    TrueType(Vec<u8>),
    /// The bare table, with numbers for names.
    Cff(Vec<u8>),
}

impl<'f> Face<'f> {
    pub(crate) fn open(bytes: &'f [u8], index: u32) -> Result<Self, StampProblem> {
        let font = FontRef::from_index(bytes, index).map_err(|_| StampProblem::FontUnusable)?;
        let units_per_em = f64::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        if units_per_em < 1.0 || !may_be_embedded(&font) {
            return Err(StampProblem::FontUnusable);
        }
        Ok(Self {
            bytes,
            index,
            characters: font.charmap(),
            widths: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
            font,
            units_per_em,
            used: GlyphRemapper::new(),
            glyphs: Vec::new(),
        })
    }

    pub(super) fn line(&mut self, text: &str, size_pt: f64) -> Result<Line, StampProblem> {
        let characters = text.chars().count();
        if characters > MOST_CHARACTERS {
            return Err(StampProblem::TooLong { characters });
        }
        if text.trim().is_empty() {
            return Err(StampProblem::Empty);
        }
        let glyphs = self.glyphs_of(text)?;
        let widest = super::MOST_WIDTH_PT / glyphs.iter().map(|glyph| glyph.width).sum::<f64>().max(1.0);
        match widest >= super::LEAST_SIZE_PT {
            true => Ok(Line { size_pt: size_pt.min(widest), glyphs }),
            false => Err(StampProblem::TooLong { characters }),
        }
    }

    /// As many lines of one size as the text takes: Japanese breaks anywhere, and other words behind a space.
    pub(crate) fn lines(&mut self, text: &str, size_pt: f64, width_pt: f64) -> Result<Vec<Line>, StampProblem> {
        let mut rest = self.glyphs_of(text)?;
        let mut lines = Vec::new();
        while !rest.is_empty() {
            let mut width = 0.0;
            let fitting = rest.iter().take_while(|glyph| {
                width += glyph.width * size_pt;
                width <= width_pt
            });
            let fitting = fitting.count().max(1);
            let tail = rest.split_off(fitting);
            let kept = if tail.is_empty() { fitting } else { break_of(&rest) };
            let mut next = rest.split_off(kept);
            next.extend(tail);
            lines.push(Line { size_pt, glyphs: std::mem::replace(&mut rest, next) });
        }
        Ok(lines)
    }

    /// Whether nothing of a text would be left out.
    pub(crate) fn shows(&self, text: &str) -> bool {
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            let selector = rest.next_if(|next| is_selector(*next));
            if self.find(character, selector).is_err() {
                return false;
            }
        }
        true
    }

    fn glyphs_of(&mut self, text: &str) -> Result<Vec<Glyph>, StampProblem> {
        let mut glyphs = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            let selector = rest.next_if(|next| is_selector(*next));
            glyphs.push(self.glyph(character, selector)?);
        }
        Ok(glyphs)
    }

    fn glyph(&mut self, character: char, selector: Option<char>) -> Result<Glyph, StampProblem> {
        let (number, width) = self.find(character, selector)?;
        let text = [Some(character), selector].into_iter().flatten().collect();
        let glyph = Glyph { number: self.used.remap(number), width, text };
        if self.glyphs.iter().all(|known| known.number != glyph.number) {
            self.glyphs.push(glyph.clone());
        }
        Ok(glyph)
    }

    /// Its number in the font, and its width to its size.
    fn find(&self, character: char, selector: Option<char>) -> Result<(u16, f64), StampProblem> {
        let missing = || StampProblem::NotShown { character: selector.unwrap_or(character) };
        if !stands_alone(character) {
            return Err(StampProblem::NotShown { character });
        }
        let plain = self.characters.map(character).ok_or(StampProblem::NotShown { character })?;
        let found = match selector {
            None => plain,
            Some(selector) => match self.characters.map_variant(character, selector) {
                Some(MapVariant::Variant(glyph)) => glyph,
                Some(MapVariant::UseDefault) => plain,
                None => return Err(missing()),
            },
        };
        let number = u16::try_from(found.to_u32()).ok().filter(|number| *number > 0).ok_or_else(missing)?;
        let width = f64::from(self.widths.advance_width(found).ok_or_else(missing)?) / self.units_per_em;
        Ok((number, width))
    }

    pub(crate) fn subset(self) -> Result<Subset, StampProblem> {
        let unusable = |_| StampProblem::FontUnusable;
        let program = subsetter::subset(self.bytes, self.index, &self.used).map_err(unusable)?;
        let cff = FontRef::new(&program).ok().and_then(|font| font.data_for_tag(CFF)).map(|table| table.as_bytes().to_vec());
        let metrics = self.font.metrics(Size::unscaled(), LocationRef::default());
        let thousandths = |units: f32| (f64::from(units) * 1000.0 / self.units_per_em).round();
        let bounds = metrics.bounds.map_or([0.0, -200.0, 1000.0, 1000.0], |bounds| {
            [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(thousandths)
        });
        Ok(Subset {
            name: post_script_name(&self.font),
            glyphs: self.glyphs,
            program: cff.map_or(Program::TrueType(program), Program::Cff),
            bounds,
            ascent: thousandths(metrics.ascent),
            descent: thousandths(metrics.descent),
        })
    }
}

impl Line {
    pub(super) fn width_pt(&self) -> f64 {
        self.glyphs.iter().map(|glyph| glyph.width).sum::<f64>() * self.size_pt
    }

    pub(crate) fn codes(&self) -> String {
        self.glyphs.iter().map(|glyph| format!("{:04X}", glyph.number)).collect()
    }
}

/// Behind the last space, or between two letters of Japanese, of a line that is full.
fn break_of(full: &[Glyph]) -> usize {
    let may_end = |pair: &[Glyph]| match pair {
        [before, after] => before.text == " " || (is_wide(before) && is_wide(after) && !NEVER_FIRST.contains(&*after.text)),
        _ => false,
    };
    let place = full.windows(2).rposition(may_end).map(|place| place + 1);
    place.unwrap_or(full.len())
}

fn is_wide(glyph: &Glyph) -> bool {
    glyph.text.chars().next().is_some_and(|letter| letter >= '\u{2E80}')
}

/// Unless its maker forbids it. OpenType, table OS/2, fsType.
fn may_be_embedded(font: &FontRef<'_>) -> bool {
    let rights = font.os2().map_or(0, |table| table.fs_type());
    rights & USAGE != RESTRICTED && rights & NO_SUBSETTING == 0
}

fn post_script_name(font: &FontRef<'_>) -> String {
    let found = font.localized_strings(StringId::POSTSCRIPT_NAME).english_or_first();
    let name = found.map(|name| name.chars().collect::<String>()).unwrap_or_default();
    let name: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(60).collect();
    if name.is_empty() { "Font".to_owned() } else { name }
}

/// Signs with which no line begins. JIS X 4051.
const NEVER_FIRST: &str = "、。，．・：；！？）」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ";
/// Of one line, before anybody measures it.
const MOST_CHARACTERS: usize = 100;
const CFF: Tag = Tag::new(b"CFF ");
const USAGE: u16 = 0x000F;
const RESTRICTED: u16 = 0x0002;
const NO_SUBSETTING: u16 = 0x0100;
