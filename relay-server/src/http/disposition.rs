//! The name that a download gets, in a header that every browser reads right.

/// RFC 6266: the name in UTF-8, and one in ASCII for those who cannot read that.
pub(super) fn attachment(file_name: &str) -> String {
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii(file_name), percent_encoded(file_name))
}

/// `契約書.pdf` becomes `契約書-signed.pdf`.
pub(super) fn signed_name(title: &str) -> String {
    format!("{title}-signed.pdf")
}

/// `契約書.pdf` becomes `契約書-copy.pdf`.
pub(super) fn copy_name(title: &str) -> String {
    format!("{title}-copy.pdf")
}

/// A name that is safe to write to a disk: no folders, no control characters, not too long, not empty.
pub(super) fn tidy(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let tidied: String = last.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    let tidied = tidied.trim_matches(['.', ' ']);
    if tidied.is_empty() { "document.pdf".to_owned() } else { tidied.to_owned() }
}

fn ascii(file_name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ');
    let plain: String = file_name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    if plain.chars().any(|letter| letter.is_ascii_alphanumeric()) { plain } else { "document.pdf".to_owned() }
}

/// ext-value of RFC 8187, section 3.2.1.
fn percent_encoded(file_name: &str) -> String {
    let mut encoded = String::with_capacity(file_name.len() * 3);
    for byte in file_name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// Most file systems hold 255 bytes, which are 85 characters of Japanese, less what is added to a name.
const LONGEST_NAME: usize = 70;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_japanese_name_goes_in_utf_8_with_an_ascii_fallback() {
        let header = attachment("契約書 2026.pdf");
        let encoded = "%E5%A5%91%E7%B4%84%E6%9B%B8%202026.pdf";
        assert_eq!(header, format!("attachment; filename=\"___ 2026.pdf\"; filename*=UTF-8''{encoded}"));
    }

    #[test]
    fn a_name_without_an_ascii_letter_falls_back_to_a_plain_one() {
        assert!(attachment("契約書").starts_with("attachment; filename=\"document.pdf\""));
    }

    #[test]
    fn folders_and_emptiness_do_not_survive_as_names() {
        assert_eq!(tidy("..\\..\\契約書.pdf"), "契約書.pdf");
        assert_eq!(tidy("/etc/.."), "document.pdf");
        assert_eq!(tidy("a\r\nb.pdf"), "ab.pdf");
    }

    proptest! {
        #[test]
        fn no_name_can_leave_its_place_in_the_header(name in "\\PC*|.*") {
            let header = attachment(&tidy(&name));
            prop_assert!(header.bytes().all(|byte| (0x20..0x7F).contains(&byte)));
            prop_assert_eq!(header.matches('"').count(), 2);
            prop_assert!(http::HeaderValue::from_str(&header).is_ok());
        }

        #[test]
        fn the_encoded_name_reads_back_as_the_name(name in "\\PC*") {
            let mut bytes = Vec::new();
            let encoded = percent_encoded(&name);
            let mut rest = encoded.as_str();
            while let Some(letter) = rest.chars().next() {
                let (byte, length) = match letter {
                    '%' => (u8::from_str_radix(&rest[1..3], 16).expect("two digits"), 3),
                    plain => (u8::try_from(plain).expect("ASCII"), 1),
                };
                bytes.push(byte);
                rest = &rest[length..];
            }
            prop_assert_eq!(String::from_utf8(bytes), Ok(name));
        }
    }
}
