use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, QrResult, Version};

/// A QR code as one SVG path, a unit a module, with its quiet zone.
pub(super) struct Qr {
    /// Modules from edge to edge, quiet zone and all.
    pub(super) size: usize,
    /// Value of the `d` attribute: one rectangle for each run of dark modules in a row.
    pub(super) path: String,
}

impl Qr {
    /// The first frame of a moving code: as large as those that the script will draw in its place.
    ///
    /// # Panics
    ///
    /// For a text that is longer than the largest form takes; the length of links is checked at start.
    pub(super) fn moving(text: &str) -> Self {
        let version = MOVING_FORMS.into_iter().find(|(_, room)| text.len() <= *room).map(|(version, _)| Version::Normal(version));
        let version = version.expect("the length of links is checked at start");
        Self::drawn(&in_bytes(text, version).expect("bytes have room by the table"))
    }

    fn drawn(code: &QrCode) -> Self {
        let width = code.width();
        let colors = code.to_colors();
        let rows = colors.chunks(width).zip(QUIET_ZONE..);
        Self { size: width + 2 * QUIET_ZONE, path: rows.map(|(row, y)| row_path(row, y)).collect() }
    }
}

/// All of it in byte mode: shorter modes for parts of it may take more room than they save.
fn in_bytes(text: &str, version: Version) -> QrResult<QrCode> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(text.as_bytes())?;
    bits.push_terminator(EcLevel::M)?;
    QrCode::with_bits(bits, EcLevel::M)
}

fn row_path(row: &[Color], y: usize) -> String {
    let mut x = QUIET_ZONE;
    let mut path = String::new();
    for run in row.chunk_by(|left, right| left == right) {
        let length = run.len();
        if run.first() == Some(&Color::Dark) {
            path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
        }
        x += length;
    }
    path
}

/// Version, and bytes that level M has room for: those of `qr.js`. ISO/IEC 18004, table 7.
const MOVING_FORMS: [(i16, usize); 5] = [(6, 106), (7, 122), (8, 152), (9, 180), (10, 213)];
/// Modules of white around the code. ISO/IEC 18004, section 6.3.8.
const QUIET_ZONE: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moving_code_takes_every_text_that_its_form_has_room_for() {
        for length in 1..=213 {
            let modules = Qr::moving(&"AB1-".repeat(54)[..length]).size - 8;
            let version = (modules - 17) / 4;
            let form = MOVING_FORMS.into_iter().find(|(_, room)| length <= *room).expect("a form");
            assert_eq!(version, usize::try_from(form.0).expect("positive"), "{length} bytes");
        }
    }

    #[test]
    fn the_code_stands_inside_its_quiet_zone() {
        let qr = Qr::moving("http://127.0.0.1:8080/s#AAAA");
        assert_eq!(qr.size, 41 + 8, "version 6 has 41 modules");
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "the finder pattern begins at the corner");
    }
}
