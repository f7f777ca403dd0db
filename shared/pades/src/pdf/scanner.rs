use std::borrow::Cow;

use crate::problem::PdfProblem;
use crate::source::Source;

/// Reads bytes one after another, those of a source through one small window.
pub(crate) struct Scanner<'a> {
    /// None if all is at hand.
    source: Option<&'a dyn Source>,
    window: Cow<'a, [u8]>,
    window_start: u64,
    position: u64,
    values: u64,
}

impl<'a> Scanner<'a> {
    pub(crate) fn at(source: &'a dyn Source, position: u64) -> Self {
        Self { source: Some(source), window: Cow::Owned(Vec::new()), window_start: 0, position, values: 0 }
    }

    /// Over bytes that stand nowhere in a file as they are.
    pub(crate) fn over(bytes: &'a [u8], position: u64) -> Self {
        Self { source: None, window: Cow::Borrowed(bytes), window_start: 0, position, values: 0 }
    }

    /// Whether positions are those of a file.
    pub(crate) fn is_of_file(&self) -> bool {
        self.source.is_some()
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
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, PdfProblem> {
        Ok(self.at_hand()?.first().copied())
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<u8>, PdfProblem> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.position += 1;
        }
        Ok(byte)
    }

    /// The bytes from the position on that are at hand; empty only at the end of the source.
    #[inline]
    pub(crate) fn at_hand(&mut self) -> Result<&[u8], PdfProblem> {
        if self.rest().is_empty() {
            self.read_on()?;
        }
        Ok(self.rest())
    }

    /// The bytes from the position on that this is true of; of more than `most`, only that there are more.
    pub(crate) fn run(&mut self, is_wanted: impl Fn(u8) -> bool, most: usize) -> Result<&[u8], PdfProblem> {
        let length_in = |bytes: &[u8]| bytes.iter().position(|byte| !is_wanted(*byte)).unwrap_or(bytes.len());
        let mut length = length_in(self.rest());
        if length == self.rest().len() && length <= most {
            self.read_on()?;
            length = length_in(self.rest());
        }
        Ok(self.rest().get(..length).unwrap_or_default())
    }

    /// Steps over bytes that were [at hand](Self::at_hand).
    pub(crate) fn step(&mut self, bytes: usize) {
        self.position = self.position.saturating_add(crate::source::wide(bytes));
    }

    pub(crate) fn skip_white_space(&mut self) -> Result<(), PdfProblem> {
        loop {
            let at_hand = self.at_hand()?;
            let (count, stop) = (at_hand.len(), at_hand.iter().position(|byte| !is_white_space(*byte)));
            self.step(stop.unwrap_or(count));
            if stop.is_some() || count == 0 {
                return Ok(());
            }
        }
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
    #[inline]
    pub(crate) fn accept(&mut self, word: &[u8]) -> Result<bool, PdfProblem> {
        let rest = self.rest();
        // Mostly told by the first byte.
        if rest.first().is_some_and(|byte| word.first() != Some(byte)) {
            return Ok(false);
        }
        let may_go_on = word.starts_with(rest);
        if may_go_on && rest.len() < word.len() {
            return self.accept_across(word);
        }
        let stands_here = rest.starts_with(word);
        if stands_here {
            self.step(word.len());
        }
        Ok(stands_here)
    }

    /// The same of a word that may go on behind what is at hand.
    fn accept_across(&mut self, word: &[u8]) -> Result<bool, PdfProblem> {
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
        loop {
            let at_hand = self.at_hand()?;
            let mut digits = at_hand.iter().take_while(|byte| byte.is_ascii_digit());
            let count = digits.clone().count();
            let goes_on = count > 0 && count == at_hand.len();
            let longer =
                digits.try_fold(value.unwrap_or(0), |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
            self.step(count);
            value = if count > 0 { Some(longer.ok_or_else(|| self.malformed("a number that is too large"))?) } else { value };
            if !goes_on {
                return value.ok_or_else(|| self.malformed("a number was expected"));
            }
        }
    }

    pub(crate) fn malformed(&self, what: &'static str) -> PdfProblem {
        PdfProblem::Malformed { at: self.position, what }
    }

    #[inline]
    fn rest(&self) -> &[u8] {
        let index = self.position.checked_sub(self.window_start).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| self.window.get(index..)).unwrap_or_default()
    }

    /// The window begins at the position.
    #[cold]
    fn read_on(&mut self) -> Result<(), PdfProblem> {
        let Some(source) = self.source else { return Ok(()) };
        let left = source.len().saturating_sub(self.position);
        let window = self.window.to_mut();
        let most = if window.is_empty() { FIRST_WINDOW_BYTES } else { WINDOW_BYTES };
        window.resize(usize::try_from(left).unwrap_or(usize::MAX).min(most), 0);
        source.read_at(self.position, window)?;
        self.window_start = self.position;
        Ok(())
    }
}

/// White-space characters. ISO 32000-2, table 1.
#[inline]
pub(crate) fn is_white_space(byte: u8) -> bool {
    matches!(byte, 0x00 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// Delimiter characters. ISO 32000-2, table 2.
#[inline]
pub(crate) fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[inline]
pub(crate) fn is_regular(byte: u8) -> bool {
    !is_white_space(byte) && !is_delimiter(byte)
}

/// Most objects that are looked up alone are smaller.
const FIRST_WINDOW_BYTES: usize = 512;
/// Whoever reads on mostly reads much.
const WINDOW_BYTES: usize = 16 * 1024;
