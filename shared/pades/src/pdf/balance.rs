//! Whether content takes back no more graphics states than it saved: pdf.js takes back those of whoever drew it as well, and
//! so undoes what the content was cut off by. ISO 32000-2, section 8.4.2.

use std::io::{BufRead, BufReader};

use super::document::Document;
use super::filter::{problem_of, unpacking};
use super::object::Stream;
use super::scanner::{is_regular, is_white_space};
use crate::problem::PdfProblem;
use crate::source::wide;

/// False as well of what cannot be unpacked here: only a few filters are known, those that programs use for content.
pub(crate) fn keeps_saved_states(document: &Document<'_>, stream: &Stream) -> Result<bool, PdfProblem> {
    if stream.data.is_empty() {
        return Ok(true);
    }
    let mut content = Content::default();
    match read(document, stream, &mut content) {
        Ok(()) => Ok(!content.takes_back_more),
        Err(PdfProblem::Malformed { .. } | PdfProblem::Unsupported { .. } | PdfProblem::StreamTooLarge { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

fn read(document: &Document<'_>, stream: &Stream, content: &mut Content) -> Result<(), PdfProblem> {
    let mut data = BufReader::new(unpacking(document.source(), stream, MOST_BYTES)?);
    loop {
        let bytes = data.fill_buf().map_err(|error| problem_of(&error, stream.data.start))?;
        if bytes.is_empty() {
            return Ok(());
        }
        bytes.iter().for_each(|byte| content.take(*byte));
        let taken = bytes.len();
        document.work().passed(wide(taken))?;
        data.consume(taken);
    }
}

#[derive(Default)]
struct Content {
    place: Place,
    word: Word,
    is_image: bool,
    saved: u64,
    takes_back_more: bool,
}

#[derive(Default)]
enum Place {
    #[default]
    Operators,
    Comment,
    /// Inside so many brackets.
    Text(u64),
    /// Behind a backslash.
    Escape(u64),
    /// The data of an inline image.
    Image,
}

/// What stands since the last white space or delimiter.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Word {
    #[default]
    None,
    Name,
    Short([u8; 2]),
    Long,
}

impl Content {
    fn take(&mut self, byte: u8) {
        self.place = match self.place {
            Place::Operators | Place::Image if is_regular(byte) => return self.take_regular(byte),
            Place::Operators => self.between(byte),
            Place::Image => self.inside_image(byte),
            Place::Comment if matches!(byte, b'\r' | b'\n') => Place::Operators,
            Place::Comment => Place::Comment,
            Place::Escape(open) => Place::Text(open),
            Place::Text(open) => match byte {
                b'\\' => Place::Escape(open),
                b'(' => Place::Text(open.saturating_add(1)),
                b')' if open == 0 => Place::Operators,
                b')' => Place::Text(open - 1),
                _ => Place::Text(open),
            },
        };
    }

    /// pdf.js finds operators that stand side by side without any space: no other one has this letter.
    fn take_regular(&mut self, byte: u8) {
        if byte == b'Q' && self.word != Word::Name && !matches!(self.place, Place::Image) {
            self.take_back();
        }
        self.word = match self.word {
            Word::None => Word::Short([byte, 0]),
            Word::Short([first, 0]) if byte != 0 => Word::Short([first, byte]),
            Word::Name => Word::Name,
            _ => Word::Long,
        };
    }

    fn between(&mut self, byte: u8) -> Place {
        match std::mem::take(&mut self.word) {
            Word::Short([b'I', b'D']) if self.is_image && is_white_space(byte) => return Place::Image,
            Word::Short([b'q', 0]) => self.saved += 1,
            Word::Short([b'B', b'I']) => self.is_image = true,
            _ => {}
        }
        if byte == b'/' {
            self.word = Word::Name;
        }
        match byte {
            b'(' => Place::Text(0),
            b'%' => Place::Comment,
            _ => Place::Operators,
        }
    }

    /// Readers find its end in different ways: what one takes for data is an operator to another.
    fn inside_image(&mut self, byte: u8) -> Place {
        match std::mem::take(&mut self.word) {
            Word::Short([b'E', b'I']) if is_white_space(byte) => {
                self.is_image = false;
                Place::Operators
            }
            Word::Short([b'Q', 0]) => {
                self.take_back();
                Place::Image
            }
            _ => Place::Image,
        }
    }

    fn take_back(&mut self) {
        match self.saved.checked_sub(1) {
            Some(saved) => self.saved = saved,
            None => self.takes_back_more = true,
        }
    }
}

/// What one field or stamp shows.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_takes_back_what_it_saved_and_no_more() {
        for (content, takes_back_more) in [
            ("q 1 0 0 rg Q", false),
            ("q\nq\nQ Q", false),
            ("/Q Do q (Q \\) Q (Q)Q) Tj % Q\nQ", false),
            ("q(a)Tj[(b)]TJ/X Do Q", false),
            ("q BI /W 1 ID Qx EI Q", false),
            ("q <51> Tj /ID /BI gs Q", false),
            ("Q", true),
            ("q Q Q", true),
            ("qQ", true),
            ("q 0 0 9 9 re fQ Q", true),
            ("q 1Q Q", true),
            ("q % Q\rQ Q", true),
            ("q BI /W 1 ID Q EI Q", true),
            ("q (a\\)) Tj Q Q", true),
        ] {
            let mut read = Content::default();
            content.bytes().chain(*b"\n").for_each(|byte| read.take(byte));
            assert_eq!(read.takes_back_more, takes_back_more, "{content}");
        }
    }
}
