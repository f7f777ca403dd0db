//! The page that a visible signature shows: a few lines of text in a frame.

mod character;
pub(crate) mod face;
pub(crate) mod pdf;

use thiserror::Error;

use crate::guard::guarded;
use face::{Face, Line};

/// What a stamp says: a small label, the name, and small lines below it.
///
/// Its `Debug` is empty: it names a person.
#[derive(Clone, PartialEq, Eq)]
pub struct StampText {
    pub label: String,
    pub name: String,
    pub notes: Vec<String>,
}

/// Why a text cannot be a stamp with this font.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StampProblem {
    #[error("the font cannot be read, or may not be embedded")]
    FontUnusable,
    #[error("U+{:04X} cannot be shown", u32::from(*.character))]
    NotShown { character: char },
    #[error("a line of {characters} characters has no room")]
    TooLong { characters: usize },
    #[error("a line without text")]
    Empty,
}

/// A PDF of one page, as large as its text and at most 222 points wide, with the glyphs that it needs and no others.
///
/// Every character has its glyph, or there is no stamp: none is ever left blank, replaced, or shown out of its order.
/// The same text and font give the same bytes.
pub fn stamp(text: &StampText, font: &[u8], index: u32) -> Result<Vec<u8>, StampProblem> {
    guarded(|| Ok(made(text, font, index))).unwrap_or(Err(StampProblem::FontUnusable))
}

fn made(text: &StampText, font: &[u8], index: u32) -> Result<Vec<u8>, StampProblem> {
    let mut face = Face::open(font, index)?;
    let small = |text: &String| (text.clone(), SMALL_PT);
    let notes = text.notes.iter().map(small);
    let lines = [small(&text.label), (text.name.clone(), LARGE_PT)].into_iter().chain(notes);
    let lines = lines.map(|(text, size_pt)| face.line(&text, size_pt)).collect::<Result<Vec<_>, _>>()?;
    let subset = face.subset()?;
    let layout = Layout::of(&lines);
    Ok(pdf::write(&layout, &subset))
}

/// The page, in points.
pub(crate) struct Layout {
    pub(crate) width_pt: f64,
    pub(crate) height_pt: f64,
    pub(crate) content: Vec<u8>,
}

impl Layout {
    fn of(lines: &[Line]) -> Self {
        let text_width = lines.iter().map(Line::width_pt).fold(LEAST_WIDTH_PT, f64::max);
        let width_pt = text_width + 2.0 * PADDING_PT;
        let height_pt = lines.iter().map(|line| line.size_pt * LEADING).sum::<f64>() + 2.0 * PADDING_PT;
        let inset = FRAME_PT / 2.0;
        let mut content = format!(
            "q {FRAME_PT} w 0.4 G {inset} {inset} {:.3} {:.3} re S Q\nBT 0.1 g\n",
            width_pt - FRAME_PT,
            height_pt - FRAME_PT
        );
        let mut top = height_pt - PADDING_PT;
        for line in lines {
            let baseline = top - line.size_pt * ASCENT;
            content += &format!("/F1 {:.3} Tf 1 0 0 1 {PADDING_PT} {baseline:.3} Tm <{}> Tj\n", line.size_pt, line.codes());
            top -= line.size_pt * LEADING;
        }
        content += "ET\n";
        Self { width_pt, height_pt, content: content.into_bytes() }
    }
}

impl std::fmt::Debug for StampText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("StampText")
    }
}

const LARGE_PT: f64 = 13.0;
const SMALL_PT: f64 = 7.0;
const PADDING_PT: f64 = 5.0;
const FRAME_PT: f64 = 0.75;
/// What text has room for; a longer line is written smaller, as long as it can be read.
const MOST_WIDTH_PT: f64 = 212.0;
const LEAST_SIZE_PT: f64 = 6.0;
/// A short name still makes a stamp.
const LEAST_WIDTH_PT: f64 = 80.0;
/// From line to line, and from a line's top to its feet, in its size: those of Japanese fonts.
pub(crate) const LEADING: f64 = 1.35;
pub(crate) const ASCENT: f64 = 1.0;
