use super::object::Text;
use super::scanner::{Scanner, is_regular, is_white_space};
use crate::problem::{Ambiguity, Counted, PdfProblem};

/// `/Name` with its `#` sequences decoded. ISO 32000-2, section 7.3.5.
pub(crate) fn name(scanner: &mut Scanner<'_>) -> Result<Vec<u8>, PdfProblem> {
    let start = scanner.position();
    scanner.expect(b"/", "a name was expected")?;
    let mut name = Vec::new();
    loop {
        let at_hand = scanner.at_hand()?;
        let (count, stop) = (at_hand.len(), at_hand.iter().position(|byte| !is_regular(*byte) || *byte == b'#'));
        let plain = at_hand.get(..stop.unwrap_or(count)).unwrap_or_default();
        keep_all(&mut name, plain)?;
        let (taken, is_escaped) = (plain.len(), stop.and_then(|stop| at_hand.get(stop)) == Some(&b'#'));
        scanner.step(taken);
        if scanner.position() - start > crate::source::wide(LONGEST_NAME) {
            return Err(PdfProblem::Ambiguous { at: start, what: Ambiguity::LongName });
        }
        if is_escaped {
            scanner.next()?;
            let byte = escaped_byte(scanner)?.unwrap_or(b'#');
            keep(&mut name, byte)?;
        } else if stop.is_some() || count == 0 {
            return Ok(name);
        }
    }
}

/// `(text)`. ISO 32000-2, section 7.3.4.2.
pub(crate) fn literal_string(scanner: &mut Scanner<'_>) -> Result<Text, PdfProblem> {
    scanner.expect(b"(", "a string was expected")?;
    let mut bytes = Vec::new();
    let mut open = 1_u64;
    loop {
        let at_hand = scanner.at_hand()?;
        let plain = at_hand.split(|byte| matches!(byte, b'(' | b')' | b'\\' | b'\r')).next().unwrap_or_default();
        keep_all(&mut bytes, plain)?;
        let taken = plain.len();
        scanner.step(taken);
        let byte = match next(scanner)? {
            b'\\' => match escape(scanner)? {
                Some(byte) => byte,
                None => continue,
            },
            b'\r' => line_feed(scanner)?,
            byte => {
                open = match byte {
                    b'(' => open + 1,
                    b')' => open - 1,
                    _ => open,
                };
                byte
            }
        };
        if open == 0 {
            return Ok(bytes.into());
        }
        keep(&mut bytes, byte)?;
    }
}

/// `<hex digits>`, an odd last digit counting as if a 0 followed.
/// ISO 32000-2, section 7.3.4.3.
pub(crate) fn hexadecimal_string(scanner: &mut Scanner<'_>) -> Result<Text, PdfProblem> {
    let start = scanner.position();
    scanner.expect(b"<", "a string was expected")?;
    let mut digits = Digits::default();
    loop {
        let at_hand = scanner.at_hand()?;
        let in_pairs = digits.take_pairs(at_hand);
        let stop = at_hand.iter().skip(in_pairs).position(|byte| !digits.take(*byte));
        let taken = stop.map_or(at_hand.len(), |stop| in_pairs + stop);
        scanner.step(taken);
        if digits.bytes.len() > MAX_STRING_BYTES {
            return Err(too_long());
        }
        match stop {
            None if taken > 0 => {}
            _ => break,
        }
    }
    if next(scanner)? != b'>' {
        return Err(scanner.malformed("a hexadecimal digit was expected"));
    }
    digits.bytes.extend(digits.half.map(|high| high << 4));
    let hexadecimal_at = scanner.is_of_file().then(|| start..scanner.position());
    Ok(Text { bytes: digits.bytes, hexadecimal_at })
}

#[derive(Default)]
struct Digits {
    bytes: Vec<u8>,
    half: Option<u8>,
}

impl Digits {
    /// How many bytes stand in pairs of digits, up to the first that is something else. A signature has thirty thousand
    /// pairs.
    fn take_pairs(&mut self, at_hand: &[u8]) -> usize {
        if self.half.is_some() {
            return 0;
        }
        let (pairs, _) = at_hand.as_chunks();
        let before = self.bytes.len();
        self.bytes.extend(pairs.iter().map_while(|[high, low]| Some(hex_digit(*high)? << 4 | hex_digit(*low)?)));
        (self.bytes.len() - before) * 2
    }

    /// Whether the byte may stand in a hexadecimal string.
    fn take(&mut self, byte: u8) -> bool {
        match (hex_digit(byte), self.half) {
            (Some(digit), Some(high)) => {
                self.bytes.push(high << 4 | digit);
                self.half = None;
            }
            (Some(digit), None) => self.half = Some(digit),
            (None, _) => return is_white_space(byte),
        }
        true
    }
}

fn escaped_byte(scanner: &mut Scanner<'_>) -> Result<Option<u8>, PdfProblem> {
    let start = scanner.position();
    let high = scanner.next()?.and_then(hex_digit);
    let low = scanner.next()?.and_then(hex_digit);
    let byte = high.zip(low).map(|(high, low)| high << 4 | low);
    if byte.is_none() {
        scanner.seek(start);
    }
    Ok(byte)
}

/// What follows a backslash; None if it is a line that goes on.
fn escape(scanner: &mut Scanner<'_>) -> Result<Option<u8>, PdfProblem> {
    Ok(Some(match next(scanner)? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'f' => 0x0C,
        b'\n' => return Ok(None),
        b'\r' => {
            line_feed(scanner)?;
            return Ok(None);
        }
        digit @ b'0'..=b'7' => octal(scanner, digit)?,
        other => other,
    }))
}

/// One to three octal digits; what overflows a byte is ignored.
fn octal(scanner: &mut Scanner<'_>, first: u8) -> Result<u8, PdfProblem> {
    let mut value = first - b'0';
    for _ in 0..2 {
        let Some(digit @ b'0'..=b'7') = scanner.peek()? else {
            break;
        };
        value = value.wrapping_shl(3) | (digit - b'0');
        scanner.next()?;
    }
    Ok(value)
}

/// An end of line counts as one line feed however it is written.
fn line_feed(scanner: &mut Scanner<'_>) -> Result<u8, PdfProblem> {
    scanner.accept(b"\n")?;
    Ok(b'\n')
}

fn next(scanner: &mut Scanner<'_>) -> Result<u8, PdfProblem> {
    scanner.next()?.ok_or_else(|| scanner.malformed("a string that does not end"))
}

fn keep(bytes: &mut Vec<u8>, byte: u8) -> Result<(), PdfProblem> {
    keep_all(bytes, &[byte])
}

fn keep_all(bytes: &mut Vec<u8>, more: &[u8]) -> Result<(), PdfProblem> {
    if bytes.len() + more.len() > MAX_STRING_BYTES {
        return Err(too_long());
    }
    bytes.extend_from_slice(more);
    Ok(())
}

fn too_long() -> PdfProblem {
    PdfProblem::TooMany { of: Counted::ObjectBytes, limit: crate::source::wide(MAX_STRING_BYTES) }
}

pub(crate) fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// As written, with its slash: PDFium keeps no more of a word, and MuPDF hardly more of what it means.
pub(super) const LONGEST_NAME: usize = 255;
/// Far above the largest signature with validation data.
const MAX_STRING_BYTES: usize = 4 * 1024 * 1024;
