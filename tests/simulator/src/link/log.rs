//! What is written down of an exchange: never a password, a certificate or a hash.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::apdu;

/// Where lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    Off,
    /// Standard error.
    On,
}

impl Log {
    pub(super) fn line(self, text: &str) {
        if self == Log::On {
            // A log that nobody reads any more must not end the card.
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    pub(super) fn exchange(self, command: &[u8], answer: &[u8]) {
        if self == Log::On {
            self.line(&format!("> {}\n< {}", command_text(command), answer_text(answer)));
        }
    }
}

/// The header, and data only of SELECT, which names files; of everything else the length.
fn command_text(command: &[u8]) -> String {
    let (header, body) = command.split_at(command.len().min(HEADER_BYTES));
    match header {
        [_, apdu::SELECT, ..] => format!("{} {}", hex(header), hex(body)),
        [_, apdu::VERIFY | apdu::CHANGE_REFERENCE_DATA, ..] if !body.is_empty() => format!("{} ********", hex(header)),
        _ if body.is_empty() => hex(header),
        _ => format!("{} + {} bytes", hex(header), body.len()),
    }
}

fn answer_text(answer: &[u8]) -> String {
    match answer {
        [] => "link torn".into(),
        [data @ .., high, low] => format!("{} bytes, {}", data.len(), hex(&[*high, *low])),
        _ => "no status word".into(),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02X}");
        text
    })
}

const HEADER_BYTES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_written_down() {
        for instruction in [apdu::VERIFY, apdu::CHANGE_REFERENCE_DATA] {
            for class in [0x00, 0x80, 0xFF] {
                let command = [&[class, instruction, 0x00, 0x9B, 9], &b"PRACTICE1"[..]].concat();
                assert_eq!(command_text(&command), format!("{class:02X}{instruction:02X}009B ********"));
            }
        }
    }

    #[test]
    fn a_query_shows_whole_and_a_signature_shows_only_its_length() {
        assert_eq!(command_text(&[0x00, 0x20, 0x00, 0x9B]), "0020009B");
        assert_eq!(command_text(&[&[0x80, 0x2A, 0x02, 0x9A, 32][..], &[7; 32], &[0]].concat()), "802A029A + 34 bytes");
    }

    #[test]
    fn an_answer_shows_length_and_status_only() {
        assert_eq!(answer_text(&[0x30, 0x82, 0x90, 0x00]), "2 bytes, 9000");
        assert_eq!(answer_text(&[]), "link torn");
    }
}
