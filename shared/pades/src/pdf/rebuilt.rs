//! What readers would find that look for the objects of a file themselves, in the data of streams too, because its first list
//! of them is odd, or a later one is so empty that they take it for broken.

use super::document::{Document, ambiguous};
use super::revisions::Revision;
use super::scanner::{Scanner, is_white_space};
use crate::problem::{Ambiguity, PdfProblem};
use crate::source::{Source, wide};

/// Goes along with the look at every byte; does nothing in files that nobody mends.
pub(super) struct Rebuilt<'d> {
    document: &'d Document<'d>,
    is_likely: bool,
    /// Where the object or section stands behind which nothing was looked at yet.
    from: u64,
}

impl<'d> Rebuilt<'d> {
    pub(super) fn of(document: &'d Document<'_>) -> Self {
        let is_mended = |(index, revision): (usize, &Revision)| match index {
            0 => !revision.is_written_to_the_letter(),
            _ => revision.sections.iter().any(|section| section.is_bare),
        };
        Self { document, is_likely: document.revisions().iter().enumerate().any(is_mended), from: 0 }
    }

    pub(super) fn is_likely(&self) -> bool {
        self.is_likely
    }

    /// The next object or section stands at `start`; or there is none before the end.
    pub(super) fn refuse_hidden_until(&mut self, start: u64) -> Result<(), PdfProblem> {
        if !self.is_likely || start <= self.from {
            return Ok(());
        }
        let source = self.document.reader();
        let mut scanner = Scanner::at(source, self.from);
        scanner.skip_white_space()?;
        let stands = scanner.position();
        let mut trailers = u32::from(scanner.accept(b"xref")?);
        let mut at = self.from;
        while at < start {
            let piece = piece(source, at, start)?;
            for (place, what) in found_in(&piece) {
                match (at.saturating_add(wide(place)), what) {
                    (head, Found::Head) if head == stands => {}
                    (_, Found::Trailer) if trailers > 0 => trailers = 0,
                    (hidden, _) => return Err(ambiguous(hidden, Ambiguity::CrossReference)),
                }
            }
            at = if piece.len() < PIECE_BYTES { start } else { at + wide(PIECE_BYTES - LONGEST) };
        }
        self.document.work().passed(start - self.from)?;
        self.from = start;
        Ok(())
    }
}

fn piece(source: &dyn Source, from: u64, end: u64) -> Result<Vec<u8>, PdfProblem> {
    let length = usize::try_from(end - from).unwrap_or(usize::MAX).min(PIECE_BYTES);
    let mut piece = vec![0; length];
    source.read_at(from, &mut piece)?;
    Ok(piece)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// `1 0 obj`, where its first digit stands.
    Head,
    /// `trailer <<`.
    Trailer,
}

fn found_in(bytes: &[u8]) -> Vec<(usize, Found)> {
    let mut found = Vec::new();
    for (at, _) in bytes.windows(OBJ.len()).enumerate().filter(|(_, window)| *window == OBJ) {
        found.extend(bytes.get(..at).and_then(head_before).map(|head| (head, Found::Head)));
    }
    for (at, _) in bytes.windows(TRAILER.len()).enumerate().filter(|(_, window)| *window == TRAILER) {
        let behind = bytes.get(at + TRAILER.len()..).unwrap_or_default();
        let next = behind.iter().position(|byte| !is_white_space(*byte)).and_then(|next| behind.get(next..));
        found.extend(next.filter(|next| next.starts_with(b"<<")).map(|_| (at, Found::Trailer)));
    }
    found
}

/// Where the number of an object begins whose `obj` follows.
fn head_before(bytes: &[u8]) -> Option<usize> {
    let (generation, _) = without_last(bytes, is_white_space);
    let (space, digits) = without_last(generation, |byte| byte.is_ascii_digit());
    let (number, spaces) = without_last(space, is_white_space);
    let (before, numbers) = without_last(number, |byte| byte.is_ascii_digit());
    (digits > 0 && spaces > 0 && numbers > 0).then_some(before.len())
}

/// The bytes before the last ones of a kind, and how many those are, up to what readers bear.
fn without_last(bytes: &[u8], is_such: fn(u8) -> bool) -> (&[u8], usize) {
    let count = bytes.iter().rev().take(LONGEST / 4).take_while(|byte| is_such(**byte)).count();
    (bytes.get(..bytes.len() - count).unwrap_or_default(), count)
}

const OBJ: &[u8] = b"obj";
const TRAILER: &[u8] = b"trailer";
const PIECE_BYTES: usize = 64 * 1024;
/// What may lie across two pieces.
const LONGEST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_trailers_are_found_wherever_they_stand() {
        for (bytes, found) in [
            (b"x 4 0 obj".as_slice(), vec![(2, Found::Head)]),
            (b"\n12\r\n0obj<<", vec![(1, Found::Head)]),
            (b"4\0000 obj endobj 0 obj", vec![(0, Found::Head)]),
            (b"the object 0 obj, 12obj", vec![]),
            (b"trailer\n<< trailer /Root", vec![(0, Found::Trailer)]),
        ] {
            assert_eq!(found_in(bytes), found);
        }
    }
}
