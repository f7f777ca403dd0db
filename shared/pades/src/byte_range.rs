//! The bytes that a signature covers.

use std::ops::Range;

/// Everything from the start of the file to `end`, but for one hole: the
/// hexadecimal string of /Contents with its angle brackets.
///
/// ISO 32000-2, section 12.8.1, as EN 319 142-1 narrows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteRange {
    hole_start: u64,
    hole_end: u64,
    end: u64,
}

impl ByteRange {
    /// None unless the hole holds at least `<>` and lies inside.
    pub fn around(hole: Range<u64>, end: u64) -> Option<Self> {
        let wide_enough = hole.end.checked_sub(hole.start)? >= BRACKETS;
        (wide_enough && hole.end <= end).then_some(Self { hole_start: hole.start, hole_end: hole.end, end })
    }

    /// From the four numbers of /ByteRange; None if they do not start at 0,
    /// overlap or overflow.
    pub fn from_numbers([start, first, second_start, second]: [u64; 4]) -> Option<Self> {
        if start != 0 {
            return None;
        }
        Self::around(first..second_start, second_start.checked_add(second)?)
    }

    pub fn numbers(&self) -> [u64; 4] {
        [0, self.hole_start, self.hole_end, self.end - self.hole_end]
    }

    /// The string of /Contents with its angle brackets.
    pub fn hole(&self) -> Range<u64> {
        self.hole_start..self.hole_end
    }

    /// Where the signed revision ends.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// How many bytes of CMS fit into the hole.
    pub fn room(&self) -> u64 {
        (self.hole_end - self.hole_start - BRACKETS) / HEX_DIGITS_PER_BYTE
    }

    /// The two covered pieces, in order.
    pub fn pieces(&self) -> [Range<u64>; 2] {
        [0..self.hole_start, self.hole_end..self.end]
    }
}

/// `<` and `>`.
const BRACKETS: u64 = 2;
const HEX_DIGITS_PER_BYTE: u64 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_the_way_there_and_back() {
        let range = ByteRange::from_numbers([0, 10, 14, 6]).expect("sound");
        assert_eq!(range.numbers(), [0, 10, 14, 6]);
        assert_eq!((range.hole(), range.end(), range.room()), (10..14, 20, 1));
    }

    #[test]
    fn a_range_that_starts_late_overlaps_or_overflows_is_none() {
        assert_eq!(ByteRange::from_numbers([1, 10, 14, 6]), None);
        assert_eq!(ByteRange::from_numbers([0, 10, 9, 6]), None);
        assert_eq!(ByteRange::from_numbers([0, 10, 11, 6]), None);
        assert_eq!(ByteRange::from_numbers([0, 10, u64::MAX, 6]), None);
    }
}
