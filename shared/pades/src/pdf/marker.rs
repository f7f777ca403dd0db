use super::scanner::{Scanner, is_white_space};
use crate::problem::{Ambiguity, PdfProblem};
use crate::source::{Source, wide};

/// `startxref`, an offset and `%%EOF`.
pub(crate) struct EndMarker {
    /// Where the newest cross-reference section is said to stand.
    pub(crate) points_to: u64,
    /// Just after `%%EOF`.
    pub(crate) end: u64,
    /// Written as everybody reads it.
    pub(crate) is_exact: bool,
}

impl EndMarker {
    /// The marker that stands at `offset`, after white space and comments.
    pub(crate) fn at(source: &dyn Source, offset: u64) -> Result<Self, PdfProblem> {
        let mut scanner = Scanner::at(source, offset);
        scanner.skip_gap()?;
        scanner.expect(b"startxref", "startxref was expected")?;
        let mut is_exact = scanner.skip_blanks()?;
        let start = scanner.position();
        let points_to = scanner.unsigned()?;
        is_exact &= scanner.position() - start <= MOST_DIGITS;
        is_exact &= scanner.skip_blanks()?;
        scanner.expect(END, "%%EOF was expected")?;
        // Some begin their first object on the same line: whether it is one is looked at where all bytes are.
        if !scanner.peek()?.is_none_or(|byte| is_white_space(byte) || byte.is_ascii_digit()) {
            return Err(scanner.malformed("the end of a line was expected after %%EOF"));
        }
        Ok(Self { points_to, end: scanner.position(), is_exact })
    }

    /// The marker with which the file ends.
    pub(crate) fn last(source: &dyn Source) -> Result<Self, PdfProblem> {
        let end = end_without_white_space(source)?;
        let tail_start = end.saturating_sub(TAIL_BYTES);
        let tail = bytes(source, tail_start, end)?;
        let marker = position_of_last(&tail, END);
        if !tail.ends_with(END) {
            return Err(match marker {
                Some(at) => PdfProblem::Ambiguous { at: tail_start + wide(at + END.len()), what: Ambiguity::BytesAfterEnd },
                None => PdfProblem::Truncated { length: source.len() },
            });
        }
        let start = position_of_last(&tail, b"startxref").ok_or(PdfProblem::Truncated { length: source.len() })?;
        // A reader that does not find it looks for the objects itself.
        if source.len() - (tail_start + wide(start)) > TAIL_BYTES {
            return Err(PdfProblem::Ambiguous { at: end, what: Ambiguity::BytesAfterEnd });
        }
        let marker = Self::at(source, tail_start + wide(start))?;
        match marker.end == end {
            true => Ok(marker),
            false => Err(PdfProblem::Ambiguous { at: marker.end, what: Ambiguity::BytesAfterEnd }),
        }
    }
}

fn end_without_white_space(source: &dyn Source) -> Result<u64, PdfProblem> {
    let mut end = source.len();
    while end > 0 {
        let start = end.saturating_sub(TAIL_BYTES);
        let tail = bytes(source, start, end)?;
        if let Some(last) = tail.iter().rposition(|byte| !is_white_space(*byte)) {
            return Ok(start + wide(last) + 1);
        }
        end = start;
    }
    Err(PdfProblem::NotAPdf)
}

fn bytes(source: &dyn Source, start: u64, end: u64) -> Result<Vec<u8>, PdfProblem> {
    let length = usize::try_from(end - start).unwrap_or(usize::MAX);
    let mut bytes = vec![0; length];
    source.read_at(start, &mut bytes)?;
    Ok(bytes)
}

fn position_of_last(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}

/// ISO 32000-2, section 7.5.5.
const END: &[u8] = b"%%EOF";
/// As many as fit into the numbers of all readers.
const MOST_DIGITS: u64 = 18;
/// Where readers look for the end marker.
const TAIL_BYTES: u64 = 1024;
