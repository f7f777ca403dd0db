//! ITU-T T.4 and T.6, as PDF uses them. ISO 32000-2, section 7.4.6.

use hayro::hayro_syntax::object::Dict;
use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

/// All rows are there, or their end is marked: then the writer had no more, and every reader leaves the rest white.
pub(super) fn is_whole(bytes: &[u8], parameters: &Dict<'_>, (width, height): (u64, u64)) -> bool {
    let rows = u32::try_from(height).unwrap_or(u32::MAX);
    let columns = parameters.get::<u32>("Columns").unwrap_or(1_728);
    if u64::from(columns).saturating_mul(height) > MOST_SAMPLES || width == 0 {
        return true;
    }
    let mut counted = Rows(0);
    let read = hayro_ccitt::decode(bytes, &mut counted, &mut DecoderContext::new(settings(parameters, columns, rows)));
    counted.0 >= rows || read.is_ok_and(|read| is_marked(bytes.get(..read).unwrap_or(bytes)))
}

/// As the renderer sets them.
fn settings(parameters: &Dict<'_>, columns: u32, rows: u32) -> DecodeSettings {
    let is = |key: &str, otherwise: bool| parameters.get::<bool>(key).unwrap_or(otherwise);
    DecodeSettings {
        columns,
        rows,
        end_of_block: is("EndOfBlock", true),
        end_of_line: is("EndOfLine", false),
        rows_are_byte_aligned: is("EncodedByteAlign", false),
        encoding: match parameters.get::<i32>("K").unwrap_or(0) {
            0 => EncodingMode::Group3_1D,
            1.. => EncodingMode::Group3_2D,
            _ => EncodingMode::Group4,
        },
        strict: false,
    }
}

/// Two ends of lines behind one another close to the end, with or without the bit that says how the next one is coded.
fn is_marked(read: &[u8]) -> bool {
    let (_, end) = read.split_at(read.len().saturating_sub(LONGEST_MARK));
    let bits = end.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    (0..LONGEST_MARK * 8).any(|shift| {
        let bits = bits >> shift;
        bits & 0x00FF_FFFF == 0x0000_1001 || bits & 0x03FF_FFFF == 0x0000_6003
    })
}

struct Rows(u32);

impl Decoder for Rows {
    fn push_row(&mut self, _: &[u32]) {
        self.0 = self.0.saturating_add(1);
    }
}

/// Six of thirteen bits, and what fills the last byte.
const LONGEST_MARK: usize = 11;

/// More are refused as too large.
const MOST_SAMPLES: u64 = 100_000_000;
