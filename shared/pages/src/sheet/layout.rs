use super::code::Code;
use super::words;
use crate::stamp::face::{Face, Line};
use crate::stamp::{ASCENT, LEADING, Layout, StampProblem};

/// A page of A4 that is filled from its top, in points.
pub(super) struct Sheet<'f> {
    face: Face<'f>,
    content: String,
    /// Of what comes next.
    top_pt: f64,
}

impl<'f> Sheet<'f> {
    pub(super) fn new(face: Face<'f>) -> Self {
        Self { face, content: "0.1 g\n".to_owned(), top_pt: HEIGHT_PT - MARGIN_PT }
    }

    /// A paragraph over the whole width.
    pub(super) fn text(&mut self, text: &str, size_pt: f64) -> Result<(), StampProblem> {
        let lines = self.face.lines(text, size_pt, TEXT_WIDTH_PT)?;
        self.top_pt = self.put(&lines, MARGIN_PT, self.top_pt);
        Ok(())
    }

    /// What something is called, and beside it what it is.
    pub(super) fn row(&mut self, name: &str, value: &str) -> Result<(), StampProblem> {
        let names = self.face.lines(name, ROW_PT, NAMES_PT - MARGIN_PT / 4.0)?;
        let values = self.face.lines(value, ROW_PT, TEXT_WIDTH_PT - NAMES_PT)?;
        let below_name = self.put(&names, MARGIN_PT, self.top_pt);
        let below_value = self.put(&values, MARGIN_PT + NAMES_PT, self.top_pt);
        self.top_pt = below_name.min(below_value);
        Ok(())
    }

    pub(super) fn gap(&mut self) {
        self.top_pt -= GAP_PT;
    }

    /// A stranger's text as it can be shown: not too long, and named where the font has no letters for it.
    pub(super) fn shown(&self, text: &str, longest: usize) -> String {
        let mut shown: String = text.chars().take(longest).collect();
        if text.chars().count() > longest {
            shown.push('…');
        }
        if !shown.trim().is_empty() && self.face.shows(&shown) { shown } else { words::NOT_SHOWN.to_owned() }
    }

    /// As large as there is room, and no larger than a camera likes.
    pub(super) fn code(&mut self, code: &Code) -> Result<(), StampProblem> {
        let side_pt = (self.top_pt - MARGIN_PT).min(WIDEST_CODE_PT);
        let module_pt = side_pt / code.modules_across();
        if module_pt < LEAST_MODULE_PT {
            return Err(StampProblem::TooLong { characters: 0 });
        }
        self.content += &code.drawn((WIDTH_PT - side_pt) / 2.0, self.top_pt, module_pt);
        self.top_pt -= side_pt;
        Ok(())
    }

    pub(super) fn finished(self) -> Result<(Layout, Face<'f>), StampProblem> {
        if self.top_pt < MARGIN_PT - 1.0 {
            return Err(StampProblem::TooLong { characters: 0 });
        }
        Ok((Layout { width_pt: WIDTH_PT, height_pt: HEIGHT_PT, content: self.content.into_bytes() }, self.face))
    }

    /// Returns where the next begins.
    fn put(&mut self, lines: &[Line], left_pt: f64, mut top_pt: f64) -> f64 {
        for line in lines {
            let baseline = top_pt - line.size_pt * ASCENT;
            let size_pt = line.size_pt;
            self.content += &format!("BT /F1 {size_pt:.3} Tf 1 0 0 1 {left_pt:.3} {baseline:.3} Tm <{}> Tj ET\n", line.codes());
            top_pt -= size_pt * LEADING;
        }
        top_pt
    }
}

/// A4: 210 by 297 millimetres.
const WIDTH_PT: f64 = 595.276;
const HEIGHT_PT: f64 = 841.89;
/// Eighteen millimetres, which printers reach.
const MARGIN_PT: f64 = 51.0;
const TEXT_WIDTH_PT: f64 = WIDTH_PT - 2.0 * MARGIN_PT;
const NAMES_PT: f64 = 150.0;
const ROW_PT: f64 = 8.5;
const GAP_PT: f64 = 9.0;
/// Thirteen centimetres.
const WIDEST_CODE_PT: f64 = 368.0;
/// A third of a millimetre: four dots of a printer of 300 to the inch.
const LEAST_MODULE_PT: f64 = 0.94;
