//! Command APDUs, taken apart (ISO 7816-4, section 5.1), all seven cases.

use crate::status::Status;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    pub(crate) class: u8,
    pub(crate) instruction: u8,
    pub(crate) p1: u8,
    pub(crate) p2: u8,
    pub(crate) data: &'a [u8],
    /// Ne: how many bytes may come back. `None` when there is no Le field.
    pub(crate) expected: Option<usize>,
    /// Length fields of three bytes, or two after data.
    pub(crate) extended: bool,
}

impl<'a> Command<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Status> {
        let [class, instruction, p1, p2, body @ ..] = bytes else {
            return Err(Status::WRONG_LENGTH);
        };
        let (data, expected, extended) = body_of(body).ok_or(Status::WRONG_LENGTH)?;
        Ok(Self { class: *class, instruction: *instruction, p1: *p1, p2: *p2, data, expected, extended })
    }

    /// Le asks for all there is, not for a number of bytes.
    pub(crate) fn expects_all(&self) -> bool {
        self.expected == Some(if self.extended { ALL_EXTENDED } else { ALL_SHORT })
    }

    /// A VERIFY with a password in it. A query is a VERIFY without.
    pub(crate) fn carries_password(&self) -> bool {
        self.instruction == VERIFY && !self.data.is_empty()
    }

    pub(crate) fn is_signature(&self) -> bool {
        self.instruction == COMPUTE_SIGNATURE
    }
}

type Body<'a> = (&'a [u8], Option<usize>, bool);

fn body_of(body: &[u8]) -> Option<Body<'_>> {
    match body {
        [] => Some((&[], None, false)),
        [le] => Some((&[], Some(short_expected(*le)), false)),
        [0, high, low] => Some((&[], Some(extended_expected(*high, *low)), true)),
        [0, high, low, rest @ ..] => extended_body(u16::from_be_bytes([*high, *low]), rest),
        [length, rest @ ..] => short_body(*length, rest),
    }
}

fn short_body(length: u8, rest: &[u8]) -> Option<Body<'_>> {
    match rest.split_at_checked(usize::from(length))? {
        ([], _) => None,
        (data, []) => Some((data, None, false)),
        (data, [le]) => Some((data, Some(short_expected(*le)), false)),
        _ => None,
    }
}

fn extended_body(length: u16, rest: &[u8]) -> Option<Body<'_>> {
    match rest.split_at_checked(usize::from(length))? {
        ([], _) => None,
        (data, []) => Some((data, None, true)),
        (data, [high, low]) => Some((data, Some(extended_expected(*high, *low)), true)),
        _ => None,
    }
}

fn short_expected(le: u8) -> usize {
    if le == 0 { ALL_SHORT } else { usize::from(le) }
}

fn extended_expected(high: u8, low: u8) -> usize {
    match u16::from_be_bytes([high, low]) {
        0 => ALL_EXTENDED,
        expected => usize::from(expected),
    }
}

pub(crate) const SELECT: u8 = 0xA4;
pub(crate) const VERIFY: u8 = 0x20;
pub(crate) const CHANGE_REFERENCE_DATA: u8 = 0x24;
pub(crate) const COMPUTE_SIGNATURE: u8 = 0x2A;
pub(crate) const GET_CHALLENGE: u8 = 0x84;
pub(crate) const INTERNAL_AUTHENTICATE: u8 = 0x88;
pub(crate) const READ_BINARY: u8 = 0xB0;
pub(crate) const GET_RESPONSE: u8 = 0xC0;

/// What an Le of zeros stands for. ISO 7816-4, section 5.1.
const ALL_SHORT: usize = 256;
const ALL_EXTENDED: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(bytes: &[u8]) -> Option<(Vec<u8>, Option<usize>, bool)> {
        let command = Command::parse(bytes).ok()?;
        Some((command.data.to_vec(), command.expected, command.extended))
    }

    #[test]
    fn all_seven_cases_are_told_apart() {
        let with = |body: &[u8]| parts(&[&[0, 0xB0, 0, 0], body].concat());
        assert_eq!(with(&[]), Some((vec![], None, false)));
        assert_eq!(with(&[0]), Some((vec![], Some(256), false)));
        assert_eq!(with(&[2, 7, 8]), Some((vec![7, 8], None, false)));
        assert_eq!(with(&[2, 7, 8, 9]), Some((vec![7, 8], Some(9), false)));
        assert_eq!(with(&[0, 0, 0]), Some((vec![], Some(65_536), true)));
        assert_eq!(with(&[0, 0, 2, 7, 8]), Some((vec![7, 8], None, true)));
        assert_eq!(with(&[0, 0, 2, 7, 8, 6, 0xCA]), Some((vec![7, 8], Some(0x06CA), true)));
    }

    #[test]
    fn length_fields_that_do_not_fit_are_refused() {
        for body in [&[0u8, 1][..], &[3, 7, 8], &[1, 7, 8, 9], &[0, 0, 3, 7, 8], &[0, 0, 1, 7, 8], &[0, 0, 0, 7]] {
            assert_eq!(parts(&[&[0, 0x20, 0, 0x80], body].concat()), None, "{body:?}");
        }
        assert_eq!(parts(&[0, 0x20, 0]), None);
    }
}
