use super::filter::parameter;
use super::object::Dictionary;
use crate::problem::PdfProblem;

/// Undoes the differences that make tables pack better.
/// ISO 32000-2, section 7.4.4.4.
pub(crate) fn undo_predictor(data: Vec<u8>, parameters: &Dictionary, at: u64) -> Result<Vec<u8>, PdfProblem> {
    let malformed = || PdfProblem::Malformed { at, what: "decode parameters out of range" };
    match parameter(parameters, b"Predictor", 1).ok_or_else(malformed)? {
        1 => Ok(data),
        10..=15 => undo_png(&data, row_shape(parameters).ok_or_else(malformed)?, at),
        _ => Err(PdfProblem::Unsupported { what: "a predictor other than PNG's" }),
    }
}

/// A row's bytes, and how many bytes back its left neighbour stands.
#[derive(Clone, Copy)]
struct RowShape {
    row: usize,
    pixel: usize,
}

fn row_shape(parameters: &Dictionary) -> Option<RowShape> {
    let colors = parameter(parameters, b"Colors", 1)?;
    let bits = parameter(parameters, b"BitsPerComponent", 8)?;
    let columns = parameter(parameters, b"Columns", 1)?;
    let pixel_bits = colors.checked_mul(bits)?;
    let row = usize::try_from(pixel_bits.checked_mul(columns)?.div_ceil(8)).ok()?;
    let pixel = usize::try_from(pixel_bits.div_ceil(8)).ok()?;
    (row > 0 && row <= MAX_ROW_BYTES && pixel > 0).then_some(RowShape { row, pixel })
}

/// Each row begins with the number of its filter. PNG, section 9.
fn undo_png(data: &[u8], shape: RowShape, at: u64) -> Result<Vec<u8>, PdfProblem> {
    let mut plain = Vec::with_capacity(data.len());
    let mut above = vec![0; shape.row];
    for coded in data.chunks(shape.row + 1) {
        let Some((filter, coded)) = coded.split_first() else {
            continue;
        };
        let mut row = vec![0; shape.row];
        row.truncate(coded.len());
        undo_row(*filter, coded, &above, shape.pixel, &mut row)
            .ok_or(PdfProblem::Malformed { at, what: "a PNG row filter that does not exist" })?;
        plain.extend_from_slice(&row);
        row.resize(shape.row, 0);
        above = row;
    }
    Ok(plain)
}

fn undo_row(filter: u8, coded: &[u8], above: &[u8], pixel: usize, row: &mut [u8]) -> Option<()> {
    for (index, byte) in coded.iter().enumerate() {
        let back = index.checked_sub(pixel);
        let left = back.map_or(0, |back| at_index(row, back));
        let up = at_index(above, index);
        let up_left = back.map_or(0, |back| at_index(above, back));
        let predicted = match filter {
            0 => 0,
            1 => left,
            2 => up,
            3 => left.midpoint(up),
            4 => paeth(left, up, up_left),
            _ => return None,
        };
        *row.get_mut(index)? = byte.wrapping_add(predicted);
    }
    Some(())
}

fn at_index(row: &[u8], index: usize) -> u8 {
    row.get(index).copied().unwrap_or(0)
}

/// The neighbour nearest to left + up − up-left. PNG, section 9.4.
fn paeth(left: u8, up: u8, up_left: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(up_left);
    let distance = |neighbour: u8| (estimate - i16::from(neighbour)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(up_left) {
        left
    } else if distance(up) <= distance(up_left) {
        up
    } else {
        up_left
    }
}

/// Far above the widest cross-reference entry.
const MAX_ROW_BYTES: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::super::object::Object;
    use super::*;

    fn undone(data: &[u8], columns: i64) -> Result<Vec<u8>, PdfProblem> {
        let mut parameters = Dictionary::default();
        parameters.insert(b"Predictor", Object::Integer(12));
        parameters.insert(b"Columns", Object::Integer(columns));
        undo_predictor(data.to_vec(), &parameters, 0)
    }

    #[test]
    fn every_row_filter_of_png_is_undone() {
        let rows = [0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1];
        let plain = undone(&rows, 3).expect("five filters");
        assert_eq!(plain, [1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5]);
    }

    #[test]
    fn a_sixth_filter_and_a_row_without_width_are_refused() {
        assert!(undone(&[5, 1], 1).is_err());
        assert!(undone(&[0, 1], 0).is_err());
        assert!(undone(&[0, 1], i64::MAX).is_err());
    }
}
