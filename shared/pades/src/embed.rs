//! Filling a signature into the place that was kept for it.

use crate::byte_range::ByteRange;
use crate::pdf::Scanner;
use crate::problem::PdfProblem;
use crate::source::{Source, wide};

/// Bytes to write over the file at `offset`; nothing else changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    pub offset: u64,
    pub bytes: Vec<u8>,
}

impl Patch {
    /// Writes the bytes into a part of the file that begins at `start`; None if they do not lie inside.
    pub fn apply_to(&self, part: &mut [u8], start: u64) -> Option<()> {
        let from = usize::try_from(self.offset.checked_sub(start)?).ok()?;
        part.get_mut(from..from.checked_add(self.bytes.len())?)?.copy_from_slice(&self.bytes);
        Some(())
    }
}

/// The hexadecimal digits of `cms`, to be written into the hole of `range`.
///
/// The hole must still be empty: a signature is never written over another.
pub fn embed(source: &dyn Source, range: &ByteRange, cms: &[u8]) -> Result<Patch, PdfProblem> {
    if wide(cms.len()) > range.room() {
        return Err(PdfProblem::SignatureTooLarge { needed: wide(cms.len()), room: range.room() });
    }
    refuse_taken_place(source, range)?;
    Ok(Patch { offset: range.hole().start + 1, bytes: hexadecimal(cms) })
}

/// The hole must be `<`, zeros and `>`, to the byte.
pub(crate) fn refuse_taken_place(source: &dyn Source, range: &ByteRange) -> Result<(), PdfProblem> {
    let hole = range.hole();
    let mut scanner = Scanner::at(source, hole.start);
    expect(&mut scanner, b'<')?;
    let mut left = hole.end.saturating_sub(hole.start).saturating_sub(wide(BRACKETS));
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let zeros = scanner.at_hand()?.iter().take(most).take_while(|byte| **byte == b'0').count();
        if zeros == 0 {
            return Err(PdfProblem::SignaturePlaceTaken { at: scanner.position() });
        }
        scanner.step(zeros);
        left = left.saturating_sub(wide(zeros));
    }
    expect(&mut scanner, b'>')
}

fn expect(scanner: &mut Scanner<'_>, byte: u8) -> Result<(), PdfProblem> {
    let at = scanner.position();
    if scanner.next()? == Some(byte) { Ok(()) } else { Err(PdfProblem::SignaturePlaceTaken { at }) }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> Vec<u8> {
    let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + (value - 10) };
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

/// `<` and `>`.
const BRACKETS: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn range() -> ByteRange {
        ByteRange::around(3..9, 12).expect("sound")
    }

    #[test]
    fn only_digits_inside_the_brackets_are_written() {
        let patch = embed(&b"abc<0000>def".to_vec(), &range(), &[0xAB]).expect("fits");
        assert_eq!((patch.offset, patch.bytes), (4, b"ab".to_vec()));
    }

    #[test]
    fn a_signature_that_does_not_fit_is_refused_with_both_sizes() {
        assert_eq!(
            embed(&b"abc<0000>def".to_vec(), &range(), &[1, 2, 3]),
            Err(PdfProblem::SignatureTooLarge { needed: 3, room: 2 })
        );
    }

    #[test]
    fn every_byte_has_its_two_digits() {
        let all: Vec<u8> = (0..=255).collect();
        let expected: String = all.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hexadecimal(&all), expected.into_bytes());
    }

    #[test]
    fn a_taken_place_is_told_by_its_byte() {
        let answer = embed(&b"abc<0100>def".to_vec(), &range(), &[1]);
        assert_eq!(answer, Err(PdfProblem::SignaturePlaceTaken { at: 5 }));
    }

    #[test]
    fn a_taken_place_is_never_written_over() {
        for file in ["abc<0100>def", "abc(0000)def", "abc<000>>def", "abc<000"] {
            let answer = embed(&file.as_bytes().to_vec(), &range(), &[1]);
            assert!(matches!(answer, Err(PdfProblem::SignaturePlaceTaken { .. })), "{file}");
        }
    }
}
