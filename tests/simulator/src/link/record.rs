//! Everything on the wire, in a file: whole, except the passwords.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use super::log::hex;
use crate::apdu;

/// Writes a line for each message: `>` command, `<` answer, `*` power, `#` a mark. Bytes of a password are `**`,
/// one for each, so that lengths stay right.
pub(super) struct Recorder(Mutex<File>);

impl Recorder {
    /// Adds to a file, which nobody else may read from then on: certificates name their holder.
    pub(super) fn to(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self(Mutex::new(options.open(path)?)))
    }

    pub(super) fn exchange(&self, command: &[u8], answer: &[u8]) {
        let answer = if answer.is_empty() { "torn".into() } else { hex(answer) };
        self.lines(&format!("> {}\n< {answer}\n", masked(command)));
    }

    pub(super) fn note(&self, what: &str) {
        self.lines(&format!("{what}\n"));
    }

    fn lines(&self, text: &str) {
        if let Ok(mut file) = self.0.lock() {
            // A full disk must not end the card.
            let _ = file.write_all(text.as_bytes());
        }
    }
}

/// Whatever could be a password is masked, also in a command that is malformed: everything after the header.
fn masked(command: &[u8]) -> String {
    match command {
        [_, apdu::VERIFY | apdu::CHANGE_REFERENCE_DATA, _, _, length, data @ ..] => {
            let (header, _) = command.split_at(command.len() - data.len() - 1);
            format!("{}{}{}", hex(header), hex(&[*length]), "**".repeat(data.len()))
        }
        _ => hex(command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_masked_and_everything_else_is_whole() {
        let verify = [&[0x00, apdu::VERIFY, 0x00, 0x9B, 9], &b"PRACTICE1"[..]].concat();
        assert_eq!(masked(&verify), "0020009B09******************");
        assert_eq!(masked(&[0x00, 0x20, 0x00, 0x9B]), "0020009B");
        assert_eq!(masked(&[0x00, 0xB0, 0x81, 0x00, 0x00]), "00B0810000");
        let extended = [&[0x00, apdu::VERIFY, 0x00, 0x9B, 0, 0, 9], &b"PRACTICE1"[..]].concat();
        assert_eq!(masked(&extended), format!("0020009B00{}", "**".repeat(11)));
    }

    #[test]
    fn a_recording_is_added_to_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("wire");
        for _ in 0..2 {
            let recorder = Recorder::to(&path).expect("the folder is ours");
            recorder.note("* on");
            recorder.exchange(&[0x00, 0x20, 0x00, 0x9B], &[0x63, 0xC5]);
            recorder.exchange(&[0x00, 0xB0, 0x81, 0x00, 0x00], &[]);
        }
        let once = "* on\n> 0020009B\n< 63C5\n> 00B0810000\n< torn\n";
        assert_eq!(std::fs::read_to_string(&path).expect("it was written"), once.repeat(2));
    }
}
