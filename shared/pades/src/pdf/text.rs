use super::object::Text;
use super::write::UTF_16_MARK;

impl Text {
    /// As a person reads it; what stands for no character becomes U+FFFD.
    /// ISO 32000-2, section 7.9.2.2.
    pub fn to_display(&self) -> String {
        if let Some(utf_16) = self.bytes.strip_prefix(&UTF_16_MARK) {
            let units = utf_16.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => REPLACEMENT,
            });
            return char::decode_utf16(units).map(|found| found.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        }
        match self.bytes.strip_prefix(&UTF_8_MARK) {
            Some(utf_8) => String::from_utf8_lossy(utf_8).into_owned(),
            None => self.bytes.iter().copied().map(document_character).collect(),
        }
    }
}

/// PDFDocEncoding: Latin-1 with two ranges of its own.
/// ISO 32000-2, annex D.3.
fn document_character(byte: u8) -> char {
    let own =
        |first: u8, characters: &str| characters.chars().nth(usize::from(byte - first)).unwrap_or(char::REPLACEMENT_CHARACTER);
    match byte {
        0x18..=0x1F => own(0x18, "˘ˇˆ˙˝˛˚˜"),
        0x80..=0x9E => own(0x80, "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž"),
        0xA0 => '€',
        0x7F | 0x9F | 0xAD => char::REPLACEMENT_CHARACTER,
        latin => char::from(latin),
    }
}

const UTF_8_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
const REPLACEMENT: u16 = 0xFFFD;

#[cfg(test)]
mod tests {
    use super::super::object::Object;
    use super::super::write::text_string;
    use super::*;

    #[test]
    fn every_text_survives_the_way_into_a_pdf_and_back() {
        for text in ["", "Taro (Ltd)", "練習 太郎", "𠮷野家", "é", "\u{1B}[31m", "\u{7F}\u{0}", "two\r\nlines"] {
            let Object::String(written) = text_string(text) else {
                panic!("a text string is a string");
            };
            assert_eq!(written.to_display(), text);
        }
    }

    #[test]
    fn the_older_encodings_are_read() {
        let read = |bytes: &[u8]| Text::from(bytes.to_vec()).to_display();
        assert_eq!(read(b"\xEF\xBB\xBF\xE6\xBC\xA2"), "漢");
        assert_eq!(read(b"caf\xE9 \x80 \x9E \xA0"), "café • ž €");
        assert_eq!(read(b"\xFE\xFF\xD8\x00"), "\u{FFFD}");
        assert_eq!(read(b"\xFE\xFF\x30"), "\u{FFFD}");
    }
}
