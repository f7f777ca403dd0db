//! Content as pdf.js takes it apart, as far as the graphics states go that it saves and takes back.

use super::inline_image::{Behind, Data};
use super::scanner::{is_regular, is_white_space};

/// What was read of it so far.
#[derive(Default)]
pub(super) struct Operators {
    place: Place,
    word: Word,
    brackets: Brackets,
    /// Of an image whose `BI` was read and whose `ID` was not.
    entries: Option<Data>,
    behind: Option<Behind>,
    saved: u64,
    /// Marked parts that go on, and whether any may belong to a layer: Poppler hides what others draw behind one.
    marked: u64,
    has_layers: bool,
    is_unsound: bool,
}

#[derive(Default, Clone, Copy)]
enum Place {
    #[default]
    Operators,
    Comment,
    /// Inside so many brackets.
    Text(u64),
    /// Behind a backslash.
    Escape(u64),
    /// Behind a `<`, which another one may follow.
    Opening,
    Hexadecimal,
    /// Behind a `>`, which another one must follow.
    Closing,
    Image(Data),
}

/// What stands since the last white space or delimiter.
#[derive(Default, Clone, Copy)]
pub(super) struct Word {
    is_name: bool,
    /// Its first bytes, and zeros.
    first: [u8; 6],
    length: usize,
    last: u8,
    /// Two letters that begin or end an image.
    has_mark: bool,
    is_escaped: bool,
}

/// Of arrays (0) and dictionaries (1), as bits, the innermost last.
#[derive(Default)]
struct Brackets {
    kinds: u64,
    open: u32,
}

impl Operators {
    /// Whether it takes back more than it saved, or is written so that readers could tell in different ways.
    pub(super) fn is_unsound(&self) -> bool {
        self.is_unsound || (self.has_layers && self.marked > 0)
    }

    pub(super) fn take(&mut self, byte: u8) {
        if let Some(behind) = &mut self.behind {
            self.is_unsound |= !behind.takes(byte, self.word.length > 0);
            self.behind = self.behind.filter(Behind::is_near);
        }
        self.place = match self.place {
            Place::Operators if is_regular(byte) => self.regular(byte),
            Place::Operators => self.between(byte),
            Place::Comment if matches!(byte, b'\r' | b'\n') => Place::Operators,
            Place::Escape(open) => Place::Text(open),
            Place::Text(open) => match byte {
                b'\\' => Place::Escape(open),
                b'(' => Place::Text(open.saturating_add(1)),
                b')' if open == 0 => Place::Operators,
                b')' => Place::Text(open - 1),
                _ => Place::Text(open),
            },
            Place::Opening if byte == b'<' => self.open(DICTIONARY),
            Place::Opening | Place::Hexadecimal if byte == b'>' => Place::Operators,
            Place::Opening => Place::Hexadecimal,
            Place::Closing if byte == b'>' => self.close(DICTIONARY),
            Place::Closing => self.unsound(),
            Place::Image(data) => self.inside(data, byte),
            within @ (Place::Comment | Place::Hexadecimal) => within,
        };
    }

    /// Operators may stand side by side without any space: no other one has this letter.
    fn regular(&mut self, byte: u8) -> Place {
        if byte == b'Q' && !self.word.is_name {
            match self.saved.checked_sub(1) {
                Some(saved) => self.saved = saved,
                None => self.is_unsound = true,
            }
        }
        self.word.take(byte);
        Place::Operators
    }

    fn between(&mut self, byte: u8) -> Place {
        let word = std::mem::take(&mut self.word);
        if word.is(b"ID")
            && is_white_space(byte)
            && let Some(data) = self.entries.take()
        {
            return Place::Image(data);
        }
        self.end(&word);
        match byte {
            b'(' => Place::Text(0),
            b'%' => Place::Comment,
            b'<' => Place::Opening,
            b'>' => Place::Closing,
            b'[' => self.open(ARRAY),
            b']' => self.close(ARRAY),
            b')' => self.unsound(),
            _ => {
                self.word.is_name = byte == b'/';
                Place::Operators
            }
        }
    }

    /// What stands in an array or a dictionary is no operator, and among an image's entries there is but one.
    fn end(&mut self, word: &Word) {
        let is_operator = self.brackets.open == 0 && self.entries.is_none();
        if let (true, Some(behind)) = (word.length > 0, &mut self.behind) {
            self.is_unsound |= !behind.knows(word);
        }
        match &mut self.entries {
            Some(data) if word.is_name => self.is_unsound |= !data.takes_entry(word),
            None if word.is(b"q") => self.saved += u64::from(is_operator),
            None if word.is(b"BDC") || word.is(b"BMC") => self.marked += 1,
            None if word.is(b"EMC") => self.marked = self.marked.saturating_sub(u64::from(is_operator)),
            None if word.is_name => self.has_layers |= word.is_escaped || (word.length == 2 && word.begins_with(b"OC")),
            None if word.is(b"BI") && is_operator => self.entries = Some(Data::default()),
            _ => self.is_unsound |= word.has_mark && !word.is_name,
        }
    }

    fn inside(&mut self, mut data: Data, byte: u8) -> Place {
        if data.is_over(byte) {
            self.is_unsound |= data.is_doubtful();
            self.behind = Some(Behind::default());
            return Place::Operators;
        }
        self.is_unsound |= !data.takes(byte);
        Place::Image(data)
    }

    fn open(&mut self, kind: u64) -> Place {
        self.is_unsound |= self.brackets.open == u64::BITS;
        self.brackets = Brackets { kinds: self.brackets.kinds << 1 | kind, open: self.brackets.open + 1 };
        Place::Operators
    }

    fn close(&mut self, kind: u64) -> Place {
        match self.brackets.open.checked_sub(1) {
            Some(open) if self.brackets.kinds & 1 == kind => {
                self.brackets = Brackets { kinds: self.brackets.kinds >> 1, open };
                Place::Operators
            }
            _ => self.unsound(),
        }
    }

    fn unsound(&mut self) -> Place {
        self.is_unsound = true;
        Place::Operators
    }
}

impl Word {
    pub(super) fn is(&self, operator: &[u8]) -> bool {
        !self.is_name && self.length == operator.len() && self.begins_with(operator)
    }

    /// Up to six bytes of it.
    pub(super) fn begins_with(&self, first: &[u8]) -> bool {
        self.first.starts_with(first)
    }

    pub(super) fn is_escaped(&self) -> bool {
        self.is_escaped
    }

    fn take(&mut self, byte: u8) {
        self.is_escaped |= byte == b'#';
        if let Some(place) = self.first.get_mut(self.length) {
            *place = byte;
        }
        self.has_mark |= [*b"BI", *b"ID", *b"EI"].contains(&[self.last, byte]);
        self.last = byte;
        self.length = self.length.saturating_add(1);
    }
}

const ARRAY: u64 = 0;
const DICTIONARY: u64 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn is_unsound(content: &[u8]) -> bool {
        let mut read = Operators::default();
        content.iter().chain(b"\n").for_each(|byte| read.take(*byte));
        read.is_unsound()
    }

    #[test]
    fn content_takes_back_what_it_saved_and_no_more() {
        for (content, is_wrong) in [
            ("q 1 0 0 rg Q", false),
            ("q\nq\nQ Q", false),
            ("/Q Do q (Q \\) Q (Q)Q) Tj % Q\nQ", false),
            ("q(a)Tj[(b)]TJ/X Do Q", false),
            ("q <51> Tj /ID /BI gs Q", false),
            ("/P << /MCID 0 /A [1 2] >> BDC q EMC Q", false),
            ("/OC /L BDC q Q EMC", false),
            ("/Tx BMC", false),
            ("/OC /L BDC q Q", true),
            ("EMC /OC /L BDC", true),
            ("/#4FC /L BDC [EMC] 0 d", true),
            ("Q", true),
            ("q Q Q", true),
            ("qQ", true),
            ("q 0 0 9 9 re fQ Q", true),
            ("q 1Q Q", true),
            ("q % Q\rQ Q", true),
            ("q (a\\)) Tj Q Q", true),
        ] {
            assert_eq!(is_unsound(content.as_bytes()), is_wrong, "{content}");
        }
    }

    #[test]
    fn what_looks_like_an_operator_to_some_counts_against_the_content() {
        for content in [
            "<q q > Tj Q Q",
            "<%> Q",
            "<(> Q <)>",
            "[q q] 0 d Q Q",
            "/P << /A q /B q >> BDC EMC Q Q",
            "<< /A [ >> ] q >> BDC Q",
            "[ << ] q >> Q",
            "] q Q",
            ") q Q",
            "> q Q",
            "1BI /W 1 ID q q EI Q Q",
            "BI /W 1 IDxq q EI Q Q",
            "BI /W 1 ID/ q q EI Q Q",
            "[BI] ID q EI",
            "EI",
            "ID",
        ] {
            assert!(is_unsound(content.as_bytes()), "{content}");
        }
    }

    #[test]
    fn an_image_ends_where_every_reader_ends_it() {
        for content in [
            &b"q BI /W 1 /H 1 ID Qx Q\xFF> EI Q"[..],
            b"q BI /W 1 /H 1 ID x\nEI\nQ q BI /W 1 /H 1 ID xEI BI /W 1 ID y EI",
            b"q BI /F /AHx /W 1 ID 00>\nEI\nQ",
            b"q BI /F [/A85 /Fl] /W 1 ID 5l>Q~>\nEI\nQ",
            b"q BI /F /DCT /W 1 ID \xFF\xD8Q\xD9\xFF\xD9 EI\nQ",
            b"/P BMC q BI /W 1 ID x EI Q EMC 1 0 0 rg",
        ] {
            assert!(!is_unsound(content), "{}", String::from_utf8_lossy(content));
        }
        for content in [
            &b"BI /W 1 ID xEI x EI "[..],
            b"BI /W 1 ID x EI foo q EI Q",
            b"BI /W 1 ID x EI q \xFF",
            b"BI /W 1 ID x EI % q",
            b"BI /W 1 ID x EI                                          q",
            b"BI /W 1 ID x EEI q BI /W 1 ID x EI Q",
            b"BI /W 1 ID x EIEI q BI /W 1 ID x EI Q",
            b"BI /F /AHx /W 1 ID 00>QQ EI ",
            b"BI /F /A#48x /W 1 ID 00>QQ EI ",
            b"BI /F /ASCII85Decode /W 1 ID 5l~>QQ EI ",
            b"BI /F /DCT /W 1 ID \xFF\xD9QQ EI ",
        ] {
            assert!(is_unsound(content), "{}", String::from_utf8_lossy(content));
        }
    }
}
