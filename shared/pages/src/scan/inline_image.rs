//! Where the data of an image inside content end. Readers look for it in different ways: some count samples, some look for an
//! `EI`, pdf.js for the end that the filter has. Where one could end, all must.

use hayro::hayro_syntax::content::UntypedIter;
use hayro::hayro_syntax::object::{Array, Dict, Name};

/// `data` reach from the white space behind `ID` up to `EI`, and `behind` begins behind that.
pub(super) fn ends_alike(entries: &Dict<'_>, data: &[u8], behind: &[u8]) -> bool {
    let first = filter(entries);
    let mark: &[u8] = match first.as_deref() {
        Some(b"AHx" | b"ASCIIHexDecode") => b">",
        Some(b"A85" | b"ASCII85Decode") => b"~",
        Some(b"DCT" | b"DCTDecode") => &[0xFF, 0xD9],
        _ => return ends_at_its_mark(data) && goes_on(behind),
    };
    let end = data.windows(mark.len()).position(|window| window == mark);
    let rest = end.and_then(|end| data.get(end + mark.len()..)).unwrap_or_default();
    goes_on(behind) && rest.iter().all(|byte| byte.is_ascii_whitespace() || (mark == b"~" && *byte == b'>'))
}

fn filter<'a>(entries: &Dict<'a>) -> Option<Name<'a>> {
    let key = if entries.contains_key("F") { "F" } else { "Filter" };
    entries.get::<Name<'_>>(key).or_else(|| entries.get::<Array<'_>>(key)?.iter::<Name<'_>>().next())
}

/// No other `EI` could be the end.
fn ends_at_its_mark(data: &[u8]) -> bool {
    let is_found = |(place, _): (usize, &[u8])| {
        let next = data.get(place + 2..).unwrap_or_default();
        next.first().is_some_and(|byte| is_line(*byte)) && is_text(next, READ_AT_LEAST)
    };
    // What pdf.js compares is forgotten at the second of two letters.
    let is_apart = !matches!(data.last(), Some(b'E' | b'I'));
    is_apart && !data.windows(2).enumerate().filter(|(_, pair)| *pair == b"EI").any(is_found)
}

/// pdf.js takes what follows for more data unless it is text with an operator in it.
fn goes_on(behind: &[u8]) -> bool {
    let near = behind.get(1..).unwrap_or_default();
    let near = near.get(..READ_AHEAD).unwrap_or(near);
    let is_over = near.iter().all(u8::is_ascii_whitespace);
    let begins = behind.first().is_none_or(|byte| is_line(*byte));
    begins && (is_over || (is_text(near, READ_AS_TEXT) && UntypedIter::new(near).next().is_some()))
}

fn is_line(byte: u8) -> bool {
    matches!(byte, b' ' | b'\r' | b'\n')
}

fn is_text(bytes: &[u8], length: usize) -> bool {
    bytes.iter().take(length).all(|byte| matches!(byte, b' '..=b'~' | b'\r' | b'\n'))
}

/// Fewer than any reader looks at.
const READ_AT_LEAST: usize = 5;
const READ_AS_TEXT: usize = 15;
const READ_AHEAD: usize = 75;

#[cfg(test)]
mod tests {
    use super::super::letter;

    #[test]
    fn an_image_ends_where_every_reader_ends_it() {
        for (content, is_plain) in [
            ("q BI /W 1 /H 1 ID x EI Q", true),
            ("q BI /W 1 /H 1 ID x\nEI\n", true),
            ("q BI /W 1 /H 1 /F /AHx ID 00>\nEI Q", true),
            ("q BI /W 1 /H 1 /F [/A85 /Fl] ID 5l>x~>\nEI Q", true),
            ("q BI /W 1 /H 1 ID xEI 0 0 9 9 re f EI Q", false),
            ("q BI /W 1 /H 1 ID EEI Q", false),
            ("q BI /W 1 /H 1 /F /AHx ID 00> 0 0 9 9 re f EI Q", false),
            ("q BI /W 1 /H 1 /F [/A85] ID 5l~>0 0 9 9 re f EI Q", false),
            ("q BI /W 1 /H 1 /F /DCT ID x EI Q", true),
            ("q BI /W 1 /H 1 /F /A85 ID 5lEI\n5l~>\nEI Q", true),
            (
                "q BI /W 1 /H 1 ID x EI [(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)] TJ",
                false,
            ),
            ("q BI /W 1 /H 1 ID x EI (\u{e4}) Tj", false),
        ] {
            assert_eq!(letter::read(content.as_bytes()).is_plain, is_plain, "{content}");
        }
    }
}
