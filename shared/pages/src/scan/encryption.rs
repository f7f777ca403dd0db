//! Whether a trailer names an encryption dictionary.

use memchr::memchr_iter;

/// Looks for the name in the whole file, however it is spelled.
///
/// The renderer opens a document whose password is empty without a word, and
/// a repaired file has trailers that no table points to: so the bytes decide.
/// The name inside a text that is not compressed is taken for encryption, too.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    memchr_iter(b'/', bytes).any(|slash| bytes.get(slash + 1..).is_some_and(|name| spells(name, b"Encrypt")))
}

/// Whether a name (after its slash) is `wanted`, `#xx` escapes included.
/// ISO 32000-2, section 7.3.5.
fn spells(mut name: &[u8], wanted: &[u8]) -> bool {
    for expected in wanted {
        let Some((byte, rest)) = next_character(name) else {
            return false;
        };
        if byte != *expected {
            return false;
        }
        name = rest;
    }
    name.first().is_none_or(|byte| is_delimiter(*byte))
}

fn next_character(name: &[u8]) -> Option<(u8, &[u8])> {
    match name {
        [b'#', high, low, rest @ ..] => match (hex(*high), hex(*low)) {
            (Some(high), Some(low)) => Some((high << 4 | low, rest)),
            _ => Some((b'#', name.get(1..)?)),
        },
        [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// ISO 32000-2, section 7.2.3, tables 1 and 2.
fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'\0' | b'\t' | b'\n' | 0x0C | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

#[cfg(test)]
mod tests {
    use super::is_encrypted;

    #[test]
    fn an_encryption_dictionary_is_found_however_it_is_spelled() {
        assert!(is_encrypted(b"trailer << /Encrypt 3 0 R >>"));
        assert!(is_encrypted(b"trailer << /En#63rypt<</V 1>> >>"));
        assert!(is_encrypted(b"<</#45#6e#63#72#79#70#74 3 0 R>>"));
    }

    #[test]
    fn longer_names_are_not_encryption() {
        assert!(!is_encrypted(b"<< /EncryptMetadata true >>"));
        assert!(!is_encrypted(b"<< /Encryption 1 /E"));
        assert!(!is_encrypted(b"%PDF-1.7 Encrypt"));
    }
}
