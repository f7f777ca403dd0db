//! Images inside content. Readers find the end of their data in different ways; measured with pdf.js, which looks for it by
//! the filter, or else for an `EI` with text and an operator behind it.

use super::operators::Word;
use super::scanner::{is_regular, is_white_space};

/// The data of one, as far as they were read, and what its entries said.
#[derive(Default, Clone, Copy)]
pub(super) struct Data {
    is_hexadecimal: bool,
    is_ascii85: bool,
    is_jpeg: bool,
    last: [u8; 3],
    has_ended: bool,
}

impl Data {
    /// False where a name could be that of a filter in another way of writing.
    pub(super) fn takes_entry(&mut self, name: &Word) -> bool {
        let begins = |all: &[&[u8]]| all.iter().any(|first| name.begins_with(first));
        self.is_ascii85 |= begins(&[b"A85", b"ASCII8"]);
        self.is_hexadecimal |= begins(&[b"AHx", b"ASCIIH"]);
        self.is_jpeg |= begins(&[b"DCT"]);
        !name.is_escaped()
    }

    /// Whether `byte` stands behind the end.
    pub(super) fn is_over(&self, byte: u8) -> bool {
        matches!(self.last, [_, b'E', b'I']) && matches!(byte, b' ' | b'\r' | b'\n')
    }

    /// Whether pdf.js, which forgets what it compared last, sees another end.
    pub(super) fn is_doubtful(&self) -> bool {
        matches!(self.last, [b'E' | b'I', ..])
    }

    /// False if the data, or what one reader takes for them, ended before.
    pub(super) fn takes(&mut self, byte: u8) -> bool {
        self.has_ended |= match self.last {
            [_, _, b'>'] => self.is_hexadecimal,
            [_, _, b'~'] => self.is_ascii85,
            [_, 0xFF, 0xD9] => self.is_jpeg,
            _ => false,
        };
        let [_, one, two] = self.last;
        self.last = [one, two, byte];
        !self.has_ended || is_white_space(byte) || matches!(byte, b'>' | b'E' | b'I')
    }
}

/// What stands behind one: pdf.js takes it for more data unless it is text that begins with an operator.
#[derive(Default, Clone, Copy)]
pub(super) struct Behind {
    bytes: u8,
    has_word: bool,
}

impl Behind {
    pub(super) fn takes(&mut self, byte: u8, is_in_word: bool) -> bool {
        let is_text = self.bytes >= READ_AHEAD || matches!(byte, b' '..=b'~' | b'\r' | b'\n');
        let is_near = self.has_word || is_in_word || is_regular(byte) || (is_white_space(byte) && self.bytes < LONGEST_GAP);
        self.bytes = self.bytes.saturating_add(1);
        is_text && is_near
    }

    /// The first word must be an operator that needs nothing before it.
    pub(super) fn knows(&mut self, word: &Word) -> bool {
        let is_first = !std::mem::replace(&mut self.has_word, true);
        !is_first || KNOWN.iter().any(|known| word.is(known))
    }

    pub(super) fn is_near(&self) -> bool {
        !self.has_word || self.bytes < READ_AHEAD
    }
}

const KNOWN: [&[u8]; 5] = [b"Q", b"q", b"BI", b"EMC", b"ET"];
const READ_AHEAD: u8 = 16;
/// Half of what pdf.js looks through.
const LONGEST_GAP: u8 = 32;
