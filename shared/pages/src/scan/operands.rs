//! What stands before an operator in content, if everybody reads it alike.

/// What stands before an operator.
pub(super) struct Operands<'c> {
    pub(super) count: usize,
    pub(super) numbers: usize,
    /// The last one that is a number.
    pub(super) number: &'c [u8],
    pub(super) has_negative: bool,
    pub(super) has_positive: bool,
    /// No comment goes on.
    pub(super) is_closed: bool,
    /// Nothing stands between the last one and what follows.
    pub(super) touches: bool,
}

impl<'c> Operands<'c> {
    /// None if readers take something here in different ways.
    pub(super) fn read(bytes: &'c [u8]) -> Option<Self> {
        let mut all =
            Self { count: 0, numbers: 0, number: &[], has_negative: false, has_positive: false, is_closed: true, touches: false };
        let (mut rest, mut depth) = (bytes, 0_usize);
        while let [first, after @ ..] = rest {
            all.touches = false;
            all.count += usize::from(depth == 0 && !is_white_space(*first) && !matches!(first, b'%' | b']' | b'>'));
            rest = match first {
                byte if is_white_space(*byte) => after,
                b'%' => {
                    let line = after.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                    all.is_closed = line.is_some();
                    line.and_then(|end| after.get(end..)).unwrap_or_default()
                }
                b'(' => behind_text(after)?,
                b'<' if after.starts_with(b"<") => {
                    depth += 1;
                    after.get(1..)?
                }
                b'<' => after.get(after.iter().position(|byte| *byte == b'>')? + 1..)?,
                b'[' => {
                    depth += 1;
                    after
                }
                b']' => {
                    depth = depth.checked_sub(1)?;
                    after
                }
                b'>' => {
                    depth = depth.checked_sub(1)?;
                    after.strip_prefix(b">")?
                }
                b'/' => {
                    let (name, rest) = word(after);
                    (name.len() < LONGEST_WORD).then_some(rest)?
                }
                byte if is_regular(*byte) => all.take_word(rest)?,
                _ => return None,
            };
        }
        Some(all)
    }

    fn take_word(&mut self, bytes: &'c [u8]) -> Option<&'c [u8]> {
        let (word, rest) = word(bytes);
        self.touches = true;
        if !matches!(word, b"true" | b"false" | b"null") {
            let digits = plain_number(word)?;
            let is_nothing = digits.iter().all(|byte| matches!(byte, b'0' | b'.'));
            self.has_negative |= word.first() == Some(&b'-') && !is_nothing;
            self.has_positive |= word.first() != Some(&b'-') && !is_nothing;
            self.numbers += 1;
            self.number = word;
        }
        Some(rest)
    }
}

fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|byte| !is_regular(*byte)).unwrap_or(bytes.len()))
}

/// Behind the bracket that closes a string.
fn behind_text(bytes: &[u8]) -> Option<&[u8]> {
    let (mut open, mut is_escaped) = (1_usize, false);
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'(' => open += 1,
            b')' if open == 1 => return bytes.get(place + 1..),
            b')' => open -= 1,
            _ => {}
        }
    }
    None
}

/// Digits with at most one point and one sign, and what fits into the integers of all readers; without its sign.
fn plain_number(word: &[u8]) -> Option<&[u8]> {
    let digits = word.strip_prefix(b"-").or(word.strip_prefix(b"+")).unwrap_or(word);
    let points = digits.iter().filter(|byte| **byte == b'.').count();
    let are_digits = digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let whole: Vec<u8> = digits.iter().copied().take_while(|byte| *byte != b'.').skip_while(|byte| *byte == b'0').collect();
    let fits = whole.len() < MOST_DIGITS.len() || (whole.len() == MOST_DIGITS.len() && whole.as_slice() <= MOST_DIGITS);
    (points <= 1 && are_digits && fits && word.len() < LONGEST_WORD).then_some(digits)
}

/// ISO 32000-2, section 7.2.3.
fn is_white_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

pub(super) fn is_regular(byte: u8) -> bool {
    !is_white_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The greatest of 32 bits.
const MOST_DIGITS: &[u8] = b"2147483647";
/// PDFium keeps that much of a word, a slash included.
const LONGEST_WORD: usize = 255;
