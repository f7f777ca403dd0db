//! Whether an encoded image begins as the renderer can read it.

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::Stream;

use super::length::beginning;

pub(super) fn begins_well(image: &Stream<'_>) -> bool {
    let filters = image.filters();
    // The renderer knows no filter behind the one that makes an image.
    let start = match filters.as_slice() {
        [] | [_] | [Filter::FlateDecode, _] => beginning(image, BEGINNING_BYTES),
        _ => return !image.raw_data().is_empty(),
    };
    match filters.last() {
        Some(Filter::DctDecode) => is_drawn_jpeg(&start),
        Some(Filter::JpxDecode) => start.windows(JPX_START.len()).any(|window| window == JPX_START),
        _ => !start.is_empty(),
    }
}

/// Follows the segments to the first scan, past a frame header of a kind that is decoded: baseline, extended or
/// progressive, of 8 bits, with one, three or four components. ITU-T T.81, section B.1.1.
fn is_drawn_jpeg(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8]).unwrap_or_default();
    let mut has_frame = false;
    loop {
        let (marker, segment, after) = match rest {
            [0xFF, 0xFF, ..] => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            [0xFF, marker, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let whole = rest.get(2..).unwrap_or_default();
                (*marker, whole.get(2..length), whole.get(length..))
            }
            _ => return false,
        };
        match (marker, segment) {
            (START_OF_SCAN, _) => return has_frame,
            (0xC0..=0xC2, Some([8, _, _, _, _, 1 | 3 | 4, ..])) => has_frame = true,
            // Other kinds of frames; between them lie tables.
            (0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF, _) => return false,
            _ => {}
        }
        rest = after.unwrap_or_default();
    }
}

const START_OF_SCAN: u8 = 0xDA;

/// Start of codestream and the size marker. ISO/IEC 15444-1, section A.5.1.
pub(super) const JPX_START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

/// What describes an image, its colours included, comes first.
const BEGINNING_BYTES: u64 = 4 * 1024 * 1024;
