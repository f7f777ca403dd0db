use qrcode::{Color, EcLevel, QrCode};

/// A QR code of level M, as large as its text needs. ISO/IEC 18004.
pub(super) struct Code {
    modules: Vec<Color>,
    width: usize,
}

impl Code {
    /// None if no form has room for the text.
    pub(super) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        Some(Self { width: code.width(), modules: code.into_colors() })
    }

    /// From edge to edge, with its quiet zone.
    pub(super) fn modules_across(&self) -> f64 {
        u32::try_from(self.width + 2 * QUIET_ZONE).map_or(f64::INFINITY, f64::from)
    }

    /// One path of rectangles, one for each run of dark modules in a row, with the upper left corner at (left, top).
    pub(super) fn drawn(&self, left_pt: f64, top_pt: f64, module_pt: f64) -> String {
        let mut path = String::from("0 g\n");
        let mut row_top = top_pt - QUIET_ZONE_PT * module_pt;
        for row in self.modules.chunks(self.width) {
            let mut x = left_pt + QUIET_ZONE_PT * module_pt;
            for run in row.chunk_by(|one, next| one == next) {
                let length = u32::try_from(run.len()).map_or(0.0, f64::from) * module_pt;
                if run.first() == Some(&Color::Dark) {
                    path += &format!("{x:.3} {:.3} {length:.3} {module_pt:.3} re\n", row_top - module_pt);
                }
                x += length;
            }
            row_top -= module_pt;
        }
        path + "f\n"
    }
}

/// Modules of white around the code. ISO/IEC 18004, section 6.3.8.
const QUIET_ZONE: usize = 4;
const QUIET_ZONE_PT: f64 = 4.0;
