use std::io::{self, BufReader, Read};

use super::filter::parameter;
use super::object::Dictionary;
use crate::problem::PdfProblem;
use crate::source::wide;

/// Undoes the differences that make tables pack better.
/// ISO 32000-2, section 7.4.4.4.
pub(crate) fn without_predictor<'a>(
    data: impl Read + 'a,
    parameters: &Dictionary,
    at: u64,
) -> Result<Box<dyn Read + 'a>, PdfProblem> {
    let malformed = || PdfProblem::Malformed { at, what: "decode parameters out of range" };
    match parameter(parameters, b"Predictor", 1).ok_or_else(malformed)? {
        1 => Ok(Box::new(data)),
        10..=15 => Ok(Box::new(Rows::of(data, row_shape(parameters).ok_or_else(malformed)?, at))),
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

/// Each begins with the number of its filter. PNG, section 9.
struct Rows<R> {
    data: BufReader<R>,
    shape: RowShape,
    above: Vec<u8>,
    row: Vec<u8>,
    coded: Vec<u8>,
    /// How much of the row was read on.
    given: usize,
    at: u64,
}

impl<R: Read> Rows<R> {
    fn of(data: R, shape: RowShape, at: u64) -> Self {
        Self { data: BufReader::new(data), shape, above: vec![0; shape.row], row: Vec::new(), coded: Vec::new(), given: 0, at }
    }

    /// The last may be too short.
    fn next_row(&mut self) -> io::Result<()> {
        self.row.resize(self.shape.row, 0);
        std::mem::swap(&mut self.above, &mut self.row);
        self.row.clear();
        self.given = 0;
        self.coded.clear();
        self.data.by_ref().take(wide(self.shape.row) + 1).read_to_end(&mut self.coded)?;
        if let Some((filter, coded)) = self.coded.split_first() {
            self.row.resize(coded.len(), 0);
            let unknown = PdfProblem::Malformed { at: self.at, what: "a PNG row filter that does not exist" };
            undo_row(*filter, coded, &self.above, self.shape.pixel, &mut self.row).ok_or_else(|| io::Error::other(unknown))?;
        }
        Ok(())
    }
}

impl<R: Read> Read for Rows<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.row.len() {
            self.next_row()?;
        }
        let mut ready = self.row.get(self.given..).unwrap_or_default();
        let read = ready.read(buffer)?;
        self.given += read;
        Ok(read)
    }
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
    use super::super::filter::problem_of;
    use super::super::object::Object;
    use super::*;

    fn undone(data: &[u8], columns: i64) -> Result<Vec<u8>, PdfProblem> {
        let mut parameters = Dictionary::default();
        parameters.insert(b"Predictor", Object::Integer(12));
        parameters.insert(b"Columns", Object::Integer(columns));
        let mut plain = Vec::new();
        let read = without_predictor(data, &parameters, 0)?.read_to_end(&mut plain);
        read.map_err(|error| problem_of(&error, 0))?;
        Ok(plain)
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
