//! EF 0006: a PKCS#11 CK_TOKEN_INFO of 160 bytes, numbers big-endian (card.md section 2).

use crate::setup::TokenKind;

pub(super) fn information(kind: TokenKind) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(INFORMATION_BYTES);
    bytes.extend(spaced(kind.label(), 32));
    bytes.extend(spaced("Kazasu card simulator", 32));
    bytes.extend(spaced("SIMULATOR", 16));
    bytes.extend(spaced("00000000", 16));
    for number in [FLAGS, 0, 0, 0, 0, LONGEST_PIN, SHORTEST_PIN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(b"0301");
    bytes.extend([b'9'; 16]);
    bytes
}

impl TokenKind {
    fn label(self) -> &'static str {
        match self {
            TokenKind::MyNumberCard => "JPKIAPICCTOKEN2",
            TokenKind::OldResidentCard => "JPKIAPICCTOKEN",
            TokenKind::AndroidPhone => "JPKIAPGPSETOKEN",
            TokenKind::Iphone => "JPKIAPIOSTOKEN",
        }
    }
}

fn spaced(text: &str, bytes: usize) -> impl Iterator<Item = u8> {
    text.bytes().chain(std::iter::repeat(b' ')).take(bytes)
}

const INFORMATION_BYTES: usize = 160;

/// As observed on a JPKI test card.
const FLAGS: u32 = 0x40D;
const LONGEST_PIN: u32 = 16;
const SHORTEST_PIN: u32 = 6;

/// CK_UNAVAILABLE_INFORMATION.
const UNKNOWN: u32 = 0xFFFF_FFFF;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_gives_160_bytes() {
        for kind in [TokenKind::MyNumberCard, TokenKind::OldResidentCard, TokenKind::AndroidPhone, TokenKind::Iphone] {
            assert_eq!(information(kind).len(), INFORMATION_BYTES);
        }
    }
}
