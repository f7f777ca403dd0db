//! Strangers' text, before a person reads it.

/// The text as a screen may draw it: what hides, or turns the direction of what follows, is a mark that everybody sees, and
/// an end of line is a space.
pub fn shown(text: &str) -> String {
    text.chars().map(shown_sign).collect()
}

/// Whether a sign is drawn as nothing, or changes how others are drawn. Unicode, Default_Ignorable_Code_Point and
/// Bidi_Control, without those that letters of names and pictures are made of.
pub(crate) fn hides_or_bends(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn shown_sign(sign: char) -> char {
    match sign {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        sign if hides_or_bends(sign) => char::REPLACEMENT_CHARACTER,
        sign => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_bends_is_shown_as_a_mark() {
        assert_eq!(shown("契約\u{202E}fdp.\u{2066}exe\u{200B}"), "契約\u{FFFD}fdp.\u{FFFD}exe\u{FFFD}");
        assert_eq!(shown("\u{1B}[2J\u{FEFF}"), "\u{FFFD}[2J\u{FFFD}");
        assert_eq!(shown("two\nlines"), "two lines");
    }

    #[test]
    fn names_and_titles_are_shown_as_they_are_written() {
        for text in ["業務委託契約書　第２版", "葛\u{E0100}飾 花子", "Ångström & Söhne – 1.pdf", "עברית", "👍\u{FE0F}"]
        {
            assert_eq!(shown(text), text);
        }
    }
}
