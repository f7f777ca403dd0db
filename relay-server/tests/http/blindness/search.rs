//! Looks for bytes in whatever way they may have been written down: as they are, in hex, in base64 of both alphabets at any
//! place of a longer text, escaped as JSON or as a URL has it.

use std::collections::HashMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

pub(super) struct Needle {
    pub(super) what: &'static str,
    bytes: Vec<u8>,
}

pub(super) struct Haystack(Vec<u8>);

impl Needle {
    pub(super) fn exact(what: &'static str, bytes: &[u8]) -> Self {
        Self { what, bytes: bytes.to_vec() }
    }

    /// All of it in short pieces, but for those that say nothing, such as a row of zeros.
    pub(super) fn pieces(what: &'static str, bytes: &[u8]) -> Vec<Self> {
        bytes.chunks_exact(PIECE_BYTES).filter(|piece| is_particular(piece)).map(|piece| Self::exact(what, piece)).collect()
    }

    fn forms(&self) -> Vec<Vec<u8>> {
        let hex = self.bytes.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        let mut forms = vec![self.bytes.clone(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
        for skipped in 0..3 {
            let inner = self.bytes.get(skipped..).unwrap_or_default();
            let inner = &inner[..inner.len() / 3 * 3];
            forms.extend([STANDARD_NO_PAD.encode(inner).into_bytes(), URL_SAFE_NO_PAD.encode(inner).into_bytes()]);
        }
        if let Ok(text) = std::str::from_utf8(&self.bytes) {
            let escaped =
                |unit: u16| if unit < 128 { char::from_u32(unit.into()).unwrap().to_string() } else { format!("\\u{unit:04x}") };
            forms.push(text.encode_utf16().map(escaped).collect::<String>().into_bytes());
            let escaped =
                |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
            forms.push(text.bytes().map(escaped).collect::<String>().into_bytes());
        }
        forms.retain(|form| form.len() >= START_BYTES);
        forms
    }
}

impl Haystack {
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What the first of the needles is that lies in it, in whatever form.
    pub(super) fn find(&self, needles: &[Needle]) -> Option<&'static str> {
        let mut by_start: HashMap<Vec<u8>, Vec<(&'static str, Vec<u8>)>> = HashMap::new();
        for needle in needles {
            for form in needle.forms() {
                by_start.entry(form[..START_BYTES].to_vec()).or_default().push((needle.what, form));
            }
        }
        let starts = self.0.windows(START_BYTES).enumerate();
        let mut found = starts.filter_map(|(at, start)| {
            let forms = by_start.get(start)?;
            forms.iter().find(|(_, form)| self.0[at..].starts_with(form)).map(|(what, _)| *what)
        });
        found.next()
    }
}

fn is_particular(piece: &[u8]) -> bool {
    let mut signs = piece.to_vec();
    signs.sort_unstable();
    signs.dedup();
    signs.len() >= 8
}

#[test]
fn what_is_written_down_in_any_of_the_forms_is_found() {
    let secret = b"0123456789 \xE5\xA5\x91\xE7\xB4\x84\xE6\x9B\xB8";
    let text = std::str::from_utf8(secret).unwrap();
    let around = |middle: &[u8]| [b"{\"a\":\"", middle, b"\"}"].concat();
    let written = [
        secret.to_vec(),
        STANDARD_NO_PAD.encode(around(secret)).into_bytes(),
        URL_SAFE_NO_PAD.encode([b"x", &secret[..]].concat()).into_bytes(),
        b"0123456789 \\u5951\\u7d04\\u66f8".to_vec(),
        text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes(),
    ];
    let needle = || [Needle::exact("secret", secret)];
    for form in written {
        assert_eq!(Haystack::of(around(&form)).find(&needle()), Some("secret"), "{form:?}");
    }
    assert_eq!(Haystack::of(around(b"0123456789")).find(&needle()), None);
}

const PIECE_BYTES: usize = 24;
/// Of the shortest form: what is shorter stands somewhere by chance.
const START_BYTES: usize = 6;
