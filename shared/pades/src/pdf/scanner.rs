use crate::problem::PdfProblem;
use crate::source::Source;

/// Reads a source byte by byte through one small window.
pub(crate) struct Scanner<'a> {
    source: &'a dyn Source,
    window: Vec<u8>,
    window_start: u64,
    position: u64,
    values: u64,
}

impl<'a> Scanner<'a> {
    pub(crate) fn at(source: &'a dyn Source, position: u64) -> Self {
        Self { source, window: Vec::new(), window_start: 0, position, values: 0 }
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// How many values have been parsed here, each one inside another counted as well.
    pub(crate) fn values(&self) -> u64 {
        self.values
    }

    pub(crate) fn count_value(&mut self) {
        self.values += 1;
    }

    pub(crate) fn seek(&mut self, position: u64) {
        self.position = position;
    }

    /// The byte at the position; None at the end of the source.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, PdfProblem> {
        if let Some(byte) = self.windowed() {
            return Ok(Some(byte));
        }
        let left = self.source.len().saturating_sub(self.position);
        let window = match self.window.is_empty() {
            true => FIRST_WINDOW_BYTES,
            false => WINDOW_BYTES,
        };
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(window);
        self.window.resize(wanted, 0);
        self.source.read_at(self.position, &mut self.window)?;
        self.window_start = self.position;
        Ok(self.windowed())
    }

    pub(crate) fn next(&mut self) -> Result<Option<u8>, PdfProblem> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.position += 1;
        }
        Ok(byte)
    }

    /// The bytes from the position on that are at hand; empty only at the end of the source.
    pub(crate) fn at_hand(&mut self) -> Result<&[u8], PdfProblem> {
        self.peek()?;
        let index = self.position.checked_sub(self.window_start).and_then(|index| usize::try_from(index).ok());
        Ok(index.and_then(|index| self.window.get(index..)).unwrap_or_default())
    }

    /// Steps over bytes that were [at hand](Self::at_hand).
    pub(crate) fn step(&mut self, bytes: usize) {
        self.position = self.position.saturating_add(crate::source::wide(bytes));
    }

    pub(crate) fn skip_white_space(&mut self) -> Result<(), PdfProblem> {
        while self.peek()?.is_some_and(is_white_space) {
            self.position += 1;
        }
        Ok(())
    }

    /// Skips white space, and tells whether it was spaces and ends of lines: what else counts as white space does so only to
    /// some readers where numbers are counted.
    pub(crate) fn skip_blanks(&mut self) -> Result<bool, PdfProblem> {
        let mut are_blanks = true;
        while let Some(byte) = self.peek()?.filter(|byte| is_white_space(*byte)) {
            are_blanks &= matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            self.position += 1;
        }
        Ok(are_blanks)
    }

    /// Skips white space and comments. ISO 32000-2, section 7.2.4.
    pub(crate) fn skip_gap(&mut self) -> Result<(), PdfProblem> {
        loop {
            self.skip_white_space()?;
            if self.peek()? != Some(b'%') {
                return Ok(());
            }
            self.skip_line()?;
        }
    }

    pub(crate) fn skip_line(&mut self) -> Result<(), PdfProblem> {
        while self.next()?.is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {}
        Ok(())
    }

    /// Whether `word` stands here; steps over it if so.
    pub(crate) fn accept(&mut self, word: &[u8]) -> Result<bool, PdfProblem> {
        let start = self.position;
        for expected in word {
            if self.next()? != Some(*expected) {
                self.position = start;
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(crate) fn expect(&mut self, word: &[u8], what: &'static str) -> Result<(), PdfProblem> {
        match self.accept(word)? {
            true => Ok(()),
            false => Err(self.malformed(what)),
        }
    }

    /// Decimal digits, at least one, that fit.
    pub(crate) fn unsigned(&mut self) -> Result<u64, PdfProblem> {
        let mut value: Option<u64> = None;
        while let Some(byte @ b'0'..=b'9') = self.peek()? {
            value = value.unwrap_or(0).checked_mul(10).and_then(|tens| tens.checked_add(u64::from(byte - b'0')));
            if value.is_none() {
                return Err(self.malformed("a number that is too large"));
            }
            self.position += 1;
        }
        value.ok_or_else(|| self.malformed("a number was expected"))
    }

    pub(crate) fn malformed(&self, what: &'static str) -> PdfProblem {
        PdfProblem::Malformed { at: self.position, what }
    }

    fn windowed(&self) -> Option<u8> {
        let index = self.position.checked_sub(self.window_start)?;
        self.window.get(usize::try_from(index).ok()?).copied()
    }
}

/// White-space characters. ISO 32000-2, table 1.
pub(crate) fn is_white_space(byte: u8) -> bool {
    matches!(byte, 0x00 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// Delimiter characters. ISO 32000-2, table 2.
pub(crate) fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

pub(crate) fn is_regular(byte: u8) -> bool {
    !is_white_space(byte) && !is_delimiter(byte)
}

/// Most objects that are looked up alone are smaller.
const FIRST_WINDOW_BYTES: usize = 512;
/// Whoever reads on mostly reads much.
const WINDOW_BYTES: usize = 16 * 1024;
